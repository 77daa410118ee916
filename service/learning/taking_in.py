"""Approved forms become lessons, lessons are added up: what was done since the last time, so that figures never wait for an archive.

The history of corrections says what is new: its rows are numbered without a gap in the order in which they were committed. An approval
that was undone is taken back from the tallies by what it had added.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from layouts.template_file import builtin_templates
from models.errors import StoreDamagedError
from models.template import Template
from service.document_json import parse_form
from service.learning.comparing import Source
from service.learning.lesson import Approved, Counted, Lesson, lesson_of
from service.review.decider import earlier_record
from service.review.steps import Taken, counting, steps_of
from service.store.database import SQLITE
from service.store.history import head_of
from service.store.opening import Store
from service.store.pages import page_content
from service.store.reviews import ReviewState, review_of
from service.store.saving import form_key
from service.store.schema import CORRECTIONS, FORMS, LEARNING, LESSONS, TALLIES
from service.store.writing import Record, insert_new, put

AT_ONCE: Final = 100
"""Corrections that are looked at in one transaction: some twenty forms, half a second."""

_ONLY_ROW: Final = 1
_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final[msgspec.json.Decoder[list[Counted]]] = msgspec.json.Decoder(list[Counted])


class _PageKind(msgspec.Struct):
    """The little of a `PageContent` that is asked for here; all else is skipped unread."""

    bilevel: bool = False
    from_text: bool = False


_PAGES: Final = msgspec.msgpack.Decoder(_PageKind)


_Changes: TypeAlias = dict[tuple[str, str, str], tuple[int, int]]
"""By period, subject and name: how many more, and how many more wrong."""


@dataclass(frozen=True, slots=True)
class _Taught:
    """A lesson with its row of `LESSONS`."""

    row: Mapping[str, object]
    counted: tuple[Counted, ...]


def take_in(store: Store, most: int = AT_ONCE) -> int:
    """Learn from what people did since the last time; how many corrections are still to be looked at.

    Several processes may do so at once: one of them adds up, the others come away empty-handed.

    Args:
        store: where forms were approved.
        most: corrections to be looked at now.

    Raises:
        StoreError: the store cannot be read or written.
    """
    with store.database.reading() as connection:
        begun, end = _reached(connection), head_of(connection).length
        new = CORRECTIONS.c.id.between(begun + 1, begun + most)
        rows = connection.execute(select(CORRECTIONS.c.id, CORRECTIONS.c.document, CORRECTIONS.c.form).where(new)).all()
    touched = dict.fromkeys((row.document, row.form) for row in rows)
    if not touched:
        return 0
    taught = {key: _taught(store, *key) for key in touched}
    reached = int(max(row.id for row in rows))
    with store.database.writing() as connection:
        insert_new(connection, LEARNING, {"id": _ONLY_ROW, "corrections": 0})
        kept = select(LEARNING.c.corrections).with_for_update()
        if connection.scalar(kept) == begun:
            _add_up(connection, taught)
            connection.execute(update(LEARNING).values(corrections=reached))
    return end - reached


def behind(connection: Connection) -> int:
    """How many corrections `take_in` has not looked at."""
    return head_of(connection).length - _reached(connection)


def _reached(connection: Connection) -> int:
    row = connection.execute(select(LEARNING.c.corrections)).one_or_none()
    return int(row.corrections) if row is not None else 0


def _taught(store: Store, document: str, number: int) -> _Taught | None:
    """What a form teaches as it stands; None where it is not approved."""
    with store.database.reading() as connection:
        review = review_of(connection, document, number)
        row = connection.execute(select(FORMS).where(form_key(document, number))).one_or_none()
        if review is None or row is None or review.state != ReviewState.APPROVED:
            return None
        steps = steps_of(connection, document, number)
        earlier = earlier_record(connection, document, number, steps[0].version - 1) if steps else ""
    first, form = parse_form(earlier) if earlier else None, parse_form(row.record)
    changes = tuple(made.change for step in counting(steps) for made in step.changes)
    sources = _sources(store, row, (*form.pages, *(first.pages if first is not None else ())))
    lesson = lesson_of(Approved(first, form, changes, sources, review.drawn), _TEMPLATES.get(form.template))
    return _Taught(_lesson_row(row, review, steps, lesson), lesson.counted)


_TEMPLATES: Final[Mapping[str, Template]] = {template.name: template for template in builtin_templates()}


def _lesson_row(row: Record, review: Record, steps: tuple[Taken, ...], lesson: Lesson) -> dict[str, object]:
    at = steps[-1].at if steps else review.entered_at
    return {
        "document": row.document,
        "form": row.number,
        "version": row.version,
        "at": at,
        "seconds": review.held,
        "drawn": review.drawn,
        "accepted": lesson.accepted,
        "wrong": lesson.wrong,
        "counted": _ENCODER.encode(lesson.counted).decode(),
    }


def _sources(store: Store, row: Record, pages: Sequence[int]) -> dict[int, Source]:
    """What ``pages`` of a form were read from."""
    return {page: _source(store, row.document, page, row.pipeline) for page in set(pages)}


def _source(store: Store, document: str, page: int, pipeline: str) -> Source:
    try:
        content = page_content(store, document, page, pipeline)
        kind = _PAGES.decode(content) if content is not None else None
    except (StoreDamagedError, msgspec.DecodeError):
        return Source.UNKNOWN
    if kind is None:
        return Source.UNKNOWN
    return Source.TEXT if kind.from_text else Source.BILEVEL if kind.bilevel else Source.GREY


def _add_up(connection: Connection, taught: Mapping[tuple[str, int], _Taught | None]) -> None:
    """Put the lessons in place of earlier ones of the same forms, in `LESSONS` and in `TALLIES`."""
    changes: _Changes = {}
    for (document, number), lesson in taught.items():
        key = (LESSONS.c.document == document, LESSONS.c.form == number)
        old = connection.execute(select(LESSONS.c.at, LESSONS.c.counted).where(*key)).one_or_none()
        if old is not None:
            connection.execute(delete(LESSONS).where(*key))
            _sum(changes, old.at, _DECODER.decode(old.counted), -1)
        if lesson is not None:
            put(connection, LESSONS, lesson.row)
            _sum(changes, str(lesson.row["at"]), lesson.counted, 1)
    _write_tallies(connection, changes)


def _write_tallies(connection: Connection, changes: _Changes) -> None:
    rows = [
        {"period": key[0], "subject": key[1], "name": key[2], "count": count, "wrong": wrong} for key, (count, wrong) in changes.items()
    ]
    if not rows:
        return
    insert = (sqlite.insert if connection.dialect.name == SQLITE else postgresql.insert)(TALLIES)
    sums = {name: TALLIES.c[name] + insert.excluded[name] for name in ("count", "wrong")}
    connection.execute(insert.on_conflict_do_update(index_elements=list(TALLIES.primary_key), set_=sums), rows)
    less = [{"on": period, "of": subject, "called": name} for (period, subject, name), (count, _) in changes.items() if count < 0]
    mine = (TALLIES.c.subject == bindparam("of"), TALLIES.c.name == bindparam("called"), TALLIES.c.period == bindparam("on"))
    if less:
        connection.execute(delete(TALLIES).where(*mine, TALLIES.c.count == 0), less)


def _sum(changes: _Changes, at: str, counted: Sequence[Counted], sign: int) -> None:
    for subject, name, count, wrong in counted:
        for period in (day_of(at), month_of(at)):
            key = (period, subject, name)
            so_far = changes.get(key, (0, 0))
            changes[key] = (so_far[0] + sign * count, so_far[1] + sign * wrong)


def day_of(at: str) -> str:
    """The day of a moment or day, as `TALLIES` names it."""
    return f"d{at[:10]}"


def month_of(at: str) -> str:
    """The month of a moment or day, as `TALLIES` names it."""
    return f"m{at[:7]}"
