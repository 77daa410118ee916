"""What was read from a document, put in place of what was read before: one transaction, which may be repeated."""

from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, select, union, update

from models.form import Document, Form, Problem
from service.document_json import form_to_json
from service.store.catalogue import enter, withdraw
from service.store.documents import NO_ERROR, State
from service.store.form_rows import field_rows, finding_rows, form_row
from service.store.opening import Store
from service.store.outbox import tell_ended
from service.store.pages import note_problem
from service.store.reviewed import ReviewedState
from service.store.reviews import NO_CHECKS, Checks, Standing, enter_review, standing_when_read, withdraw_review
from service.store.schema import CORRECTIONS, DOCUMENTS, EARLIER_FORMS, EVENTS, FIELDS, FINDINGS, FORMS, PAGES
from service.store.writing import Record, note, now, plain

_READ: Final = "read"
_KEPT: Final = "kept"
"""Kinds of events: a reading was taken, or left: a person has corrected the one before, or nothing could be read any more."""


class Saved(StrEnum):
    """What `save_document` did."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    KEPT = "kept"


def save_document(store: Store, sha256: str, version: str, document: Document, checks: Checks = NO_CHECKS) -> Saved:
    """Put what was read in place of what was there, in one transaction.

    The same version again changes nothing, unless `mark` asked for another reading. Forms whose document a person has corrected are kept
    as they are, which an event says; so are the forms there were where nothing could be read this time. A form that is read as before
    keeps its version number.

    Args:
        store: where to.
        sha256: the document.
        version: of the pipeline that read it.
        document: what was read.
        checks: what people look at beside what needs them.

    Raises:
        KeyError: there is no such document.
        pydantic.ValidationError: the record says what the schema forbids.
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        known = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256).with_for_update()).one_or_none()
        if known is None:
            raise KeyError(sha256)
        saved = _save(connection, known, (version, checks), document)
    _drop_pages(store, sha256)
    return saved


def _save(connection: Connection, known: Record, reading: tuple[str, Checks], document: Document) -> Saved:
    """See `save_document`; ``reading`` is the version and what people look at."""
    sha256, (version, _) = known.sha256, reading
    if known.state in (State.DONE, State.FAILED) and _was_read(connection, sha256, version):
        return Saved.UNCHANGED
    failure = document.problems[0] if document.problems and not document.forms else NO_ERROR
    reason = _reason_to_keep(connection, sha256, failure)
    if reason:
        note(connection, sha256, _KEPT, reason, version)
    else:
        _replace_forms(connection, known, reading, document.forms)
        note(connection, sha256, _READ, f"{len(document.forms)} forms were read.", version)
    for problem in document.problems:
        if problem.page > 0:
            note_problem(connection, sha256, version, problem)
    values = {
        "state": State.FAILED.value if failure.code else State.DONE.value,
        "version": version,
        "pages": document.source.pages or known.pages,
        "error_code": failure.code,
        "error": plain(failure.message),
        "changed_at": now(),
    }
    connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256).values(values))
    tell_ended(connection, sha256, failure if failure.code else None)
    return Saved.KEPT if reason else Saved.WRITTEN


def _reason_to_keep(connection: Connection, sha256: str, failure: Problem) -> str:
    """Why the forms there are stay as they are; empty where those that were read take their place."""
    if connection.scalar(select(exists().where(CORRECTIONS.c.document == sha256))):
        return "A person has corrected these forms: they stay as they are."
    if failure.code and connection.scalar(select(exists().where(FORMS.c.document == sha256))):
        return "Nothing could be read: the forms of the reading before stay as they are."
    return ""


def _was_read(connection: Connection, sha256: str, version: str) -> bool:
    """Whether a reading by ``version`` was saved at any time: a late second delivery must not undo what came after."""
    return version in connection.scalars(_versions_read(sha256)).all()


def _versions_read(sha256: str) -> Select[str]:
    return select(EVENTS.c.version).where(EVENTS.c.document == sha256, EVENTS.c.kind.in_((_READ, _KEPT)))


def _replace_forms(connection: Connection, known: Record, reading: tuple[str, Checks], forms: tuple[Form, ...]) -> None:
    sha256, (version, checks) = known.sha256, reading
    standing = {row.number: row for row in connection.execute(select(FORMS).where(FORMS.c.document == sha256))}
    for number, form in enumerate(forms, 1):
        old = standing.pop(number, None)
        if old is not None and old.record == form_to_json(form):
            connection.execute(update(FORMS).where(form_key(sha256, number)).values(pipeline=version))
            continue
        if old is not None:
            retire(connection, old)
        place = (number, _next_version(connection, sha256, number), version)
        write_form(connection, known, place, form, standing_when_read(form, sha256, number, checks))
    for old in standing.values():
        retire(connection, old)


def _next_version(connection: Connection, sha256: str, number: int) -> int:
    earlier = select(func.max(EARLIER_FORMS.c.version)).where(EARLIER_FORMS.c.document == sha256, EARLIER_FORMS.c.number == number)
    return (connection.scalar(earlier) or 0) + 1


def retire(connection: Connection, old: Record) -> None:
    """Move the record ``old``, a row of `forms`, to the earlier ones."""
    names = [column.name for column in EARLIER_FORMS.columns]
    withdraw(connection, old.document, old.number)
    withdraw_review(connection, old.document, old.number)
    connection.execute(EARLIER_FORMS.insert().values({name: old._mapping[name] for name in names}))
    for table in (FIELDS, FINDINGS):
        connection.execute(delete(table).where(table.c.document == old.document, table.c.form == old.number))
    connection.execute(delete(FORMS).where(form_key(old.document, old.number)))


def write_form(connection: Connection, known: Record, place: tuple[int, int, str], form: Form, standing: Standing | None) -> None:
    """Write one record.

    Args:
        connection: of a transaction.
        known: the row of its document.
        place: its number, version and pipeline.
        form: the record.
        standing: where it stands in the queue; None where it concerns nobody.
    """
    number, version, pipeline = place
    key = {"document": known.sha256, "number": number, "version": version, "pipeline": pipeline}
    row = {**key, **form_row(form, known.year, known.unit)}
    connection.execute(FORMS.insert().values(row))
    for table, rows in ((FIELDS, field_rows(known.sha256, number, form)), (FINDINGS, finding_rows(known.sha256, number, form))):
        if rows:
            connection.execute(table.insert(), rows)
    enter(connection, row, form, known.state, ReviewedState(standing.state) if standing is not None else ReviewedState.NONE)
    enter_review(connection, row, form, standing)


def form_key(document: str, number: int) -> ColumnElement[bool]:
    """The condition that picks one form."""
    return and_(FORMS.c.document == document, FORMS.c.number == number)


def _drop_pages(store: Store, sha256: str) -> None:
    """Forget the pages of readings that were saved and that nothing stands on any more; those of a reading under way are not touched.

    Files go before rows, so that a kill in between leaves no file behind.
    """
    made = union(
        select(FORMS.c.pipeline).where(FORMS.c.document == sha256), select(DOCUMENTS.c.version).where(DOCUMENTS.c.sha256 == sha256)
    )
    with store.database.reading() as connection:
        stale = and_(PAGES.c.document == sha256, PAGES.c.version.in_(_versions_read(sha256)), PAGES.c.version.not_in(made))
        found = connection.execute(select(PAGES.c.number, PAGES.c.version).where(stale)).all()
    for row in found:
        store.contents.remove(sha256, row.version, row.number)
    if found:
        with store.database.writing() as connection:
            connection.execute(delete(PAGES).where(stale))
