"""Rows of column headings, found by all headings of a table together: one that cannot be read is known by its neighbours."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layouts.matching.align import align
from layouts.matching.labels import key, similarity
from layouts.matching.sheet import Sheet, SheetCell
from models.template import ColumnSpec, TableSpec

ENOUGH = 0.5
"""Of a table's named headings, added up by similarity, must be found for a row to be its heading row. Of all other rows of both forms the
best reaches 0.33 (分值 and 得分 stand in both tables of 自评表), so half of the headings may be unreadable."""

SIMILAR = 0.3
"""A heading less alike than this is accepted only by counting: as many cells as columns."""

_UNLIKE = -0.1
"""Pairing a heading with a cell that reads quite differently: better than leaving both alone, worse than any likeness."""

_ABSENT = -0.4
"""A heading that is not printed."""

HEADING_ROWS = 3
"""Rows one above the other that headings may take, the section name (2020年绩效目标) above them included."""

_FOREIGN = -0.2
"""A cell that is no heading of the template."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's headings stand.

    Attributes:
        row: the (lowest) row of the headings.
        cells: for each column of the table its heading, or None where that column is not printed.
        score: share of the named headings found, by similarity, 0-1.
    """

    row: int
    cells: tuple[SheetCell | None, ...]
    score: float


def find_headers(sheet: Sheet, table: TableSpec) -> tuple[Header, ...]:
    """Every row that prints the headings of ``table``, from top to bottom; all but the first repeat them."""
    found = (_header(sheet, row, table) for row in range(sheet.rows))
    return tuple(header for header in found if header is not None)


def _header(sheet: Sheet, row: int, table: TableSpec) -> Header | None:
    cells = [cell for cell in sheet.covering(row) if cell.bottom == row]
    if len(cells) < 2:
        return None
    alike = np.array([[likeness(column, cell) for cell in cells] for column in table.columns])
    named = [i for i, column in enumerate(table.columns) if "" not in column.headings]
    if not named or alike[named].max(axis=1).sum() < ENOUGH * len(named):
        return None
    partners = align(np.where(alike > 0, alike, _UNLIKE), _ABSENT, _FOREIGN)
    score = sum(alike[i, j] for i in named if (j := partners[i]) is not None) / len(named)
    if score < ENOUGH:
        return None
    certain = len(cells) == len(table.columns)
    kept = [j if j is not None and (certain or alike[i, j] >= SIMILAR or i not in named) else None for i, j in enumerate(partners)]
    return Header(row, tuple(cells[j] if j is not None else None for j in kept), float(score))


def likeness(column: ColumnSpec, cell: SheetCell) -> float:
    """How alike ``cell`` and a heading of ``column`` are, 0-1; a blank cell is like a blank heading only."""
    text = key(cell.script.text)
    if not text:
        return float("" in column.headings)
    return max((similarity(key(heading), text) for heading in column.headings if heading), default=0.0)


def repeated_rows(tables: Sequence[Sequence[Header]], breaks: Sequence[int]) -> frozenset[int]:
    """The rows that only repeat headings: from a page break down to the headings of a table that began on an earlier page.

    Args:
        tables: for each table all its heading rows.
        breaks: the first row behind each page break.
    """
    again = (header.row for headers in tables for header in headers[1:])
    starts = ((max((page for page in breaks if page <= row), default=row), row) for row in again)
    return frozenset(r for start, row in starts for r in range(start if row - start < HEADING_ROWS else row, row + 1))
