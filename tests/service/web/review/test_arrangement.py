"""Which pages make which form, over HTTP: seen, changed, undone as a whole."""

import pytest

from tests.service.kept import FAX, OFFICE
from tests.service.web.review.desk import YEAR, Desk, desk, sets
from tests.service.web.serving import Served

TARGET = "shanghai/performance_target@1"


@pytest.fixture
def at(web: Served) -> Desk:
    """A form of two pages."""
    return desk(web, FAX)


def test_an_arrangement_tells_pages_forms_and_templates(at: Desk) -> None:
    told = at.ask("GET", f"/documents/{at.document}/arrangement").json()
    assert [(page["page"], [block["kind"] for block in page["blocks"]], page["excluded"]) for page in told["pages"]] == [
        (1, ["performance_target"], False),
        (2, ["performance_target"], False),
    ]
    assert told["forms"] == [{"id": at.form, "number": 1, "version": 1, "template": TARGET, "blocks": [[1, 0], [2, 0]], "undo": False}]
    assert TARGET in {each["name"] for each in told["templates"]}
    left, top, right, bottom = told["pages"][0]["blocks"][0]["box"]
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1


def test_a_form_is_split_and_joined_and_both_are_undone(at: Desk) -> None:
    path = f"/documents/{at.document}/arrangement"
    first = at.ask("GET", path).json()
    split = at.ask("POST", path, json={"action": "split", "versions": {"1": 1}, "form": 1, "at": [2, 0], "template": TARGET}).json()
    assert [(form["number"], form["version"], form["blocks"]) for form in split["forms"]] == [(1, 2, [[1, 0]]), (2, 1, [[2, 0]])]
    sheet = at.opened()
    assert (sheet["undo"], sheet["rearranged"], sheet["record"]["pages"]) == (False, True, [1])
    assert at.posts("undo").json()["code"] == "review_nothing_to_undo"
    joined = at.ask("POST", path, json={"action": "join", "versions": {"1": 2, "2": 1}, "form": 1, "other": 2}).json()
    assert [(form["number"], form["blocks"]) for form in joined["forms"]] == [(1, [[1, 0], [2, 0]]), (2, [])]
    assert at.ask("GET", f"/forms/{at.document}.2").status_code == 404
    for version in (3, 4):
        undone = at.ask("POST", f"{path}/undo", json={"form": 1, "version": version}).json()
    assert [form["blocks"] for form in undone["forms"]] == [[[1, 0], [2, 0]], []]
    assert undone["pages"] == first["pages"]
    refused = at.ask("POST", f"{path}/undo", json={"form": 1, "version": 5})
    assert (refused.status_code, refused.json()["code"]) == (409, "review_nothing_to_undo")


def test_a_page_is_left_out_and_a_form_that_ceased_comes_back(at: Desk) -> None:
    path = f"/documents/{at.document}/arrangement"
    told = at.ask("POST", path, json={"action": "exclude", "versions": {"1": 1}, "form": 1, "page": 2}).json()
    assert [page["excluded"] for page in told["pages"]] == [False, True]
    told = at.ask("POST", path, json={"action": "exclude", "versions": {"1": 2}, "form": 1, "page": 1}).json()
    assert (told["forms"][0]["blocks"], told["forms"][0]["undo"]) == ([], True)
    assert at.ask("GET", f"/forms/{at.form}/review").status_code == 404
    told = at.ask("POST", f"{path}/undo", json={"form": 1, "version": 3}).json()
    assert told["forms"][0]["blocks"] == [[1, 0]]


def test_a_form_is_read_by_another_template(web: Served) -> None:
    at = desk(web, OFFICE)
    said = {"action": "retemplate", "versions": {"1": 1}, "form": 1, "template": TARGET, "reason": "<b>弄错了</b>"}
    assert at.ask("POST", f"/documents/{at.document}/arrangement", json=said).json()["forms"][0]["template"] == TARGET
    assert at.opened()["kind"] == "performance_target"
    past = at.ask("GET", f"/forms/{at.form}/history").json()["corrections"]
    assert (past[0]["action"], past[0]["payload"]["template"], past[0]["reason"]) == ("arrange", TARGET, "<b>弄错了</b>")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"action": "exclude", "versions": {"1": 9}, "form": 1, "page": 2}, 412),
        ({"action": "exclude", "versions": {"2": 1}, "form": 1, "page": 2}, 422),
        ({"action": "exclude", "versions": {"1": 1}, "form": 1, "page": 9}, 422),
        ({"action": "exclude", "versions": {"7": 1}, "form": 7, "page": 1}, 412),
        ({"action": "retemplate", "versions": {"1": 1}, "form": 1, "template": "nowhere/nothing@1"}, 422),
        ({"action": "split", "versions": {"1": 1}, "form": 1, "at": [1, 0], "template": TARGET}, 422),
        ({"action": "join", "versions": {"1": 1}, "form": 1, "other": 1}, 422),
        ({"action": "turn", "versions": {"1": 1}, "form": 1}, 422),
    ],
)
def test_what_cannot_be_changes_nothing(at: Desk, said: dict[str, object], status: int) -> None:
    assert at.ask("POST", f"/documents/{at.document}/arrangement", json=said).status_code == status
    assert at.opened()["version"] == 1


def test_a_document_whose_pages_are_not_kept_is_not_put_together_anew(web: Served) -> None:
    at = Desk(web, f"{web.archive.mine}.1")
    refused = at.ask("GET", f"/documents/{at.document}/arrangement")
    assert (refused.status_code, refused.json()["code"]) == (409, "review_pages_not_kept")
    assert at.does(sets(YEAR, "2019"))["record"]["fields"]["year"]["text"] == "2019"
