"""What came of one input, in figures: what a run reports and adds up."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import PurePath
from typing import Self

from models.errors import WrongSuffixError
from models.form import Review, Status
from models.template import Severity
from service.document_shape import DocumentJson, FieldJson, FormJson, ProblemJson
from service.inputs import InputFile

WARNINGS = frozenset({WrongSuffixError.code})
"""Codes of problems that did not keep anything from being read."""


class State(StrEnum):
    """How much of an input could be read."""

    READ = "read"
    PARTLY = "partly"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over one document or many.

    Attributes:
        pages: of the inputs.
        forms: found.
        clear: forms that need no person.
        needs_review: forms that need one.
        doubtful: fields a person must look at.
        errors: findings of that severity.
        warnings: findings of that severity.
        problems: of pages and inputs, warnings not counted.
    """

    pages: int = 0
    forms: int = 0
    clear: int = 0
    needs_review: int = 0
    doubtful: int = 0
    errors: int = 0
    warnings: int = 0
    problems: int = 0

    def __add__(self, other: Self) -> "Tally":
        """Count by count."""
        return Tally(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Tally)))


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What looking again at doubts cost.

    Attributes:
        lines: that were looked at.
        seconds: this took.
    """

    lines: int
    seconds: float


NO_LOOK = SecondLook(0, 0.0)
"""Nothing was in doubt, or nothing was read in this run."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One input, done.

    Attributes:
        file: the input.
        output: its document JSON, below the output folder.
        sha256: of the input; empty where it could not be read.
        state: how much could be read.
        unchanged: an earlier run had done it already.
        tally: what was found.
        problems: of its pages and of the whole.
        seconds: it took, from first touch to written.
        second_look: what part of it looking again at its doubts had.
    """

    file: InputFile
    output: PurePath
    sha256: str
    state: State
    unchanged: bool
    tally: Tally
    problems: tuple[ProblemJson, ...]
    seconds: float
    second_look: SecondLook = NO_LOOK


def outcome_of(record: DocumentJson, file: InputFile, output: PurePath, *, unchanged: bool, seconds: float) -> Outcome:
    """The figures of ``record``."""
    tally = _tally(record)
    return Outcome(file, output, record.source.sha256, _state(record, tally), unchanged, tally, record.problems, seconds)


def total(outcomes: Iterable[Outcome]) -> Tally:
    """All tallies together."""
    return sum((outcome.tally for outcome in outcomes), Tally())


def _state(record: DocumentJson, tally: Tally) -> State:
    if tally.problems == 0:
        return State.READ
    spoilt = {problem.page for problem in record.problems if problem.code not in WARNINGS}
    return State.FAILED if 0 in spoilt or len(spoilt) >= record.source.pages else State.PARTLY


def _tally(record: DocumentJson) -> Tally:
    clear = sum(form.review is Review.CLEAR for form in record.forms)
    severities = [finding.severity for form in record.forms for finding in form.findings]
    return Tally(
        pages=record.source.pages,
        forms=len(record.forms),
        clear=clear,
        needs_review=len(record.forms) - clear,
        doubtful=sum(field.status is Status.DOUBTFUL for form in record.forms for field in fields_of(form)),
        errors=severities.count(Severity.ERROR),
        warnings=severities.count(Severity.WARNING),
        problems=sum(problem.code not in WARNINGS for problem in record.problems),
    )


def fields_of(form: FormJson) -> Iterable[FieldJson]:
    """Every field of ``form``, those of its tables included; a field repeated on several rows comes once for each."""
    yield from form.fields.values()
    for rows in form.tables.values():
        for row in rows:
            if isinstance(row, dict):
                yield from row.values()
            else:
                yield row.content
