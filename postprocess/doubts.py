"""Why a person must look at a field: what its pixels and its grammar say, before any rule is asked."""

import re
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from types import MappingProxyType

from models.form import Status, Value
from models.matched import Piece, Slot
from models.template import ValueKind
from postprocess.marks import digits_apart, is_mistaken
from postprocess.numbers import printed_unit
from postprocess.values import says_nothing

WRAPPING = frozenset({ValueKind.TEXT, ValueKind.AMOUNT, ValueKind.YEAR, ValueKind.DATE})
"""Kinds whose values are long enough to wrap in a cell. A weight, score or rate on two lines is rather two rows run together."""

THOUSAND = 3
"""Decimals of an amount without commas that are as likely a group of thousands. A comma read as a point is the one error the recognizer is
sure of: 18 of the 38 misread amounts, scores and rates among the drawn lines of `postprocess.evidence`."""

MOST_DECIMALS: Mapping[str, int] = MappingProxyType({"元": 2, "万元": 6, "": 6})
"""Decimals of an amount down to the cent, by its unit (empty where the form does not say). More is two numbers run together."""

ROOM = 2.5
"""Characters of white, at most, beside a line that wraps because it is full: the cell's padding and the crop's margin are two."""

_UNIT = re.compile(r"[（(](万?元)[)）]")


def status_of(slot: Slot, text: str, kind: ValueKind, value: Value, accepted: bool) -> Status:
    """How far a value can be trusted by itself: blank, read, or doubtful because of weak pixels, broken grammar or lines run together.

    Args:
        slot: where it stands.
        text: as read.
        kind: of the value.
        value: that ``text`` says.
        accepted: the pixels leave no doubt of ``text``.
    """
    if not text:
        sound = accepted and not _may_hide(slot, kind) and not _disputed(slot)
        return Status.BLANK if sound else Status.DOUBTFUL
    understood = value is not None or says_nothing(text, kind)
    mistaken = kind is ValueKind.TEXT and is_mistaken(text)
    return Status.READ if accepted and understood and not mistaken and not misplaced(slot, kind) else Status.DOUBTFUL


def misplaced(slot: Slot, kind: ValueKind) -> bool:
    """Whether what stands in ``slot`` may be several values, in part another's, or disputed: no arithmetic can settle that."""
    return _run_together(slot, kind) or _astray(slot) or _disputed(slot)


def _disputed(slot: Slot) -> bool:
    """Whether the file's own text says otherwise than the pixels."""
    return any(piece.reading.disputed for piece in slot.pieces)


def _run_together(slot: Slot, kind: ValueKind) -> bool:
    """Whether the lines of a number or date may be several: it is of a kind that never wraps, or a line breaks before the cell is full."""
    lines = [piece for piece in slot.pieces if piece.text.strip()]
    if len(lines) < 2 or kind is ValueKind.TEXT:
        return False
    return kind not in WRAPPING or not all(_full(line, below, slot) for line, below in pairwise(lines))


def _full(line: Piece, below: Piece, slot: Slot) -> bool:
    """Whether ``line`` leaves no room for another character, and ``below`` stands below it."""
    box = line.reading.box
    character = box.width / max(1, len(line.reading.text))
    return below.page != line.page or (below.reading.box.centre[1] > box.bottom and box.width + ROOM * character >= slot.box.width)


def _astray(slot: Slot) -> bool:
    """Whether a part of the value stands beside the cell: two cells were taken for one, and one may be a stranger's."""
    boxes = [piece.reading.box for piece in slot.pieces if piece.page == slot.page]
    return any(not slot.box.left <= box.centre[0] <= slot.box.right for box in boxes)


def labelled_unit(slot: Slot) -> str:
    """元 or 万元 where the label before the value names it in brackets (项目总预算（万元）：), else empty."""
    found = _UNIT.search(slot.pieces[0].reading.text[: slot.pieces[0].start]) if slot.pieces else None
    return found[1] if found is not None else ""


def amount_in_doubt(text: str, value: Value, unit: str) -> bool:
    """Whether an amount cannot stand where the unit is ``unit`` (元, 万元, empty where unknown).

    It names another unit, has odd decimals, or a space that may part two amounts.
    """
    own = printed_unit(text)
    if (own and unit and own != unit) or digits_apart(text):
        return True
    decimals = _decimals(value)
    grouped = any(mark in text for mark in ",，")
    return (decimals == THOUSAND and not grouped) or decimals > MOST_DECIMALS.get(own or unit, MOST_DECIMALS[""])


def _decimals(value: Value) -> int:
    exponent = value.as_tuple().exponent if isinstance(value, Decimal) else 0
    return -exponent if isinstance(exponent, int) else 0


def _may_hide(slot: Slot, kind: ValueKind) -> bool:
    """A number or date under a stamp may have gone with it, unless that was looked at."""
    looked = any(piece.reading.looks for piece in slot.pieces)
    return slot.sealed and kind is not ValueKind.TEXT and not looked
