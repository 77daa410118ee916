"""Lists of documents and forms, page by page, the newest first: what a list shows, never a record.

Each page goes on behind the last row of the page before (keyset), so that a late page costs no more than the first. The tables that lists
read are narrow, and every filter has an index that ends in the order of the list. The statement for each combination of filters is made
once: making it takes longer than the answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Column, Select, String, and_, bindparam, func, select, tuple_

from models.errors import UsageError
from models.form import Review
from service.store.cursors import cursor, place_of
from service.store.decisions import REVIEWED_COLUMNS, entry_of_form, reviewed_of
from service.store.documents import State
from service.store.listed import DocumentFilter, DocumentRow, FormFilter, FormRow, Listed
from service.store.opening import Store
from service.store.picking import COMBINATIONS, FORM_COLUMNS, HEADINGS, Names, Page, by_selectivity, equal, newest, steered
from service.store.reviews import ReviewState
from service.store.schema import CATALOGUE, DOCUMENTS, OWNERS, REVIEWS
from service.store.search import asked
from service.store.searching import search
from service.store.writing import Record, Values, now, storable_text

MOST_ROWS: Final = 500
"""Of one page."""

_ABOVE_ALL: Final = 2**31 - 1
"""No entry of the catalogue has as high an id."""

_YEARS: Final = range(10_000)

_DOCUMENT_COLUMNS: Final[Mapping[str, Column[Any]]] = {each.name: each for each in (DOCUMENTS.c.unit, DOCUMENTS.c.year, DOCUMENTS.c.state)}
"""What filters compare, by their names, most selective first."""

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
    behind: Values = dict(zip(("at", "sha256"), place_of(after, (str, str)), strict=True)) if after else {}
    values = _values(wanted, ("owner", *_DOCUMENT_COLUMNS))
    if not _possible(values):
        return Listed((), "")
    with store.database.reading() as connection:
        page = _page_of_documents(connection.dialect.name, tuple(values), bool(behind))
        rows = connection.execute(page, {**values, **behind, "count": limit + 1}).all()
    more = cursor((rows[limit - 1].at, rows[limit - 1].sha256)) if len(rows) > limit else ""
    return Listed(tuple(map(_document_row if wanted.owner is None else _own_row, rows[:limit])), more)


def list_forms(store: Store, wanted: FormFilter = ALL_FORMS, after: str = "", limit: int = 50) -> Listed[FormRow]:
    """A page of the forms, those whose record was made last first.

    Of words that hardly any form holds, though many hold all their parts, a page looks at so many forms and no more: it may be shorter than
    ``limit``, even empty, and yet have a `Listed.next`.

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
    runs, values = asked(wanted.text), by_selectivity(_values(wanted, (*HEADINGS, *FORM_COLUMNS)))
    if not _possible(values) or (wanted.text.strip() and not runs):  # nothing but punctuation, which no form is searched for
        return Listed((), "")
    with store.database.reading() as connection:
        page = Page(values, before, limit + 1)
        picked = search(connection, page, runs) if runs else newest(connection, page)
        entries = picked.entries[:limit]
        rows = connection.execute(_shown_forms("owner" in values), {**values, "entries": entries}).all() if entries else []
    rest = entries[-1] if len(picked.entries) > limit else picked.rest
    moment = now()
    return Listed(tuple(_form_row(row, moment) for row in rows), cursor((rest,)) if rest else "")


def _values(wanted: DocumentFilter | FormFilter, names: Names) -> Values:
    """What is asked for, by name, in the order of ``names``."""
    given = {name: value for name in names if (value := getattr(wanted, name)) is not None}
    return {name: value if isinstance(value, int) else storable_text(value) for name, value in given.items()}


def _possible(values: Values) -> bool:
    """Whether a database can be asked at all: it need not hold any number as a year."""
    return values.get("year", 0) in _YEARS


