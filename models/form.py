"""The record: fields with their place and proof, findings, forms, documents."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from models.geometry import Box
from models.matched import UnknownCell
from models.template import Severity

Value: TypeAlias = Decimal | date | str | None
"""Typed value of a field; None where blank, a dash, or not of its kind."""


class Status(StrEnum):
    """How far a field can be trusted."""

    READ = "read"
    CONFIRMED = "confirmed"
    REPAIRED = "repaired"
    DOUBTFUL = "doubtful"
    BLANK = "blank"


class Verdict(StrEnum):
    """Who is wrong where a rule is broken."""

    ON_PAPER = "on_paper"
    MISREAD = "misread"
    UNDECIDED = "undecided"


class Review(StrEnum):
    """Whether a form needs a person."""

    CLEAR = "clear"
    NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another reading of a field."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading of a number or date that the pixels support and its grammar admits.

    Attributes:
        text: as printed.
        value: typed; None where it says that there is no value (a dash).
        log_probability: natural logarithm of its probability among all that the cell may say, rules not asked.
    """

    text: str
    value: Value
    log_probability: float


@dataclass(frozen=True, slots=True)
class Field:
    """One value with its place and its proof.

    Attributes:
        text: as printed, line breaks removed.
        value: typed.
        page: 1-based.
        box: fractions (0-1) of that page as stored.
        confidence: probability that ``text`` is what is on the paper, 0-1.
        status: how far it can be trusted.
        alternatives: other readings, best first.
        read_as: what the recognizer read best, only where repaired.
        sealed: stamp ink touches it.
        looks: further views of its lines that were read, all lines together; 0 where the first reading left no doubt.
        protected: for each character of ``text``, whether a rule would break if another stood there; empty where no rule was asked.
        incurable: no further view of its lines would make it accepted. No part of the record.
        settled: a person has said what stands there: no rule changes or doubts it. No part of the record.
        misplaced: it may be part of another value, or several; no arithmetic settles that. No part of the record.
        certainty: what the recognizer says of itself (0-1), from which ``confidence`` was calibrated; no part of the record.
        candidates: every value the pixels support, for deciding numbers jointly; no part of the record, neither compared nor written.
    """

    text: str
    value: Value
    page: int
    box: Box
    confidence: float
    status: Status
    alternatives: tuple[Alternative, ...] = ()
    read_as: str = ""
    sealed: bool = False
    looks: int = 0
    protected: tuple[bool, ...] = ()
    incurable: bool = field(default=False, compare=False, repr=False)
    settled: bool = field(default=False, compare=False, repr=False)
    misplaced: bool = field(default=False, compare=False, repr=False)
    certainty: float = field(default=0.0, compare=False, repr=False)
    candidates: tuple[Candidate, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that does not hold, with the cells and the numbers.

    Attributes:
        rule: stable id.
        severity: error, warning or info.
        verdict: who is wrong.
        message: one Chinese sentence with the numbers.
        cells: paths such as ``tables.indicators[3].score`` or ``fields.total_score``.
        expected: what the rule demands, as text.
        printed: what stands there, as text.
    """

    rule: str
    severity: Severity
    verdict: Verdict
    message: str
    cells: tuple[str, ...]
    expected: str = ""
    printed: str = ""


FieldRow: TypeAlias = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Form:
    """One form, read and checked. For kind ``unknown`` only ``cells`` (with a `Field` each, same order as ``cell_fields``) is filled."""

    kind: str
    template: str
    pages: tuple[int, ...]
    fields: Mapping[str, Field] = field(default_factory=dict)
    tables: Mapping[str, tuple[FieldRow, ...]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    review: Review = Review.NEEDS_REVIEW
    unplaced: tuple[Field, ...] = ()
    cells: tuple[UnknownCell, ...] = ()
    cell_fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong with a page or a whole input.

    Attributes:
        page: 1-based; 0 where the whole input is meant.
        code: of the error (docs/errors.md).
        message: what happened and what to do.
    """

    page: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Source:
    """The input file.

    Attributes:
        name: without folders.
        sha256: of its bytes, hex.
        pages: how many it has; 0 where unknown.
        text_pages: 1-based pages read from the text that the file itself carries (born digital), line by line.
    """

    name: str
    sha256: str
    pages: int
    text_pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that was read from one input."""

    source: Source
    forms: tuple[Form, ...]
    problems: tuple[Problem, ...] = ()
