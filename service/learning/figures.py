"""The figures of a time: how much people have to do, how good the machine is, and what people correct."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Float, cast, exists, func, or_, select

from models.errors import UsageError
from service.learning.lesson import ACCEPTED, SEPARATOR, Subject
from service.learning.rates import Cluster, Rate, clustered_rate, rate
from service.learning.taking_in import behind, day_of, month_of
from service.store.opening import Store
from service.store.schema import CATALOGUE, DOCUMENTS, LESSONS, REVIEWS, TALLIES

MOST_SECONDS: Final = 3600.0
"""Somebody who takes longer over a form was called away."""

_DAY: Final = dt.timedelta(days=1)

LONGEST: Final = 30
"""Entries of a list that has no end, such as which character is taken for which."""


@dataclass(frozen=True, slots=True)
class Month:
    """Of the documents that came in a month (``2024-03``): their forms, and those that no person had to touch."""

    month: str
    untouched: Rate


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How often the machine was wrong about what is called ``name``.

    Attributes:
        name: a field (``project_name``, ``funds.executed``), a template, or a `Source`.
        wrong: of all that it read.
        accepted: of what it asked nobody about.
    """

    name: str
    wrong: Rate
    accepted: Rate


@dataclass(frozen=True, slots=True)
class Checks:
    """What the random checks of clear forms say, and they alone.

    Attributes:
        waiting: forms that were drawn and that nobody has approved yet.
        forms: that were drawn and approved, with those of which a field was wrong.
        fields: that were accepted on them; its interval allows for fields of one form going wrong together.
    """

    waiting: int
    forms: Rate
    fields: Rate


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long people have held a form until it was approved; forms that took longer than `MOST_SECONDS` are left out.

    Attributes:
        forms: how many were timed.
        median: half took no longer; 0 where none was timed.
        slow: nine of ten took no longer.
    """

    forms: int
    median: float
    slow: float


@dataclass(frozen=True, slots=True)
class Confusion:
    """``count`` times the character ``read`` was read where ``printed`` stands; ∅ for one that was lost or made up."""

    read: str
    printed: str
    count: int


@dataclass(frozen=True, slots=True)
class Named:
    """How often something was met."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a time.

    Attributes:
        first: its first day.
        last: its last day.
        months: of the documents that came then, month by month.
        untouched: the same together.
        approved: forms that were approved then, with those of which any field was read wrong.
        arranged: how many more were approved that people had put together anew, so that no field can be compared.
        behind: corrections that are not counted yet.
        checks: of forms that were approved then.
        seconds: of forms that were approved then.
        fields: by field, those that were wrong most often first.
        templates: by template.
        sources: by what the page was read from.
        slips: kinds of change, the most frequent first.
        confusions: characters, the most frequent first.
        closed: rules whose findings were closed as wrong on paper, the most frequent first.
    """

    first: dt.date
    last: dt.date
    months: tuple[Month, ...]
    untouched: Rate
    approved: Rate
    arranged: int
    behind: int
    checks: Checks
    seconds: Seconds
    fields: tuple[Accuracy, ...]
    templates: tuple[Accuracy, ...]
    sources: tuple[Accuracy, ...]
    slips: tuple[Named, ...]
    confusions: tuple[Confusion, ...]
    closed: tuple[Named, ...]


def figures(store: Store, first: dt.date, last: dt.date) -> Figures:
    """The figures from ``first`` to ``last``, both days counted, UTC. They are of what `take_in` has taken in.

    Raises:
        UsageError: the time ends before it begins.
        StoreError: the database cannot be read.
    """
    if last < first:
        raise UsageError(f"{last} is before {first}.", "Give the first day first.")
    with store.database.reading() as connection:
        return _figures(connection, first, last)


def _figures(connection: Connection, first: dt.date, last: dt.date) -> Figures:
    tallies = _tallies(connection, first, last)
    months = _months(connection, first, last)
    forms = tallies.get(Subject.FORM, {}).values()
    accuracy = tallies.get(Subject.FIELD, {})
    return Figures(
        first=first,
        last=last,
        months=months,
        untouched=rate(sum(each.untouched.count for each in months), sum(each.untouched.hits for each in months)),
        approved=rate(sum(count for count, _ in forms), sum(wrong for _, wrong in forms)),
        arranged=sum(count for count, _ in tallies.get(Subject.ARRANGED, {}).values()),
        behind=behind(connection),
        checks=_checks(connection, first, last),
        seconds=_seconds(connection, first, last),
        fields=_accuracies(accuracy, 1),
        templates=_accuracies(accuracy, 0),
        sources=_accuracies(accuracy, 2),
        slips=_most(tallies.get(Subject.SLIP, {})),
        confusions=tuple(map(_confusion, _most(tallies.get(Subject.CONFUSION, {})))),
        closed=_most(tallies.get(Subject.CLOSED, {})),
    )


_Tally = Mapping[str, tuple[int, int]]
"""How many and how many wrong, by name."""


def _tallies(connection: Connection, first: dt.date, last: dt.date) -> dict[str, dict[str, tuple[int, int]]]:
    """What was counted within the time, by subject and name; readings by their confidence are for calibrating alone."""
    wanted = [subject.value for subject in Subject if subject is not Subject.SURE]
    sums = (func.sum(TALLIES.c.count), func.sum(TALLIES.c.wrong))
    within = (TALLIES.c.subject.in_(wanted), or_(*(TALLIES.c.period.between(*span) for span in spans(first, last))))
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for subject, name, count, wrong in connection.execute(
        select(TALLIES.c.subject, TALLIES.c.name, *sums).where(*within).group_by(TALLIES.c.subject, TALLIES.c.name)
    ):
        found.setdefault(subject, {})[name] = (int(count), int(wrong))
    return found


def spans(first: dt.date, last: dt.date) -> tuple[tuple[str, str], ...]:
    """The periods of `TALLIES`, first and last of each run, that make up a time: whole months, and the days before and behind them."""
    whole = first if first.day == 1 else _after(first)
    begun = last.replace(day=1)
    ends = last.month != (last + _DAY).month if last < dt.date.max else True
    until = last if ends else begun - _DAY if begun > dt.date.min else None
    if until is None or whole is None or whole > until:
        return ((day_of(first.isoformat()), day_of(last.isoformat())),)
    found = [(month_of(whole.isoformat()), month_of(until.isoformat()))]
    if first < whole:
        found.append((day_of(first.isoformat()), day_of((whole - _DAY).isoformat())))
    if not ends:
        found.append((day_of(begun.isoformat()), day_of(last.isoformat())))
    return tuple(found)


def _after(day: dt.date) -> dt.date | None:
    """The first day of the month after that of ``day``; None behind the last there is."""
    if (day.year, day.month) == (dt.date.max.year, dt.date.max.month):
        return None
    return (day.replace(day=1) + 31 * _DAY).replace(day=1)


def _months(connection: Connection, first: dt.date, last: dt.date) -> tuple[Month, ...]:
    """A form that was drawn to be checked needed nobody; one that a person corrected though it was clear did."""
    since, until = _moments(first, last)
    touched = exists().where(REVIEWS.c.document == CATALOGUE.c.document, REVIEWS.c.form == CATALOGUE.c.form, REVIEWS.c.drawn == 0)
    month = func.substr(DOCUMENTS.c.added_at, 1, 7)
    within = DOCUMENTS.c.added_at.between(since, until)
    query = select(month, touched, func.count()).join(CATALOGUE, CATALOGUE.c.document == DOCUMENTS.c.sha256).where(within)
    found: dict[str, dict[bool, int]] = {}
    for name, needed, count in connection.execute(query.group_by(month, touched)):
        found.setdefault(name, {})[bool(needed)] = count
    return tuple(Month(name, rate(sum(counts.values()), counts.get(False, 0))) for name, counts in sorted(found.items()))


def _checks(connection: Connection, first: dt.date, last: dt.date) -> Checks:
    since, until = _moments(first, last)
    within = (LESSONS.c.drawn > 0, LESSONS.c.at.between(since, until))
    rows = connection.execute(select(LESSONS.c.accepted, LESSONS.c.wrong, LESSONS.c.drawn).where(*within)).all()
    waiting = connection.scalar(select(func.count()).select_from(REVIEWS).where(REVIEWS.c.drawn > 0, REVIEWS.c.state != "approved"))
    fields = clustered_rate([Cluster(row.accepted, row.wrong, 1 / row.drawn) for row in rows])
    return Checks(waiting or 0, rate(len(rows), sum(row.wrong > 0 for row in rows)), fields)


def _seconds(connection: Connection, first: dt.date, last: dt.date) -> Seconds:
    since, until = _moments(first, last)
    timed = (LESSONS.c.seconds.between(0, MOST_SECONDS), LESSONS.c.at.between(since, until))
    count = connection.scalar(select(func.count()).select_from(LESSONS).where(*timed)) or 0
    if not count:
        return Seconds(0, 0.0, 0.0)
    ranked = select(cast(LESSONS.c.seconds, Float)).where(*timed).order_by(LESSONS.c.seconds).limit(1)
    median, slow = (connection.scalar(ranked.offset(int(part * (count - 1)))) or 0.0 for part in (0.5, 0.9))
    return Seconds(count, median, slow)


def _accuracies(tally: _Tally, part: int) -> tuple[Accuracy, ...]:
    """The fields together that have the same ``part`` of their names; the most often wrong first."""
    sums: dict[str, list[int]] = {}
    for name, (count, wrong) in tally.items():
        parts = name.split(SEPARATOR)
        told = sums.setdefault(parts[part], [0, 0, 0, 0])
        accepted = parts[3] == ACCEPTED
        for place, more in enumerate((count, wrong, count * accepted, wrong * accepted)):
            told[place] += more
    found = [Accuracy(name, rate(told[0], told[1]), rate(told[2], told[3])) for name, told in sums.items()]
    return tuple(sorted(found, key=lambda each: (-each.wrong.hits, -each.wrong.count, each.name)))


def _most(tally: _Tally) -> tuple[Named, ...]:
    named: Iterable[Named] = (Named(name, count) for name, (count, _) in tally.items())
    return tuple(sorted(named, key=lambda each: (-each.count, each.name))[:LONGEST])


def _confusion(named: Named) -> Confusion:
    read, _, printed = named.name.partition(SEPARATOR)
    return Confusion(read, printed, named.count)


def _moments(first: dt.date, last: dt.date) -> tuple[str, str]:
    """What no moment of a time is before, and none behind, as the store writes them: letters are behind digits."""
    return first.isoformat(), f"{last.isoformat()}Z"
