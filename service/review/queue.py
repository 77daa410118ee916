"""The forms that concern a person: lists, counts, and the next free one, which nobody else gets for a while.

Every list and every choice runs along an index in the order that is asked for; a page goes on behind the last entry of the page before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, exists, func, or_, select, tuple_, update

from models.errors import TakenError, UsageError
from service.store.database import SQLITE
from service.store.opening import Store
from service.store.reviews import ReviewState, review_key, review_of
from service.store.schema import FORMS, REVIEW_RULES, REVIEWS
from service.store.writing import Record, now, plain

MINUTES: Final = 15
"""How long a form stays with who took it, unless he keeps it; a form takes two minutes, a hard one ten."""

MOST_ROWS: Final = 500
"""Of one page."""

_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class Order(StrEnum):
    """Which form comes first."""

    MOST_DOUBTFUL = "most_doubtful"
    """With the most fields and findings that wait; of as many, the oldest."""
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which forms; what is None is not asked.

    Attributes:
        state: how far people have come.
        year: of path or form.
        unit: of path or form, to the letter.
        kind: ``self_evaluation``, ``performance_target`` or ``unknown``.
        finding: id of a rule with an open finding.
        order: which comes first.
    """

    state: ReviewState = ReviewState.WAITING
    year: int | None = None
    unit: str | None = None
    kind: str | None = None
    finding: str | None = None
    order: Order = Order.MOST_DOUBTFUL


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form as the queue shows it.

    Attributes:
        document: SHA-256 of the original, hex.
        number: of the form, from 1.
        version: of its record.
        state: how far people have come.
        open: how many fields and findings wait.
        since: when it came into this state, ISO 8601.
        year: of path or form; None where neither tells.
        unit: of path or form; empty where neither tells.
        kind: of the form.
        project: its name, cut at 200 characters.
        editor: who changed it last; empty where nobody did.
        taken_by: who works on it; empty where nobody does.
        taken_until: when that ends by itself, ISO 8601; empty where nobody does.
    """

    document: str
    number: int
    version: int
    state: ReviewState
    open: int
    since: str
    year: int | None
    unit: str
    kind: str
    project: str
    editor: str
    taken_by: str
    taken_until: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue.

    Attributes:
        items: in the order that was asked for.
        next: the last of them where more follow, for the next page; None where none do.
    """

    items: tuple[Waiting, ...]
    next: Waiting | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How much there is in one state: forms, the fields and findings that wait in them, and how many forms somebody works on."""

    forms: int
    open: int
    taken: int


def waiting_forms(store: Store, wanted: Wanted, after: Waiting | None = None, limit: int = 50) -> Page:
    """A page of the queue.

    Args:
        store: where it is.
        wanted: which, in which order.
        after: `Page.next` of the page before; None for the first.
        limit: how many at most.

    Raises:
        UsageError: ``limit`` makes no sense.
        StoreError: the database cannot be read.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"A page of {limit} rows is not possible.", f"Ask for 1 to {MOST_ROWS}.")
    with store.database.reading() as connection:
        keys = connection.execute(_picked(connection, wanted, after).limit(limit + 1)).all()
        items = _shown(connection, keys[:limit])
    return Page(items, items[-1] if len(keys) > limit else None)


def taken_forms(store: Store, user: str | None = None) -> tuple[Waiting, ...]:
    """The forms that somebody works on, or ``user`` alone; those that end first first."""
    mine = [REVIEWS.c.taken_by == plain(user)] if user is not None else []
    with store.database.reading() as connection:
        held = select(REVIEWS.c.document, REVIEWS.c.form).where(REVIEWS.c.taken_until > now(), *mine).order_by(REVIEWS.c.taken_until)
        return _shown(connection, connection.execute(held).all())


def tallies(store: Store) -> dict[ReviewState, Tally]:
    """How much there is in each state."""
    counted = (func.count(), func.coalesce(-func.sum(REVIEWS.c.rank), 0))  # what `reviews_by_rank` holds
    with store.database.reading() as connection:
        rows = connection.execute(select(REVIEWS.c.state, *counted).group_by(REVIEWS.c.state)).all()
        held = select(REVIEWS.c.state, func.count()).where(REVIEWS.c.taken_until > now()).group_by(REVIEWS.c.state)
        taken = {row[0]: row[1] for row in connection.execute(held)}
    found = {row[0]: Tally(row[1], int(row[2]), taken.get(row[0], 0)) for row in rows}
    return {state: found.get(state, Tally(0, 0, 0)) for state in ReviewState}


def next_form(
    store: Store, user: str, wanted: Wanted, *, two_people: bool = False, passed: Sequence[tuple[str, int]] = ()
) -> Waiting | None:
    """The first form that nobody works on, taken by ``user`` for `MINUTES`; None where there is none. Two people never get the same.

    Args:
        store: where the queue is.
        user: who asks.
        wanted: which, in which order.
        two_people: leave out what only waits for an approval that ``user`` may not give, since he changed it last.
        passed: documents and numbers of forms that he does not want now.

    Raises:
        StoreError: the database cannot be read or written.
    """
    with store.database.writing() as connection:
        free = [REVIEWS.c.taken_until < now(), *(~review_key(*each) for each in passed)]
        if two_people:
            free.append(or_(REVIEWS.c.open > 0, REVIEWS.c.editor != plain(user)))
        found = connection.execute(_picked(connection, wanted, None, free).limit(1).with_for_update(skip_locked=True, of=REVIEWS)).first()
        if found is None:
            return None
        _take(connection, found.document, found.form, user, now())
        return _shown(connection, [found])[0]


