"""``forms.xlsx``: the records of a run for the eye; doubtful cells yellow, contradicted ones red, each with a comment that says why.

Recognized text is written as text and nothing else, whatever it begins with. Memory: about 2 kB a row until the file is closed (measured
with 20,000 and 100,000 rows); cells are coloured after pandas has written them, which XlsxWriter's ``constant_memory`` would not allow.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import Any, BinaryIO, TypeAlias

import pandas as pd
from rich.cells import cell_len

from postprocess.tables import ExportTables, Json, Level, Mark, Table, as_workbook, export_tables
from service.document_shape import DocumentJson
from service.headings import amounts, heading
from service.naming import WORKBOOK
from service.wording import without_controls
from service.writing import OutputFolder

SHEETS = ("forms", "funds", "indicators", "findings")

_ROWS_A_SHEET = 1_000_000
"""Excel has 1,048,576 rows; what is beyond goes to a further sheet."""

_LONGEST_TEXT = 32_767
"""Characters a cell or a comment may have in Excel."""

_WIDEST = 48
"""Columns of a sheet's column; longer text is wrapped."""

_ROWS_MEASURED = 500
"""Rows that decide how wide a column is."""

_COLOURS: Mapping[Level, str] = {Level.DOUBTFUL: "#FFEB3B", Level.CONTRADICTED: "#F28B82"}
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

_AMOUNT = "#,##0.00######"
"""Money with its thousands apart, and no digit hidden."""

_Look: TypeAlias = dict[str, str | bool | int]

_Writer: TypeAlias = Any
"""XlsxWriter has no types; its workbook, sheets and formats."""


def write_workbook(documents: Iterable[tuple[str, DocumentJson]], out: OutputFolder) -> None:
    """Write the workbook of ``documents``, each with what a person calls its input.

    Raises:
        OutputError: it cannot be written.
    """
    buffer = io.BytesIO()
    draw_workbook((_named(name, document) for name, document in documents), buffer)
    out.write(PurePath(WORKBOOK), buffer.getvalue())


def draw_workbook(documents: Iterable[Json], file: BinaryIO) -> None:
    """Write the workbook of ``documents`` to ``file``, each an object of the document JSON (see `postprocess.tables.export_tables`)."""
    tables = _joined(export_tables([document]) for document in documents)
    with pd.ExcelWriter(file, engine="xlsxwriter", engine_kwargs={"options": _OPTIONS}) as writer:
        for name in SHEETS:
            for title, part in _parts(name, tables[name]):
                _write_sheet(writer, title, part)


def safe_text(text: str) -> str:
    """``text`` as a cell can hold it: characters that XML forbids become �, and what is too long is cut off, visibly."""
    clean = without_controls(text)
    return clean if len(clean) <= _LONGEST_TEXT else clean[: _LONGEST_TEXT - 1] + "…"


def _named(name: str, document: DocumentJson) -> Json:
    record = document.model_dump(mode="json", by_alias=True)
    return record | {"source": record["source"] | {"path": name}}


def _joined(exports: Iterable[ExportTables]) -> dict[str, Table]:
    """The tables of single documents one below the other: so only one document at a time is in memory as a whole."""
    frames: dict[str, list[pd.DataFrame]] = {name: [] for name in SHEETS}
    marks: dict[str, list[tuple[int, str, Mark]]] = {name: [] for name in SHEETS}
    rows = dict.fromkeys(SHEETS, 0)
    for export in exports:
        for name in SHEETS:
            table: Table = getattr(export, name)
            marks[name] += [(rows[name] + row, str(table.frame.columns[column]), mark) for (row, column), mark in table.marks.items()]
            frames[name].append(table.frame)
            rows[name] += len(table.frame)
    return {name: _table(frames[name], marks[name]) for name in SHEETS}


def _table(frames: list[pd.DataFrame], marks: list[tuple[int, str, Mark]]) -> Table:
    if not frames:
        return Table(pd.DataFrame(), {})
    frame = pd.concat(frames, ignore_index=True).astype(object)
    columns = {name: place for place, name in enumerate(frame.columns)}
    return Table(frame.where(frame.notna(), None), {(row, columns[name]): mark for row, name, mark in marks})


