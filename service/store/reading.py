"""What the store holds, read back: forms in a stream, one document, counts."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from models.form import Problem, Review
from service.document_json import parse_form
from service.store.decisions import REVIEWED_COLUMNS, entry_of_form, reviewed_of
from service.store.documents import State
from service.store.opening import Store
from service.store.pages import PageState
from service.store.reviewed import ReviewedState
from service.store.schema import CATALOGUE, DOCUMENTS, FORMS, PAGES, REVIEWS, SOURCES
from service.store.stored import StoredForm
from service.store.writing import Record, now

_AT_ONCE = 200
"""Forms fetched together: about 6 MB of JSON."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which forms; what is None is not asked.

    Attributes:
        year: of path or form.
        unit: of path or form, to the letter.
        kind: ``self_evaluation``, ``performance_target`` or ``unknown``.
        review: whether a person is needed.
        reviewed: how far people have come with it.
    """

    year: int | None = None
    unit: str | None = None
    kind: str | None = None
    review: Review | None = None
    reviewed: ReviewedState | None = None


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document as it stands in the store.

    Attributes:
        sha256: of the original, hex.
        name: of the file as first found, without folders.
        paths: where it was found, the first first; data, never to be opened.
        bytes: of the original.
        pages: how many it has; 0 while unknown.
        state: how far it has come.
        version: of the pipeline that read it last; empty before.
        error: why it failed; of page 0 and without code where it did not.
        problems: of its pages.
        forms: in their order.
    """

    sha256: str
    name: str
    paths: tuple[str, ...]
    bytes: int
    pages: int
    state: State
    version: str
    error: Problem
    problems: tuple[Problem, ...]
    forms: tuple[StoredForm, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A document that waits to be read.

    Attributes:
        sha256: of the original, hex.
        since: when it began to wait, ISO 8601.
        priority: `UPLOAD` or `BATCH`.
    """

    sha256: str
    since: str
    priority: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A document that came to an end.

    Attributes:
        sha256: of the original, hex.
        at: when, ISO 8601.
    """

    sha256: str
    at: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds.

    Attributes:
        documents: by state; every state is there.
        forms: by review; both are there.
        reviewed: forms by how far people have come; every state is there.
        pages: of all documents whose number of pages is known.
    """

    documents: dict[State, int]
    forms: dict[Review, int]
    reviewed: dict[ReviewedState, int]
    pages: int


def forms(store: Store, wanted: Selection = EVERYTHING) -> Generator[StoredForm, None, None]:
    """The forms of the store as they stood when the first was asked for, by year, unit, document and number.

    Few are in memory at a time. Close the iterator where it is not used up: it holds a connection.

    Raises:
        StoreError: the database cannot be read.
    """
    conditions = [
        column == value
        for column, value in (
            (FORMS.c.year, wanted.year),
            (FORMS.c.unit, wanted.unit),
            (FORMS.c.kind, wanted.kind),
            (FORMS.c.review, wanted.review),
            (func.coalesce(REVIEWS.c.state, ReviewedState.NONE.value), wanted.reviewed),
        )
        if value is not None
    ]
    order = (FORMS.c.year.nulls_first(), FORMS.c.unit, FORMS.c.document, FORMS.c.number)
    with store.database.reading() as connection:
        rows = connection.execution_options(yield_per=_AT_ONCE).execute(_stored_forms().where(*conditions).order_by(*order))
        for row in rows:
            yield _stored_form(row)


def form(store: Store, document: str, number: int) -> StoredForm | None:
    """One form; None where there is none."""
    key = (FORMS.c.document == document, FORMS.c.number == number)
    with store.database.reading() as connection:
        row = connection.execute(_stored_forms().where(*key)).one_or_none()
    return _stored_form(row) if row is not None else None


def form_version(store: Store, document: str, number: int) -> int:
    """The version that a form stands at; 0 where there is none."""
    key = (FORMS.c.document == document, FORMS.c.number == number)
    with store.database.reading() as connection:
        return connection.scalar(select(FORMS.c.version).where(*key)) or 0


def document(store: Store, sha256: str) -> StoredDocument | None:
    """One document with its forms; None where there is none."""
    with store.database.reading() as connection:
        known = connection.execute(select(DOCUMENTS).where(DOCUMENTS.c.sha256 == sha256)).one_or_none()
        if known is None:
            return None
        paths = connection.scalars(select(SOURCES.c.path).where(SOURCES.c.document == sha256).order_by(SOURCES.c.added_at, SOURCES.c.path))
        faulty = (PAGES.c.document == sha256, PAGES.c.version == known.version, PAGES.c.state == PageState.PROBLEM)
        problems = connection.execute(select(PAGES).where(*faulty).order_by(PAGES.c.number))
        rows = connection.execute(_stored_forms().where(FORMS.c.document == sha256).order_by(FORMS.c.number))
        return StoredDocument(
            sha256=sha256,
            name=known.name,
            paths=tuple(paths),
            bytes=known.bytes,
            pages=known.pages,
            state=State(known.state),
            version=known.version,
            error=Problem(0, known.error_code, known.error),
            problems=tuple(Problem(row.number, row.problem_code, row.problem) for row in problems),
            forms=tuple(map(_stored_form, rows)),
        )


def documents_in(store: Store, state: State) -> Generator[str, None, None]:
    """The SHA-256 of every document in ``state``, the longest known first, as they stood when the first was asked for."""
    order = (DOCUMENTS.c.added_at, DOCUMENTS.c.sha256)
    with store.database.reading() as connection:
        statement = select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.state == state).order_by(*order)
        yield from connection.execution_options(yield_per=_AT_ONCE).scalars(statement)


def waiting(store: Store, since: str = "") -> list[Waiting]:
    """Every document that waits to be read, the most urgent first, among these the longest known.

    Args:
        store: where it is.
        since: only those that began to wait then or later, ISO 8601 as the store writes it.
    """
    columns = (DOCUMENTS.c.sha256, DOCUMENTS.c.changed_at, DOCUMENTS.c.priority)
    order = (DOCUMENTS.c.priority, DOCUMENTS.c.added_at, DOCUMENTS.c.sha256)
    wanted = (DOCUMENTS.c.state == State.WAITING, DOCUMENTS.c.changed_at >= since)
    with store.database.reading() as connection:
        return [Waiting(*row) for row in connection.execute(select(*columns).where(*wanted).order_by(*order))]


def states(store: Store) -> dict[State, int]:
    """How many documents are in each state; quick enough to be asked every second."""
    with store.database.reading() as connection:
        rows = connection.execute(select(DOCUMENTS.c.state, func.count()).group_by(DOCUMENTS.c.state)).all()
    return {state: sum(row[1] for row in rows if row[0] == state) for state in State}


def finished_since(store: Store, moment: str) -> list[Finished]:
    """Documents that came to an end at ``moment`` or later, in that order; ISO 8601 as the store writes it, empty for all."""
    ended = DOCUMENTS.c.state.in_((State.DONE, State.FAILED))
    with store.database.reading() as connection:
        columns = select(DOCUMENTS.c.sha256, DOCUMENTS.c.changed_at)
        rows = connection.execute(columns.where(ended, DOCUMENTS.c.changed_at >= moment).order_by(DOCUMENTS.c.changed_at))
        return [Finished(row.sha256, row.changed_at) for row in rows]


def newest_end(store: Store) -> str:
    """When the last document came to an end, ISO 8601; empty where none did."""
    with store.database.reading() as connection:
        return connection.scalar(select(func.max(DOCUMENTS.c.changed_at)).where(DOCUMENTS.c.state.in_((State.DONE, State.FAILED)))) or ""


def failed(store: Store, words: Sequence[str]) -> list[StoredDocument]:
    """Documents that could not be read, or not wholly; with ``words`` those whose SHA-256 begins with one, or whose path contains one."""
    spoilt = select(PAGES.c.document).join(DOCUMENTS, (DOCUMENTS.c.sha256 == PAGES.c.document) & (DOCUMENTS.c.version == PAGES.c.version))
    faulty = DOCUMENTS.c.sha256.in_(spoilt.where(PAGES.c.state == PageState.PROBLEM))
    ended = (DOCUMENTS.c.state == State.FAILED) | ((DOCUMENTS.c.state == State.DONE) & faulty)
    with store.database.reading() as connection:
        found = list(connection.scalars(select(DOCUMENTS.c.sha256).where(ended).order_by(DOCUMENTS.c.added_at, DOCUMENTS.c.sha256)))
    known = (document(store, sha256) for sha256 in found)
    return [
        each
        for each in known
        if each is not None
        and (not words or any(each.sha256.startswith(word) or any(word in path for path in each.paths) for word in words))
    ]


def counts(store: Store) -> Counts:
    """How much there is, all at one moment."""
    with store.database.reading() as connection:
        by_state = connection.execute(
            select(DOCUMENTS.c.state, func.count(), func.sum(DOCUMENTS.c.pages)).group_by(DOCUMENTS.c.state)
        ).all()
        by_review = connection.execute(select(FORMS.c.review, func.count()).group_by(FORMS.c.review)).all()
        by_people = connection.execute(select(CATALOGUE.c.reviewed, func.count()).group_by(CATALOGUE.c.reviewed)).all()
    return Counts(
        {state: sum(row[1] for row in by_state if row[0] == state) for state in State},
        {review: sum(row[1] for row in by_review if row[0] == review) for review in Review},
        {state: sum(row[1] for row in by_people if row[0] == state) for state in ReviewedState},
        sum(int(row[2]) for row in by_state),
    )


def _stored_forms() -> Select[tuple[object, ...]]:
    read = select(FORMS, DOCUMENTS.c.path, *REVIEWED_COLUMNS).join(DOCUMENTS, DOCUMENTS.c.sha256 == FORMS.c.document)
    return read.outerjoin(REVIEWS, entry_of_form(FORMS.c.document, FORMS.c.number))


def _stored_form(row: Record) -> StoredForm:
    people = reviewed_of(row[-len(REVIEWED_COLUMNS) :], now())
    return StoredForm(row.document, row.number, row.version, row.path, row.year, row.unit, parse_form(row.record), people)
