"""What others have changed on a form since it was seen."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.errors import UsageError
from models.form import Form
from service.document_json import parse_form
from service.review.decider import earlier_record, standing
from service.review.trail import Event, events_of
from service.store.form_rows import fields_of
from service.store.opening import Store
from service.store.saving import form_key
from service.store.schema import FORMS


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
        events = tuple(event for event in events_of(connection, document, number) if event.version > version)
    return Changed(found.version, events, differences(parse_form(seen), parse_form(found.record)) if found.record else ())


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
