"""The figures of a store whose errors were planted."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UsageError
from models.form import Field, Form, Review, Status
from service.learning.figures import Confusion, Figures, Named, figures, spans
from service.learning.rates import Cluster, clustered_rate, rate
from service.learning.taking_in import day_of, month_of, take_in
from service.review.changes import CloseFinding, SetField
from service.store.opening import Store
from tests.service.learning.samples import TEMPLATE, Desk, add_form, approve, dated, form, number, read, taken

ALWAYS = dt.date(2020, 1, 1), dt.date(2100, 1, 1)


def clear(fields: dict[str, Field]) -> Form:
    """A form that needs nobody."""
    return form(fields, review=Review.CLEAR)


def planted(store: Store) -> Figures:
    """Ten forms of four fields each, of which the machine asked about the score.

    Of the scores four are wrong, 3 for 8 each time; of the project names, which were accepted, one is. Besides two forms that wait, five
    clear ones that nobody looks at, and eight clear ones that were drawn, on one of which two of four fields are wrong.
    """
    for place in range(10):
        score, name = "93" if place < 4 else "98", "环呆项目" if place == 9 else "环保项目"
        rest = {"year": read("2020", 2), "department": read("某局", 3)}
        asked = number(score, 0, Status.DOUBTFUL, 0.8333)
        first = form({"total_score": asked, "project_name": read(name, 1), **rest})
        right = form({"total_score": number("98"), "project_name": read("环保项目", 1), **rest})
        approve(store, f"asked {place}", first, right, SetField("fields.total_score", "98"), CloseFinding("funds_sum", (), "", ()))
    fields = {"total_score": number("98"), "project_name": read("甲项目", 1), "year": read("2020", 2), "department": read("某局", 3)}
    for place in range(2):
        add_form(store, f"waiting {place}", form(fields))
    for place in range(5):
        add_form(store, f"clear {place}", clear(fields))
    for place in range(8):
        wrong = {"year": read("2028", 2), "total_score": number("93")} if place == 0 else {}
        approve(store, f"drawn {place}", clear({**fields, **wrong}), clear(fields), share=1.0)
    add_form(store, "drawn and waiting", clear(fields), share=1.0)
    while take_in(store):
        pass
    return figures(store, *ALWAYS)


def test_the_figures_are_those_that_were_planted(store: Store) -> None:
    found = planted(store)
    assert found.untouched == rate(26, 14)
    assert [each.untouched for each in found.months] == [rate(26, 14)]
    assert found.approved == rate(18, 6)
    assert (found.arranged, found.behind) == (0, 0)
    assert found.checks.forms == rate(8, 1)
    assert found.checks.fields == clustered_rate([Cluster(4, 2, 1.0), *[Cluster(4, 0, 1.0)] * 7])
    assert (found.checks.fields.count, found.checks.fields.hits, found.checks.waiting) == (32, 2, 1)
    assert [(each.name, each.wrong, each.accepted) for each in found.fields] == [
        ("total_score", rate(18, 5), rate(8, 1)),
        ("project_name", rate(18, 1), rate(18, 1)),
        ("year", rate(18, 1), rate(18, 1)),
        ("department", rate(18, 0), rate(18, 0)),
    ]
    assert [(each.name, each.wrong, each.accepted) for each in found.templates] == [(TEMPLATE, rate(72, 7), rate(62, 3))]
    assert [(each.name, each.wrong) for each in found.sources] == [("unknown", rate(72, 7))]
    assert found.slips == (Named("digits", 6), Named("characters", 1))
    assert found.confusions == (Confusion("3", "8", 5), Confusion("8", "0", 1), Confusion("呆", "保", 1))
    assert found.closed == (Named("funds_sum", 10),)


def test_only_what_was_approved_within_the_time_counts(store: Store) -> None:
    fields = {"year": read("2020")}
    days = ("2024-03-01T00:00:00.000000Z", "2024-03-31T23:59:59.999999Z", "2024-04-01T00:00:00.000000Z")
    for place, at in enumerate(days):
        sha256 = approve(store, f"drawn {place}", clear(fields), clear(fields), share=0.999)
        take_in(store)
        dated(store, sha256, at, 60.0 * (place + 1))
    found = figures(store, dt.date(2024, 3, 1), dt.date(2024, 3, 31))
    assert (found.checks.forms.count, found.seconds.forms) == (2, 2)
    assert figures(store, dt.date(2024, 4, 1), dt.date(2024, 4, 1)).seconds.median == 180.0
    assert found.approved == rate(0, 0)


def test_seconds_are_the_median_and_the_ninth_decile_without_those_who_were_called_away(store: Store) -> None:
    fields = {"year": read("2020")}
    for place in range(12):
        sha256 = approve(store, f"{place}", form(fields), form(fields))
        take_in(store)
        dated(store, sha256, "2024-03-01T08:00:00.000000Z", 10.0 * (place + 1) if place < 11 else 4000.0)
    found = figures(store, dt.date(2024, 3, 1), dt.date(2024, 3, 1)).seconds
    assert (found.forms, found.median, found.slow) == (11, 60.0, 100.0)


def test_an_empty_store_has_no_figures_and_says_so(store: Store) -> None:
    found = figures(store, *ALWAYS)
    assert found.untouched == found.approved == found.checks.fields == rate(0, 0)
    assert (found.seconds.forms, found.fields, found.months) == (0, (), ())


def test_what_was_not_taken_in_is_said(store: Store) -> None:
    fields = {"year": read("2020")}
    sha256 = approve(store, "a", form(fields), form(fields))
    Desk(store, add_form(store, "b", form(fields))).does(form(fields), SetField("fields.year", "2020"))
    taken(store, sha256, "")
    assert figures(store, *ALWAYS).behind == 2


def test_a_time_that_ends_before_it_begins_is_refused(store: Store) -> None:
    with pytest.raises(UsageError):
        figures(store, dt.date(2024, 2, 2), dt.date(2024, 2, 1))


@given(st.dates(), st.integers(0, 130))
def test_days_and_whole_months_make_up_any_time(first: dt.date, days: int) -> None:
    last = dt.date.fromordinal(min(first.toordinal() + days, dt.date.max.toordinal()))
    runs = spans(first, last)
    held = [
        dt.date.fromordinal(day) for day in range(max(1, first.toordinal() - 3), min(last.toordinal() + 3, dt.date.max.toordinal()) + 1)
    ]

    def times(day: dt.date) -> int:
        names = (day_of(day.isoformat()), month_of(day.isoformat()))
        return sum(low <= name <= high for low, high in runs for name in names)

    assert [times(day) for day in held] == [int(first <= day <= last) for day in held]
    assert (
        sum(low.startswith("d") and (dt.date.fromisoformat(high[1:]) - dt.date.fromisoformat(low[1:])).days > 60 for low, high in runs) == 0
    )
