"""Rows of a table on both sides of a page break.

Browsers leave a cut cell open at the break; word processors close it with a line on either side, so that what goes on looks like a row
of its own: either a group (一级指标) whose cell is blank on one side, or the rest of a long row without a name.
"""

from collections.abc import Sequence
from typing import TypeAlias

from layouts.matching.sheet import SheetCell, merged
from models.template import TableSpec

Cells: TypeAlias = tuple[SheetCell | None, ...]
"""One row: for each column of the table its cell."""


def name_index(table: TableSpec) -> int:
    """The first column that does not group rows: what stands there names the row."""
    return next((i for i, column in enumerate(table.columns) if not column.spans), 0)


def across_breaks(table: TableSpec, rows: Sequence[tuple[int, Cells]], breaks: Sequence[int]) -> list[Cells]:
    """``rows`` (each with its row in the sheet) with what goes on behind one of ``breaks`` put together."""
    result: list[Cells] = []
    same: dict[SheetCell, SheetCell] = {}
    above_row = 0
    for row, found in rows:
        broken = bool(result) and any(above_row < page <= row for page in breaks)
        above_row = row
        above = tuple(_resolved(cell, same) for cell in result[-1]) if result else found
        cells = tuple(b if b is not None or not column.spans else a for column, a, b in zip(table.columns, above, found, strict=True))
        if broken and _rest_of_row(table, above, cells):
            result[-1] = tuple(_together(a, b) for a, b in zip(above, cells, strict=True))
            continue
        if broken:
            same.update(_groups(table, above, cells))
        result.append(cells)
    return [tuple(_resolved(cell, same) for cell in cells) for cells in result]


def _rest_of_row(table: TableSpec, above: Cells, below: Cells) -> bool:
    """Whether ``below`` only holds the rest of long cells: neither a name nor a number nor a group of its own."""
    name = name_index(table)
    bare = (i for i, column in enumerate(table.columns) if column.spans or column.kind.numeric or i == name)
    if any(cell is not None and not cell.blank and cell is not above[i] for i in bare for cell in [below[i]]):
        return False
    named = above[name]
    rest = (cell for cell, column in zip(below, table.columns, strict=True) if not column.spans)
    return named is not None and not named.blank and any(cell is not None and not cell.blank for cell in rest)


def _groups(table: TableSpec, above: Cells, below: Cells) -> dict[SheetCell, SheetCell]:
    """For each grouping column with a blank cell on one side of the break: both cells, and the one they are; none within a new group."""
    same: dict[SheetCell, SheetCell] = {}
    for column, a, b in zip(table.columns, above, below, strict=True):
        if not column.spans or a is None or b is None or a is b:
            continue
        if not a.blank and not b.blank:
            break
        if a.blank != b.blank:
            same[a] = same[b] = merged([a, b])
    return same


def _together(a: SheetCell | None, b: SheetCell | None) -> SheetCell | None:
    if a is None or b is None or a is b:
        return a if a is not None else b
    return merged([a, b])


def _resolved(cell: SheetCell | None, same: dict[SheetCell, SheetCell]) -> SheetCell | None:
    while cell is not None and cell in same:
        cell = same[cell]
    return cell
