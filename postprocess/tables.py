"""Document JSON to tables: one row a form, funds row, indicator and finding, ready for the workbook.

Numbers stay `Decimal` and dates `date`; all text is text, whatever it looks like. Which cells a person must look at, and why, goes along as
marks by row and column.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeAlias

import pandas as pd

from models.form import Status, Value
from models.template import Severity
from postprocess.comments import comment

Json: TypeAlias = Mapping[str, Any]
"""An object of the document JSON; `service` has validated it."""

DOUBLE_DIGITS = 15
"""Significant digits that survive in the double that a workbook keeps a number in."""

_FORM_COLUMNS = ("file", "form", "page", "pages", "kind", "template", "review")
_REVIEWED_COLUMNS = ("reviewed", "reviewed_by", "reviewed_at")
"""What people have said of a form: an archive knows it, a run over files does not."""

_ROW_COLUMNS = ("file", "form", "page")
_FINDING_COLUMNS = ("file", "form", "page", "rule", "severity", "verdict", "message", "cells", "expected", "printed")


class Level(StrEnum):
    """Why a cell stands out."""

    DOUBTFUL = "doubtful"
    """A person must look (yellow)."""
    CONTRADICTED = "contradicted"
    """A finding of severity error names it (red)."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is to be said about one cell: how loud, and a comment that says what, why and where on which page."""

    level: Level
    comment: str


Marks: TypeAlias = Mapping[tuple[int, int], Mark]
"""(row, column) of a table, both 0-based without its heading, to the mark."""


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet: a frame of Python objects (str, int, Decimal, date, None) and the marks of its cells."""

    frame: pd.DataFrame
    marks: Marks


@dataclass(frozen=True, slots=True)
class ExportTables:
    """The sheets of a run, in the order of the documents.

    Attributes:
        forms: one row a form: ``file, form, page, pages, kind, template, review``, where known ``reviewed, reviewed_by, reviewed_at``,
            then its fields.
        funds: one row a funds row: ``file, form, page``, then its columns.
        indicators: one row an indicator, likewise.
        findings: one row a finding, then one a problem of the document (``form`` empty, its code as ``rule``).
    """

    forms: Table
    funds: Table
    indicators: Table
    findings: Table


@dataclass(frozen=True, slots=True)
class _Line:
    """One row to be: what leads it, and the Fields of the document JSON by column, with their paths."""

    lead: tuple[object, ...]
    fields: Mapping[str, Json]
    paths: Mapping[str, str]
    findings: Sequence[Json]


def export_tables(documents: Sequence[Mapping[str, object]]) -> ExportTables:
    """Tables of ``documents``, each as in the document JSON (with its ``value_type``).

    Forms are numbered from 1 in each file, or as their own ``number`` says; ``page`` is 1-based. What people have said of them stands in
    ``reviewed`` (``state``, ``by``, ``at``) of all or of none. Fields and columns come in the order in
    which they are first met.
    """
    forms = [placed for document in documents for placed in _placed(document)]
    return ExportTables(
        forms=_table(_form_columns(forms), [placed.form_line() for placed in forms]),
        funds=_table(_ROW_COLUMNS, [line for placed in forms for line in placed.row_lines("funds")]),
        indicators=_table(_ROW_COLUMNS, [line for placed in forms for line in placed.row_lines("indicators")]),
        findings=Table(_frame([row for document in documents for row in _finding_rows(document)], _FINDING_COLUMNS), {}),
    )


def as_workbook(value: Decimal) -> Decimal | str:
    """What a workbook should hold: the number, or its digits as text where a double would change them (more than `DOUBLE_DIGITS`)."""
    return value if len(value.as_tuple().digits) <= DOUBLE_DIGITS else f"{value:f}"


@dataclass(frozen=True, slots=True)
class _Placed:
    """One form of one document."""

    document: Json
    number: int
    form: Json

    def form_line(self) -> _Line:
        form = self.form
        pages = "、".join(str(page) for page in form["pages"])
        lead = (_file(self.document), self.number, form["pages"][0], pages, form["kind"], form["template"], form["review"])
        people = form.get("reviewed")
        told = () if people is None else tuple(people[key] or None for key in ("state", "by", "at"))
        return _Line((*lead, *told), form["fields"], {name: f"fields.{name}" for name in form["fields"]}, form["findings"])

    def row_lines(self, table: str) -> Iterator[_Line]:
        for index, row in enumerate(self.form["tables"].get(table, ())):
            page = min((field["page"] for field in row.values()), default=self.form["pages"][0])
            paths = {name: f"tables.{table}[{index}].{name}" for name in row}
            yield _Line((_file(self.document), self.number, page), row, paths, self.form["findings"])

    def page_of(self, path: str) -> int:
        """The page of the cell at ``path``; the form's first where it names none."""
        single = {f"fields.{name}": field for name, field in self.form["fields"].items()}
        rows = ((table, i, row) for table, body in self.form["tables"].items() if table != "cells" for i, row in enumerate(body))
        cells = single | {f"tables.{table}[{i}].{name}": field for table, i, row in rows for name, field in row.items()}
        return int(cells[path]["page"] if path in cells else self.form["pages"][0])


