"""A person's correction: an event in the history, and a new version of the form's record."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from models.errors import StaleVersionError, UsageError
from models.form import Form, Review, Status
from service.document_json import parse_form
from service.store.form_rows import fields_of, with_field
from service.store.history import append
from service.store.opening import Store
from service.store.outbox import tell_corrected
from service.store.saving import form_key, retire, write_form
from service.store.schema import DOCUMENTS, FORMS, USERS
from service.store.writing import insert_new, now

_SEE_PATHS = "Name it as findings do, such as tables.funds[0].score."


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
    _check_text(correction)
    with store.database.writing() as connection:
        key = DOCUMENTS.c.sha256 == correction.document
        known = connection.execute(select(DOCUMENTS).where(key).with_for_update()).one_or_none()
        old = connection.execute(select(FORMS).where(form_key(correction.document, correction.number))).one_or_none()
        if known is None or old is None or old.version != correction.version:
            standing = f"It stands at version {old.version}." if old is not None else "It is gone."
            raise StaleVersionError(
                f"The record is no longer the one that was corrected. {standing}", "Look at it as it is now, and correct that."
            )
        before = parse_form(old.record)
        if correction.path not in fields_of(before):
            raise UsageError(f"The form has no field {correction.path!r}.", _SEE_PATHS)
        after = decided if decided is not None else corrected(before, correction.path, correction.text)
        at = now()
        insert_new(connection, USERS, {"name": correction.user, "added_at": at})
        append(
            connection,
            {
                "at": at,
                "user": correction.user,
                "document": correction.document,
                "form": correction.number,
                "version": old.version + 1,
                "path": correction.path,
                "text_before": fields_of(before)[correction.path].text,
                "text": correction.text,
                "reason": correction.reason,
            },
        )
        retire(connection, old)
        write_form(connection, known, (correction.number, old.version + 1, old.pipeline), after)
        tell_corrected(connection, correction.document, correction.number, old.version + 1)
    return correction.version + 1


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


def _check_text(correction: Correction) -> None:
    texts = (correction.text, correction.user, correction.reason)
    if not correction.user or any("\0" in text or not _encodable(text) for text in texts):
        raise UsageError("A correction needs a user, and texts without NUL and broken characters.", "Type the text anew.")


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
