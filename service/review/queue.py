"""The forms that concern a person: lists, counts, and the next free one, which nobody else gets for a while."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, or_, select, update

from models.errors import TakenError, UsageError
from service.review.picking import picked, place_behind, searched, word_of
from service.review.queued import Page, Tally, Waiting, Wanted
from service.store.opening import Store
from service.store.reviews import ReviewState, review_key, review_of
from service.store.schema import FORMS, REVIEWS
from service.store.search import asked
from service.store.writing import Record, now, plain, stamp

MINUTES: Final = 15
"""How long a form stays with who took it, unless he keeps it; a form takes two minutes, a hard one ten."""

MOST_ROWS: Final = 500
"""Of one page."""

_TRIED: Final = 20
"""Forms that hold the words, of which the next one is the first that nobody else is just about to take."""


def waiting_forms(store: Store, wanted: Wanted, after: str = "", limit: int = 50) -> Page:
    """A page of the queue.

    Args:
        store: where it is.
        wanted: which, in which order.
        after: `Page.next` of the page before, in the same order; empty for the first.
        limit: how many at most.

    Raises:
        UsageError: ``after``, ``limit`` or ``wanted.text`` makes no sense.
        StoreError: the database cannot be read.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise UsageError(f"A page of {limit} rows is not possible.", f"Ask for 1 to {MOST_ROWS}.")
    behind, runs = place_behind(after, wanted.order), asked(wanted.text)
    if wanted.text.strip() and not runs:  # nothing but punctuation, which no form is searched for
        return Page((), "")
    with store.database.reading() as connection:
        if runs:
            found: Sequence[Record] = searched(connection, wanted, runs, behind, limit + 1)
        else:
            found = connection.execute(picked(connection, wanted, behind).limit(limit + 1)).all()
        items = _shown(connection, found[:limit])
    return Page(items, word_of(found[limit - 1]) if len(found) > limit else "")


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

    Where ``user`` has keyed all that a form waits for, it is another's.

    Args:
        store: where the queue is.
        user: who asks.
        wanted: which, in which order.
        two_people: leave out what only waits for an approval that ``user`` may not give, since he changed it last.
        passed: documents and numbers of forms that he does not want now.

    Raises:
        UsageError: ``wanted.text`` makes no sense.
        StoreError: the database cannot be read or written.
    """
    runs = asked(wanted.text)
    with store.database.writing() as connection:
        free = [REVIEWS.c.taken_until < now(), REVIEWS.c.keyer != plain(user), *(~review_key(*each) for each in passed)]
        if two_people:
            free.append(or_(REVIEWS.c.open > 0, REVIEWS.c.editor != plain(user)))
        if wanted.text.strip():
            keys = searched(connection, wanted, runs, None, _TRIED, conditions=free) if runs else []
            each = select(REVIEWS.c.document, REVIEWS.c.form).where(*free)
            tried = (_locked(connection, each.where(review_key(key.document, key.form))) for key in keys)
            found = next((one for one in tried if one is not None), None)
        else:
            found = _locked(connection, picked(connection, wanted, None, free))
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


def states_of(store: Store, forms: Sequence[tuple[str, int]]) -> tuple[Waiting, ...]:
    """Forms, by document and number, as the queue shows them; those that concern nobody are left out."""
    with store.database.reading() as connection:
        return _entries(connection, forms)


def state_of(store: Store, document: str, number: int) -> Waiting | None:
    """One form as the queue shows it; None where it concerns nobody."""
    with store.database.reading() as connection:
        found = review_of(connection, document, number)
        return _shown(connection, [found])[0] if found is not None else None


def _locked(connection: Connection, query: Select[*tuple[Any, ...]]) -> Record | None:
    """The first that ``query`` finds and nobody else is just about to take."""
    return connection.execute(query.limit(1).with_for_update(skip_locked=True, of=REVIEWS)).first()


def _take(connection: Connection, document: str, number: int, user: str, since: str) -> None:
    until = stamp(datetime.now(UTC) + timedelta(minutes=MINUTES))
    taken = {"taken_by": plain(user), "taken_until": until, "taken_at": since}
    connection.execute(update(REVIEWS).where(review_key(document, number)).values(taken))


def _shown(connection: Connection, keys: Sequence[Record]) -> tuple[Waiting, ...]:
    """The entries of ``keys``, in their order."""
    return _entries(connection, [(key.document, key.form) for key in keys])


def _entries(connection: Connection, forms: Sequence[tuple[str, int]]) -> tuple[Waiting, ...]:
    """The entries of ``forms``, in their order."""
    if not forms:
        return ()
    joined = select(REVIEWS, FORMS.c.version, FORMS.c.project).join(
        FORMS, and_(FORMS.c.document == REVIEWS.c.document, FORMS.c.number == REVIEWS.c.form)
    )
    rows = connection.execute(joined.where(REVIEWS.c.document.in_({document for document, _ in forms})))  # SQLite scans for pairs
    found = {(row.document, row.form): row for row in rows}
    return tuple(_waiting(found[key]) for key in forms if key in found)


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
        keyer=row.keyer,
        taken_by=row.taken_by if held else "",
        taken_until=row.taken_until if held else "",
    )
