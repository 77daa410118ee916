"""The queue: order, filters, pages, and that two people never get the same form."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import update

from models.errors import TakenError, UsageError
from models.form import Form, Review, Status
from service.review import picking, queue
from service.review.queue import count_waiting, give_back, keep, next_form, state_of, states_of, take, taken_forms, tallies, waiting_forms
from service.review.queued import Order, Waiting, Wanted
from service.store.holding import held_for
from service.store.opening import Store
from service.store.reviews import ReviewState, review_of
from service.store.schema import REVIEWS
from tests.service.store.samples import add_read, form_of, words


def needing(project: str, doubts: int, year: str = "2020", unit: str = "上海市某局") -> Form:
    """A form with so many doubtful fields."""
    form = replace(form_of(project, year, unit), review=Review.NEEDS_REVIEW, findings=())
    extra = {f"extra{number}": replace(words(str(number)), status=Status.DOUBTFUL, page=number + 1) for number in range(doubts)}
    return replace(form, fields={**form.fields, **extra})


def fill(store: Store, count: int) -> None:
    """Store forms with 0 to 4 doubts of three years and two units."""
    for number in range(count):
        year, unit = ("2019", "2020", "2021")[number % 3], "甲局" if number % 4 < 2 else "乙局"
        add_read(store, needing(f"项目{number}", number * 7 % 5, year, unit), content=f"{number}".encode())


def every(store: Store, wanted: Wanted, limit: int = 3) -> list[Waiting]:
    """All pages."""
    found: list[Waiting] = []
    page = waiting_forms(store, wanted, "", limit)
    found += page.items
    while page.next:
        page = waiting_forms(store, wanted, page.next, limit)
        found += page.items
    return found


def test_a_form_that_is_clear_waits_for_nobody(store: Store) -> None:
    add_read(store, form_of())
    assert every(store, Wanted()) == []


def test_the_most_doubtful_come_first_and_of_these_the_oldest(store: Store) -> None:
    fill(store, 12)
    found = every(store, Wanted())
    assert len(found) == 12
    assert found == sorted(found, key=lambda each: (-each.open, each.since))
    oldest = every(store, Wanted(order=Order.OLDEST))
    assert oldest == sorted(found, key=lambda each: each.since)


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("wanted", [Wanted(year=2020), Wanted(unit="甲局"), Wanted(year=2019, unit="乙局"), Wanted(kind="unknown")])
def test_filters_leave_what_was_asked_for(store: Store, wanted: Wanted, order: Order) -> None:
    fill(store, 12)
    everything = every(store, Wanted(order=order))
    asked = [
        each
        for each in everything
        if wanted.year in (None, each.year) and wanted.unit in (None, each.unit) and wanted.kind in (None, each.kind)
    ]
    assert every(store, replace(wanted, order=order)) == asked


def test_forms_are_found_by_what_rules_say_of_them(store: Store) -> None:
    add_read(store, replace(form_of("甲"), review=Review.NEEDS_REVIEW), content=b"1")
    add_read(store, needing("乙", 3), content=b"2")
    assert [each.project for each in every(store, Wanted(finding="funds_sum"))] == ["甲"]
    assert every(store, Wanted(finding="score_total")) == []


def named(found: Sequence[Waiting]) -> set[str]:
    """The projects of ``found``."""
    return {each.project for each in found}


@pytest.mark.parametrize("looked_at", [(500,), (1,)])
def test_words_find_what_holds_them_along_the_order_and_by_the_index(
    store: Store, monkeypatch: pytest.MonkeyPatch, looked_at: tuple[int, ...]
) -> None:
    monkeypatch.setattr(picking, "_LOOKED_AT", looked_at)
    fill(store, 12)
    for order in Order:
        assert named(every(store, Wanted(text="项目1", order=order))) == {"项目1", "项目10", "项目11"}
        rest = [each for each in every(store, Wanted(order=order)) if each.project in {"项目1", "项目10", "项目11"}]
        assert every(store, Wanted(text="项目1", order=order), limit=1) == rest
    assert named(every(store, Wanted(text="项目1", year=2020, unit="甲局"))) == {"项目1"}
    assert every(store, Wanted(text="目项")) == []
    assert every(store, Wanted(text="——")) == []
    got = [next_form(store, user, Wanted(text="项目1")) for user in "甲乙丙丁"]
    assert named([each for each in got if each is not None]) == {"项目1", "项目10", "项目11"}
    assert got[3] is None


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(unit="甲局"), Wanted(year=2020), Wanted(finding="funds_sum"), Wanted(text="项目")])
def test_what_somebody_works_on_is_listed_by_itself(store: Store, wanted: Wanted) -> None:
    for number in range(6):
        form = needing(f"项目{number}", number, unit="甲局")
        add_read(store, replace(form, findings=form_of().findings), content=f"{number}".encode())
    everything = every(store, wanted)
    taken = [next_form(store, user, wanted) for user in "甲乙"]
    assert [each.taken_by for each in every(store, replace(wanted, taken=True))] == ["甲", "乙"]
    assert taken[:1] == every(store, replace(wanted, taken=True))[:1]
    assert every(store, replace(wanted, taken=False)) == everything[2:]


@pytest.mark.parametrize("after", ["nonsense!", "W10", "x" * 500])
def test_a_page_begins_nowhere_else(store: Store, after: str) -> None:
    with pytest.raises(UsageError):
        waiting_forms(store, Wanted(), after)


def test_entries_are_shown_in_the_order_that_they_are_asked_for(store: Store) -> None:
    fill(store, 3)
    keys = [(each.document, each.number) for each in every(store, Wanted())]
    assert [(each.document, each.number) for each in states_of(store, [keys[2], ("0" * 64, 1), keys[0]])] == [keys[2], keys[0]]


def test_everybody_gets_another_form_until_none_is_left(store: Store) -> None:
    fill(store, 4)
    got = [next_form(store, user, Wanted()) for user in "甲乙丙丁戊"]
    assert got[4] is None
    keys = [(each.document, each.number) for each in got if each is not None]
    assert len(set(keys)) == 4
    assert len(taken_forms(store)) == 4
    assert [each.taken_by for each in taken_forms(store, "乙")] == ["乙"]


def test_many_at_once_never_get_the_same(store: Store) -> None:
    fill(store, 8)
    with ThreadPoolExecutor(8) as pool:
        got = [each for each in pool.map(lambda user: next_form(store, str(user), Wanted()), range(8)) if each is not None]
    keys = [(each.document, each.number) for each in got]
    assert len(keys) == len(set(keys))
    assert len(keys) >= 7  # PostgreSQL may pass over one that another is just about to take


def test_who_takes_too_long_loses_it_and_who_keeps_it_does_not(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(store, 1)
    monkeypatch.setattr(queue, "MINUTES", -1)
    first = next_form(store, "甲", Wanted())
    assert first is not None
    monkeypatch.undo()
    again = next_form(store, "乙", Wanted())
    assert again is not None
    assert (again.document, again.taken_by) == (first.document, "乙")
    assert keep(store, again.document, 1, "乙").taken_by == "乙"
    with pytest.raises(TakenError):
        take(store, again.document, 1, "甲")


def test_what_is_given_back_is_free_and_only_its_holder_gives_it_back(store: Store) -> None:
    fill(store, 1)
    got = next_form(store, "甲", Wanted())
    assert got is not None
    assert not give_back(store, got.document, 1, "乙")
    assert give_back(store, got.document, 1, "甲")
    free = state_of(store, got.document, 1)
    assert free is not None
    assert free.taken_by == ""
    assert next_form(store, "乙", Wanted(), passed=[(got.document, 1)]) is None


@pytest.mark.parametrize(
    ("held", "seconds"),
    [
        (("甲 08:00 08:02", "甲 08:02 08:03"), 180),  # the page was loaded again
        (("甲 08:00 08:02", "甲 13:00 13:01"), 180),
        (("甲 08:00 08:02", "乙 09:00 09:05", "甲 10:00 10:01"), 480),
        (("甲 08:00 -", "甲 13:00 13:01"), 60),  # he went away without a word, and was heard of last when he came
        (("甲 08:00 -", "乙 13:00 13:01"), 60),
        (("甲 08:00 -",), 0),
    ],
)
def test_all_the_time_that_people_have_held_a_form_counts_and_no_hour_in_between(
    store: Store, monkeypatch: pytest.MonkeyPatch, held: tuple[str, ...], seconds: int
) -> None:
    fill(store, 1)
    (form,) = every(store, Wanted())
    for holding in held:
        user, begun, ended = holding.split()
        monkeypatch.setattr(queue, "now", lambda begun=begun: f"2024-03-01T{begun}:00.000000Z")
        take(store, form.document, 1, user)
        take(store, form.document, 1, user)  # he keeps it
        if ended != "-":
            monkeypatch.setattr(queue, "now", lambda ended=ended: f"2024-03-01T{ended}:00.000000Z")
            assert give_back(store, form.document, 1, user)
    with store.database.reading() as connection:
        entry = review_of(connection, form.document, 1)
    assert entry is not None
    assert held_for(entry, "2024-03-02T08:00:00.000000Z").total_seconds() == seconds


def test_what_nobody_holds_is_given_back_by_nobody(store: Store) -> None:
    fill(store, 1)
    (form,) = every(store, Wanted())
    assert not give_back(store, form.document, 1, "")


def test_who_changed_a_form_does_not_get_it_for_approval_where_two_are_asked_for(store: Store) -> None:
    fill(store, 1)
    with store.database.writing() as connection:
        connection.execute(update(REVIEWS).values(open=0, rank=0, editor="甲"))
    assert next_form(store, "甲", Wanted(), two_people=True) is None
    assert next_form(store, "乙", Wanted(), two_people=True) is not None


def test_tallies_count_forms_doubts_and_who_is_at_work(store: Store) -> None:
    fill(store, 6)
    next_form(store, "甲", Wanted())
    everything = every(store, Wanted())
    found = tallies(store)
    assert (found[ReviewState.WAITING].forms, found[ReviewState.WAITING].taken) == (6, 1)
    assert found[ReviewState.WAITING].open == sum(each.open for each in everything)
    assert found[ReviewState.APPROVED].forms == 0


def test_what_concerns_nobody_cannot_be_taken(store: Store) -> None:
    with pytest.raises(UsageError):
        take(store, "0" * 64, 1, "甲")
    with pytest.raises(UsageError):
        waiting_forms(store, Wanted(), limit=0)


def test_what_waits_is_counted_without_what_somebody_works_on(store: Store) -> None:
    fill(store, 6)
    next_form(store, "甲", Wanted())
    given = next_form(store, "乙", Wanted())
    assert given is not None
    give_back(store, given.document, 1, "乙")
    with store.database.writing() as connection:
        connection.execute(update(REVIEWS).where(REVIEWS.c.document == given.document).values(state=ReviewState.RETURNED.value))
    assert count_waiting(store) == 4
    assert count_waiting(store) == tallies(store)[ReviewState.WAITING].forms - tallies(store)[ReviewState.WAITING].taken
