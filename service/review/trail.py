"""The trail of all that was done to a form, read back from the history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from service.review.changes import AddRow, JoinRows, KeyField, RemoveRow, SplitRow, Undo, action_of
from service.store.opening import Store
from service.store.reviews import ReviewState, review_of
from service.store.schema import CORRECTIONS

_KEYED = action_of(KeyField("", ""))
_MOVING = frozenset(action_of(each) for each in (AddRow("", 0), RemoveRow("", 0), JoinRows("", 0), SplitRow("", 0, {}, {}), Undo(0)))


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a form's history.

    Attributes:
        id: in the history.
        at: when, ISO 8601.
        user: who.
        version: of the record that it made.
        action: what was done (`service.review.wording.ACTIONS`).
        path: of the field; empty where none is meant.
        text_before: of the field.
        text: that it has since.
        reason: why; may be empty.
        payload: JSON of what the others do not say; may be empty.
        hidden: what was keyed is not told to who asks; ``text_before``, ``text`` and ``payload`` are empty.
    """

    id: int
    at: str
    user: str
    version: int
    action: str
    path: str
    text_before: str
    text: str
    reason: str
    payload: str
    hidden: bool = False


def trail(store: Store, document: str, number: int, reader: str | None = None) -> tuple[Event, ...]:
    """Everything that people have done to a form, the first first: who, when, before and after.

    Args:
        store: where it stands.
        document: SHA-256 of the original, hex.
        number: of the form, from 1.
        reader: who asks; what another has keyed of a field that two people key, and what was read there, is hidden from him until two have
            keyed that field, or the form is approved. None to hide nothing.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        events = tuple(events_of(connection, document, number))
        entry = review_of(connection, document, number) if reader is not None else None
    if reader is None or (entry is not None and entry.state == ReviewState.APPROVED):
        return events
    cells = [(_rows_moved(events[:place]), event.path) for place, event in enumerate(events)]  # a path means another cell behind them
    people: dict[object, set[str]] = {}
    for cell, event in zip(cells, events, strict=True):
        if event.action == _KEYED:
            people.setdefault(cell, set()).add(event.user)
    told = zip(cells, events, strict=True)
    return tuple(_hidden(event, reader) if event.action == _KEYED and len(people[cell]) == 1 else event for cell, event in told)


def events_of(connection: Connection, document: str, number: int) -> Iterator[Event]:
    """The same, nothing hidden."""
    mine = (CORRECTIONS.c.document == document, CORRECTIONS.c.form == number)
    names = [name for name in Event.__dataclass_fields__ if name in CORRECTIONS.c]
    for row in connection.execute(select(CORRECTIONS).where(*mine).order_by(CORRECTIONS.c.id)):
        yield Event(**{name: row._mapping[name] for name in names})


def _rows_moved(events: Sequence[Event]) -> int:
    """How often rows were moved, also back."""
    return sum(event.action in _MOVING for event in events)


def _hidden(event: Event, reader: str) -> Event:
    """A keying that nobody has compared, for ``reader``: what was read there is told to nobody."""
    return replace(event, text_before="") if event.user == reader else replace(event, text_before="", text="", payload="", hidden=True)
