"""Approved forms become lessons; what is undone is taken back."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.form import Review, Status
from service.learning.taking_in import take_in
from service.review import queue
from service.review.changes import Approve, Arrange, CloseFinding, Return, SetField, Undo
from service.review.queue import give_back, take
from service.store.opening import Store
from service.store.pages import keep_page
from service.store.schema import LESSONS, TALLIES
from service.store.writing import stamp
from tests.service.kept import COPIER, OFFICE
from tests.service.learning.samples import TEMPLATE, Desk, add_form, approve, form, number, read, taken
from tests.service.review.samples import add_sample

MACHINE = form({"year": read("2020"), "total_score": number("93", 1, Status.DOUBTFUL, 0.8333), "project_name": read("环保项目", 2)})
RIGHT = form({**MACHINE.fields, "total_score": number("98", 1, Status.CONFIRMED, 1.0)})
CHANGE = SetField("fields.total_score", "98")


def tallied(store: Store) -> dict[tuple[str, ...], tuple[int, int]]:
    """How many there were and how many wrong, by subject and the parts of the name, over all days."""
    with store.database.reading() as connection:
        rows = connection.execute(
            select(TALLIES.c.subject, TALLIES.c.name, TALLIES.c["count"], TALLIES.c.wrong).where(TALLIES.c.period.like("d%"))
        ).all()
    return {(subject, *name.split("\t")): (count, wrong) for subject, name, count, wrong in rows}


def test_an_approved_form_is_counted_by_field_by_slip_and_by_confidence(store: Store) -> None:
    approve(store, "a", MACHINE, RIGHT, CHANGE)
    assert take_in(store) == 0
    assert tallied(store) == {
        ("field", TEMPLATE, "year", "unknown", "accepted"): (1, 0),
        ("field", TEMPLATE, "total_score", "unknown", "asked"): (1, 1),
        ("field", TEMPLATE, "project_name", "unknown", "accepted"): (1, 0),
        ("slip", "digits"): (1, 1),
        ("confusion", "3", "8"): (1, 1),
        ("sure", "figure", "once", "0.8333", "0"): (1, 1),
        ("form", TEMPLATE): (1, 1),
    }


def test_what_is_not_approved_teaches_nothing(store: Store) -> None:
    Desk(store, add_form(store, "a", MACHINE)).does(RIGHT, CHANGE)
    Desk(store, add_form(store, "b", MACHINE)).does(MACHINE, Return())
    add_form(store, "c", MACHINE)
    assert take_in(store) == 0
    assert tallied(store) == {}


def test_an_approval_that_is_undone_is_taken_back_and_counts_again_with_the_next(store: Store) -> None:
    desk = Desk(store, add_form(store, "a", MACHINE))
    desk.does(MACHINE, Approve())
    take_in(store)
    assert tallied(store)["form", TEMPLATE] == (1, 0)
    desk.does(MACHINE, Undo(2))
    take_in(store)
    assert tallied(store) == {}
    with store.database.reading() as connection:
        assert connection.execute(select(LESSONS)).all() == []
    desk.does(RIGHT, CHANGE, Approve())
    take_in(store)
    assert tallied(store)["form", TEMPLATE] == (1, 1)


def test_it_goes_on_where_it_stopped_and_counts_nothing_twice(store: Store) -> None:
    for name in "abcd":
        approve(store, name, MACHINE, RIGHT, CHANGE)
    assert [take_in(store, 3) for _ in range(4)] == [5, 2, 0, 0]
    assert tallied(store)["form", TEMPLATE] == (4, 4)


def test_a_closed_finding_is_counted_by_its_rule(store: Store) -> None:
    approve(store, "a", MACHINE, MACHINE, CloseFinding("score_total", (), "3", ()), CloseFinding("score_total", (), "4", ()))
    take_in(store)
    assert tallied(store)["closed", "score_total"] == (2, 0)


def test_of_a_form_that_people_put_together_no_field_is_compared(store: Store) -> None:
    approve(store, "a", MACHINE, RIGHT, Arrange(TEMPLATE, ((1, 0),), ((1, 2),)))
    take_in(store)
    assert tallied(store) == {("arranged", TEMPLATE): (1, 0)}


def test_readings_that_were_accepted_tell_how_sure_they_were_only_where_the_form_was_drawn(store: Store) -> None:
    clear = form({"year": read("2020"), "total_score": number("98", 1, Status.CONFIRMED, 0.97)}, review=Review.CLEAR)
    approve(store, "a", clear, clear)
    approve(store, "b", clear, clear, share=1.0)
    take_in(store)
    assert {key: count for key, count in tallied(store).items() if key[0] == "sure"} == {("sure", "figure", "once", "0.9999", "1"): (1, 0)}


def test_the_page_tells_what_a_field_was_read_from(store: Store) -> None:
    for name in (OFFICE, COPIER):
        desk = Desk(store, add_sample(store, name, "6+a"))
        desk.does(RIGHT, Approve())
    take_in(store)
    assert {key[3] for key in tallied(store) if key[0] == "field"} == {"grey", "bilevel"}
    damaged = add_form(store, "c", MACHINE)
    keep_page(store, damaged, 1, "6+a", b"nonsense")
    Desk(store, damaged).does(RIGHT, CHANGE, Approve())
    take_in(store)
    assert {key[3] for key in tallied(store) if key[0] == "field"} == {"grey", "bilevel", "unknown"}


def test_a_form_is_timed_from_when_it_was_taken(store: Store) -> None:
    sha256 = add_form(store, "a", MACHINE)
    take(store, sha256, 1, "甲")
    taken(store, sha256, "2024-03-01T08:00:00.000000Z")
    take(store, sha256, 1, "甲")  # he keeps it
    Desk(store, sha256).does(RIGHT, CHANGE)
    Desk(store, sha256, 2).does(RIGHT, Approve())
    never = add_form(store, "b", MACHINE)
    take(store, never, 1, "甲")
    give_back(store, never, 1, "甲")
    Desk(store, never).does(RIGHT, CHANGE, Approve())
    take_in(store)
    with store.database.reading() as connection:
        found = {row.document: row.seconds for row in connection.execute(select(LESSONS))}
    assert found[sha256] > 3600 * 24
    assert found[never] is None


def test_a_form_that_was_sent_back_is_timed_with_the_time_before(store: Store) -> None:
    sha256 = add_form(store, "a", MACHINE)
    take(store, sha256, 1, "甲")
    taken(store, sha256, minutes_ago(3))
    Desk(store, sha256).does(RIGHT, CHANGE, Return())
    take(store, sha256, 1, "乙")
    give_back(store, sha256, 1, "乙")
    take(store, sha256, 1, "乙")
    Desk(store, sha256, 2).does(RIGHT, Approve())
    take_in(store)
    with store.database.reading() as connection:
        (seconds,) = connection.scalars(select(LESSONS.c.seconds))
    assert 180 <= seconds < 200


def test_who_looks_at_a_form_once_it_is_approved_changes_nothing_of_its_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = add_form(store, "a", MACHINE)
    take(store, sha256, 1, "甲")
    taken(store, sha256, minutes_ago(2))
    Desk(store, sha256).does(RIGHT, CHANGE, Approve())
    later = stamp(datetime.now(UTC) + timedelta(seconds=30))
    monkeypatch.setattr(queue, "now", lambda: later)
    take(store, sha256, 1, "乙")
    give_back(store, sha256, 1, "乙")
    take(store, sha256, 1, "乙")
    take_in(store)
    with store.database.reading() as connection:
        (seconds,) = connection.scalars(select(LESSONS.c.seconds))
    assert 120 <= seconds < 150


def minutes_ago(minutes: int) -> str:
    """As the store writes it."""
    return stamp(datetime.now(UTC) - timedelta(minutes=minutes))


def test_an_undone_approval_is_not_timed_by_the_time_that_the_form_was_taken_before_it(store: Store) -> None:
    desk = Desk(store, add_form(store, "a", MACHINE))
    take(store, desk.document, 1, "甲")
    desk.does(RIGHT, CHANGE, Approve())
    desk.does(MACHINE, Undo(2))
    desk.does(RIGHT, CHANGE, Approve())
    take_in(store)
    with store.database.reading() as connection:
        assert list(connection.scalars(select(LESSONS.c.seconds))) == [None]


def test_texts_of_strangers_stay_texts(store: Store) -> None:
    hostile = "<b>\t'; DROP TABLE tallies --"
    first = form({"project_name": read(hostile)})
    approve(store, "a", first, form({"project_name": replace(read(hostile), text=hostile.replace("b", "c"))}))
    take_in(store)
    assert tallied(store)["confusion", "b", "c"] == (1, 1)
    with store.database.reading() as connection:
        assert json.loads(connection.scalars(select(LESSONS.c.counted)).one())
