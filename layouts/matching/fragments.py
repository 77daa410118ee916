"""Cells of a table's body that stray lines (a stroke of text taken for a ruling) have cut into fragments."""

from typing import TypeAlias

from layouts.matching.pages import Cells
from layouts.matching.sheet import Sheet, SheetCell, merged
from models.template import TableSpec

NARROWER = 0.95
"""Width of a fragment over that of its heading, at most; a whole cell has 1, a cell of several columns more."""

SHARED = 0.5
"""Share of a row's own columns whose cells also stand in the row above, from which a row that adds nothing is none."""

Fragments: TypeAlias = tuple[SheetCell, ...]


def in_column(sheet: Sheet, row: int, heading: SheetCell) -> Fragments:
    """What stands in ``row`` under ``heading``: one cell, or several that are together no wider than it."""
    width = NARROWER * heading.width
    found = [cell for cell in sheet.covering(row) if cell.overlap(heading.left, heading.right) > 0.5 and cell.width < width]
    if len(found) > 1:
        return tuple(found)
    cell = sheet.crossing(row, heading.left, heading.right)
    return (cell,) if cell is not None else ()


def together(fragments: Fragments, whole: dict[Fragments, SheetCell]) -> SheetCell | None:
    """``fragments`` as one cell, the same one each time; ``whole`` remembers it."""
    if not fragments:
        return None
    return whole.setdefault(fragments, merged(fragments))


def one_row(table: TableSpec, above: Cells, below: Cells) -> bool:
    """Whether ``below`` is no row of its own: it shares most cells with ``above``, and of the others one is blank."""
    pairs = list(zip(table.columns, above, below, strict=True))
    if all(a is b for _, a, b in pairs):
        return True
    own = [(a, b) for column, a, b in pairs if not column.spans]
    shared = sum(a is b for a, b in own)
    return shared >= SHARED * len(own) and all(a is b or a is None or b is None or a.blank or b.blank for _, a, b in pairs)


def fuller(above: Cells, below: Cells) -> Cells:
    """One row of both: of each column the cell that holds text."""
    return tuple(b if a is None or (a.blank and b is not None) else a for a, b in zip(above, below, strict=True))
