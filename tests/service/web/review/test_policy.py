"""Rules about people over HTTP: two people, double keying."""

from collections.abc import Iterator

import pytest

from service.review.policy import Policy
from tests.service.kept import OFFICE
from tests.service.web.review.desk import PROJECT, TOTAL, Desk, desk, reviewing, sets, text_at
from tests.service.web.serving import API, Served

KEYED = "97.31"


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An office where two approve, and two key the total."""
    with reviewing(tmp_path_factory.mktemp("home"), Policy(two_people=True, double_keyed=frozenset({"total_score"}))) as web:
        yield web


@pytest.fixture
def one(web: Served) -> Desk:
    """The first of two, with a form that needs no person."""
    return desk(web, OFFICE)


def test_whoever_changed_a_form_does_not_approve_it(one: Desk) -> None:
    sheet = one.does(sets(PROJECT, "新名称"))
    assert (sheet["two_people"], sheet["may_approve"]) == (True, False)
    one.does(*(sets(path, "甲") for path in sheet["doubts"])) if sheet["doubts"] else None
    refused = one.posts("approval")
    assert (refused.status_code, refused.json()["code"]) == (403, "review_same_person")
    other = one.of("admin")
    assert other.opened()["may_approve"]
    assert other.posts("approval").json()["state"] == "approved"


def test_neither_of_two_sees_what_the_other_has_keyed_before_his_own(one: Desk) -> None:
    read = text_at(one.opened(), "total_score")
    sheet = one.does(sets(TOTAL, KEYED))
    assert (sheet["keyed"], text_at(sheet, "total_score"), TOTAL in sheet["doubts"]) == ({TOTAL: KEYED}, read, True)
    other = one.of("admin")
    form = f"/forms/{one.form}"
    shown = [
        *(f"{form}{path}" for path in ("/review", "", "/fields", "/findings", "/history", "/differences?version=1", "/draft")),
        f"/documents/{one.document}/record",
        f"/export?format=json&document={one.document}",
        f"/forms?q={KEYED}",
    ]
    for path in shown:
        assert KEYED not in other.ask("GET", path).text.replace(f"q={KEYED}", ""), path
    asked = other.ask("POST", f"{form}/equations", json={"path": TOTAL, "texts": {}})
    assert KEYED not in asked.text
    assert other.opened()["keyed"] == {}
    hidden = other.ask("GET", f"{form}/history").json()["corrections"][0]
    assert (hidden["action"], hidden["user"], hidden["hidden"], hidden["payload"]) == ("key_field", "reviewer", True, {})
    assert one.ask("GET", f"{form}/history").json()["corrections"][0]["text"] == KEYED


def test_two_keyings_that_differ_are_compared_and_two_alike_stand(one: Desk) -> None:
    one.does(sets(TOTAL, KEYED))
    other = one.of("admin")
    sheet = other.does(sets(TOTAL, "97.81"))
    field = sheet["record"]["fields"]["total_score"]
    assert ({field["text"], *(each["text"] for each in field["alternatives"])}, field["status"]) == ({KEYED, "97.81"}, "doubtful")
    assert other.ask("GET", f"/forms/{one.form}/history").json()["corrections"][0]["text"] == KEYED
    sheet = other.does(sets(TOTAL, KEYED))
    assert (text_at(sheet, "total_score"), TOTAL in sheet["doubts"], sheet["keyed"]) == (KEYED, False, {})


def test_a_plain_correction_is_one_of_two_keyings_as_well(one: Desk) -> None:
    read = text_at(one.opened(), "total_score")
    said = {"path": TOTAL, "text": KEYED}
    made = one.ask("POST", f"/forms/{one.form}/corrections", json=said, headers={"If-Match": '"1"'})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert text_at(one.of("admin").opened(), "total_score") == read


def test_closing_a_finding_is_no_second_keying(one: Desk) -> None:
    one.does(sets(TOTAL, KEYED))
    sheet = one.does(sets("tables.indicators[0].score", "1"))
    index = next(place for place, each in enumerate(sheet["record"]["findings"]) if TOTAL in each["cells"])
    refused = one.of("admin").posts("changes", json={"changes": [{"action": "close_finding", "index": index}]})
    assert (refused.status_code, refused.json()["code"]) == (409, "review_not_settled")


def test_the_queue_gives_nobody_what_he_may_not_approve(one: Desk) -> None:
    sheet = one.does(sets(PROJECT, "另一名称"))
    if sheet["doubts"]:
        one.does(*(sets(path, "甲") for path in sheet["doubts"]))
    mine = [one.ask("POST", "/reviews/next", json={}) for _ in range(20)]
    assert one.form not in {each.json()["id"] for each in mine if each.status_code == 200}


def test_one_approves_where_one_is_asked_for(one: Desk) -> None:
    assert one.web.client.get(f"{API}/forms/{one.form}/review", headers=one.web.archive.headers("viewer")).status_code == 403
