"""The tidy table: one row a field. Its columns are stated here once; CSV, Parquet and docs/export.md follow."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from models.form import Field, Value
from service.store.stored import StoredForm

SCHEMA = "formtally/fields/1"

NUMBER_DIGITS, NUMBER_PLACES = 38, 10
"""What ``value_number`` holds exactly: decimal128 has 38 digits, and ten places are four more than an amount in 万元 prints at most."""

CELLS, UNPLACED = "cells", "unplaced"
"""Tables of the tidy table that no template names: the cells of an unknown form, and texts that found no field."""

_CONFIDENCE_DIGITS, _BOX_DIGITS = 4, 5
"""As in the document JSON."""


class Sort(StrEnum):
    """What a column holds; the word docs/export.md uses."""

    TEXT = "text"
    WHOLE = "whole number"
    DECIMAL = "decimal"
    DATE = "date"
    MOMENT = "moment"
    FRACTION = "fraction"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, whether it may be empty (texts never are: nothing is ``""``), and what it means."""

    name: str
    sort: Sort
    optional: bool
    meaning: str


COLUMNS = (
    Column("document", Sort.TEXT, False, "SHA-256 of the original, hex"),
    Column("form", Sort.WHOLE, False, "place of the form in its document, from 1"),
    Column("version", Sort.WHOLE, False, "of the form's record, from 1"),
    Column("path", Sort.TEXT, False, "where the original was first found; where users export, to who sees his own alone his name for it"),
    Column("year", Sort.WHOLE, True, "of the form"),
    Column("unit", Sort.TEXT, False, "that the form belongs to"),
    Column("kind", Sort.TEXT, False, "of the form"),
    Column("template", Sort.TEXT, False, "of the form, with its version"),
    Column("review", Sort.TEXT, False, "of the form: clear or needs_review"),
    Column("reviewed", Sort.TEXT, False, "how far people have come with the form: none, waiting, returned or approved"),
    Column("reviewed_by", Sort.TEXT, False, "who approved the form or sent it back"),
    Column("reviewed_at", Sort.MOMENT, True, "when"),
    Column("table", Sort.TEXT, False, "of the form; empty for a field that stands once; cells, unplaced: see below"),
    Column("row", Sort.WHOLE, True, "in the table, from 0, as in the paths of findings"),
    Column("field", Sort.TEXT, False, "name of the field or of the table's column"),
    Column("text", Sort.TEXT, False, "as printed"),
    Column("value_text", Sort.TEXT, False, "the value, where it is neither number nor date"),
    Column("value_number", Sort.DECIMAL, True, "the value, where it is a number"),
    Column("value_date", Sort.DATE, True, "the value, where it is a date"),
    Column("status", Sort.TEXT, False, "read, confirmed, repaired, doubtful or blank"),
    Column("confidence", Sort.FRACTION, False, "probability that the text is what is on the paper"),
    Column("page", Sort.WHOLE, False, "of the document, from 1"),
    Column("left", Sort.FRACTION, False, "edge of the field's box, of the width of the page as stored"),
    Column("top", Sort.FRACTION, False, "of the height"),
    Column("right", Sort.FRACTION, False, "of the width"),
    Column("bottom", Sort.FRACTION, False, "of the height"),
)


class Row(NamedTuple):
    """One field, its columns in the order of `COLUMNS`."""

    document: str
    form: int
    version: int
    path: str
    year: int | None
    unit: str
    kind: str
    template: str
    review: str
    reviewed: str
    reviewed_by: str
    reviewed_at: datetime | None
    table: str
    row: int | None
    field: str
    text: str
    value_text: str
    value_number: Decimal | None
    value_date: date | None
    status: str
    confidence: float
    page: int
    left: float
    top: float
    right: float
    bottom: float


def rows_of(stored: StoredForm) -> Iterator[Row]:
    """Every field of the form: those that stand once, then table by table; cells of an unknown form by their row and column."""
    form = stored.form
    lead = stored.document, stored.number, stored.version, stored.path, stored.year, stored.unit
    people = stored.reviewed
    decided = people.state.value, people.by, datetime.fromisoformat(people.at) if people.at else None
    of_form = form.kind, form.template, form.review.value, *decided
    for table, number, name, field in _placed(stored):
        box = (round(edge, _BOX_DIGITS) for edge in (field.box.left, field.box.top, field.box.right, field.box.bottom))
        proof = field.status.value, round(field.confidence, _CONFIDENCE_DIGITS), field.page
        yield Row(*lead, *of_form, table, number, name, field.text, *_typed(field.value), *proof, *box)


def count_fields(stored: StoredForm) -> int:
    """How many rows the form has in the tidy table."""
    return sum(1 for _ in _placed(stored))


def _placed(stored: StoredForm) -> Iterator[tuple[str, int | None, str, Field]]:
    form = stored.form
    for name, field in form.fields.items():
        yield "", None, name, field
    for table, rows in form.tables.items():
        for number, row in enumerate(rows):
            for name, field in row.items():
                yield table, number, name, field
    for cell, field in zip(form.cells, form.cell_fields, strict=True):
        yield CELLS, cell.row, f"column_{cell.column}", field
    for number, field in enumerate(form.unplaced):
        yield UNPLACED, number, "text", field


def _typed(value: Value) -> tuple[str, Decimal | None, date | None]:
    """The value in the one of three columns that is its own; a number too long for its column stays exact, as text."""
    match value:
        case None:
            return "", None, None
        case Decimal():
            return ("", value, None) if _fits(value) else (f"{value:f}", None, None)
        case date():
            return "", None, value
        case _:
            return value, None, None


def _fits(value: Decimal) -> bool:
    """Whether decimal128 holds ``value`` without rounding."""
    if not value.is_finite():
        return False
    whole, _, places = f"{value:f}".lstrip("-").partition(".")
    return len(whole.lstrip("0")) <= NUMBER_DIGITS - NUMBER_PLACES and len(places.rstrip("0")) <= NUMBER_PLACES
