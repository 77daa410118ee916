"""Statements that pick entries of the queue.

Every choice runs along an index in the order that is asked for, and begins behind a place in that order. Where words are asked for, what
many forms hold is found among the first of that order; what few hold, by the index of words, and sorted.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table, and_, exists, func, select, tuple_

from service.review.queued import Order, Wanted
from service.store.cursors import Place, cursor, place_of
from service.store.database import SQLITE
from service.store.schema import CATALOGUE, REVIEW_RULES, REVIEWS
from service.store.search import Runs, holds, is_gram, proposed, search_values
from service.store.writing import Record, now

_LOOKED_AT: Final = (100, 1000)
"""Forms whose texts are looked through before the index of words is asked, first few and then more: of what is on every tenth form, which
takes the index 100 ms and more, a page is among them. A text takes 5 µs."""


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
    if wanted.taken:
        return _picked_taken(wanted, behind)
    steered, narrow = _unindexed(connection), _narrowed(REVIEWS, wanted)
    few = wanted.unit is not None  # a unit has so few that they are sorted sooner than found by their order
    by_rule = wanted.finding is not None and not few
    source: Table = REVIEW_RULES if by_rule else REVIEWS
    query, state, order = select(*_columns(source)), source.c.state == wanted.state, _order(source, wanted.order)
    if by_rule:
        query = query.join(REVIEWS, _same_form(source, REVIEWS)).where(source.c.rule == wanted.finding, state, *map(steered, narrow))
    else:
        query = query.where(*narrow[:1], steered(state) if few else state, *map(steered, narrow[1:]), *_broken(REVIEWS, wanted))
    query = query.where(*map(steered, [*conditions, *_free(wanted)]))
    if behind is not None:
        query = query.where(tuple_(*order) > tuple_(*behind))
    return query.order_by(*(map(steered, order) if few else order))


def _picked_taken(wanted: Wanted, behind: Place | None) -> Select[*tuple[Any, ...]]:
    """The same of those that somebody works on: no more than there are people, so that they are found first and sorted."""
    held = select(REVIEWS).where(REVIEWS.c.taken_until > now()).cte("held").prefix_with("MATERIALIZED")
    order = _order(held, wanted.order)
    query = select(*_columns(held)).where(held.c.state == wanted.state, *_narrowed(held, wanted), *_broken(held, wanted))
    return (query.where(tuple_(*order) > tuple_(*behind)) if behind is not None else query).order_by(*order)


def searched(  # noqa: PLR0913  as `picked`, with the words and how many
    connection: Connection,
    wanted: Wanted,
    runs: Runs,
    behind: Place | None,
    count: int,
    *,
    conditions: Sequence[ColumnElement[bool]] = (),
) -> list[Record]:
    """The first ``count`` entries that `picked` finds and whose forms hold all ``runs``; its columns."""
    dialect, found = connection.dialect.name, list[Record]()
    values, held = search_values(dialect, runs), holds(dialect, CATALOGUE.c.id, range(len(runs))).label("held")
    for size in _LOOKED_AT:
        first = picked(connection, wanted, behind, conditions).limit(size).subquery()
        filed = first.join(CATALOGUE, _same_form(CATALOGUE, first))
        looked = select(first, held).select_from(filed).order_by(*_order(first, wanted.order))
        rows = connection.execute(looked, values).all()
        found += [row for row in rows if row.held]
        if len(found) >= count or len(rows) < size:
            return found[:count]
        behind = _place_of(rows[-1], wanted.order)
    indexed = _by_words(connection, wanted, runs, behind).where(*map(_unindexed(connection), conditions))
    return [*found, *connection.execute(indexed.limit(count - len(found)), values).all()]


def _by_words(connection: Connection, wanted: Wanted, runs: Runs, behind: Place | None) -> Select[*tuple[Any, ...]]:
    """Entries behind ``behind`` that match, found from the index of words."""
    steered, order = _unindexed(connection), _order(REVIEWS, wanted.order)
    words = proposed(connection.dialect.name).subquery()
    filed = words.join(CATALOGUE, CATALOGUE.c.id == words.c.entry)
    longer = [place for place, run in enumerate(runs) if not is_gram(run)]
    held = [holds(connection.dialect.name, CATALOGUE.c.id, longer)] if longer else []
    conditions = [REVIEWS.c.state == wanted.state, *_narrowed(REVIEWS, wanted), *_free(wanted)]
    if behind is not None:
        conditions.append(tuple_(*order) > tuple_(*behind))
    query = select(*_columns(REVIEWS)).select_from(filed.join(REVIEWS, _same_form(CATALOGUE, REVIEWS)))
    query = query.where(*map(steered, conditions), *_broken(REVIEWS, wanted), *held)
    return query.order_by(*map(steered, order))


def _columns(source: FromClause) -> tuple[ColumnElement[Any], ...]:
    return (source.c.document, source.c.form, source.c.rank, source.c.entered_at)


def _narrowed(reviews: FromClause, wanted: Wanted) -> list[ColumnElement[bool]]:
    """What is asked of single columns, the most selective first."""
    narrowed = ((reviews.c.unit, wanted.unit), (reviews.c.year, wanted.year), (reviews.c.kind, wanted.kind))
    return [column == value for column, value in narrowed if value is not None]


def _free(wanted: Wanted) -> list[ColumnElement[bool]]:
    """That nobody works on it, where that is asked."""
    return [REVIEWS.c.taken_until <= now()] if wanted.taken is False else []


def _broken(reviews: FromClause, wanted: Wanted) -> list[ColumnElement[bool]]:
    """That the finding which is asked for is open."""
    return [exists().where(REVIEW_RULES.c.rule == wanted.finding, _same_form(REVIEW_RULES, reviews))] if wanted.finding is not None else []


def _same_form(one: FromClause, other: FromClause) -> ColumnElement[bool]:
    return and_(one.c.document == other.c.document, one.c.form == other.c.form)


def _unindexed(connection: Connection) -> Callable[[ColumnElement[Any]], ColumnElement[Any]]:
    """For conditions and orders along which SQLite, which counts no values, shall take no index."""
    return func.likely if connection.dialect.name == SQLITE else lambda asked: asked


def _order(source: FromClause, order: Order) -> tuple[ColumnElement[Any], ...]:
    oldest = (source.c.entered_at, source.c.document, source.c.form)
    return (source.c.rank, *oldest) if order is Order.MOST_DOUBTFUL else oldest


def _place_of(row: Record, order: Order) -> Place:
    """The values of `_order` in a row."""
    oldest = (row.entered_at, row.document, row.form)
    return (row.rank, *oldest) if order is Order.MOST_DOUBTFUL else oldest
