"""A place that a person has shown may hold more than the value: the label before it, the words around a year.

Whoever draws a box around a cell means what the cell says, as the form has it.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from models.look import look
from models.matched import Piece, Slot
from models.template import FieldSpec, Where

_COLONS = re.compile("[:：]")


def value_alone(slot: Slot, spec: FieldSpec) -> Slot:
    """``slot`` without what the form prints around the value of ``spec``; as it is where nothing of the kind stands there."""
    found = re.search(spec.pattern, slot.text) if spec.pattern else None
    if found is not None:
        return _between(slot, *found.span(1))
    colon = _COLONS.search(slot.text) if Where.BEHIND in spec.where else None
    if colon is not None and _ends_a_label(slot.text[: colon.start()], spec):
        return _between(slot, colon.end(), len(slot.text))
    return slot


def _ends_a_label(text: str, spec: FieldSpec) -> bool:
    """Whether ``text`` is a label of ``spec``, or the end of one: a box may leave its beginning out."""
    said = look(text)
    return bool(said) and any(look(label).endswith(said) for label in spec.labels)


def _between(slot: Slot, start: int, end: int) -> Slot:
    """``slot`` with its characters ``start`` to ``end`` alone."""
    return replace(slot, pieces=tuple(_cut(slot, start, end)))


def _cut(slot: Slot, start: int, end: int) -> Iterator[Piece]:
    before = 0
    for piece in slot.pieces:
        first, last = max(start - before, 0), min(end - before, len(piece.text))
        before += len(piece.text)
        if first < last:
            yield replace(piece, start=piece.start + first, end=piece.start + last)
