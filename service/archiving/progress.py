"""How far the reading of an archive has come: a bar with rate and time left on a terminal, a line for each problem everywhere."""

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from service.report import print_line
from service.store.documents import State
from service.store.opening import Store
from service.store.reading import Counts, finished_since, newest_end
from service.wording import plural, printable


class PlainProgress:
    """For files and pipes: a line for each document that ends, problems on stderr."""

    def __init__(self, store: Store) -> None:
        """Tell of what ends from now on."""
        self._news = _News(store)

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to put away."""

    def tell(self, now: Counts) -> None:  # noqa: ARG002  a bar needs it
        """What has ended since it was last asked."""
        for line, failed in self._news.lines():
            print_line(line, sys.stderr if failed else sys.stdout)


class BarProgress:
    """For a terminal."""

    def __init__(self, store: Store) -> None:
        """Nothing is drawn yet."""
        self._news = _News(store)
        self._console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        rate = TextColumn("documents, {task.fields[rate]:.1f} a minute")
        columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), rate, TimeElapsedColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=self._console, transient=True)
        self._task: TaskID = self._progress.add_task("", total=None, rate=0.0)
        self._before: int | None = None

    def __enter__(self) -> Self:
        """Draw the bar."""
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        self._progress.stop()

    def tell(self, now: Counts) -> None:
        """Move the bar; a line for each problem."""
        ended = now.documents[State.DONE] + now.documents[State.FAILED]
        self._before = ended if self._before is None else self._before
        minutes = (self._progress.tasks[0].elapsed or 0.0) / 60
        rate = (ended - self._before) / minutes if minutes else 0.0
        self._progress.update(self._task, completed=ended, total=sum(now.documents.values()), rate=rate)
        for line, failed in self._news.lines():
            if failed:
                self._console.print(line)


class _News:
    """What has ended since it was last asked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since = newest_end(store)
        self._told: set[str] = {each.sha256 for each in finished_since(store, self._since)} if self._since else set()

    def lines(self) -> list[tuple[str, bool]]:
        """A line for each document, and whether it failed."""
        new = [each for each in finished_since(self._store, self._since) if each.sha256 not in self._told]
        if new:
            self._since = new[-1].at
            self._told = {each.sha256 for each in new if each.at == self._since} | (self._told if new[-1].at == self._since else set())
        return [(_line(each.path, each.pages, each.error.code, each.error.message), bool(each.error.code)) for each in new]


def _line(path: str, pages: int, code: str, message: str) -> str:
    return printable(f"{path}: {code}: {message}" if code else f"{path}: {plural(pages, 'page')} read")
