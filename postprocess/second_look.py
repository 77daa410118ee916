"""Which lines of a form deserve a second look, and the form with what was seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from models.form import Field, Form, Status, Verdict
from models.matched import MatchedForm, Piece, Row, Slot
from models.reading import AskedLine, Lattice, Reading
from models.template import Severity
from postprocess.beam import best_readings
from postprocess.places import Place, cells_of
from postprocess.views import best_path

Looks = Mapping[AskedLine, tuple[Lattice, ...]]
"""What the lines that were looked at again say, a lattice for each view."""

SURE_LINE = 0.99
"""Probability of a line's best path from which it is no cause of a doubt about a text of several lines."""


def lines_in_doubt(matched: Sequence[MatchedForm], forms: Sequence[Form]) -> tuple[AskedLine, ...]:
    """The lines that left a doubt, each once: of doubtful fields that a look may settle, and of every number in a rule broken or mended.

    Args:
        matched: what ``forms`` were made of.
        forms: of one file, checked.
    """
    return tuple(dict.fromkeys(line for pair in zip(matched, forms, strict=True) for line in _in_doubt(*pair)))


def _in_doubt(matched: MatchedForm, form: Form) -> Iterator[AskedLine]:
    open_rules = (finding for finding in form.findings if finding.severity is Severity.ERROR or finding.verdict is not Verdict.ON_PAPER)
    contested = frozenset(cell for finding in open_rules for cell in finding.cells)
    for place, field in cells_of(form).items():
        slot, number = _slot_at(matched, place), not isinstance(field.value, str)
        if slot is not None and (in_doubt(field) or (number and str(place) in contested)):
            yield from lines_to_settle(slot, field)


def in_doubt(field: Field) -> bool:
    """Whether a look may settle ``field``."""
    return field.status is Status.DOUBTFUL and not field.incurable


def lines_to_settle(slot: Slot, field: Field) -> Iterator[AskedLine]:
    """The lines of ``slot`` to be looked at again for ``field``, which was read there."""
    open_lines = (piece for piece in slot.pieces if not piece.reading.disputed)  # pixels alone settle no dispute with the file
    yield from (asked_line(piece, slot) for piece in open_lines if not isinstance(field.value, str) or not sure_at_first(piece))
    if not slot.pieces and slot.sealed:
        yield _hidden(slot)


def with_looks(matched: MatchedForm, looks: Looks) -> MatchedForm:
    """``matched`` where every line among ``looks`` also says what was seen there."""
    return replace(
        matched,
        fields={name: slot_with_looks(slot, looks) for name, slot in matched.fields.items()},
        tables={table: tuple(_seen_row(row, looks) for row in rows) for table, rows in matched.tables.items()},
    )


def asked_line(piece: Piece, slot: Slot) -> AskedLine:
    """The line of ``piece`` in the cell of ``slot``; where it stands elsewhere (a page further, beside it), all around it is its own."""
    line = piece.reading.box
    inside = piece.page == slot.page and not slot.loose and line.covered_by(slot.box) > 0
    alone = len(slot.pieces) == 1 and piece.text == piece.reading.text
    return AskedLine(piece.page, line, slot.box if inside else line.grown(line.height, line.height), alone)


def sure_at_first(piece: Piece) -> bool:
    """Whether the first reading of the line of ``piece`` left no doubt."""
    lattice = piece.reading.lattice
    return lattice.codes.size > 0 and best_path(lattice) >= SURE_LINE


def _slot_at(matched: MatchedForm, place: Place) -> Slot | None:
    if not place.table:
        return matched.fields.get(place.name)
    return matched.tables[place.table][place.row].get(place.name)


def _seen_row(row: Row, looks: Looks) -> Row:
    return {name: slot_with_looks(slot, looks) for name, slot in row.items()}


def _hidden(slot: Slot) -> AskedLine:
    """Whatever a stamp may hide in an empty cell."""
    return AskedLine(slot.page, slot.box, slot.box, alone=True)


def slot_with_looks(slot: Slot, looks: Looks) -> Slot:
    """``slot`` where every line among ``looks`` also says what was seen there."""
    found = () if slot.pieces else looks.get(_hidden(slot), ())
    if found:
        best = best_readings(found[0])[0]
        shown = Reading(slot.box, best.text, (best.probability,) * len(best.text), found[0], found[1:])
        return replace(slot, pieces=(Piece(slot.page, shown, 0, len(best.text)),))
    return replace(slot, pieces=tuple(_looked_at(piece, looks.get(asked_line(piece, slot), ())) for piece in slot.pieces))


def _looked_at(piece: Piece, seen: tuple[Lattice, ...]) -> Piece:
    return replace(piece, reading=replace(piece.reading, looks=seen)) if seen else piece
