"""Statements that pick entries of the queue.

Every choice runs along an index in the order that is asked for, and begins behind a place in that order. Where words are asked for, what
many forms hold is found among the first of that order; what few hold, by the index of words, and sorted.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, FromClause, Select, Table, and_, exists, func, select, tuple_

from service.review.queued import Order, Wanted
from service.store.cursors import Place, cursor, place_of
from service.store.database import SQLITE
from service.store.schema import CATALOGUE, REVIEW_RULES, REVIEWS, TEXTS
from service.store.search import Runs, holds, proposed
from service.store.writing import Record, now

_LOOKED_AT: Final = 100
"""Forms whose texts are looked through before the index of words is asked, as in `service.store.listing`."""

_ABOVE_ALL: Final = 2**31 - 1
"""No entry of the catalogue has as high an id."""


def word_of(row: Record) -> str:
    """Where a list goes on behind ``row``, one of those that `picked` finds."""
    return cursor((1 - row.rank, row.entered_at, row.document, row.form))  # from 1: no number of a cursor is 0


def place_behind(word: str, order: Order) -> Place | None:
    """The place in ``order`` that `word_of` named; None where ``word`` is empty.

    Raises:
        UsageError: it is no such word.
    """
    if not word:
        return None
    number, *oldest = place_of(word, (int, str, str, int))
    return (1 - int(number), *oldest) if order is Order.MOST_DOUBTFUL else tuple(oldest)


def picked(
    connection: Connection, wanted: Wanted, behind: Place | None, conditions: Sequence[ColumnElement[bool]] = ()
) -> Select[*tuple[Any, ...]]:
    """Entries in the order of ``wanted``, but for its words, along an index that begins with the narrowest of its conditions.

    Args:
        connection: of the database that is asked.
        wanted: which.
        behind: place in the order where they begin; None for the first.
        conditions: further ones, for which no index is taken.
    """
    steered = _unindexed(connection)
    narrow = [*([_is_taken(wanted.taken)] if wanted.taken else []), *_narrowed(wanted)]
    few = bool(wanted.taken) or wanted.unit is not None  # so few that they are sorted sooner than found by their order
    by_rule = wanted.finding is not None and not few
    source: Table = REVIEW_RULES if by_rule else REVIEWS
    query, state, order = select(*_columns(source)), source.c.state == wanted.state, _order(source, wanted.order)
    if by_rule:
        query = query.join(REVIEWS, _same_form(source)).where(source.c.rule == wanted.finding, state, *map(steered, narrow))
    else:
        query = query.where(*narrow[:1], steered(state) if few else state, *map(steered, narrow[1:]), *_broken(wanted))
    query = query.where(*map(steered, [*conditions, *([_is_taken(taken=False)] if wanted.taken is False else [])]))
    if behind is not None:
        query = query.where(tuple_(*order) > tuple_(*behind))
    return query.order_by(*(map(steered, order) if few else order))


def searched(connection: Connection, wanted: Wanted, runs: Runs, behind: Place | None, count: int) -> list[Record]:
    """The first ``count`` entries behind ``behind`` that match ``wanted`` and whose forms hold all ``runs``; columns as of `picked`."""
    first = picked(connection, wanted, behind).limit(_LOOKED_AT).subquery()
    filed = first.join(CATALOGUE, and_(CATALOGUE.c.document == first.c.document, CATALOGUE.c.form == first.c.form))
    looked = select(first, holds(connection, runs).label("held")).select_from(filed.join(TEXTS, TEXTS.c.entry == CATALOGUE.c.id))
    rows = connection.execute(looked.order_by(*_order(first, wanted.order))).all()
    found = [row for row in rows if row.held][:count]
    if len(found) == count or len(rows) < _LOOKED_AT:
        return found
    last = rows[-1]
    oldest = (last.entered_at, last.document, last.form)
    go_on = (last.rank, *oldest) if wanted.order is Order.MOST_DOUBTFUL else oldest
    indexed = _by_words(connection, wanted, runs, go_on).limit(count - len(found))
    return [*found, *connection.execute(indexed).all()]


def _by_words(connection: Connection, wanted: Wanted, runs: Runs, behind: Place) -> Select[*tuple[Any, ...]]:
    """Entries behind ``behind`` that match, found from the index of words."""
    steered, order = _unindexed(connection), _order(REVIEWS, wanted.order)
    words = proposed(connection, runs, _ABOVE_ALL).subquery()
    filed = words.join(CATALOGUE, CATALOGUE.c.id == words.c.entry).join(TEXTS, TEXTS.c.entry == words.c.entry)
    source = filed.join(REVIEWS, and_(REVIEWS.c.document == CATALOGUE.c.document, REVIEWS.c.form == CATALOGUE.c.form))
    asked = [REVIEWS.c.state == wanted.state, *_narrowed(wanted), tuple_(*order) > tuple_(*behind)]
    asked += [_is_taken(wanted.taken)] if wanted.taken is not None else []
    query = select(*_columns(REVIEWS)).select_from(source).where(*map(steered, asked), *_broken(wanted), holds(connection, runs))
    return query.order_by(*map(steered, order))


def _columns(source: Table) -> tuple[Column[Any], ...]:
    return (source.c.document, source.c.form, source.c.rank, source.c.entered_at)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of single columns, the most selective first."""
    narrowed = [(REVIEWS.c.unit, wanted.unit), (REVIEWS.c.year, wanted.year), (REVIEWS.c.kind, wanted.kind)]
    return [column == value for column, value in narrowed if value is not None]


def _is_taken(taken: bool) -> ColumnElement[bool]:
    return REVIEWS.c.taken_until > now() if taken else REVIEWS.c.taken_until <= now()


def _broken(wanted: Wanted) -> list[ColumnElement[bool]]:
    """That the finding which is asked for is open, where `REVIEWS` is what is asked."""
    return [exists().where(REVIEW_RULES.c.rule == wanted.finding, _same_form(REVIEW_RULES))] if wanted.finding is not None else []


def _same_form(source: Table) -> ColumnElement[bool]:
    return and_(REVIEWS.c.document == source.c.document, REVIEWS.c.form == source.c.form)


def _unindexed(connection: Connection) -> Callable[[ColumnElement[Any]], ColumnElement[Any]]:
    """For conditions and orders along which SQLite, which counts no values, shall take no index."""
    return func.likely if connection.dialect.name == SQLITE else lambda asked: asked


def _order(source: FromClause, order: Order) -> tuple[ColumnElement[Any], ...]:
    oldest = (source.c.entered_at, source.c.document, source.c.form)
    return (source.c.rank, *oldest) if order is Order.MOST_DOUBTFUL else oldest
