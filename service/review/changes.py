"""Everything a reviewer can do to a form, as values, and how these stand in the history.

Paths and rows are those of the record that the person saw, as the changes before it in the same step leave them.
"""

from typing import TypeAlias

import msgspec

from service.store.correcting import SET_FIELD, Entry
from service.store.decisions import APPROVE, RETURN, UNDO


class _Change(msgspec.Struct, frozen=True, tag_field="action", omit_defaults=True):
    """What all changes have in common: how they are written."""


class SetField(_Change, frozen=True, tag=SET_FIELD):
    """``text`` stands at ``path``, also where that is what was read.

    Attributes:
        path: of the field.
        text: as printed; empty where nothing is.
        page: 1-based, and ``box`` [left, top, right, bottom] in fractions of it (0-1), where the person has shown the place; else 0.
        box: see ``page``.
    """

    path: str
    text: str
    page: int = 0
    box: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


class KeyField(_Change, frozen=True, tag="key_field"):
    """One person's keying of a field that two must key alike (double keying): it stands once another person has keyed the same."""

    path: str
    text: str


class CloseFinding(_Change, frozen=True, tag="close_finding"):
    """The paper is as it was read, and the rule does not hold on it (原件如此). The cells that it names stand as they are.

    Attributes:
        rule: of the finding.
        cells: of the finding.
        expected: of the finding.
        texts: of those cells that are fields, in their order.
    """

    rule: str
    cells: tuple[str, ...]
    expected: str
    texts: tuple[str, ...]


class AddRow(_Change, frozen=True, tag="add_row"):
    """A row that was not found, before row ``row`` (0-based) of ``table``, or behind the last. Its cells are blank."""

    table: str
    row: int


class RemoveRow(_Change, frozen=True, tag="remove_row"):
    """Row ``row`` (0-based) of ``table`` is none."""

    table: str
    row: int


class JoinRows(_Change, frozen=True, tag="join_rows"):
    """Row ``row`` (0-based) of ``table`` and the one below it are one: texts of both go together."""

    table: str
    row: int


class SplitRow(_Change, frozen=True, tag="split_row"):
    """Row ``row`` (0-based) of ``table`` is two.

    Attributes:
        table: its table.
        row: of both before.
        lower: column to what stands in the lower row. A column that is absent spans both.
        upper: column to what stands in the upper row, for the same columns.
    """

    table: str
    row: int
    lower: dict[str, str]
    upper: dict[str, str]


class Arrange(_Change, frozen=True, tag="arrange"):
    """The form is made of other blocks, or by another template; what was done to it before counts no more.

    Attributes:
        template: its name; empty for a form of kind unknown.
        blocks: page (1-based) and place on it (0-based) of each grid or page of loose text; none where the form ceases to be.
        together: number of each form that changes at once, and the version that this makes of it, in the order of the numbers.
        turns: page (1-based) and quarter turns clockwise (0-3) of each page of it of which a person has said which way up it stands.
    """

    template: str
    blocks: tuple[tuple[int, int], ...]
    together: tuple[tuple[int, int], ...]
    turns: tuple[tuple[int, int], ...] = ()


class Approve(_Change, frozen=True, tag=APPROVE):
    """The record is right."""


class Return(_Change, frozen=True, tag=RETURN):
    """Somebody else must look at it again (退回)."""


class Undo(_Change, frozen=True, tag=UNDO):
    """What made ``version`` did not happen; where that was an undo, what it undid did.

    Attributes:
        version: of this form's record.
        together: as in `Arrange`, where an arrangement is undone.
    """

    version: int
    together: tuple[tuple[int, int], ...] = ()


Change: TypeAlias = SetField | KeyField | CloseFinding | AddRow | RemoveRow | JoinRows | SplitRow | Arrange | Approve | Return | Undo

_DECODER: msgspec.json.Decoder[Change] = msgspec.json.Decoder(Change)


def action_of(change: Change) -> str:
    """The name of a change, as the history has it."""
    return str(change.__struct_config__.tag)


def entry_of(change: Change, text_before: str = "", reason: str = "") -> Entry:
    """The event of a change."""
    path, text = _field_of(change)
    plain = isinstance(change, SetField) and not change.page
    payload = "" if plain else msgspec.json.encode(change).decode()
    return Entry(action_of(change), path, text_before, text, reason, payload)


def change_of(action: str, path: str, text: str, payload: str) -> Change:
    """The change behind an event.

    Raises:
        msgspec.ValidationError: it is none that this program knows.
    """
    if action == SET_FIELD and not payload:
        return SetField(path, text)
    return _DECODER.decode(payload)


def _field_of(change: Change) -> tuple[str, str]:
    match change:
        case SetField() | KeyField():
            return change.path, change.text
        case CloseFinding():
            return (change.cells[0] if change.cells else ""), ""
        case _:
            return "", ""
