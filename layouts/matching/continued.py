"""Texts that go on in a cell without a label: behind a page break whose lines close the cell, or behind a stray line through it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from layouts.matching.join import one_column
from layouts.matching.ledger import Ledger
from layouts.matching.sheet import Sheet, SheetCell
from models.matched import Piece, Slot
from models.template import FieldSpec, ValueKind

LABEL = 20
"""Characters in which the colon of an unknown label would stand; the longest known label with its unit has 15."""


def continued(fields: Mapping[str, Slot], specs: Sequence[FieldSpec], sheet: Sheet, ledger: Ledger) -> dict[str, Slot]:
    """``fields``, each text with what goes on beside or beneath it and has no role of its own.

    Word processors close a cut cell with a line on both sides of the break, so that the rest on the next page looks like a cell of its own.
    """
    texts = {spec.name for spec in specs if spec.kind is ValueKind.TEXT}
    result = dict(fields)
    for name in texts.intersection(fields):
        for beside in _beside(result[name], sheet, ledger):
            result[name] = replace(result[name], pieces=_row_by_row(result[name].pieces, beside.script.whole()))
            ledger.use(beside)
    for above, below in _at_breaks(sheet, ledger):
        name = next((name for name, slot in result.items() if name in texts and _ends_in(slot, above)), "")
        if name:
            result[name] = replace(result[name], pieces=result[name].pieces + below.script.whole())
            ledger.use(below)
    return result


def _beside(slot: Slot, sheet: Sheet, ledger: Ledger) -> Iterator[SheetCell]:
    """Free cells to the right of the one that holds ``slot`` behind its label, as high as it; not those that begin with another label."""
    cell = next((cell for cell in sheet.cells if _ends_in(slot, cell) and cell.script.whole() != slot.pieces), None)
    if cell is not None:
        for other in sheet.right_of(cell):
            labelled = ":" in other.script.text[:LABEL]
            if (other.top, other.bottom) == (cell.top, cell.bottom) and not other.blank and ledger.free(other) and not labelled:
                yield other


def _at_breaks(sheet: Sheet, ledger: Ledger) -> Iterator[tuple[SheetCell, SheetCell]]:
    """Each free cell at the head of a page with the cell of its column at the foot of the page before."""
    for row in sheet.breaks:
        for below in sheet.covering(row):
            above = next((cell for cell in sheet.covering(row - 1) if cell is not below and one_column(cell, below)), None)
            if above is not None and not below.blank and ledger.free(below):
                yield above, below


def _ends_in(slot: Slot, cell: SheetCell) -> bool:
    """Whether the last line of ``slot`` is the last line of ``cell``."""
    lines = cell.script.whole()
    return bool(slot.pieces) and bool(lines) and slot.pieces[-1].reading is lines[-1].reading


def _row_by_row(left: Sequence[Piece], right: Sequence[Piece]) -> tuple[Piece, ...]:
    """Both in reading order: each of ``right`` behind the one of ``left`` at its height."""

    def height(piece: Piece) -> tuple[int, float]:
        return piece.page, piece.reading.box.centre[1]

    def partner(piece: Piece) -> int:
        return min(range(len(left)), key=lambda i: (left[i].page != piece.page, abs(height(left[i])[1] - height(piece)[1])))

    return tuple(piece for i, first in enumerate(left) for piece in (first, *(other for other in right if partner(other) == i)))
