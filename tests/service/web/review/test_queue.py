"""The queue over HTTP: lists, counts, the next free form, reservations."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.service.kept import COPIER, OFFICE
from tests.service.web.review.desk import Desk, desk, sets
from tests.service.web.serving import Served


@pytest.fixture(scope="module")
def at(web: Served) -> Desk:
    """The first of four forms that need a person."""
    first, *_ = (desk(web, COPIER) for _ in range(4))
    return first


@pytest.fixture(autouse=True)
def _all_free(at: Desk) -> Iterator[None]:
    yield
    for user in ("reviewer", "admin"):
        for each in at.of(user).ask("GET", "/reviews", params={"taken": True}).json()["reviews"]:
            at.of(user).ask("DELETE", f"/forms/{each['id']}/reservation")


def listed(at: Desk, **asked: Any) -> list[dict[str, Any]]:
    """All pages, two entries each."""
    found: list[dict[str, Any]] = []
    after = ""
    while True:
        page = at.ask("GET", "/reviews", params={"limit": 2, "after": after, **asked}).json()
        found += page["reviews"]
        after = page["next"]
        if not after:
            return found


def test_pages_of_the_queue_make_the_whole(at: Desk) -> None:
    whole = at.ask("GET", "/reviews").json()
    assert whole["next"] == ""
    assert len({each["id"] for each in whole["reviews"]}) >= 5
    for order in ("most_doubtful", "oldest"):
        assert {each["id"] for each in listed(at, order=order)} == {each["id"] for each in whole["reviews"]}
    opened = [each["open"] for each in listed(at)]
    assert opened == sorted(opened, reverse=True)
    since = [each["since"] for each in listed(at, order="oldest")]
    assert since == sorted(since)


@pytest.mark.parametrize(("asked", "found"), [({"kind": "self_evaluation"}, True), ({"year": 1999}, False), ({"unit": "无"}, False)])
def test_filters_leave_what_was_asked_for(at: Desk, asked: dict[str, Any], found: bool) -> None:
    assert bool(listed(at, **asked)) == found


@pytest.mark.parametrize("order", ["most_doubtful", "oldest"])
def test_forms_are_found_by_their_words(at: Desk, order: str) -> None:
    words = at.opened()["record"]["fields"]["project_name"]["text"][-6:]
    found = listed(at, q=words, order=order)
    assert len(found) == 4
    assert at.form in {each["id"] for each in found}
    assert listed(at, q="没有这样的字", order=order) == []
    assert listed(at, q="，。", order=order) == []
    assert {each["id"] for each in listed(at, q=words, order=order, kind="unknown")} == set()


def test_everybody_takes_another_until_none_is_left(at: Desk) -> None:
    wanted = {"kind": "self_evaluation"}
    got = [at.of(user).ask("POST", "/reviews/next", json=wanted) for user in ("reviewer", "admin", "reviewer", "admin")]
    assert [each.status_code for each in got] == [200] * 4
    assert len({each.json()["id"] for each in got}) == 4
    assert [each.json()["taken_by"] for each in got] == ["reviewer", "admin", "reviewer", "admin"]
    assert at.ask("POST", "/reviews/next", json=wanted).status_code == 204
    assert len(listed(at, taken=True)) == 4
    assert {each["id"] for each in listed(at, taken=False)}.isdisjoint(each["id"] for each in listed(at, taken=True))
    assert at.ask("GET", "/reviews/tallies").json()["waiting"]["taken"] == 4


def test_what_was_passed_over_is_not_given_again(at: Desk) -> None:
    passed: list[str] = []
    while (reply := at.ask("POST", "/reviews/next", json={"passed": passed, "kind": "self_evaluation"})).status_code == 200:
        at.ask("DELETE", f"/forms/{reply.json()['id']}/reservation")
        passed.append(reply.json()["id"])
    assert len(passed) == len(set(passed)) == 4


def test_a_form_is_taken_kept_and_given_back(at: Desk) -> None:
    path = f"/forms/{at.form}/reservation"
    taken = at.ask("PUT", path)
    assert (taken.status_code, taken.json()["taken_by"]) == (200, "reviewer")
    assert at.ask("PUT", path).json()["taken_until"] >= taken.json()["taken_until"]
    refused = at.of("admin").ask("PUT", path)
    assert (refused.status_code, refused.json()["code"]) == (423, "review_taken")
    assert "reviewer" in refused.json()["detail"]
    assert at.of("admin").opened()["taken_by"] == "reviewer"
    assert at.of("admin").ask("DELETE", path).status_code == 204
    assert at.opened()["taken_by"] == "reviewer"
    assert at.ask("DELETE", path).status_code == 204
    assert at.of("admin").ask("PUT", path).status_code == 200


def test_who_acts_on_a_form_that_another_has_taken_is_told_and_not_stopped(web: Served) -> None:
    at = desk(web, OFFICE)
    at.does(sets("fields.year", "2019"))
    at.ask("PUT", f"/forms/{at.form}/reservation")
    sheet = at.of("admin").does(sets("fields.year", "2020"))
    assert sheet["taken_by"] == "reviewer"


def test_a_form_that_concerns_nobody_is_not_reserved(web: Served) -> None:
    at = Desk(web, f"{web.archive.mine}.1")
    assert at.opened()["state"] is None
    assert at.ask("PUT", f"/forms/{at.form}/reservation").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "said"),
    [
        ("GET", "/reviews?after=x", None),
        ("GET", "/reviews?limit=0", None),
        ("GET", "/reviews?state=done", None),
        ("GET", "/reviews?q=" + "x" * 201, None),
        ("POST", "/reviews/next", {"passed": ["x"]}),
        ("POST", "/reviews/next", {"passed": ["0" * 64 + ".1"] * 201}),
        ("POST", "/reviews/next", {"year": 0}),
    ],
)
def test_what_makes_no_sense_is_refused(at: Desk, method: str, path: str, said: object) -> None:
    assert at.ask(method, path, json=said).status_code == 422
