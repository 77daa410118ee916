"""One input on its way through the workers: what is to be done next, and what came of it."""

import os
from collections import Counter, deque
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from models.errors import InputError
from models.form import Problem
from service.answers import is_fatal, problem_of, raise_if_fatal
from service.inputs import InputFile
from service.messages import Assemble, Assembled, Failed, Inspect, Inspected, Kept, Read, Spoilt, Task
from service.outcome import NO_LOOK, SecondLook
from service.pool import Late, Lost, Result
from service.wording import storable
from service.writing import KEPT_PAGES

_ATTEMPTS = 2
"""A page is tried again once: what ended its worker may have been another program's hunger."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is known of an input before any worker sees it.

    Attributes:
        file: the input.
        output: its document JSON, below the output folder.
        origin: path of the input relative to the output folder, valid Unicode.
        sha256: of its bytes, hex.
    """

    file: InputFile
    output: PurePath
    origin: str
    sha256: str


@dataclass(slots=True)
class Job:
    """The state of one input.

    Attributes:
        claim: what is known beforehand.
        version: of the reader; pages another one kept are not used.
        out: the output folder, where kept pages are looked for.
        pages: of the input, 0 while unknown.
        problems: so far.
        ended: there is nothing left to be done.
        written: the document JSON is there, made by a worker.
        second_look: what looking again at its doubts cost.
    """

    claim: Claim
    version: str
    out: Path
    pages: int = 0
    problems: list[Problem] = field(default_factory=list)
    ended: bool = False
    written: bool = False
    second_look: SecondLook = NO_LOOK
    _waiting: deque[int] = field(default_factory=deque)
    _under_way: int = 0
    _inspected: bool = False
    _look: bool = True
    _attempts: Counter[str | int] = field(default_factory=Counter)

    @property
    def store(self) -> PurePath:
        """Where its read pages are kept until the document is done; below the output folder."""
        return KEPT_PAGES / self.claim.sha256 / self.version

    def next_task(self) -> Task | None:
        """What a worker should do now; None where there is nothing, or nothing before the tasks under way have ended."""
        task = self._next()
        self._under_way += task is not None
        return task

    def take(self, task: Task, result: Result) -> None:
        """Go on from what came of ``task``.

        Raises:
            InstallationError: a part is missing; no input can be read.
            OutputError: results cannot be written.
        """
        self._under_way -= 1
        if isinstance(task, Assemble) and task.path and isinstance(result, Lost | Late | Failed) and not is_fatal(result):
            self._look = False  # what was read must not be lost to a second look: assemble without it
            return
        match result:
            case Inspected():
                self._inspect(result)
            case Kept():
                pass
            case Assembled():
                self.ended = self.written = True
                self.second_look = SecondLook(result.lines, result.seconds)
            case Lost() if not result.working:
                self._put_back(task)
            case Spoilt() | Lost():
                self._again(task, result)
            case Late() | Failed():
                raise_if_fatal(result)
                self._give_up(task, result)

    def refuse(self, error: InputError) -> None:
        """Give up the whole input because of ``error``."""
        self.problems.append(Problem(0, error.code, str(error)))
        self.ended = True

    def _next(self) -> Task | None:
        if self.ended:
            return None
        if not self._inspected:
            self._inspected = True
            return Inspect(os.fsencode(self.claim.file.path))
        if self._waiting:
            return self._read(self._waiting.popleft())
        return self._assemble() if self._under_way == 0 else None

    def _inspect(self, found: Inspected) -> None:
        self.pages = found.pages
        self.problems += found.warnings
        self._waiting.extend(page for page in range(1, found.pages + 1) if not (self.out / self._kept(page)).is_file())

    def _read(self, page: int) -> Read:
        return Read(os.fsencode(self.claim.file.path), page, os.fsencode(self._kept(page)))

    def _assemble(self) -> Assemble | None:
        spoilt = {problem.page for problem in self.problems}
        pages = [page for page in range(1, self.pages + 1) if page not in spoilt]
        if not pages:
            self.ended = True
            return None
        return Assemble(
            path=os.fsencode(self.claim.file.path) if self._look else b"",
            pages=tuple(os.fsencode(self._kept(page)) for page in pages),
            problems=tuple(sorted(self.problems, key=lambda problem: problem.page)),
            name=storable(PurePath(self.claim.file.path.name)),
            origin=self.claim.origin,
            sha256=self.claim.sha256,
            count=self.pages,
            target=os.fsencode(self.claim.output),
        )

    def _kept(self, page: int) -> PurePath:
        return self.store / str(page)

    def _again(self, task: Task, failure: Spoilt | Lost) -> None:
        which = task.page if isinstance(task, Read) else type(task).__name__
        self._attempts[which] += 1
        if self._attempts[which] < _ATTEMPTS:
            self._put_back(task)
        else:
            self._give_up(task, failure)

    def _put_back(self, task: Task) -> None:
        match task:
            case Inspect():
                self._inspected = False
            case Read():
                self._waiting.appendleft(task.page)
            case Assemble():
                spoilt = {problem.page for problem in self.problems}
                missing = (page for page in range(1, self.pages + 1) if not (self.out / self._kept(page)).is_file())
                self._waiting.extend(page for page in missing if page not in spoilt)

    def _give_up(self, task: Task, failure: Lost | Late | Spoilt | Failed) -> None:
        page = task.page if isinstance(task, Read) else 0
        self.problems.append(problem_of(failure, page))
        self.ended = page == 0