def _form_columns(forms: Sequence[_Placed]) -> tuple[str, ...]:
    return (*_FORM_COLUMNS, *_REVIEWED_COLUMNS) if any("reviewed" in placed.form for placed in forms) else _FORM_COLUMNS


def _placed(document: Json) -> Iterator[_Placed]:
    for number, form in enumerate(_list(document, "forms"), 1):
        yield _Placed(document, form.get("number", number), form)


def _table(lead: tuple[str, ...], lines: Sequence[_Line]) -> Table:
    names = list(dict.fromkeys(name for line in lines for name in line.fields))
    rows = [[*line.lead, *(_value(line.fields[name]) if name in line.fields else None for name in names)] for line in lines]
    marks = {
        (row, len(lead) + column): mark
        for row, line in enumerate(lines)
        for column, name in enumerate(names)
        if name in line.fields and (mark := _mark(line.fields[name], line.paths[name], line.findings)) is not None
    }
    return Table(_frame(rows, (*lead, *names)), marks)


def _frame(rows: Sequence[Sequence[object]], columns: Sequence[str]) -> pd.DataFrame:
    """Objects as they are: pandas would turn None into NaN and whole columns of Decimal into floats."""
    return pd.DataFrame([list(row) for row in rows], columns=list(columns), dtype=object)


def _mark(field: Json, path: str, findings: Sequence[Json]) -> Mark | None:
    errors = [finding for finding in findings if finding["severity"] == Severity.ERROR and path in finding["cells"]]
    if not errors and field["status"] != Status.DOUBTFUL:
        return None
    level = Level.CONTRADICTED if errors else Level.DOUBTFUL
    return Mark(level, comment(field, [finding["message"] for finding in errors]))


def _finding_rows(document: Json) -> Iterator[tuple[object, ...]]:
    file = _file(document)
    for placed in _placed(document):
        for finding in placed.form["findings"]:
            page = placed.page_of(finding["cells"][0]) if finding["cells"] else placed.form["pages"][0]
            told = (finding[key] for key in ("rule", "severity", "verdict", "message"))
            yield file, placed.number, page, *told, "、".join(finding["cells"]), finding["expected"], finding["printed"]
    for problem in _list(document, "problems"):
        page = problem["page"] or None
        yield file, None, page, problem["code"], Severity.ERROR.value, "", problem["message"], "", "", ""


def _value(field: Json) -> Value:
    value = field["value"]
    if value is None:
        return field["text"] or None
    match field.get("value_type"):
        case "decimal":
            return Decimal(value)
        case "date":
            return date.fromisoformat(value)
        case _:
            return str(value)


def _file(document: Json) -> str:
    source = document["source"]
    return str(source.get("path") or source["name"])


def _list(document: Json, key: str) -> Sequence[Json]:
    return tuple(document.get(key, ()))