def _parts(name: str, table: Table) -> Iterator[tuple[str, Table]]:
    """The table as a sheet, or as several where it has too many rows for one."""
    for number, start in enumerate(range(0, max(1, len(table.frame)), _ROWS_A_SHEET), 1):
        part = table.frame.iloc[start : start + _ROWS_A_SHEET]
        marks = {(row - start, column): mark for (row, column), mark in table.marks.items() if start <= row < start + len(part)}
        yield name if number == 1 else f"{name} {number}", Table(part, marks)


@dataclass(frozen=True, slots=True)
class _Formats:
    """Looks of cells. That of a text has a quote prefix: it stays a text when a person edits it."""

    heading: _Writer
    text: _Writer
    amount: _Writer
    marked: Mapping[Level, _Writer]
    marked_amount: Mapping[Level, _Writer]
    marked_text: Mapping[Level, _Writer]


def _write_sheet(writer: "pd.ExcelWriter[Any]", title: str, table: Table) -> None:
    book = writer.book
    formats = _formats(book)
    sheet = book.add_worksheet(title)
    sheet.add_write_handler(str, lambda sheet, row, column, text, look=None: _write_text(sheet, (row, column), text, look or formats.text))
    held = table.frame.map(_held)
    frame = held.astype(object).where(held.notna(), None)  # pandas holds a blank among texts as NaN, which no cell can
    frame.to_excel(writer, sheet_name=title, index=False, header=False, startrow=1)
    for column, name in enumerate(frame.columns):
        _write_text(sheet, (0, column), heading(str(name)), formats.heading)
        look = formats.amount if name in amounts() else None
        sheet.set_column(column, column, _width(str(name), frame.iloc[:_ROWS_MEASURED, column]), look)
    for (row, column), mark in table.marks.items():
        looks = formats.marked_amount if frame.columns[column] in amounts() else formats.marked
        value = frame.iat[row, column]
        _write_mark(sheet, (row + 1, column), value, mark, (formats.marked_text if isinstance(value, str) else looks)[mark.level])
    sheet.freeze_panes(1, 0)
    if len(frame.columns):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)


def _formats(book: _Writer) -> _Formats:
    wrapped: _Look = {"text_wrap": True, "valign": "top"}
    text: _Look = {"quote_prefix": True}
    amount: _Look = {"num_format": _AMOUNT}

    def marked(look: _Look) -> dict[Level, _Writer]:
        return {level: book.add_format(wrapped | look | {"bg_color": colour}) for level, colour in _COLOURS.items()}

    return _Formats(
        heading=book.add_format(wrapped | {"bold": True, "bg_color": "#ECEFF1", "bottom": 1}),
        text=book.add_format(wrapped | text),
        amount=book.add_format(wrapped | amount),
        marked=marked({}),
        marked_amount=marked(amount),
        marked_text=marked(text),
    )


def _held(value: object) -> object:
    """``value`` as a cell can hold it."""
    match value:
        case Decimal():
            return as_workbook(value)
        case str():
            return safe_text(value)
        case _:
            return value


def _write_text(sheet: _Writer, place: tuple[int, int], text: str, look: _Writer) -> int:
    """Write ``text`` as text: the one way any string reaches a sheet."""
    return int(sheet.write_string(*place, text, look) if text else sheet.write_blank(*place, None, look))


def _write_mark(sheet: _Writer, place: tuple[int, int], value: object, mark: Mark, look: _Writer) -> None:
    """Write a cell again in its colour, with its comment."""
    match value:
        case None:
            sheet.write_blank(*place, None, look)
        case str():
            _write_text(sheet, place, value, look)
        case _:
            sheet.write(*place, value, look)
    sheet.write_comment(*place, safe_text(mark.comment), {"author": "FormTally", "x_scale": 2.5, "y_scale": 1.5})


def _width(name: str, values: "pd.Series[Any]") -> int:
    """Columns that show the heading and most values; Chinese characters take two."""
    lines = [line for value in (*heading(name).splitlines(), *values.dropna()) for line in str(value).splitlines()]
    return min(_WIDEST, max((cell_len(line) for line in lines), default=0) + 2)
