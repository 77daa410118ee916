"""Figures over the wire."""

import datetime as dt

import pytest

from models.form import Review, Status
from service.review.changes import SetField
from tests.service.learning.samples import approve, form, number, read
from tests.service.web.serving import API, Served


def test_the_figures_hold_what_was_approved_just_now(web: Served) -> None:
    first = form({"total_score": number("93", 0, Status.DOUBTFUL), "year": read("2020", 1)})
    approve(web.archive.store, "figures", first, form({**first.fields, "total_score": number("98")}), SetField("fields.total_score", "98"))
    clear = form({"year": read("2020")}, review=Review.CLEAR)
    approve(web.archive.store, "drawn", clear, clear, share=1.0)
    found = web.client.get(f"{API}/figures", headers=web.archive.headers("reviewer")).json()
    assert [(each["name"], each["wrong"]["count"], each["wrong"]["hits"]) for each in found["fields"]] == [
        ("total_score", 1, 1),
        ("year", 2, 0),
    ]
    assert (found["checks"]["forms"]["count"], found["checks"]["fields"]["hits"], found["behind"]) == (1, 0, 0)
    assert found["confusions"] == [{"read": "3", "printed": "8", "count": 1}]
    assert 0 < found["checks"]["fields"]["high"] < 1
    day = dt.datetime.now(dt.UTC).date()
    assert (found["first"], found["last"]) == ((day - dt.timedelta(days=364)).isoformat(), day.isoformat())


def test_a_time_without_anything_has_figures_too(web: Served) -> None:
    found = web.client.get(f"{API}/figures?from=2001-01-01&to=2001-01-31", headers=web.archive.headers("admin")).json()
    assert (found["fields"], found["months"], found["seconds"]["forms"]) == ([], [], 0)
    assert (found["untouched"]["low"], found["untouched"]["high"]) == (0, 1)


@pytest.mark.parametrize("query", ["from=2024-02-02&to=2024-02-01", "from=yesterday", "to=2024-13-01", "to=0"])
def test_a_time_that_makes_no_sense_is_refused(web: Served, query: str) -> None:
    assert web.client.get(f"{API}/figures?{query}", headers=web.archive.headers("admin")).status_code == 422


def test_the_first_and_the_last_day_there_are_can_be_asked_for(web: Served) -> None:
    for query in ("from=0001-01-01&to=0001-01-02", "to=0001-01-01", "from=9999-12-31&to=9999-12-31"):
        assert web.client.get(f"{API}/figures?{query}", headers=web.archive.headers("admin")).status_code == 200, query
