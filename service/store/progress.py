"""How far documents have come, for whoever waits for them: few columns, many documents at once."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, select

from models.form import Problem, Review
from service.store.decisions import REVIEWED_COLUMNS, entry_of_form, reviewed_of
from service.store.documents import UPLOAD, State
from service.store.opening import Store
from service.store.pages import TURNED
from service.store.reviewed import Reviewed
from service.store.schema import DOCUMENTS, FORMS, PAGES, REVIEWS
from service.store.writing import now

_KNOWN = select(DOCUMENTS).where(DOCUMENTS.c.sha256.in_(bindparam("documents", expanding=True)))
_PAGES_READ = (
    select(PAGES.c.document, func.count())
    .join(DOCUMENTS, DOCUMENTS.c.sha256 == PAGES.c.document)
    .where(PAGES.c.document.in_(bindparam("documents", expanding=True)), PAGES.c.version != DOCUMENTS.c.version)
    .where(PAGES.c.version.not_like(f"%{TURNED}%"))
    .group_by(PAGES.c.document)
)
_HEADS = (
    select(FORMS.c.document, FORMS.c.number, FORMS.c.kind, FORMS.c.version, FORMS.c.review, *REVIEWED_COLUMNS)
    .outerjoin(REVIEWS, entry_of_form(FORMS.c.document, FORMS.c.number))
    .where(FORMS.c.document.in_(bindparam("documents", expanding=True)))
    .order_by(FORMS.c.document, FORMS.c.number)
)
"""Made once: whoever waits asks again and again, and making them takes longer than the answers."""


@dataclass(frozen=True, slots=True)
class FormHead:
    """A form of a document: its number (from 1), kind, version, whether a person is needed, and what people have said of it."""

    number: int
    kind: str
    version: int
    review: Review
    reviewed: Reviewed


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one document has come.

    Attributes:
        sha256: its id.
        name: of the file as first found.
        bytes: of the original.
        state: how far it has come.
        pages: how many it has; 0 while unknown.
        pages_read: of these; those with a problem count.
        year: that the path tells; None where it does not.
        unit: that the path tells; empty where it does not.
        error: why it failed; of page 0 and without code where it did not.
        forms: once it is done.
        added_at: when it was first found, ISO 8601.
        changed_at: when its state changed last, ISO 8601.
    """

    sha256: str
    name: str
    bytes: int
    state: State
    pages: int
    pages_read: int
    year: int | None
    unit: str
    error: Problem
    forms: tuple[FormHead, ...]
    added_at: str
    changed_at: str


def progress(store: Store, documents: Collection[str]) -> dict[str, Progress]:
    """How far each of ``documents`` (SHA-256) has come, all at one moment; those that are not there are left out.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        known = connection.execute(_KNOWN, {"documents": list(documents)}).all()
        read = _pages_read(connection, [row.sha256 for row in known if row.state == State.READING])
        heads = _heads(connection, [row.sha256 for row in known if row.state == State.DONE])
    return {
        row.sha256: Progress(
            sha256=row.sha256,
            name=row.name,
            bytes=row.bytes,
            state=State(row.state),
            pages=row.pages,
            pages_read=min(read.get(row.sha256, 0), row.pages) if row.state == State.READING else row.pages if row.version else 0,
            year=row.year,
            unit=row.unit,
            error=Problem(0, row.error_code, row.error),
            forms=tuple(heads.get(row.sha256, ())),
            added_at=row.added_at,
            changed_at=row.changed_at,
        )
        for row in known
    }


def uploads_waiting(store: Store) -> int:
    """How many documents that somebody uploaded wait to be read.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        waiting = (DOCUMENTS.c.state == State.WAITING, DOCUMENTS.c.priority == UPLOAD)
        return connection.scalar(select(func.count()).select_from(DOCUMENTS).where(*waiting)) or 0


def documents_to_come(store: Store) -> dict[State, int]:
    """How many documents wait to be read, and how many are being read.

    Raises:
        StoreError: the database cannot be read.
    """
    states = (State.WAITING, State.READING)
    counted = select(DOCUMENTS.c.state, func.count()).where(DOCUMENTS.c.state.in_(states)).group_by(DOCUMENTS.c.state)
    with store.database.reading() as connection:
        found = {row[0]: row[1] for row in connection.execute(counted)}
    return {state: found.get(state, 0) for state in states}


def _pages_read(connection: Connection, documents: list[str]) -> dict[str, int]:
    """Pages that the reading under way has kept: those of the last one bear its version."""
    return {row[0]: row[1] for row in connection.execute(_PAGES_READ, {"documents": documents})} if documents else {}


def _heads(connection: Connection, documents: list[str]) -> dict[str, list[FormHead]]:
    found: dict[str, list[FormHead]] = {}
    if documents:
        moment = now()
        for document, number, kind, version, review, *people in connection.execute(_HEADS, {"documents": documents}):
            found.setdefault(document, []).append(FormHead(number, kind, version, Review(review), reviewed_of(people, moment)))
    return found
