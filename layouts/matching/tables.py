"""The rows of a table, from under its headings to what ends it."""

from collections.abc import Collection
from dataclasses import dataclass

from layouts.matching.fragments import Fragments, fuller, in_column, one_row, together
from layouts.matching.headings import Header
from layouts.matching.labels import alike, key, similarity
from layouts.matching.pages import Cells, across_breaks, name_index
from layouts.matching.sheet import Sheet, SheetCell
from models.template import TableSpec

CONFORMING = 0.6
"""Share of a table's columns that must have a cell of their own in a row of it. The total row of 自评表 has 0.5, its goal rows 0.29 of the
funds' columns; a body row whose first two of four cells are merged has 0.75."""

HALF_ALIKE = 0.5
"""Similarity from which a label that ends the table is believed in a row that names nothing (总分 with one character misread)."""


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of one table.

    Attributes:
        table: what it is.
        header: its headings.
        rows: cells by column.
        used: every cell of the sheet that belongs to the body.
        end: the first row of the sheet behind the body.
    """

    table: TableSpec
    header: Header
    rows: tuple[Cells, ...]
    used: frozenset[SheetCell]
    end: int


def read_body(sheet: Sheet, table: TableSpec, header: Header, repeated: Collection[int], others: Collection[int]) -> Body:
    """The rows under ``header``; rows in which nothing is written are left out.

    Args:
        sheet: all cells of the form.
        table: what the rows are.
        header: its headings.
        repeated: rows that only repeat headings; they are passed over.
        others: heading rows of other tables, which end this one.
    """
    rows: list[tuple[int, Cells]] = []
    used: set[SheetCell] = set()
    whole: dict[Fragments, SheetCell] = {}
    row = header.row
    for row in range(header.row + 1, sheet.rows + 1):
        if row in repeated:
            continue
        found = [in_column(sheet, row, heading) if heading is not None else () for heading in header.cells]
        cells = tuple(together(fragments, whole) for fragments in found)
        if row == sheet.rows or row in others or _ends(sheet, row, table, cells) or not _conforming(cells):
            break
        used.update(*found)
        if rows and one_row(table, rows[-1][1], cells):
            rows[-1] = (rows[-1][0], fuller(rows[-1][1], cells))
        else:
            rows.append((row, cells))
    joined = across_breaks(table, rows, sheet.breaks)
    written = tuple(cells for cells in joined if any(cell is not None and not cell.blank for cell in cells))
    return Body(table, header, written, frozenset(used), row)


def _conforming(cells: Cells) -> bool:
    present = [cell for cell in cells if cell is not None]  # of a group that goes on, the next page may show no cell at all
    return len(set(present)) >= max(2, CONFORMING * len(present))


def _ends(sheet: Sheet, row: int, table: TableSpec, cells: Cells) -> bool:
    """Whether a label that ends the table begins in ``row``; a half-read one is believed in a row without a name of its own."""
    labels = [key(label) for label in table.ends]
    starting = [key(cell.script.text) for cell in sheet.covering(row) if cell.top == row and not cell.blank]
    if any(alike(label, text) for label in labels for text in starting):
        return True
    first, name = cells[0], cells[name_index(table)]
    odd = first is not None and first.top == row and (name is None or name.blank or name is first)
    return odd and first is not None and any(similarity(label, key(first.script.text)) >= HALF_ALIKE for label in labels)
