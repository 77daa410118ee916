"""What is written while an archive is read: documents, their pages, their forms.

Every write is one transaction and may be repeated after a kill at any point: files come before the rows that name them, and a row that
is there is not written twice.
"""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, select, union, update

from models.form import Document, Form, Problem
from service.document_json import form_to_json
from service.store.form_rows import field_rows, finding_rows, form_row
from service.store.opening import Store
from service.store.originals import digest_of
from service.store.schema import CORRECTIONS, DOCUMENTS, EARLIER_FORMS, EVENTS, FIELDS, FINDINGS, FORMS, PAGES, SOURCES
from service.store.writing import Record, Values, insert_new, note, now, plain, put
from service.wording import storable

NO_ERROR: Final = Problem(0, "", "")


class State(StrEnum):
    """How far a document has come."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


class PageState(StrEnum):
    """What came of a page."""

    READ = "read"
    PROBLEM = "problem"


class Saved(StrEnum):
    """What `save_document` did."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Found:
    """A file as it was found.

    Attributes:
        path: with its folders.
        year: that the path tells; None where it does not.
        unit: that the path tells; empty where it does not.
    """

    path: PurePath
    year: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Registered:
    """A document of the store.

    Attributes:
        sha256: its id.
        known: it was there before, under this path or another.
    """

    sha256: str
    known: bool


def register(store: Store, found: Found, source: BinaryIO) -> Registered:
    """Keep the original and where it came from; its state is `State.WAITING` where it is new.

    A document that is known may still be waiting, where its first registration was the last thing done: ask `documents_in`, not ``known``,
    for what is to be read.

    Args:
        store: where to.
        found: the path; kept as text.
        source: the bytes; read twice from their beginning where they are new.

    Raises:
        DamagedError: ``source`` changed while it was copied.
        StoreError: nothing was registered.
    """
    digest = digest_of(source)
    store.originals.add(source, digest)
    path, at = storable(found.path), now()
    row = {
        "sha256": digest.sha256,
        "name": storable(PurePath(found.path.name)),
        "path": path,
        "bytes": digest.bytes,
        "pages": 0,
        "state": State.WAITING.value,
        "version": "",
        "year": found.year,
        "unit": plain(found.unit),
        "error_code": "",
        "error": "",
        "added_at": at,
        "changed_at": at,
    }
    provenance = {"document": digest.sha256, "path_sha256": hashlib.sha256(path.encode()).hexdigest(), "path": path, "added_at": at}
    with store.database.writing() as connection:
        new = insert_new(connection, DOCUMENTS, row)
        insert_new(connection, SOURCES, provenance)
    return Registered(digest.sha256, not new)


def mark(store: Store, sha256: str, state: State, error: Problem = NO_ERROR, pages: int | None = None) -> None:
    """Say how far a document has come. `State.WAITING` asks for it to be read again: the next `save_document` is taken.

    Args:
        store: where it is.
        sha256: the document.
        state: from now on.
        error: why it failed.
        pages: how many it has, once that is known.

    Raises:
        KeyError: there is no such document.
        StoreError: nothing was written.
    """
    values: dict[str, object] = {"state": state.value, "error_code": error.code, "error": plain(error.message), "changed_at": now()}
    if pages is not None:
        values |= {"pages": pages}
    with store.database.writing() as connection:
        if connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256).values(values)).rowcount == 0:
            raise KeyError(sha256)


def keep_page(store: Store, sha256: str, page: int, version: str, content: bytes) -> None:
    """Keep what was read on a page, as `service.content_file.encode` wrote it, in place of what was kept before.

    Args:
        store: where to.
        sha256: the document.
        page: from 1.
        version: of the pipeline that read it.
        content: the bytes.

    Raises:
        StoreError: it was not kept.
    """
    digest = store.contents.keep(sha256, version, page, content)
    with store.database.writing() as connection:
        put(connection, PAGES, _page_row(sha256, version, page, digest, NO_ERROR))


def page_content(store: Store, sha256: str, page: int, version: str) -> bytes | None:
    """What `keep_page` kept; None where nothing was.

    Raises:
        StoreDamagedError: it is no longer what was kept.
    """
    with store.database.reading() as connection:
        digest = connection.scalar(select(PAGES.c.content_sha256).where(page_key(sha256, page, version)))
    return store.contents.content(sha256, version, page, digest) if digest else None


