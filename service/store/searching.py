"""Which entries of the catalogue a filter picks whose texts hold what is searched for, the newest first.

A search has so many forms looked at and no more, whatever is searched for: who asks goes on from there, if that was not enough.
"""

from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, Select, bindparam, func, select

from service.store.database import SQLITE
from service.store.picking import COMBINATIONS, Names, Page, Picked, entries, matches, newest
from service.store.search import Runs, holds, is_gram, proposed, search_values
from service.store.writing import Values

_LOOKED_AT: Final = 100
"""Forms whose texts are looked through before the index is asked: a common word is found among them, and of a narrow filter there are no
more, in a fraction of the time that the index takes over either. A text takes 7 µs. SQLite's index is quicker even so where there is no
filter; PostgreSQL's knows no order, and so cannot stop at the first."""

_NARROW: Final = 1000
"""Forms of a filter that are rather looked through one by one than as many proposals, most of which the filter does not pick."""

_COMMON: Final = 0.1
"""Share of the forms looked at that hold what is searched for, from which the next `_NARROW` of them will do."""

_MOST_TEXTS: Final = 1000
"""Proposals of the index whose texts are looked through for one page; see `_LOOKED_AT`."""

_MOST_ENTRIES: Final = 3000
"""Hits of the index that are held against the filter for one page; one takes 1 µs."""


def search(connection: Connection, page: Page, runs: Runs) -> Picked:
    """A page of what the filter picks and holds all ``runs``."""
    values = {**page.values, **search_values(connection.dialect.name, runs)}
    found = Picked([], page.before)
    ordered = connection.dialect.name == SQLITE
    if page.values or not ordered:
        found = _looked(connection, page, len(runs), {**values, "before": page.before, "count": _LOOKED_AT})
    missing = page.count - len(found.entries)
    if missing <= 0 or not found.rest:
        return found
    asked = {**values, "before": found.rest, "count": missing}
    few = bool(page.values) and len(newest(connection, Page(page.values, found.rest, _NARROW)).entries) < _NARROW
    doubted = tuple(place for place, run in enumerate(runs) if not is_gram(run))
    look = few and bool(doubted) if ordered else few or len(found.entries) >= _COMMON * _LOOKED_AT
    more = None if look else _indexed(connection, page, doubted, {**asked, "most": _MOST_TEXTS if doubted else _MOST_ENTRIES})
    if more is None or (few and more.rest):
        more = _looked(connection, page, len(runs), {**asked, "count": _NARROW})
    return Picked([*found.entries, *more.entries], more.rest)


def _looked(connection: Connection, page: Page, runs: int, values: Values) -> Picked:
    """What holds the runs among the next entries that the filter picks."""
    rows = connection.execute(_look(connection.dialect.name, tuple(page.values), runs), values).all()
    return Picked([row.entry for row in rows if row.held], rows[-1].entry if len(rows) == values["count"] else 0)


def _indexed(connection: Connection, page: Page, doubted: tuple[int, ...], values: Values) -> Picked:
    """What is right among the next entries that the index proposes, though it does not know the runs at ``doubted``."""
    dialect, names = connection.dialect.name, tuple(page.values)
    found = list(connection.scalars(_ask(dialect, names, doubted), values))
    full = len(found) == values["count"] or not (names or doubted)
    last = None if full else connection.scalar(_last(dialect), values)
    return Picked(found, last or 0)


@lru_cache(COMBINATIONS)
def _look(dialect: str, names: Names, runs: int) -> Select[int, bool]:
    """Every entry that the filter picks, and whether it holds the runs; in the order of `entries`."""
    entry = entries(dialect, names).subquery().c.entry
    return select(entry, holds(dialect, entry, range(runs)).label("held")).order_by(entry.desc())


@lru_cache(COMBINATIONS)
def _ask(dialect: str, names: Names, doubted: tuple[int, ...]) -> Select[int]:
    """Of the first ``most`` entries older than ``before`` that the index proposes, ``count`` that match the filter and hold the runs."""
    found = proposed(dialect)
    entry = found.selected_columns.entry
    conditions = matches(entry, names) + ([holds(dialect, entry, doubted)] if doubted else [])
    if conditions:
        conditions.append(entry >= func.coalesce(_at_most(found).correlate(None).scalar_subquery(), 0))
    return found.where(entry < bindparam("before"), *conditions).order_by(entry.desc()).limit(bindparam("count"))


@lru_cache(2)
def _last(dialect: str) -> Select[int]:
    """The last of the ``most`` entries older than ``before`` that the index proposes, if there are so many."""
    return _at_most(proposed(dialect))


def _at_most(found: Select[int]) -> Select[int]:
    entry = found.selected_columns.entry
    return found.where(entry < bindparam("before")).order_by(entry.desc()).limit(1).offset(bindparam("most") - 1)
