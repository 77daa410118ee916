"""Lists of documents and forms, page by page, the newest first: what a list shows, never a record.

Each page goes on behind the last row of the page before (keyset), so that a late page costs no more than the first. The tables that lists
read are narrow, and every filter has an index that ends in the order of the list.
"""

from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, exists, false, func, select, true, tuple_

from models.errors import UsageError
from models.form import Review
from service.store.cursors import cursor, place_of
from service.store.database import SQLITE
from service.store.documents import State
from service.store.listed import DocumentFilter, DocumentRow, FormFilter, FormRow, Listed
from service.store.opening import Store
from service.store.schema import CATALOGUE, CATALOGUE_OWNERS, CATALOGUE_RULES, DOCUMENTS, OWNERS, TEXTS
from service.store.search import Runs, asked, holds, proposed
from service.store.writing import Record, storable_text

MOST_ROWS: Final = 500
"""Of one page."""

_ABOVE_ALL: Final = 2**31 - 1
"""No entry of the catalogue has as high an id."""

_LOOKED_AT: Final = 300
"""Forms whose texts are looked through before the index is asked: a common word is found among them, and of a narrow filter there are no
more, in a fraction of the time that the index takes over either."""

_MORE: Final = 4
"""Whenever too few were found, the index is asked for so many times as many."""

_YEARS: Final = range(10_000)

ALL_DOCUMENTS: Final = DocumentFilter()
ALL_FORMS: Final = FormFilter()


def list_documents(store: Store, wanted: DocumentFilter = ALL_DOCUMENTS, after: str = "", limit: int = 50) -> Listed[DocumentRow]:
    """A page of the documents, those that came last first; of one owner's, those that he sent last first.

    Args:
        store: where they are.
        wanted: which.
        after: `Listed.next` of the page before; empty for the first.
        limit: how many at most.

    Raises:
        UsageError: ``after`` or ``limit`` makes no sense.
        StoreError: the database cannot be read.
    """
    _check(limit)
    owner = wanted.owner
    at, sha256 = (OWNERS.c.at, OWNERS.c.document) if owner is not None else (DOCUMENTS.c.added_at, DOCUMENTS.c.sha256)
    picked = select(sha256.label("sha256"), at.label("at")).order_by(at.desc(), sha256.desc()).limit(limit + 1)
    if owner is not None:
        filed = _conditions((OWNERS.c.user, owner), (OWNERS.c.state, wanted.state))
        picked = picked.add_columns(OWNERS.c.name).join(DOCUMENTS, DOCUMENTS.c.sha256 == OWNERS.c.document).where(*filed)
    if after:
        picked = picked.where(tuple_(at, sha256) < tuple_(*place_of(after, (str, str))))
    with store.database.reading() as connection:
        page = picked.where(*_steered(connection, _document_conditions(wanted), steered=owner is not None)).subquery()
        forms = select(func.count()).where(CATALOGUE.c.document == page.c.sha256).scalar_subquery().label("forms")
        called = (page if owner is not None else DOCUMENTS).c.name.label("called")
        shown = select(DOCUMENTS, page.c.at, called, forms).join(page, page.c.sha256 == DOCUMENTS.c.sha256)
        rows = connection.execute(shown.order_by(page.c.at.desc(), page.c.sha256.desc())).all()
    more = cursor((rows[limit - 1].at, rows[limit - 1].sha256)) if len(rows) > limit else ""
    return Listed(tuple(map(_document_row, rows[:limit])), more)


def list_forms(store: Store, wanted: FormFilter = ALL_FORMS, after: str = "", limit: int = 50) -> Listed[FormRow]:
    """A page of the forms, those whose record was made last first.

    Args:
        store: where they are.
        wanted: which.
        after: `Listed.next` of the page before; empty for the first.
        limit: how many at most.

    Raises:
        UsageError: ``after``, ``limit`` or ``wanted.text`` makes no sense.
        StoreError: the database cannot be read.
    """
    _check(limit)
    before = int(place_of(after, (int,))[0]) if after else _ABOVE_ALL
    runs = asked(wanted.text)
    with store.database.reading() as connection:
        if runs:
            found = _searched(connection, wanted, runs, before, limit + 1)
        elif wanted.text.strip():
            found = []  # nothing but punctuation, which no form is searched for
        else:
            found = list(connection.scalars(_entries(connection, wanted, before).limit(limit + 1)))
        rows = connection.execute(_shown_forms(wanted.owner, found[:limit])).all() if found else []
    return Listed(tuple(map(_form_row, rows)), cursor((found[limit - 1],)) if len(found) > limit else "")


def _searched(connection: Connection, wanted: FormFilter, runs: Runs, before: int, count: int) -> list[int]:
    """The first ``count`` entries older than ``before`` that match the filter and hold all ``runs``."""
    size = _LOOKED_AT
    rows = connection.execute(_judged(connection, _entries(connection, wanted, before).limit(size), runs, [])).all()
    found = [row.entry for row in rows if row.held]
    conditions = [exists().where(table.c.entry == CATALOGUE.c.id, heading == value) for table, heading, value in _headings(wanted)]
    while len(found) < count and len(rows) == size:
        size *= _MORE
        candidates = proposed(connection, runs, rows[-1].entry).limit(size)
        rows = connection.execute(_judged(connection, candidates, runs, [*conditions, *_form_conditions(wanted)])).all()
        found += [row.entry for row in rows if row.held]
    return found[:count]


