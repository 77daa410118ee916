"""How far the reading of an archive has come: a bar with rate and time left on a terminal, a line for each problem everywhere."""

import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from service.report import print_line
from service.store.documents import State
from service.store.opening import Store
from service.store.reading import StoredDocument, document, finished_since, newest_end
from service.store.writing import shortly_before
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

    def tell(self, now: Mapping[State, int]) -> None:  # noqa: ARG002  a bar needs it
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

    def tell(self, now: Mapping[State, int]) -> None:
        """Move the bar; a line for each problem."""
        ended = now[State.DONE] + now[State.FAILED]
        self._before = ended if self._before is None else self._before
        minutes = (self._progress.tasks[0].elapsed or 0.0) / 60
        rate = (ended - self._before) / minutes if minutes else 0.0
        self._progress.update(self._task, completed=ended, total=sum(now.values()), rate=rate)
        for line, failed in self._news.lines():
            if failed:
                self._console.print(line)


class _News:
    """What has ended since it was last asked. Clocks of several machines may differ: a little of the past is asked for again."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since = newest_end(store)
        self._told = {each.sha256: each.at for each in finished_since(store, shortly_before(self._since))}

    def lines(self) -> list[tuple[str, bool]]:
        """A line for each document, and one for each of its problems; whether it is one of these."""
        since = shortly_before(self._since)
        ended = finished_since(self._store, since)
        lines: list[tuple[str, bool]] = []
        for each in ended:
            if self._told.get(each.sha256) == each.at or each.at <= since:
                continue
            self._told[each.sha256] = each.at
            known = document(self._store, each.sha256)
            if known is not None:
                told = [(line, True) for line in problem_lines(known)]
                lines += told if known.error.code else [(printable(f"{known.paths[0]}: {plural(known.pages, 'page')} read"), False), *told]
        self._since = max((self._since, *(each.at for each in ended)))
        oldest = shortly_before(self._since)
        self._told = {sha256: at for sha256, at in self._told.items() if at > oldest}
        return lines


def problem_lines(known: StoredDocument) -> list[str]:
    """What could not be read of a document, each on one line."""
    whole = [f"{known.paths[0]}: {known.error.code}: {known.error.message}"] if known.error.code else []
    pages = [f"{known.paths[0]}, page {problem.page}: {problem.code}: {problem.message}" for problem in known.problems]
    return [printable(line) for line in (*whole, *pages)]