def save_document(store: Store, sha256: str, version: str, document: Document) -> Saved:
    """Put what was read in place of what was there, in one transaction.

    The same version again changes nothing, unless `mark` asked for another reading. Forms whose document a person has corrected are kept
    as they are, which an event says. A form that is read as before keeps its version number.

    Args:
        store: where to.
        sha256: the document.
        version: of the pipeline that read it.
        document: what was read.

    Raises:
        KeyError: there is no such document.
        pydantic.ValidationError: the record says what the schema forbids.
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        known = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256).with_for_update()).one_or_none()
        if known is None:
            raise KeyError(sha256)
        saved = _save(connection, known, version, document)
    _drop_pages(store, sha256)
    return saved


def _save(connection: Connection, known: Record, version: str, document: Document) -> Saved:
    sha256 = known.sha256
    if known.state in (State.DONE, State.FAILED) and _was_read(connection, sha256, version):
        return Saved.UNCHANGED
    corrected = bool(connection.scalar(select(exists().where(CORRECTIONS.c.document == sha256))))
    if corrected:
        note(connection, sha256, "kept", "A person has corrected these forms: they stay as they are.", version)
    else:
        _replace_forms(connection, known, version, document.forms)
        note(connection, sha256, "read", f"{len(document.forms)} forms were read.", version)
    for problem in document.problems:
        if problem.page > 0:
            digest = connection.scalar(select(PAGES.c.content_sha256).where(page_key(sha256, problem.page, version)))
            put(connection, PAGES, _page_row(sha256, version, problem.page, digest or "", problem))
    failure = document.problems[0] if document.problems and not document.forms else NO_ERROR
    values = {
        "state": State.FAILED.value if failure.code else State.DONE.value,
        "version": version,
        "pages": document.source.pages or known.pages,
        "error_code": failure.code,
        "error": plain(failure.message),
        "changed_at": now(),
    }
    connection.execute(update(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256).values(values))
    return Saved.KEPT if corrected else Saved.WRITTEN


def _was_read(connection: Connection, sha256: str, version: str) -> bool:
    """Whether a reading by ``version`` was saved at any time: a late second delivery must not undo what came after."""
    key = (EVENTS.c.document == sha256, EVENTS.c.kind.in_(("read", "kept")), EVENTS.c.version == version)
    return bool(connection.scalar(select(exists().where(*key))))


def _replace_forms(connection: Connection, known: Record, version: str, forms: tuple[Form, ...]) -> None:
    sha256 = known.sha256
    standing = {row.number: row for row in connection.execute(select(FORMS).where(FORMS.c.document == sha256))}
    for number, form in enumerate(forms, 1):
        old = standing.pop(number, None)
        if old is not None and old.record == form_to_json(form):
            connection.execute(update(FORMS).where(form_key(sha256, number)).values(pipeline=version))
            continue
        if old is not None:
            retire(connection, old)
        write_form(connection, known, (number, _next_version(connection, sha256, number), version), form)
    for old in standing.values():
        retire(connection, old)


def _next_version(connection: Connection, sha256: str, number: int) -> int:
    earlier = select(func.max(EARLIER_FORMS.c.version)).where(EARLIER_FORMS.c.document == sha256, EARLIER_FORMS.c.number == number)
    return (connection.scalar(earlier) or 0) + 1


def retire(connection: Connection, old: Record) -> None:
    """Move the record ``old``, a row of `forms`, to the earlier ones."""
    names = [column.name for column in EARLIER_FORMS.columns]
    connection.execute(EARLIER_FORMS.insert().values({name: old._mapping[name] for name in names}))
    for table in (FIELDS, FINDINGS):
        connection.execute(delete(table).where(table.c.document == old.document, table.c.form == old.number))
    connection.execute(delete(FORMS).where(form_key(old.document, old.number)))


def write_form(connection: Connection, known: Record, place: tuple[int, int, str], form: Form) -> None:
    """Write one record; ``known`` is its row of `documents`, ``place`` its number, version and pipeline."""
    number, version, pipeline = place
    row = {"document": known.sha256, "number": number, "version": version, "pipeline": pipeline}
    connection.execute(FORMS.insert().values({**row, **form_row(form, known.year, known.unit)}))
    for table, rows in ((FIELDS, field_rows(known.sha256, number, form)), (FINDINGS, finding_rows(known.sha256, number, form))):
        if rows:
            connection.execute(table.insert(), rows)


def form_key(document: str, number: int) -> ColumnElement[bool]:
    """The condition that picks one form."""
    return and_(FORMS.c.document == document, FORMS.c.number == number)


def _drop_pages(store: Store, sha256: str) -> None:
    """Forget the pages of readings that nothing stands on any more; files before rows, so that a kill in between leaves no file behind."""
    made = union(
        select(FORMS.c.pipeline).where(FORMS.c.document == sha256), select(DOCUMENTS.c.version).where(DOCUMENTS.c.sha256 == sha256)
    )
    with store.database.reading() as connection:
        used = set(connection.scalars(made))
        stale = and_(PAGES.c.document == sha256, PAGES.c.version.not_in(used))
        found = connection.execute(select(PAGES.c.number, PAGES.c.version).where(stale)).all()
    for row in found:
        store.contents.remove(sha256, row.version, row.number)
    if found:
        with store.database.writing() as connection:
            connection.execute(delete(PAGES).where(stale))


def page_key(document: str, page: int, version: str) -> ColumnElement[bool]:
    """The condition that picks one page of one reading."""
    return and_(PAGES.c.document == document, PAGES.c.number == page, PAGES.c.version == version)


def _page_row(sha256: str, version: str, page: int, digest: str, problem: Problem) -> Values:
    return {
        "document": sha256,
        "number": page,
        "version": version,
        "state": (PageState.PROBLEM if problem.code else PageState.READ).value,
        "content_sha256": digest,
        "problem_code": problem.code,
        "problem": plain(problem.message),
    }
