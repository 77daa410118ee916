"""Long texts that go on behind a page break whose lines close the cell, as word processors print it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from layouts.matching.join import one_column
from layouts.matching.ledger import Ledger
from layouts.matching.sheet import Sheet, SheetCell
from models.matched import Slot
from models.template import FieldSpec, ValueKind


def continued(fields: Mapping[str, Slot], specs: Sequence[FieldSpec], sheet: Sheet, ledger: Ledger) -> dict[str, Slot]:
    """``fields``, each text that ends at the foot of a page with what stands right beneath it on the next and has no role of its own."""
    texts = {spec.name for spec in specs if spec.kind is ValueKind.TEXT}
    result = dict(fields)
    for row in sheet.breaks:
        for below in sheet.covering(row):
            above = next((cell for cell in sheet.covering(row - 1) if one_column(cell, below) and cell is not below), None)
            if above is None or below.blank or not ledger.free(below):
                continue
            name = next((name for name, slot in result.items() if name in texts and _ends_with(slot, above)), None)
            if name is not None:
                result[name] = replace(result[name], pieces=result[name].pieces + below.script.whole())
                ledger.use(below)
    return result


def _ends_with(slot: Slot, cell: SheetCell) -> bool:
    """Whether the last line of ``slot`` is the last line of ``cell``."""
    lines = cell.script.whole()
    return bool(slot.pieces) and bool(lines) and slot.pieces[-1].reading is lines[-1].reading
