"""Telling a person how a run goes: a progress bar on a terminal, plain lines elsewhere; results on stdout, messages on stderr."""

import os
import sys
from types import TracebackType
from typing import Protocol, Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from service.outcome import Outcome
from service.wording import display, plural, printable


class Report(Protocol):
    """What a run tells."""

    def page(self) -> None:
        """One more page is read."""

    def done(self, outcome: Outcome) -> None:
        """One more input is done."""

    def note(self, text: str) -> None:
        """Something a person should know; may have several lines, all of them ours."""


class PlainReport:
    """One line an input, for files and pipes."""

    def __enter__(self) -> Self:
        """Nothing to prepare."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Nothing to put away."""

    def page(self) -> None:
        """Pages are not worth a line."""

    def done(self, outcome: Outcome) -> None:
        """The result on stdout, what went wrong on stderr."""
        print_line(result_line(outcome), sys.stdout)
        for line in problem_lines(outcome):
            print_line(line, sys.stderr)

    def note(self, text: str) -> None:
        """On stderr."""
        print_line(text, sys.stderr)


class BarReport:
    """A progress bar on stderr; a line only for what went wrong. The results follow as a table."""

    def __init__(self, inputs: int) -> None:
        """Show 0 of ``inputs``."""
        self._console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        columns = (SpinnerColumn(), BarColumn(), MofNCompleteColumn(), TextColumn("inputs, {task.fields[pages]} pages read"))
        self._progress = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=self._console, transient=True)
        self._task: TaskID = self._progress.add_task("", total=inputs, pages=0)
        self._pages = 0

    def __enter__(self) -> Self:
        """Draw the bar."""
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the bar away."""
        self._progress.stop()

    def page(self) -> None:
        """Count it."""
        self._pages += 1
        self._progress.update(self._task, pages=self._pages)

    def done(self, outcome: Outcome) -> None:
        """Move the bar."""
        self._progress.advance(self._task)
        for line in problem_lines(outcome):
            self.note(line)

    def note(self, text: str) -> None:
        """Above the bar."""
        self._console.print(text)


def result_line(outcome: Outcome) -> str:
    """What was found in one input, on one line."""
    tally = outcome.tally
    found = f"{plural(tally.forms, 'form')} on {plural(tally.pages, 'page')}, {tally.clear} clear, {tally.needs_review} to review"
    again = " (unchanged)" if outcome.unchanged else ""
    return f"{outcome.state}{again}: {display(outcome.file.given)}: {found} -> {display(outcome.output)}"


def problem_lines(outcome: Outcome) -> list[str]:
    """Each problem of one input, on one line."""
    name = display(outcome.file.given)
    return [
        f"{name}{f', page {problem.page}' if problem.page else ''}: {problem.code}: {printable(problem.message)}"
        for problem in outcome.problems
    ]


def print_line(text: str, stream: TextIO) -> None:
    """Print, also where nobody listens any more: a closed pipe must not end a run."""
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
