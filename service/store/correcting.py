"""What people do to forms: events in the history, and the next version of each form's record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, func, select

from models.errors import StaleVersionError, UsageError
from models.form import Form, Review, Status
from service.document_json import parse_form
from service.store.form_rows import fields_of, with_field
from service.store.history import append
from service.store.opening import Store
from service.store.outbox import tell_corrected
from service.store.reviews import ReviewState, Standing, review_of
from service.store.saving import form_key, retire, write_form
from service.store.schema import CORRECTIONS, DOCUMENTS, DRAFTS, EARLIER_FORMS, FORMS, USERS
from service.store.writing import Record, insert_new, now

_SEE_PATHS = "Name it as findings do, such as tables.funds[0].score."

SET_FIELD = "set_field"
"""The action of a plain correction."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person says stands on the paper.

    Attributes:
        document: SHA-256 of the original, hex.
        number: of the form, from 1.
        version: of the record that the person saw.
        path: of the field, such as ``tables.funds[0].score``.
        text: as printed; empty where nothing is.
        user: who says so.
        reason: why; may be empty.
    """

    document: str
    number: int
    version: int
    path: str
    text: str
    user: str
    reason: str = ""


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
    """

    number: int
    version: int
    entries: tuple[Entry, ...]
    record: Form | None
    pipeline: str
    standing: Standing


def correct(store: Store, correction: Correction, decided: Form | None = None) -> int:
    """Add the correction to the history and make the record's next version, both or neither; its number.

    Args:
        store: where it stands.
        correction: what is corrected.
        decided: the record as it is after it, values and rules decided again; where None, `corrected` of the record that stands.

    Raises:
        StaleVersionError: the record that stands is not the one that the person saw; nothing was changed.
        UsageError: there is no such field, or a text holds what no database keeps.
        StoreError: nothing was written.
    """
    check_texts(correction.user, (correction.text, correction.reason))
    with store.database.writing() as connection:
        known = _locked(connection, correction.document)
        old = _standing(connection, correction.document, correction.number)
        _check_version(connection, correction.document, correction.number, correction.version)
        if known is None or old is None:
            raise _stale("It is gone.")
        before = parse_form(old.record)
        if correction.path not in fields_of(before):
            raise UsageError(f"The form has no field {correction.path!r}.", _SEE_PATHS)
        after = decided if decided is not None else corrected(before, correction.path, correction.text)
        entry = Entry(SET_FIELD, correction.path, fields_of(before)[correction.path].text, correction.text, correction.reason)
        standing = Standing(ReviewState.WAITING, editor=correction.user)
        _take(connection, known, correction.user, Step(correction.number, old.version, (entry,), after, old.pipeline, standing))
    return correction.version + 1


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


def corrected(form: Form, path: str, text: str) -> Form:
    """``form`` with ``text`` at ``path``, sure, and no rule asked again.

    A value that is no text is not derived here: it is None until the form is decided anew, and the form needs a person until then.

    Raises:
        KeyError: there is no such field.
    """
    old = fields_of(form)[path]
    value = text if isinstance(old.value, str) and text else None
    status = Status.CONFIRMED if text else Status.BLANK
    field = replace(old, text=text, value=value, status=status, confidence=1.0, alternatives=(), read_as="", protected=())
    return replace(with_field(form, path, field), review=Review.NEEDS_REVIEW)


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
    if step.standing.state is ReviewState.APPROVED:
        mine = (DRAFTS.c.document == known.sha256, DRAFTS.c.form == step.number, DRAFTS.c.user == user)
        connection.execute(delete(DRAFTS).where(*mine))
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
