"""Tables and pages that fit no template: everything on them, cell by cell."""

from layouts.matching.blocks import Block
from layouts.matching.sheet import Part, cell_of
from models.matched import UNKNOWN, MatchedForm, Slot, UnknownCell
from models.reading import GridText


def unknown_form(block: Block) -> MatchedForm:
    """``block`` as a form of kind unknown: the cells of its grid, or each loose line as a cell of its own row."""
    if block.grid is None:
        lines = tuple(UnknownCell(i, 0, 1, 1, line.slot()) for i, line in enumerate(block.above))
        return MatchedForm(UNKNOWN, "", (block.page,), cells=lines)
    around = tuple(line.slot() for line in (*block.above, *block.below))
    return MatchedForm(UNKNOWN, "", (block.page,), unplaced=around, cells=_cells(block.page, block.grid))


def _cells(page: int, text: GridText) -> tuple[UnknownCell, ...]:
    return tuple(
        UnknownCell(cell.row, cell.column, cell.row_span, cell.column_span, _slot(page, text, i)) for i, cell in enumerate(text.grid.cells)
    )


def _slot(page: int, text: GridText, index: int) -> Slot:
    cell, content = text.grid.cells[index], text.cells[index]
    return cell_of(0, 0, 0.0, 1.0, [Part(page, cell.box, content.readings, content.sealed)]).slot()