def _judged(connection: Connection, candidates: Select[int], runs: Runs, conditions: list[ColumnElement[bool]]) -> Select[int, bool]:
    """Every candidate, and whether it is what was asked for; in the order of the candidates."""
    entry = candidates.subquery().c.entry
    matches = exists().where(CATALOGUE.c.id == entry, *conditions) if conditions else true()
    held = and_(matches, holds(connection, runs)).label("held")
    return select(entry, held).join(TEXTS, TEXTS.c.entry == entry).order_by(entry.desc())


def _entries(connection: Connection, wanted: FormFilter, before: int) -> Select[int]:
    """Entries older than ``before`` that match the filter but for its text, the newest first."""
    conditions = _form_conditions(wanted)
    filed = _headings(wanted)
    if not filed:
        query = select(CATALOGUE.c.id.label("entry")).where(*_steered(connection, conditions)).order_by(CATALOGUE.c.id.desc())
        return query.where(CATALOGUE.c.id < before)
    (table, heading, value), *others = filed
    conditions += [exists().where(other.c.entry == CATALOGUE.c.id, column == text) for other, column, text in others]
    query = select(table.c.entry).join(CATALOGUE, CATALOGUE.c.id == table.c.entry).where(heading == value, table.c.entry < before)
    return query.where(*_steered(connection, conditions, steered=True)).order_by(table.c.entry.desc())


def _headings(wanted: FormFilter) -> list[tuple[Table, Column[str], str]]:
    """The tables that file entries below what is asked for, most selective first."""
    filed = ((CATALOGUE_OWNERS, CATALOGUE_OWNERS.c.user, wanted.owner), (CATALOGUE_RULES, CATALOGUE_RULES.c.rule, wanted.finding))
    return [(table, heading, storable_text(value)) for table, heading, value in filed if value is not None]


def _form_conditions(wanted: FormFilter) -> list[ColumnElement[bool]]:
    """Of columns of the catalogue, most selective first."""
    return _conditions(
        (CATALOGUE.c.document, wanted.document),
        (CATALOGUE.c.unit, wanted.unit),
        (CATALOGUE.c.year, wanted.year),
        (CATALOGUE.c.template, wanted.template),
        (CATALOGUE.c.kind, wanted.kind),
        (CATALOGUE.c.review, wanted.review),
        (CATALOGUE.c.state, wanted.state),
    )


def _document_conditions(wanted: DocumentFilter) -> list[ColumnElement[bool]]:
    """Of columns of the documents, most selective first; one owner's are filed by state already."""
    state = wanted.state if wanted.owner is None else None
    return _conditions((DOCUMENTS.c.unit, wanted.unit), (DOCUMENTS.c.year, wanted.year), (DOCUMENTS.c.state, state))


def _conditions(*asked_for: tuple[Column[Any], str | int | None]) -> list[ColumnElement[bool]]:
    return [_equal(column, value) for column, value in asked_for if value is not None]


def _equal(column: Column[Any], value: str | int) -> ColumnElement[bool]:
    if isinstance(value, int):
        return column == value if value in _YEARS else false()  # no database is asked for what it cannot hold
    return column == storable_text(value)


def _steered(connection: Connection, conditions: list[ColumnElement[bool]], *, steered: bool = False) -> list[ColumnElement[bool]]:
    """``conditions``, most selective first, for SQLite, which counts no values, to take the index of the first or (``steered``) none."""
    if connection.dialect.name != SQLITE:
        return conditions
    first = 0 if steered else 1
    return [*conditions[:first], *(func.likely(condition) for condition in conditions[first:])]


def _shown_forms(owner: str | None, entries: list[int]) -> Select[*tuple[Any, ...]]:
    query = select(CATALOGUE, (DOCUMENTS if owner is None else OWNERS).c.name).where(CATALOGUE.c.id.in_(entries))
    if owner is None:
        query = query.join(DOCUMENTS, DOCUMENTS.c.sha256 == CATALOGUE.c.document)
    else:
        query = query.join(OWNERS, and_(OWNERS.c.document == CATALOGUE.c.document, OWNERS.c.user == storable_text(owner)))
    return query.order_by(CATALOGUE.c.id.desc())


def _check(limit: int) -> None:
    if not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"A page of {limit} rows is not possible.", f"Ask for 1 to {MOST_ROWS}.")


def _document_row(row: Record) -> DocumentRow:
    return DocumentRow(
        sha256=row.sha256,
        name=row.called,
        bytes=row.bytes,
        pages=row.pages,
        state=State(row.state),
        year=row.year,
        unit=row.unit,
        error_code=row.error_code,
        added_at=row.at,
        changed_at=row.changed_at,
        forms=row.forms,
    )


def _form_row(row: Record) -> FormRow:
    return FormRow(
        document=row.document,
        number=row.form,
        name=row.name,
        version=row.version,
        kind=row.kind,
        template=row.template,
        review=Review(row.review),
        year=row.year,
        unit=row.unit,
        project=row.project,
        state=State(row.state),
        made_at=row.made_at,
        doubtful=row.doubtful,
        findings=row.findings,
    )
