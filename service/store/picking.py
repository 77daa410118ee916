"""Which entries of the catalogue a filter picks, the newest first.

The statement for each combination of filters is made once: making it takes longer than the answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, bindparam, exists, func, select

from models.matched import UNKNOWN
from service.store.database import SQLITE
from service.store.reviewed import ReviewedState
from service.store.schema import CATALOGUE, CATALOGUE_OWNERS, CATALOGUE_RULES
from service.store.writing import Values

COMBINATIONS: Final = 1024
"""Of filters, whose statements are kept; there are as many."""

Names: TypeAlias = tuple[str, ...]
"""Of filters that are asked for, most selective first."""

_BY_SELECTIVITY: Final = ("document", "unit", "year", "template", "kind", "reviewed", "review", "state")

FORM_COLUMNS: Final[Mapping[str, Column[Any]]] = {each.name: each for each in (CATALOGUE.c[name] for name in _BY_SELECTIVITY)}
"""What filters compare, by their names, most selective first."""

HEADINGS: Final = {"owner": (CATALOGUE_OWNERS, CATALOGUE_OWNERS.c.user), "finding": (CATALOGUE_RULES, CATALOGUE_RULES.c.rule)}
"""The tables that file entries below what is asked for, by the filters' names, most selective first."""


@dataclass(frozen=True, slots=True)
class Page:
    """What is to be picked: the first ``count`` entries below ``before`` that match ``values``, what is asked for by name."""

    values: Values
    before: int
    count: int


@dataclass(frozen=True, slots=True)
class Picked:
    """Entries, the highest first.

    Attributes:
        entries: as many as were asked for, or more; fewer where there are no more, or `rest` tells that not all were looked at.
        rest: entries below this one were not looked at; 0 where all were, or there are enough without them.
    """

    entries: list[int]
    rest: int = 0


def newest(connection: Connection, page: Page) -> Picked:
    """A page of all that the filter picks."""
    query = entries(connection.dialect.name, tuple(page.values))
    return Picked(list(connection.scalars(query, {**page.values, "before": page.before, "count": page.count})))


def by_selectivity(values: Values) -> Values:
    """``values``, most selective first: a unit has fewer forms than an owner; few are of unknown kind, and fewer were sent back."""
    few = {"reviewed": ReviewedState.RETURNED, "kind": UNKNOWN}
    first = ("document", "unit", *(name for name, value in few.items() if values.get(name) == value))
    return dict(sorted(values.items(), key=lambda each: each[0] not in first))


@lru_cache(COMBINATIONS)
def entries(dialect: str, names: Names) -> Select[int]:
    """The first ``count`` entries older than ``before`` that match what is asked for, the newest first."""
    conditions = equal(FORM_COLUMNS, names)
    filed = _filed(names)
    if not filed or names[0] in FORM_COLUMNS:
        conditions += [exists().where(table.c.entry == CATALOGUE.c.id, heading == bindparam(name)) for name, table, heading in filed]
        query = select(CATALOGUE.c.id.label("entry")).where(*steered(dialect, conditions)).order_by(CATALOGUE.c.id.desc())
        return query.where(CATALOGUE.c.id < bindparam("before")).limit(bindparam("count"))
    (name, table, heading), *others = filed
    conditions += [exists().where(other.c.entry == CATALOGUE.c.id, column == bindparam(also)) for also, other, column in others]
    query = select(table.c.entry).join(CATALOGUE, CATALOGUE.c.id == table.c.entry).where(heading == bindparam(name))
    query = query.where(table.c.entry < bindparam("before"), *steered(dialect, conditions, steered=True))
    return query.order_by(table.c.entry.desc()).limit(bindparam("count"))


def _filed(names: Names) -> list[tuple[str, Table, Column[str]]]:
    """The filters that tables file entries below, with table and column."""
    return [(name, *HEADINGS[name]) for name in names if name in HEADINGS]


def equal(columns: Mapping[str, Column[Any]], names: Names) -> list[ColumnElement[bool]]:
    """What is asked of ``columns``, in the order of ``names``."""
    return [columns[name] == bindparam(name) for name in names if name in columns]


def steered(dialect: str, conditions: list[ColumnElement[bool]], *, steered: bool = False) -> list[ColumnElement[bool]]:
    """``conditions``, most selective first, for SQLite, which counts no values, to take the index of the first or (``steered``) none."""
    if dialect != SQLITE:
        return conditions
    first = 0 if steered else 1
    return [*conditions[:first], *(func.likely(condition) for condition in conditions[first:])]


def matches(entry: ColumnElement[int], names: Names) -> list[ColumnElement[bool]]:
    """The conditions that ``entry`` matches what is asked for; none where nothing is."""
    conditions: list[ColumnElement[bool]] = []
    for name, table, heading in _filed(names):
        conditions.append(exists().where(table.c.entry == entry, heading == bindparam(name)))
    if compared := equal(FORM_COLUMNS, names):
        conditions.append(exists().where(CATALOGUE.c.id == entry, *compared))
    return conditions
