"""What people do to forms: events in the history, and the next version of each form's record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, func, select

from models.errors import StaleVersionError, UsageError
from models.form import Form
from service.store.history import append
from service.store.opening import Store
from service.store.outbox import tell_corrected
from service.store.reviews import Standing, review_of
from service.store.saving import form_key, retire, write_form
from service.store.schema import CORRECTIONS, DOCUMENTS, DRAFTS, EARLIER_FORMS, FORMS, USERS
from service.store.writing import Record, insert_new, now

SET_FIELD = "set_field"
"""The action of a plain correction."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event of the history, without who, when and where.

    Attributes:
        action: what was done (`service.review.changes`).
        path: of the field; empty where none is meant.
        text_before: of that field.
        text: that it has now.
        reason: why; may be empty.
        payload: JSON of what the others do not say.
    """

    action: str
    path: str = ""
    text_before: str = ""
    text: str = ""
    reason: str = ""
    payload: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one person does to one form at once: the events, and the record that they make.

    Attributes:
        number: of the form, from 1.
        version: that the person saw, see `version_of`; the step makes the next one.
        entries: at least one.
        record: as it is afterwards; None where the form ceases to be.
        pipeline: version of the pipeline whose reading the record stands on.
        standing: where it stands in the queue afterwards.
        laid: when the draft of that person was saved that the step is made of, and uses up; empty where it is made of none.
    """

    number: int
    version: int
    entries: tuple[Entry, ...]
    record: Form | None
    pipeline: str
    standing: Standing
    laid: str = ""


def record_steps(store: Store, document: str, user: str, steps: Sequence[Step]) -> None:
    """Write what ``user`` does to forms of one document, all of it or nothing.

    Raises:
        StaleVersionError: a form is no longer at the version that the person saw; nothing was changed.
        UsageError: a text holds what no database keeps.
        StoreError: nothing was written.
    """
    entries = [entry for step in steps for entry in step.entries]
    check_texts(user, [text for entry in entries for text in (entry.path, entry.text, entry.reason, entry.payload)])
    with store.database.writing() as connection:
        known = _locked(connection, document)
        if known is None:
            raise _stale("It is gone.")
        for step in steps:
            _check_version(connection, document, step.number, step.version)
            _take(connection, known, user, step)


def version_of(connection: Connection, document: str, number: int) -> int:
    """The version that a form stands at, or stood at last; 0 where there never was one."""
    standing = select(func.max(FORMS.c.version)).where(form_key(document, number))
    earlier = select(func.max(EARLIER_FORMS.c.version)).where(EARLIER_FORMS.c.document == document, EARLIER_FORMS.c.number == number)
    steps = select(func.max(CORRECTIONS.c.version)).where(CORRECTIONS.c.document == document, CORRECTIONS.c.form == number)
    return max(connection.scalar(asked) or 0 for asked in (standing, earlier, steps))


def _locked(connection: Connection, document: str) -> Record | None:
    return connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.sha256 == document).with_for_update()).one_or_none()


def _standing(connection: Connection, document: str, number: int) -> Record | None:
    return connection.execute(select(FORMS).where(form_key(document, number))).one_or_none()


def _check_version(connection: Connection, document: str, number: int, version: int) -> None:
    found = version_of(connection, document, number)
    if found != version:
        raise _stale(f"It stands at version {found}." if found else "It is gone.")


def _stale(standing: str) -> StaleVersionError:
    return StaleVersionError(
        f"The record is no longer the one that was corrected. {standing}", "Look at it as it is now, and correct that."
    )


def _take(connection: Connection, known: Record, user: str, step: Step) -> None:
    """Write one step; ``known`` is the row of its document."""
    at, version = now(), step.version + 1
    insert_new(connection, USERS, {"name": user, "added_at": at})
    for entry in step.entries:
        fields = {"path": entry.path, "text_before": entry.text_before, "text": entry.text, "reason": entry.reason}
        where = {"document": known.sha256, "form": step.number, "version": version}
        append(connection, {"at": at, "user": user, **where, **fields, "action": entry.action, "payload": entry.payload})
    waited = review_of(connection, known.sha256, step.number)
    old = _standing(connection, known.sha256, step.number)
    if old is not None:
        retire(connection, old)
    if step.laid:  # what was typed since is in no record as yet
        mine = (DRAFTS.c.document == known.sha256, DRAFTS.c.form == step.number, DRAFTS.c.user == user)
        connection.execute(delete(DRAFTS).where(*mine, DRAFTS.c.saved_at == step.laid))
    if step.record is not None:
        write_form(connection, known, (step.number, version, step.pipeline), step.record, replace(step.standing, before=waited))
    tell_corrected(connection, known.sha256, step.number, version)


def check_texts(user: str, texts: Sequence[str]) -> None:
    """See that a database can keep them.

    Raises:
        UsageError: there is no user, or a text holds NUL or a broken character.
    """
    if not user or any("\0" in text or not _encodable(text) for text in (user, *texts)):
        raise UsageError("A correction needs a user, and texts without NUL and broken characters.", "Type the text anew.")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
