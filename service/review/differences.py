"""What others have changed on a form since it was seen, and the trail of all that was done to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.errors import UsageError
from models.form import Form
from service.document_json import parse_form
from service.review.decider import earlier_record, standing
from service.store.form_rows import fields_of
from service.store.opening import Store
from service.store.saving import form_key
from service.store.schema import CORRECTIONS, FORMS


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not as it was.

    Attributes:
        path: as the form has it now; as it had it before where it is gone.
        before: its text; None where there was no such field.
        after: its text; None where there is no such field any more.
    """

    path: str
    before: str | None
    after: str | None


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


@dataclass(frozen=True, slots=True)
class Changed:
    """What has become of a form since somebody saw it.

    Attributes:
        version: that stands now.
        events: since then.
        differences: of the record that he saw and the one that stands.
    """

    version: int
    events: tuple[Event, ...]
    differences: tuple[Difference, ...]


def differences(before: Form, after: Form) -> tuple[Difference, ...]:
    """The fields in whose texts two records differ, in the order of the later one, then those that it does not have any more."""
    return tuple(_differences(before, after))


def changed_since(store: Store, document: str, number: int, version: int) -> Changed:
    """What has become of a form since ``version``: what is shown to the second of two who work on it.

    Raises:
        UsageError: there is no such form, or it never stood at that version.
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        found = standing(connection, document, number)
        seen = _record(connection, document, number, version)
        if found is None or not seen:
            raise UsageError(f"The form never stood at version {version}.", "Open it anew.")
        events = tuple(event for event in _events(connection, document, number) if event.version > version)
    return Changed(found.version, events, differences(parse_form(seen), parse_form(found.record)) if found.record else ())


def trail(store: Store, document: str, number: int) -> tuple[Event, ...]:
    """Everything that people have done to a form, the first first: who, when, before and after."""
    with store.database.reading() as connection:
        return tuple(_events(connection, document, number))


def field_trail(store: Store, document: str, number: int, path: str) -> tuple[Event, ...]:
    """What people have said of the field at ``path``, as it was called when they did."""
    return tuple(event for event in trail(store, document, number) if event.path == path)


def _events(connection: Connection, document: str, number: int) -> Iterator[Event]:
    mine = (CORRECTIONS.c.document == document, CORRECTIONS.c.form == number)
    names = Event.__dataclass_fields__
    for row in connection.execute(select(CORRECTIONS).where(*mine).order_by(CORRECTIONS.c.id)):
        yield Event(**{name: row._mapping[name] for name in names})


def _record(connection: Connection, document: str, number: int, version: int) -> str:
    current = connection.scalar(select(FORMS.c.record).where(form_key(document, number), FORMS.c.version == version))
    return current or earlier_record(connection, document, number, version)


def _differences(before: Form, after: Form) -> Iterator[Difference]:
    old, new = fields_of(before), fields_of(after)
    for path, field in new.items():
        was = old[path].text if path in old else None
        if was != field.text:
            yield Difference(path, was, field.text)
    yield from (Difference(path, field.text, None) for path, field in old.items() if path not in new)
