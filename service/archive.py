"""A run over an archive: every input to its document JSON, pages spread over the workers, at most a few inputs under way at a time."""

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from models.errors import DamagedError, InputError
from models.form import Document, Source
from models.limits import Limits
from ocr.opening.source import opened
from service.answers import NO_START, START_ATTEMPTS, seconds_for
from service.document_json import Origin, parse_json, to_json
from service.finished import Identity, belongs, earlier_result
from service.inputs import InputFile
from service.job import Claim, Job
from service.messages import Failed, Kept, Task
from service.naming import Names
from service.outcome import Outcome, outcome_of
from service.pool import Lost, Pool, Result
from service.report import Report
from service.wording import storable
from service.writing import OutputFolder

_INPUTS_A_WORKER = 2
"""Inputs under way for each worker: enough that none waits while a document is put together."""


@dataclass(slots=True)
class _Entry:
    """A job and when it was begun (s, monotonic)."""

    job: Job
    begun: float


@dataclass(slots=True)
class Archive:
    """One run. `outcomes` does the work.

    Attributes:
        out: the output folder, held by the caller.
        pool: workers.
        workers: how many of them there may be.
        version: of the reader.
        limits: what one input may cost.
        report: is told what happens.
    """

    out: OutputFolder
    pool: Pool
    workers: int
    version: str
    limits: Limits
    report: Report
    _names: Names = field(init=False)
    _open: list[_Entry] = field(default_factory=list)
    _tasks: dict[Task, Job] = field(default_factory=dict)
    _false_starts: int = 0

    def __post_init__(self) -> None:
        """No name is taken yet."""
        self._names = Names(self.out.root)

    def outcomes(self, files: Iterator[InputFile]) -> Iterator[Outcome]:
        """What came of each of ``files``, in the order in which they are done; results are written by then.

        Raises:
            InstallationError: a part is missing; no input can be read.
            OutputError: results cannot be written.
        """
        more = True
        while more or self._open:
            while more and len(self._open) < _INPUTS_A_WORKER * self.workers:
                file = next(files, None)
                more = file is not None
                if file is not None and (outcome := self._begin(file)) is not None:
                    yield outcome
            self._hand_out()
            for task, result in self.pool.results():
                self._take(task, result)
            yield from self._close_ended()

    def _begin(self, file: InputFile) -> Outcome | None:
        """Open a job for ``file``; the outcome at once where there is nothing to do or nothing can be done."""
        begun = time.monotonic()
        origin = storable(PurePath(os.path.relpath(file.path, self.out.root)))
        try:
            sha256, refusal = _digest(file, self.limits), None
        except InputError as error:
            sha256, refusal = "", error
        output = self._names.claim(file, lambda path: belongs(earlier_result(path), sha256, origin))
        earlier = earlier_result(self.out.root / output)
        if earlier is not None and Identity(sha256, self.version, self.limits).still_stands(earlier):
            return outcome_of(earlier, file, output, unchanged=True, seconds=time.monotonic() - begun)
        entry = _Entry(Job(Claim(file, output, origin, sha256), self.version, self.out.root), begun)
        if refusal is not None:
            entry.job.refuse(refusal)
            return self._close(entry)
        self._open.append(entry)
        return None

    def _hand_out(self) -> None:
        """Give every free worker a task, those of the oldest inputs first."""
        for entry in self._open:
            while self.pool.free > 0 and (task := entry.job.next_task()) is not None:
                self._tasks[task] = entry.job
                self.pool.start(task, seconds_for(task, self.limits))

    def _take(self, task: Task, result: Result) -> None:
        self._false_starts = self._false_starts + 1 if isinstance(result, Lost) and not result.working else 0
        if self._false_starts >= START_ATTEMPTS:
            raise NO_START
        if isinstance(result, Kept):
            self.report.page()
        if isinstance(result, Failed) and result.trace:
            self.report.note(result.trace.rstrip())
        self._tasks.pop(task).take(task, result)

    def _close_ended(self) -> Iterator[Outcome]:
        for entry in [entry for entry in self._open if entry.job.ended]:
            self._open.remove(entry)
            yield self._close(entry)

    def _close(self, entry: _Entry) -> Outcome:
        """Write what no worker has written, and forget the kept pages."""
        job = entry.job
        claim = job.claim
        if job.written and self._changed(claim):
            job.written, job.problems = False, []
            job.refuse(DamagedError("The file changed while it was read.", "Run again when it is written to the end."))
        data = (self.out.root / claim.output).read_bytes() if job.written else self._refusal(job)
        unchanged = not job.written and not self._differs(claim.output, data)
        if not job.written and not unchanged:
            self.out.write(claim.output, data)
        if claim.sha256 and not any(other.job.claim.sha256 == claim.sha256 for other in self._open):
            self.out.drop(job.store.parent)
        outcome = outcome_of(parse_json(data), claim.file, claim.output, unchanged=unchanged, seconds=time.monotonic() - entry.begun)
        return replace(outcome, second_look=job.second_look)

    def _refusal(self, job: Job) -> bytes:
        source = Source(storable(PurePath(job.claim.file.path.name)), job.claim.sha256, job.pages)
        document = Document(source, (), tuple(sorted(job.problems, key=lambda problem: problem.page)))
        return to_json(document, Origin(self.version, self.limits, job.claim.origin))

    def _changed(self, claim: Claim) -> bool:
        """Whether the file is no longer the one whose digest was taken: then its pages may be of two scans."""
        try:
            return _digest(claim.file, self.limits) != claim.sha256
        except InputError:
            return True

    def _differs(self, output: PurePath, data: bytes) -> bool:
        path = self.out.root / output
        return not path.is_file() or path.read_bytes() != data


def _digest(file: InputFile, limits: Limits) -> str:
    """SHA-256 of the bytes, in hex.

    Raises:
        InputError: the file is none that may be read; a worker will not be asked.
    """
    if file.refusal is not None:
        raise file.refusal
    with opened(file.path, limits) as source, open(source.descriptor, "rb", closefd=False) as stream:
        digest = hashlib.file_digest(stream, "sha256")
        source.check_unchanged()
    return digest.hexdigest()
