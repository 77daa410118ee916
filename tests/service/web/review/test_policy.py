"""Rules about people over HTTP: two people, double keying."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from service.review.policy import Policy
from service.review.wording import KEYED_FIRST
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
    one.does(*(sets(path, "甲") for path in sheet["doubts"]))
    refused = one.posts("approval")
    assert (refused.status_code, refused.json()["code"]) == (403, "review_same_person")
    other = one.of("admin")
    other.does(sets(TOTAL, "甲"))
    assert other.opened()["may_approve"]
    assert other.posts("approval").json()["state"] == "approved"


def record_of(one: Desk) -> dict[str, Any]:
    """The record, as whoever may read it does."""
    found: dict[str, Any] = one.ask("GET", f"/forms/{one.form}").json()["form"]
    return found


def keying_of(sheet: dict[str, Any]) -> dict[str, Any]:
    """How far the keying of the total is."""
    found: dict[str, Any] = next(each for each in sheet["keyings"] if each["path"] == TOTAL)
    return found


def test_what_the_machine_read_of_a_field_that_two_key_is_not_on_the_sheet(one: Desk) -> None:
    read = record_of(one)["fields"]["total_score"]
    sheet = one.opened()
    field = sheet["record"]["fields"]["total_score"]
    assert (field["text"], field["value"], field["alternatives"], field.get("protected", [])) == ("", None, [], [])
    assert (field["page"], field["box"]) == (read["page"], read["box"])
    assert (keying_of(sheet), TOTAL in sheet["doubts"]) == ({"path": TOTAL, "keying": "to_key", "said": []}, True)
    asked = [each for each in sheet["equations"] if TOTAL in {term["path"] for term in each["terms"]}]
    typed = one.ask("POST", f"/forms/{one.form}/equations", json={"path": TOTAL, "texts": {TOTAL: "1"}}).json()["equations"]
    assert asked
    assert len(typed) == len(asked)
    for each in (*asked, *typed):
        assert (each["truth"], each["expected"]) == ("silent", "")
        assert {term["text"] for term in each["terms"] if term["path"] == TOTAL} == {"待录入"}
    assert read["text"] not in one.ask("GET", f"/forms/{one.form}/review").text


def test_a_finding_about_a_field_that_two_key_says_no_number_until_they_have(one: Desk) -> None:
    sheet = one.does(sets("tables.indicators[0].score", "1"))
    about = [each for each in sheet["record"]["findings"] if TOTAL in each["cells"]]
    assert about
    assert {(each["message"], each["expected"], each["printed"]) for each in about} == {(KEYED_FIRST, "", "")}
    for user in ("reviewer", "admin"):
        sheet = one.of(user).does(sets(TOTAL, KEYED))
    assert all(KEYED in each["message"] for each in sheet["record"]["findings"] if TOTAL in each["cells"])


def test_neither_of_two_sees_what_the_other_has_keyed_before_his_own(one: Desk) -> None:
    read = record_of(one)["fields"]["total_score"]["text"]
    sheet = one.does(sets(TOTAL, KEYED))
    assert (sheet["keyed"], text_at(sheet, "total_score"), TOTAL in sheet["doubts"]) == ({TOTAL: KEYED}, KEYED, True)
    assert (keying_of(sheet)["keying"], record_of(one)["fields"]["total_score"]["text"]) == ("keyed", read)
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
    assert (other.opened()["keyed"], keying_of(other.opened())["keying"]) == ({}, "to_key")
    hidden = other.ask("GET", f"{form}/history").json()["corrections"][0]
    assert (hidden["action"], hidden["user"], hidden["hidden"], hidden["payload"]) == ("key_field", "reviewer", True, {})
    assert hidden["text_before"] == ""
    assert one.ask("GET", f"{form}/history").json()["corrections"][0]["text"] == KEYED


def test_two_keyings_that_differ_are_compared_and_two_alike_stand(one: Desk) -> None:
    one.does(sets(TOTAL, KEYED))
    other = one.of("admin")
    sheet = other.does(sets(TOTAL, "97.81"))
    field = sheet["record"]["fields"]["total_score"]
    assert ({field["text"], *(each["text"] for each in field["alternatives"])}, field["status"]) == ({KEYED, "97.81"}, "doubtful")
    third = one.of("viewer")
    for each in (one, other, third):
        assert each.ask("GET", f"/forms/{one.form}/history").json()["corrections"][0]["text"] == KEYED
    told = {"path": TOTAL, "keying": "different", "said": [{"user": "reviewer", "text": KEYED}, {"user": "admin", "text": "97.81"}]}
    assert [keying_of(each.opened()) for each in (one, other)] == [told, told]
    sheet = other.does(sets(TOTAL, KEYED))
    assert keying_of(sheet)["keying"] == "alike"
    assert (text_at(sheet, "total_score"), TOTAL in sheet["doubts"], sheet["keyed"]) == (KEYED, False, {})


def differences_of(one: Desk, version: int) -> list[tuple[str, str | None, str | None]]:
    """What has become of the scores since ``version``."""
    found = one.ask("GET", f"/forms/{one.form}/differences?version={version}").json()["fields"]
    return [(each["path"], each["before"], each["after"]) for each in found if each["path"].endswith("score")]


def test_what_was_read_of_a_column_that_two_key_is_not_told_as_a_difference(tmp_path: Path) -> None:
    with reviewing(tmp_path, Policy(double_keyed=frozenset({"score"}))) as web:
        one = desk(web, OFFICE)
        other, rows = one.of("admin"), len(record_of(one)["tables"]["indicators"])
        one.does({"action": "add_row", "table": "indicators", "row": 0})
        score = "tables.indicators[1].score"
        assert differences_of(one, 1) == differences_of(other, 1) == [(f"tables.indicators[{rows}].score", None, "")]
        one.does(sets(score, KEYED))
        assert (differences_of(one, 2), differences_of(other, 2)) == ([(score, "", KEYED)], [])
        other.does(sets(score, "97.81"))
        assert [differences_of(each, 3) for each in (one, other)] == [[(score, KEYED, "97.81")], [(score, "", "97.81")]]


def region_of(one: Desk, box: list[float], path: str = "") -> str:
    """The code of the error with which a box on the first page is not read."""
    reply = one.ask("POST", f"/forms/{one.form}/region", json={"page": 1, "box": box, "path": path})
    assert reply.status_code in {409, 415}  # the samples here are no scans: what opens them says so
    return str(reply.json()["code"])


def test_no_box_is_read_where_two_key_what_stands_there(one: Desk) -> None:
    fields = record_of(one)["fields"]
    left, top, _, bottom = cell = fields["total_score"]["box"]
    middle = (top + bottom) / 2
    within, beside = [left, middle, left + 0.004, middle + 0.004], [left - 0.1, top, left + 0.002, bottom]
    anywhere = [0.0, 0.0, 0.01, 0.01]
    assert fields["total_score"]["page"] == 1
    boxes = [(cell, ""), (cell, PROJECT), ([0.0, 0.0, 1.0, 1.0], ""), (within, ""), (anywhere, TOTAL)]
    assert [region_of(one, box, path) for box, path in boxes] == ["review_keyed_first"] * len(boxes)
    free = [(fields["project_name"]["box"], PROJECT), (beside, ""), (anywhere, "")]
    assert "review_keyed_first" not in [region_of(one, box, path) for box, path in free]
    for user in ("reviewer", "admin"):
        one.of(user).does(sets(TOTAL, KEYED))
    assert region_of(one, cell, TOTAL) != "review_keyed_first"


def test_a_plain_correction_is_one_of_two_keyings_as_well(one: Desk) -> None:
    read = text_at(one.opened(), "total_score")
    said = {"path": TOTAL, "text": KEYED}
    made = one.ask("POST", f"/forms/{one.form}/corrections", json=said, headers={"If-Match": '"1"'})
    assert (made.status_code, made.json()["version"]) == (201, 2)
    assert text_at(one.of("admin").opened(), "total_score") == read


@pytest.mark.parametrize("keyed", [False, True])
def test_closing_a_finding_is_no_keying_of_what_the_machine_read_surely(one: Desk, keyed: bool) -> None:
    if keyed:
        one.does(sets(TOTAL, KEYED))
    sheet = one.does(sets("tables.indicators[0].score", "1"))
    index = next(place for place, each in enumerate(sheet["record"]["findings"]) if TOTAL in each["cells"])
    refused = one.of("admin").posts("changes", json={"changes": [{"action": "close_finding", "index": index}]})
    assert (refused.status_code, refused.json()["code"]) == (409, "review_not_settled")
    assert refused.json()["detail"].endswith("fields.total_score须先由两人录入一致")


def test_a_form_is_not_approved_before_two_have_keyed_alike(one: Desk) -> None:
    if rest := [path for path in one.opened()["doubts"] if path != TOTAL]:
        one.does(*(sets(path, "甲") for path in rest))
    other = one.of("admin")
    for texts in ((), (KEYED,)):
        for text in texts:
            one.does(sets(TOTAL, text))
        refused = other.posts("approval").json()
        assert refused["code"] == "review_not_settled"
        assert refused["detail"].endswith(f"还有 1 处须由两人录入一致，例如{TOTAL}")


def test_the_queue_gives_nobody_what_he_may_not_approve(one: Desk) -> None:
    sheet = one.does(sets(PROJECT, "另一名称"))
    if sheet["doubts"]:
        one.does(*(sets(path, "甲") for path in sheet["doubts"]))
    mine = [one.ask("POST", "/reviews/next", json={}) for _ in range(20)]
    assert one.form not in {each.json()["id"] for each in mine if each.status_code == 200}


def test_who_has_keyed_all_he_can_gets_the_form_no_more(one: Desk) -> None:
    one.does(*(sets(path, "甲") for path in one.opened()["doubts"] if path != TOTAL), sets(TOTAL, KEYED))
    wanted = {"q": ""}
    mine = [one.ask("POST", "/reviews/next", json=wanted) for _ in range(30)]
    assert one.form not in {each.json()["id"] for each in mine if each.status_code == 200}
    for each in mine:
        if each.status_code == 200:
            one.ask("DELETE", f"/forms/{each.json()['id']}/reservation")
    other = one.of("admin")
    others = [other.ask("POST", "/reviews/next", json=wanted) for _ in range(30)]
    assert one.form in {each.json()["id"] for each in others if each.status_code == 200}


def test_one_approves_where_one_is_asked_for(one: Desk) -> None:
    assert one.web.client.get(f"{API}/forms/{one.form}/review", headers=one.web.archive.headers("viewer")).status_code == 403
