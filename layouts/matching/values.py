"""From a field's label to where its value stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from layouts.matching.fields import Hit, Hits
from layouts.matching.ledger import Ledger
from layouts.matching.sheet import Sheet, SheetCell, merged
from layouts.matching.tables import Body
from models.matched import Slot
from models.template import FieldSpec, ValueKind, Where

_DIGITS = str.maketrans("OoDQ〇lI|iZzSsB", "00000111122558")
"""What digits are often read as; one character for one, so that places stay."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a field may stand in.

    Attributes:
        sheet: its cells.
        bodies: its tables.
        lines: loose lines of its head, those nearest to the title first.
        hits: its labels.
        ledger: where used text is noted.
    """

    sheet: Sheet
    bodies: Sequence[Body]
    lines: Sequence[SheetCell]
    hits: Hits
    ledger: Ledger


def read_fields(fields: Sequence[FieldSpec], known: Known) -> Mapping[str, Slot]:
    """Where the values of ``fields`` stand, their text and their labels noted as used; a field whose value has no place is absent."""
    found = {field.name: _value(field, known) for field in fields}
    return {name: slot for name, slot in found.items() if slot is not None}


def read_blank(fields: Sequence[FieldSpec], known: Known) -> Mapping[str, Slot]:
    """The empty places of those ``fields`` whose label is there with nothing behind it."""
    behind = (field for field in fields if Where.BEHIND in field.where and field.labels in known.hits)
    return {field.name: known.hits[field.labels].cell.slot_of(()) for field in behind}


def _value(field: FieldSpec, known: Known) -> Slot | None:
    hit = known.hits.get(field.labels)
    if hit is not None:
        known.ledger.use_part(hit.cell, hit.start, hit.end)
    places = ((where, _PLACES.get(where)) for where in field.where)
    found = (_loose(field, known) if where is Where.LOOSE else find(field, hit, known) if find and hit else None for where, find in places)
    return next((slot for slot in found if slot is not None), None)


def _behind(_: FieldSpec, hit: Hit, known: Known) -> Slot | None:
    if hit.end >= hit.stop:
        return None
    known.ledger.use_part(hit.cell, hit.end, hit.stop)
    return hit.cell.slot_of(hit.cell.script.pieces(hit.end, hit.stop))


def _right_of(_: FieldSpec, hit: Hit, known: Known) -> Slot | None:
    return _neighbour(known.sheet.right_of(hit.cell), hit, known)


def _below(_: FieldSpec, hit: Hit, known: Known) -> Slot | None:
    return _neighbour(known.sheet.below(hit.cell), hit, known)


def _neighbour(cells: Sequence[SheetCell], hit: Hit, known: Known) -> Slot | None:
    """What stands in ``cells``, if the label stands alone in its own and none of them has another role."""
    labels = {other.cell for other in known.hits.values()}
    if not cells or not hit.whole or hit.cell.top < 0 or not all(known.ledger.free(cell) and cell not in labels for cell in cells):
        return None
    for cell in cells:
        known.ledger.use(cell)
    return merged(cells).slot()


def _crossing(field: FieldSpec, hit: Hit, known: Known) -> Slot | None:
    """In the row of the label, under the nearest heading of the field's column above it."""
    headings = [
        (body.header.row, heading)
        for body in known.bodies
        for column, heading in zip(body.table.columns, body.header.cells, strict=True)
        if heading is not None and body.header.row < hit.cell.top and set(column.headings).intersection(field.column)
    ]
    if not headings:
        return None
    heading = max(headings, key=lambda found: found[0])[1]
    cell = known.sheet.crossing(hit.cell.top, heading.left, heading.right)
    if cell is None or cell is hit.cell:
        return None
    known.ledger.use(cell)
    return cell.slot()


def _inside(field: FieldSpec, hit: Hit, known: Known) -> Slot | None:
    """By the pattern, or where the brackets it asks for are misread, by the choices behind the label."""
    script = hit.cell.script
    match = re.compile(field.pattern).search(script.text, hit.start)
    choices = [_choice(choice, script.text, hit.start) for choice in sorted(field.choices, key=len, reverse=True)]
    spans = [match.span(1)] if match is not None else [span for span in choices if span[0] >= 0]
    if not spans:
        return None
    known.ledger.use_part(hit.cell, *(match.span() if match is not None else spans[0]))
    return hit.cell.slot_of(script.pieces(*spans[0]))


def _choice(choice: str, text: str, start: int) -> tuple[int, int]:
    at = text.find(choice, start)
    return at, at + len(choice)


def _loose(field: FieldSpec, known: Known) -> Slot | None:
    pattern = re.compile(field.pattern)
    tables: list[dict[int, int]] = [{}, _DIGITS] if field.kind is ValueKind.YEAR else [{}]
    for table in tables:
        for line in known.lines:
            match = pattern.search(line.script.text.translate(table))
            if match is not None:
                known.ledger.use_part(line, *match.span())
                return line.slot_of(line.script.pieces(*match.span(1)))
    return None


_PLACES: Mapping[Where, Callable[[FieldSpec, Hit, Known], Slot | None]] = {
    Where.BEHIND: _behind,
    Where.RIGHT_OF: _right_of,
    Where.BELOW: _below,
    Where.INSIDE: _inside,
    Where.CROSSING: _crossing,
}
"""How to find a value from its label."""
