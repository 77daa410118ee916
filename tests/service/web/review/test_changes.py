"""Forms under review over HTTP: opened, changed, undone, approved; nobody writes over what he has not seen."""

from typing import Any

import pytest

from tests.service.kept import COPIER, OFFICE
from tests.service.web.review.desk import PROJECT, TOTAL, YEAR, Desk, desk, sets, text_at
from tests.service.web.serving import Served

INDICATORS = "indicators"


@pytest.fixture
def at(web: Served) -> Desk:
    """A form that needs no person."""
    return desk(web, OFFICE)


def rows(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """Of the table of indicators."""
    return list(sheet["record"]["tables"][INDICATORS])


def finding(sheet: dict[str, Any], rule: str) -> int:
    """Place of the finding of a rule."""
    return [each["rule"] for each in sheet["record"]["findings"]].index(rule)


def test_a_sheet_has_the_record_and_what_a_reviewer_needs_beside_it(web: Served) -> None:
    at = desk(web, COPIER)
    sheet = at.opened()
    assert sheet["record"] == at.ask("GET", f"/forms/{at.form}").json()["form"]
    doubtful = [name for name, field in sheet["record"]["fields"].items() if field["status"] == "doubtful"]
    assert {f"fields.{name}" for name in doubtful} <= set(sheet["doubts"])
    assert (sheet["state"], sheet["undo"], sheet["redo"], sheet["may_approve"], sheet["draft"]) == ("waiting", False, False, True, None)
    total = [each for each in sheet["equations"] if each["rule"] == "score_total"]
    assert total[0]["terms"][-1]["path"] == TOTAL


def test_a_form_of_kind_unknown_has_no_equations(web: Served) -> None:
    at = Desk(web, f"{web.archive.mine}.2")
    assert at.opened()["equations"] == []
    asked = {"path": "tables.cells[0]", "texts": {}}
    assert at.ask("POST", f"/forms/{at.form}/equations", json=asked).json() == {"equations": []}
    assert at.does(sets("tables.cells[0]", "乙"))["record"]["tables"]["cells"][0]["content"]["text"] == "乙"


def test_equations_are_asked_with_what_was_typed_and_nothing_is_kept(at: Desk) -> None:
    before = at.opened()
    typed = {"path": TOTAL, "texts": {TOTAL: "1"}}
    found = at.ask("POST", f"/forms/{at.form}/equations", json=typed).json()["equations"]
    sums = next(each for each in found if each["rule"] == "score_total")
    assert (sums["truth"], sums["terms"][-1]["text"]) == ("broken", "1")
    assert sums["expected"] not in ("", "1")
    mended = {"path": TOTAL, "texts": {TOTAL: sums["expected"]}}
    found = at.ask("POST", f"/forms/{at.form}/equations", json=mended).json()["equations"]
    assert next(each for each in found if each["rule"] == "score_total")["truth"] == "holds"
    assert at.opened() == before
    at.does(sets(TOTAL, "2"))
    stands = at.ask("POST", f"/forms/{at.form}/equations", json={"path": TOTAL, "texts": {}}).json()["equations"]
    assert stands == [each for each in at.opened()["equations"] if TOTAL in [term["path"] for term in each["terms"]]]


def test_rules_are_asked_again_after_each_change_and_a_finding_is_closed(at: Desk) -> None:
    sheet = at.does(sets(TOTAL, "98", reason="印章遮住"))
    index = finding(sheet, "score_total")
    assert sheet["state"] == "waiting"
    sheet = at.does({"action": "close_finding", "index": index, "reason": "原表如此"})
    assert finding(sheet, "score_total") in sheet["closed"]
    assert "原表如此" in sheet["record"]["findings"][finding(sheet, "score_total")]["message"]


def test_rows_come_go_join_and_split(at: Desk) -> None:
    before = rows(at.opened())
    assert len(rows(at.does({"action": "add_row", "table": INDICATORS, "row": 1}))) == len(before) + 1
    assert len(rows(at.does({"action": "remove_row", "table": INDICATORS, "row": 1}))) == len(before)
    halves = {"upper": {"level3": "上"}, "lower": {"level3": "下"}}
    split = rows(at.does({"action": "split_row", "table": INDICATORS, "row": 0, **halves}))
    assert [row["level3"]["text"] for row in split[:2]] == ["上", "下"]
    joined = rows(at.does({"action": "join_rows", "table": INDICATORS, "row": 0}))
    assert (len(joined), joined[0]["level3"]["text"]) == (len(before), "上下")
    actions = [each["action"] for each in at.ask("GET", f"/forms/{at.form}/history").json()["corrections"]]
    assert actions == ["add_row", "remove_row", "split_row", "join_rows"]


def test_a_place_that_was_shown_goes_with_the_text(at: Desk) -> None:
    sheet = at.does(sets(YEAR, "2021", page=1, box=[0.1, 0.2, 0.3, 0.4]))
    assert sheet["record"]["fields"]["year"]["box"] == [0.1, 0.2, 0.3, 0.4]
    past = at.ask("GET", f"/forms/{at.form}/history", params={"path": YEAR}).json()["corrections"]
    assert past[0]["payload"]["box"] == [0.1, 0.2, 0.3, 0.4]


def test_steps_are_undone_and_done_again(at: Desk) -> None:
    first = at.opened()["record"]
    second = at.does(sets(YEAR, "1"), sets(PROJECT, "新"))["record"]
    undone = at.posts("undo").json()
    assert (undone["record"], undone["undo"], undone["redo"]) == (first, False, True)
    again = at.posts("redo").json()
    assert (again["record"], again["undo"], again["redo"]) == (second, True, False)
    refused = at.posts("redo")
    assert (refused.status_code, refused.json()["code"]) == (409, "review_nothing_to_undo")


def test_what_waits_keeps_a_form_from_being_approved_and_nothing_is_changed(web: Served) -> None:
    at = desk(web, COPIER)
    before = at.opened()
    refused = at.posts("approval")
    assert (refused.status_code, refused.json()["code"]) == (409, "review_not_settled")
    assert at.posts("changes", json={"changes": [sets(YEAR, "1"), {"action": "approve"}]}).status_code == 409
    assert at.opened() == before


def test_a_draft_is_ones_own_and_goes_with_the_approval(at: Desk) -> None:
    path = f"/forms/{at.form}/draft"
    sheet = at.opened()
    texts = dict.fromkeys(sheet["doubts"], "甲") | {PROJECT: "新名称"}
    assert at.ask("GET", path).status_code == 404
    saved = at.ask("PUT", path, json={"version": sheet["version"], "texts": texts}).json()
    kept = {"version": sheet["version"], "texts": texts, "saved_at": saved["saved_at"]}
    assert at.ask("GET", path).json() == at.opened()["draft"] == kept
    assert at.of("admin").opened()["draft"] is None
    approved = at.posts("approval").json()
    assert (approved["state"], text_at(approved, "project_name")) == ("approved", "新名称")
    assert at.ask("GET", path).status_code == 404
    returned = at.does({"action": "return", "reason": "金额请再看"})
    assert returned["state"] == "returned"
    assert at.ask("GET", "/reviews", params={"state": "returned"}).json()["reviews"][0]["id"] == at.form


def test_a_draft_is_dropped(at: Desk) -> None:
    path = f"/forms/{at.form}/draft"
    at.ask("PUT", path, json={"version": 1, "texts": {YEAR: "1"}})
    assert [at.ask("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert at.opened()["draft"] is None


def test_the_second_of_two_is_told_sees_the_difference_and_loses_nothing(at: Desk) -> None:
    other = at.of("admin")
    seen = other.opened()["version"]
    other.ask("PUT", f"/forms/{at.form}/draft", json={"version": seen, "texts": {YEAR: "2018"}})
    at.does(sets(YEAR, "2019"), sets(PROJECT, "新名称"))
    for refused in (other.posts("changes", seen, json={"changes": [sets(YEAR, "2018")]}), other.posts("approval", seen)):
        assert (refused.status_code, refused.json()["code"]) == (412, "store_stale")
    told = other.ask("GET", f"/forms/{at.form}/differences", params={"version": seen}).json()
    assert told["version"] == seen + 1
    assert {(each["path"], each["after"], each["user"]) for each in told["fields"]} == {
        (YEAR, "2019", "reviewer"),
        (PROJECT, "新名称", "reviewer"),
    }
    sheet = other.opened()
    assert (text_at(sheet, "year"), sheet["draft"]["texts"], sheet["draft"]["version"]) == ("2019", {YEAR: "2018"}, seen)
    assert other.posts("approval").status_code == 412  # what was typed belongs to the version before
    other.ask("PUT", f"/forms/{at.form}/draft", json={"version": sheet["version"], "texts": {YEAR: "2018"}})
    assert text_at(other.does(sets(YEAR, "2018")), "year") == "2018"


@pytest.mark.parametrize("action", ["changes", "undo", "redo", "approval"])
def test_nobody_acts_on_what_he_has_not_seen(at: Desk, action: str) -> None:
    said = {"json": {"changes": [sets(YEAR, "1")]}} if action == "changes" else {}
    unsaid = at.ask("POST", f"/forms/{at.form}/{action}", **said)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "version_missing")
    for stale in ('"99"', 'W/"1"', "1", ""):
        refused = at.ask("POST", f"/forms/{at.form}/{action}", headers={"If-Match": stale}, **said)
        assert (stale, refused.status_code) == (stale, 412)
    assert (
        Desk(at.web, f"{'0' * 64}.1").ask("POST", f"/forms/{'0' * 64}.1/{action}", headers={"If-Match": '"1"'}, **said).status_code == 404
    )
    assert at.opened()["version"] == 1


@pytest.mark.parametrize(
    "change",
    [
        sets("fields.nothing", "1"),
        sets("../fields", "1"),
        sets(YEAR, "nul\0"),
        sets(YEAR, "1", page=1),
        sets(YEAR, "1", page=1, box=[0.3, 0.2, 0.1, 0.4]),
        sets(YEAR, "1", page=99, box=[0.1, 0.2, 0.3, 0.4]),
        {"action": "close_finding", "index": 99},
        {"action": "close_finding", "index": -1},
        {"action": "close_finding", "index": False},
        {"action": "add_row", "table": INDICATORS, "row": "1"},
        {"action": "remove_row", "table": INDICATORS, "row": 99},
        {"action": "add_row", "table": "nothing", "row": 0},
        {"action": "split_row", "table": INDICATORS, "row": 0, "upper": {"level3": "1"}, "lower": {}},
        {"action": "split_row", "table": INDICATORS, "row": 0, "upper": {"no": "1"}, "lower": {"no": "1"}},
        {"action": "return"},
        {"action": "return", "reason": ""},
        {"action": "arrange"},
        {"action": "approve", "path": YEAR},
        {},
    ],
)
def test_what_makes_no_sense_changes_nothing(at: Desk, change: dict[str, Any]) -> None:
    assert at.posts("changes", json={"changes": [sets(PROJECT, "新"), change]}).status_code == 422
    assert at.opened()["version"] == 1


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "{{7*7}}", "'; DROP TABLE forms; --", "\u202e!", "%00"])
def test_what_people_type_stays_text(at: Desk, text: str) -> None:
    sheet = at.does(sets(PROJECT, text, reason=text))
    assert text_at(sheet, "project_name") == text
    past = at.ask("GET", f"/forms/{at.form}/history")
    assert past.headers["content-type"] == "application/json"
    assert (past.json()["corrections"][0]["text"], past.json()["corrections"][0]["reason"]) == (text, text)
    at.ask("PUT", f"/forms/{at.form}/draft", json={"version": 2, "texts": {PROJECT: text}})
    assert at.opened()["draft"]["texts"] == {PROJECT: text}
    equations = at.ask("POST", f"/forms/{at.form}/equations", json={"path": TOTAL, "texts": {TOTAL: text, text: text}})
    assert equations.status_code == 200
    told = at.ask("GET", f"/forms/{at.form}/differences", params={"version": 1}).json()
    assert [each["after"] for each in told["fields"] if each["path"] == PROJECT] == [text]