@lru_cache(COMBINATIONS)
def _page_of_documents(dialect: str, names: Names, behind: bool) -> Select[*tuple[Any, ...]]:
    """The first ``count`` documents that match, ``behind`` a place or from the newest on; columns are those of `DocumentRow`."""
    owned = "owner" in names
    at, sha256 = (OWNERS.c.at, OWNERS.c.document) if owned else (DOCUMENTS.c.added_at, DOCUMENTS.c.sha256)
    picked = select(sha256.label("sha256"), at.label("at")).order_by(at.desc(), sha256.desc()).limit(bindparam("count"))
    compared = dict(_DOCUMENT_COLUMNS)
    if owned:
        del compared["state"]
        filed = {"owner": OWNERS.c.user, "state": OWNERS.c.state}
        picked = picked.add_columns(OWNERS.c.name).join(DOCUMENTS, DOCUMENTS.c.sha256 == OWNERS.c.document).where(*equal(filed, names))
    if behind:
        picked = picked.where(tuple_(at, sha256) < tuple_(bindparam("at", type_=String), bindparam("sha256", type_=String)))
    page = picked.where(*steered(dialect, equal(compared, names), steered=owned)).subquery()
    forms = select(func.count()).where(CATALOGUE.c.document == page.c.sha256).scalar_subquery().label("forms")
    approved, to_review = (  # counted by filter: by where, SQLite would take an index of the state
        select(func.count().filter(counted)).where(REVIEWS.c.document == page.c.sha256).scalar_subquery()
        for counted in (REVIEWS.c.state == ReviewState.APPROVED, REVIEWS.c.state != ReviewState.APPROVED)
    )
    called = (page if owned else DOCUMENTS).c.name
    row = DOCUMENTS.c
    columns = (row.sha256, called, row.bytes, row.pages, row.state, row.year, row.unit, row.error_code, page.c.at, row.changed_at)
    query = select(*columns, forms, to_review, approved).join(page, page.c.sha256 == row.sha256)
    return query.order_by(page.c.at.desc(), page.c.sha256.desc())


@lru_cache(2)
def _shown_forms(owned: bool) -> Select[*tuple[Any, ...]]:
    """What lists show of ``entries``, under the names that ``owner`` gave where they are ``owned``; columns are those of `FormRow`."""
    row, named = CATALOGUE.c, OWNERS if owned else DOCUMENTS
    columns = (row.document, row.form, named.c.name, row.version, row.kind, row.template, row.review, row.year, row.unit, row.project)
    query = select(*columns, row.state, row.made_at, row.doubtful, row.findings, *REVIEWED_COLUMNS)
    query = query.where(row.id.in_(bindparam("entries", expanding=True))).outerjoin(REVIEWS, entry_of_form(row.document, row.form))
    if owned:
        query = query.join(OWNERS, and_(OWNERS.c.document == row.document, OWNERS.c.user == bindparam("owner")))
    else:
        query = query.join(DOCUMENTS, DOCUMENTS.c.sha256 == row.document)
    return query.order_by(row.id.desc())


def _check(limit: int) -> None:
    if not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"A page of {limit} rows is not possible.", f"Ask for 1 to {MOST_ROWS}.")


def _document_row(row: Record) -> DocumentRow:  # by place: by name takes three times as long
    sha256, name, size, pages, state, year, unit, error_code, added_at, changed_at, *counted = row
    return DocumentRow(sha256, name, size, pages, State(state), year, unit, error_code, added_at, changed_at, *counted)


def _own_row(record: Record) -> DocumentRow:
    """As its owner knows it: since when and where others have it is not his to know."""
    row = _document_row(record)
    return replace(row, year=None, unit="", changed_at=max(row.added_at, row.changed_at))


def _form_row(row: Record, moment: str) -> FormRow:
    document, form, name, version, kind, template, review, year, unit, project, state, made_at, doubtful, findings, *people = row
    told = (Review(review), year, unit, project, State(state), made_at, doubtful, findings, reviewed_of(people, moment))
    return FormRow(document, form, name, version, kind, template, *told)
