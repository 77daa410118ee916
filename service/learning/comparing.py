"""The machine's reading of a form against the record that was approved, field by field.

What nobody corrected counts as right: a person looked at the form, if not at each of its fields.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from models.form import Field, Form, Review, Status
from models.look import look
from models.matched import UNKNOWN
from postprocess.places import Place, cells_of
from service.review.changes import Change
from service.review.sheet import moved

CELLS: Final = "cells"
"""Name of every field of a form that fits no template."""


class Source(StrEnum):
    """What a page was read from."""

    TEXT = "text"
    """The text that the file itself carries: born digital."""
    GREY = "grey"
    """A scan in grey or colour."""
    BILEVEL = "bilevel"
    """A scan or copy in black and white."""
    UNKNOWN = "unknown"
    """What was read on the page is no longer kept."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One field.

    Attributes:
        name: of the field, or table and column (``funds.executed``); the same for every row.
        source: of its page.
        read: as the machine read it; None where it saw no such row.
        text: as approved; None where no such row stands on the paper.
        accepted: the machine asked nobody about it.
        right: it was as approved.
    """

    name: str
    source: Source
    read: Field | None
    text: str | None
    accepted: bool
    right: bool


def compare(first: Form, approved: Form, changes: Iterable[Change], sources: Mapping[int, Source]) -> tuple[Compared, ...]:
    """Every field of either record once, cells that span rows too.

    Args:
        first: as the machine read it.
        approved: as it was approved.
        changes: that made the one of the other, in their order; rows are followed through them.
        sources: of its pages (1-based).
    """
    if UNKNOWN in (first.kind, approved.kind):
        return tuple(_unknown(first, approved, sources))
    return tuple(_known(first, approved, tuple(changes), sources))


def _known(first: Form, approved: Form, changes: tuple[Change, ...], sources: Mapping[int, Source]) -> Iterator[Compared]:
    stands, taken, seen = cells_of(approved), set[Place](), set[object]()
    for place, field in cells_of(first).items():
        after = _followed(place, changes)
        gone = after is None or after not in stands or after in taken
        if after is not None:
            taken.add(after)
        if not _once(place, field, seen):
            continue
        found = None if gone or after is None else stands[after]
        yield _compared(_name(place), sources, field, found)
    for place, field in stands.items():
        if place not in taken and _once(place, field, seen) and field.text:
            accepted = first.review is Review.CLEAR
            yield Compared(_name(place), sources.get(field.page, Source.UNKNOWN), None, field.text, accepted, right=False)


def _unknown(first: Form, approved: Form, sources: Mapping[int, Source]) -> Iterator[Compared]:
    if len(first.cell_fields) == len(approved.cell_fields):
        for field, found in zip(first.cell_fields, approved.cell_fields, strict=True):
            yield _compared(CELLS, sources, field, found)


def _compared(name: str, sources: Mapping[int, Source], field: Field, found: Field | None) -> Compared:
    """``field`` against what was ``found`` to stand there; a blank cell of a row that is none was no mistake."""
    right = alike(field, found) if found is not None else not field.text
    text = found.text if found is not None else None
    return Compared(name, sources.get(field.page, Source.UNKNOWN), field, text, field.status is not Status.DOUBTFUL, right)


def alike(read: Field, approved: Field) -> bool:
    """Whether both say the same: numbers by their value, all else by what print shows."""
    if isinstance(read.value, Decimal) and isinstance(approved.value, Decimal):
        return read.value == approved.value
    return look(read.text) == look(approved.text)


def _followed(place: Place, changes: tuple[Change, ...]) -> Place | None:
    """Where what stood at ``place`` stands after ``changes``; None where its row was removed."""
    after: Place | None = place
    for change in changes:
        if after is not None:
            after = moved(after, change)
    return after


def _once(place: Place, field: Field, seen: set[object]) -> bool:
    """Whether ``field`` was not met before, as a cell that spans rows is on each of them; notes that it was."""
    printed = (place.table, place.name, field.page, field.box) if field.box.area > 0 and place.table else place
    if printed in seen:
        return False
    seen.add(printed)
    return True


def _name(place: Place) -> str:
    return f"{place.table}.{place.name}" if place.table else place.name