def take(store: Store, document: str, number: int, user: str) -> Waiting:
    """Take one form for `MINUTES`, or keep it for as long again.

    Raises:
        TakenError: somebody else works on it.
        UsageError: it concerns nobody.
        StoreError: the database cannot be read or written.
    """
    with store.database.writing() as connection:
        found = connection.execute(select(REVIEWS).where(review_key(document, number)).with_for_update()).one_or_none()
        if found is None:
            raise UsageError("There is no such form, or it waits for nobody.", "Look at the queue as it is now.")
        if found.taken_by not in ("", plain(user)) and found.taken_until > now():
            raise TakenError(f"{found.taken_by} works on this form until {found.taken_until}.", "Take another one.")
        since = found.taken_at if found.taken_by == plain(user) and found.taken_until > now() else now()
        _take(connection, document, number, user, since)
        return _shown(connection, [found])[0]


def keep(store: Store, document: str, number: int, user: str) -> Waiting:
    """Keep a form for another `MINUTES`; whoever works on it says so from time to time. As `take`."""
    return take(store, document, number, user)


def give_back(store: Store, document: str, number: int, user: str) -> bool:
    """Let others have a form that ``user`` works on; whether he did."""
    mine = and_(review_key(document, number), REVIEWS.c.taken_by == plain(user))
    with store.database.writing() as connection:
        return connection.execute(update(REVIEWS).where(mine).values(taken_by="", taken_until="", taken_at="")).rowcount == 1


def state_of(store: Store, document: str, number: int) -> Waiting | None:
    """One form as the queue shows it; None where it concerns nobody."""
    with store.database.reading() as connection:
        found = review_of(connection, document, number)
        return _shown(connection, [found])[0] if found is not None else None


def _take(connection: Connection, document: str, number: int, user: str, since: str) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=MINUTES)).strftime(_TIME)
    taken = {"taken_by": plain(user), "taken_until": until, "taken_at": since}
    connection.execute(update(REVIEWS).where(review_key(document, number)).values(taken))


def _picked(
    connection: Connection, wanted: Wanted, after: Waiting | None, conditions: Sequence[ColumnElement[bool]] = ()
) -> Select[*tuple[Any, ...]]:
    """Keys of entries in the order of ``wanted``, behind ``after``, along an index that begins with the narrowest of its conditions."""
    by_rule = wanted.finding is not None and wanted.unit is None
    source: Table = REVIEW_RULES if by_rule else REVIEWS
    order, steered = _order(source, wanted.order), _unindexed(connection)
    query = select(source.c.document, source.c.form)
    state = source.c.state == wanted.state
    narrowed = [(REVIEWS.c.unit, wanted.unit), (REVIEWS.c.year, wanted.year), (REVIEWS.c.kind, wanted.kind)]
    asked = [column == value for column, value in narrowed if value is not None]
    if by_rule:
        query = query.join(REVIEWS, _same_form(source)).where(source.c.rule == wanted.finding, state, *map(steered, asked))
    elif wanted.finding is not None:
        broken = exists().where(REVIEW_RULES.c.rule == wanted.finding, _same_form(REVIEW_RULES))
        query = query.where(asked[0], steered(state), *map(steered, asked[1:]), broken)
    else:
        query = query.where(*asked[:1], steered(state) if wanted.unit is not None else state, *map(steered, asked[1:]))
    query = query.where(*map(steered, conditions))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*_place(after, wanted.order)))
    few = wanted.unit is not None  # a unit has so few that they are sorted sooner than found by their order
    return query.order_by(*(map(steered, order) if few else order))


def _same_form(source: Table) -> ColumnElement[bool]:
    return and_(REVIEWS.c.document == source.c.document, REVIEWS.c.form == source.c.form)


def _unindexed(connection: Connection) -> Callable[[ColumnElement[Any]], ColumnElement[Any]]:
    """For conditions and orders along which SQLite, which counts no values, shall take no index."""
    return func.likely if connection.dialect.name == SQLITE else lambda asked: asked


def _order(source: Table, order: Order) -> tuple[Column[Any], ...]:
    oldest = (source.c.entered_at, source.c.document, source.c.form)
    return (source.c.rank, *oldest) if order is Order.MOST_DOUBTFUL else oldest


def _place(entry: Waiting, order: Order) -> tuple[object, ...]:
    oldest = (entry.since, entry.document, entry.number)
    return (-entry.open, *oldest) if order is Order.MOST_DOUBTFUL else oldest


def _shown(connection: Connection, keys: Sequence[Record]) -> tuple[Waiting, ...]:
    """The entries of ``keys``, in their order."""
    if not keys:
        return ()
    asked = [(key.document, key.form) for key in keys]
    joined = select(REVIEWS, FORMS.c.version, FORMS.c.project).join(
        FORMS, and_(FORMS.c.document == REVIEWS.c.document, FORMS.c.number == REVIEWS.c.form)
    )
    rows = connection.execute(joined.where(REVIEWS.c.document.in_({document for document, _ in asked})))  # SQLite scans for pairs
    found = {(row.document, row.form): row for row in rows}
    return tuple(_waiting(found[key]) for key in asked if key in found)


def _waiting(row: Record) -> Waiting:
    held = row.taken_until > now()
    return Waiting(
        document=row.document,
        number=row.form,
        version=row.version,
        state=ReviewState(row.state),
        open=row.open,
        since=row.entered_at,
        year=row.year,
        unit=row.unit,
        kind=row.kind,
        project=row.project,
        editor=row.editor,
        taken_by=row.taken_by if held else "",
        taken_until=row.taken_until if held else "",
    )
