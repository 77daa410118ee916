"""Telling a person how sending goes: on stderr, since stdout is for records alone."""

import sys
from types import TracebackType
from typing import Protocol, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from service.client.answers import State, Status
from service.report import print_line
from service.wording import plural


class Telling(Protocol):
    """What sending tells. Names are printable."""

    def sending(self, name: str, total: int) -> None:
        """A file of ``total`` bytes is about to be sent, perhaps once more."""

    def sent(self, count: int) -> None:
        """So many more bytes of it."""

    def see(self, name: str, status: Status) -> None:
        """A document's state."""

    def ended(self, name: str, what: str) -> None:
        """A file is done with."""

    def note(self, line: str) -> None:
        """Something that a person should know."""

    def print(self, record: str) -> None:
        """A record, for stdout."""


class Lines:
    """For files and pipes."""

    def __init__(self) -> None:
        """Nothing was told yet."""
        self._states: dict[str, State] = {}

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to put away."""

    def sending(self, name: str, total: int) -> None:
        """See `Telling`."""
        self.note(f"{name}: sending {plural(total, 'byte')}")

    def sent(self, count: int) -> None:
        """Bytes are not worth a line."""

    def see(self, name: str, status: Status) -> None:
        """A line where the state is another."""
        if not status.has_ended and self._states.get(name) != status.state:
            self._states[name] = status.state
            self.note(f"{name}: {_progress(status)}")

    def ended(self, name: str, what: str) -> None:
        """See `Telling`."""
        self.note(f"{name}: {what}")

    def note(self, line: str) -> None:
        """See `Telling`."""
        print_line(line, sys.stderr)

    def print(self, record: str) -> None:
        """See `Telling`."""
        print_line(record, sys.stdout)


class Bars:
    """For a terminal: a bar for the files, and one for the bytes or pages of the file in hand. Lines only for what went wrong."""

    def __init__(self, files: int) -> None:
        """Show 0 of ``files``."""
        self._console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=self._console, transient=True, redirect_stdout=False)
        self._all = self._progress.add_task(plural(files, "file"), total=files)
        self._one = self._progress.add_task("", total=None)

    def __enter__(self) -> Self:
        """Draw the bars."""
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bars away."""
        self._progress.stop()

    def sending(self, name: str, total: int) -> None:
        """See `Telling`."""
        self._progress.reset(self._one, total=total, description=f"{name}: sending")

    def sent(self, count: int) -> None:
        """See `Telling`."""
        self._progress.advance(self._one, count)

    def see(self, name: str, status: Status) -> None:
        """See `Telling`."""
        pages = status.pages or None
        self._progress.update(self._one, description=f"{name}: {_progress(status)}", total=pages, completed=status.pages_read or 0)

    def ended(self, name: str, what: str) -> None:  # noqa: ARG002  the records follow
        """See `Telling`."""
        self._progress.advance(self._all)

    def note(self, line: str) -> None:
        """Above the bars."""
        self._console.print(line)

    def print(self, record: str) -> None:
        """With the bars out of the way: stdout may be the same terminal."""
        self._progress.stop()
        print_line(record, sys.stdout)
        self._progress.start()


def _progress(status: Status) -> str:
    if not status.pages:
        return str(status.state)
    return f"{status.state}, {status.pages_read or 0} of {plural(status.pages, 'page')}"
