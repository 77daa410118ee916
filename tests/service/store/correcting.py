"""The plainest step that a person takes, for tests of what becomes of steps: one text, and no rule asked again."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from models.form import Form, Review, Status
from service.store.correcting import SET_FIELD, Entry, Step, record_steps
from service.store.form_rows import fields_of, with_field
from service.store.opening import Store
from service.store.reading import form
from service.store.reviews import ReviewState, Standing
from service.store.saving import form_key
from service.store.schema import FORMS


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
    """Write the correction, and ``decided`` or the text alone as the next version; its number.

    A form or field that is not there has had no text.
    """
    stored = form(store, correction.document, correction.number)
    before = stored.form if stored is not None else None
    field = fields_of(before).get(correction.path) if before is not None else None
    after = decided if decided is not None or before is None else corrected(before, correction.path, correction.text)
    entry = Entry(SET_FIELD, correction.path, field.text if field is not None else "", correction.text, correction.reason)
    standing = Standing(ReviewState.WAITING, editor=correction.user)
    with store.database.reading() as connection:
        pipeline = connection.scalar(select(FORMS.c.pipeline).where(form_key(correction.document, correction.number))) or ""
    step = Step(correction.number, correction.version, (entry,), after, pipeline, standing)
    record_steps(store, correction.document, correction.user, (step,))
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
