"""What the steps of a document's workflow do: each may be done again after a kill at any moment, and comes to the same.

Workers write into a scratch folder of this process; what they wrote goes to the store, and only then does a step count as done. Nothing of
a stranger's is opened in this process.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from models.errors import StoreDamagedError
from models.form import Document, Problem, Source
from models.limits import Limits
from service.answers import NO_START, START_ATTEMPTS, is_fatal, problem_of, raise_if_fatal, seconds_for
from service.document_json import parse_json, to_document
from service.jobs.ending import Ending
from service.jobs.readers import Readers
from service.messages import Assemble, Assembled, Failed, Inspect, Inspected, Kept, Read, Spoilt, Task
from service.pool import Late, Lost, Result
from service.store.documents import NO_ERROR, State, begin, mark
from service.store.faults import disk_faults
from service.store.opening import Store
from service.store.pages import keep_page, page_content
from service.store.reading import document
from service.store.reviews import NO_CHECKS, Checks
from service.store.saving import save_document
from service.wording import display

_LOG = logging.getLogger(__name__)


class PassingError(Exception):
    """A worker died: perhaps of another program's hunger. What may go well another time."""


class StoppedError(BaseException):
    """This process is ending. No step may take it for an outcome: the workflow goes on in the next process."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a process works with.

    Attributes:
        store: where originals come from and records go to.
        readers: its workers; their folder is ``scratch``.
        version: of what they read with.
        limits: what one input may cost.
        scratch: folder of this process alone.
        ending: of this process.
        checks: what people look at beside what needs them.
    """

    store: Store
    readers: Readers
    version: str
    limits: Limits
    scratch: Path
    ending: Ending
    checks: Checks = NO_CHECKS

    def inspect(self, sha256: str, reading: str) -> Inspected | Problem | None:
        """How many pages the original has, with warnings; or why it cannot be read at all; None where another reading has it.

        Args:
            sha256: the document.
            reading: id of the workflow that is to read it.

        Raises:
            PassingError: the worker died.
            FormTallyError: it is not the input's fault.
        """
        if not begin(self.store, sha256, reading, self.version):
            return None
        try:
            with self.store.originals.local(sha256) as original:
                result = self._ask(Inspect(os.fsencode(original)))
        except StoreDamagedError as error:
            return Problem(0, error.code, str(error))
        if not isinstance(result, Inspected):
            return self._problem(result, sha256, 0)
        mark(self.store, sha256, State.READING, pages=result.pages)
        return result

    def read(self, sha256: str, page: int) -> Problem:
        """Keep what stands on ``page`` (1-based); `NO_ERROR`, or why it cannot be read.

        Raises:
            PassingError: the worker died.
            FormTallyError: it is not the input's fault.
        """
        with suppress(StoreDamagedError):  # what is kept is damaged: it is read again
            if page_content(self.store, sha256, page, self.version) is not None:
                return NO_ERROR  # kept by a step that was killed before it counted as done
        return self._keep(sha256, page)

    def _keep(self, sha256: str, page: int) -> Problem:
        with self._folder() as folder, self.store.originals.local(sha256) as original:
            target = folder / "page"
            result = self._ask(Read(os.fsencode(original), page, self._name(target)))
            if not isinstance(result, Kept):
                return self._problem(result, sha256, page)
            keep_page(self.store, sha256, page, self.version, target.read_bytes())
        return NO_ERROR

    def assemble(self, sha256: str, count: int, problems: Sequence[Problem]) -> None:
        """Put the document together from its kept pages and save its record. One that cannot be read is saved as that.

        Args:
            sha256: the document.
            count: of its pages.
            problems: of those that are missing, and warnings.

        Raises:
            PassingError: the worker died.
            FormTallyError: it is not the input's fault.
        """
        source, told = self._source(sha256, count), sorted(problems, key=lambda problem: problem.page)
        made = self._assembled(source, told)
        if made is None:
            lost = [self._keep(sha256, page) for page in _pages(source, told)]
            told += [problem for problem in lost if problem.code]
            made = self._assembled(source, told)
        found = made or Document(source, (), (*told, problem_of(Spoilt(), 0)))
        save_document(self.store, sha256, self.version, found, self.checks)

    def give_up(self, sha256: str, count: int, problems: Sequence[Problem]) -> None:
        """Save that the document could not be put together.

        Raises:
            StoreError: nothing was written.
        """
        save_document(self.store, sha256, self.version, Document(self._source(sha256, count), (), tuple(problems)))

    def _source(self, sha256: str, count: int) -> Source:
        known = document(self.store, sha256)
        return Source(known.name if known is not None else "", sha256, count)

    def _assembled(self, source: Source, problems: Sequence[Problem]) -> Document | None:
        """The document; None where pages are kept that cannot be used."""
        pages = _pages(source, problems)
        if not pages:
            return Document(source, (), tuple(problems))
        with self._folder() as folder, self.store.originals.local(source.sha256) as original:
            try:
                contents = {page: page_content(self.store, source.sha256, page, self.version) or b"" for page in pages}
            except StoreDamagedError:
                return None
            for page, content in contents.items():
                (folder / str(page)).write_bytes(content)
            target = folder / "document"
            task = Assemble(
                path=os.fsencode(original),
                pages=tuple(self._name(folder / str(page)) for page in pages),
                problems=tuple(problems),
                name=source.name,
                origin=source.name,
                sha256=source.sha256,
                count=source.pages,
                target=self._name(target),
            )
            result = self._with_or_without_look(task)
            if isinstance(result, Assembled):
                for page, content in contents.items():
                    if (seen := (folder / str(page)).read_bytes()) != content:
                        keep_page(self.store, source.sha256, page, self.version, seen)
                return to_document(parse_json(target.read_bytes()))
        return None if isinstance(result, Spoilt) else Document(source, (), (*problems, self._problem(result, source.sha256, 0)))

    def _with_or_without_look(self, task: Assemble) -> Result:
        """What was read must not be lost to a second look: where that fails, the document is put together without."""
        result = self._ask(task)
        if isinstance(result, Lost | Late | Failed) and not is_fatal(result):
            return self._ask(Assemble(b"", *(getattr(task, name) for name in task.__struct_fields__[1:])))
        return result

    def _ask(self, task: Task) -> Result:
        """What comes of ``task``; workers that die before they begin it are not its fault.

        Raises:
            StoppedError: this process is ending.
            InstallationError: no worker can begin anything, or a part is missing.
            OutputError: results cannot be written.
        """
        for _ in range(START_ATTEMPTS):
            try:
                result = self.readers.ask(task, seconds_for(task, self.limits))
            except CancelledError:
                raise StoppedError from None
            if not isinstance(result, Lost) or result.working:
                raise_if_fatal(result)
                return result
        raise NO_START

    def _problem(self, result: Result, sha256: str, page: int) -> Problem:
        """What ``result`` says against ``page``, with the name by which a person knows the file.

        Raises:
            PassingError: that a worker died says nothing as yet.
        """
        if isinstance(result, Lost):
            raise PassingError
        if not isinstance(result, Late | Spoilt | Failed):
            raise TypeError(f"no failure: {result!r}")
        if isinstance(result, Failed) and result.trace:
            _LOG.error(result.trace)
        problem = problem_of(result, page)
        return replace(problem, message=problem.message.replace(sha256, self._source(sha256, 0).name))

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """A folder for one task; workers write relative to ``scratch``.

        Raises:
            StoreError: the disk fails within the block.
        """
        with disk_faults(f"The folder {display(self.scratch)!r}"), TemporaryDirectory(dir=self.scratch) as name:
            yield Path(name)

    def _name(self, path: Path) -> bytes:
        return os.fsencode(path.relative_to(self.scratch))


def _pages(source: Source, problems: Sequence[Problem]) -> list[int]:
    """The pages of ``source`` that have no problem."""
    spoilt = {problem.page for problem in problems}
    return [page for page in range(1, source.pages + 1) if page not in spoilt]
