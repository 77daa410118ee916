"""What others have changed on a form since it was seen."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from models.errors import UsageError
from models.form import Form
from service.review.acting import Office, sheet_of
from service.review.decider import Standing, earlier_record, standing
from service.review.keying import double_keyed, shown
from service.review.queue import state_of
from service.review.trail import Event, events_of
from service.store.form_rows import fields_of
from service.store.reviews import ReviewState
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
        differences: of the record that he saw and the one that stands, both as he may see them.
    """

    version: int
    events: tuple[Event, ...]
    differences: tuple[Difference, ...]


def differences(before: Form, after: Form) -> tuple[Difference, ...]:
    """The fields in whose texts two records differ, in the order of the later one, then those that it does not have any more."""
    return tuple(_differences(before, after))


def changed_since(office: Office, document: str, number: int, version: int, user: str) -> Changed:
    """What has become of a form since ``version``: what is shown to ``user``, the second of two who work on it.

    Of a field that two people key, and that had not been compared in one of the two records, its text there is blank, or his own.

    Raises:
        UsageError: there is no such form, or it never stood at that version.
        StoreError: the database cannot be read.
    """
    with office.store.database.reading() as connection:
        found = standing(connection, document, number)
        seen = _record(connection, document, number, version)
        if found is None or not seen:
            raise UsageError(f"The form never stood at version {version}.", "Open it anew.")
        events = tuple(event for event in events_of(connection, document, number) if event.version > version)
    if not found.record:
        return Changed(found.version, events, ())
    before = replace(found, version=version, record=seen, steps=tuple(step for step in found.steps if step.version <= version))
    entry = state_of(office.store, document, number)
    if entry is not None and entry.state is ReviewState.APPROVED:
        return Changed(found.version, events, differences(before.form, found.form))
    return Changed(found.version, events, differences(_shown(office, before, user), _shown(office, found, user)))


def _shown(office: Office, form: Standing, user: str) -> Form:
    names = office.policy.double_keyed
    return shown(form.form, double_keyed(names, form.form, sheet_of(office, form).keyed), user) if names else form.form


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
