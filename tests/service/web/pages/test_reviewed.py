"""Every page that shows a form shows how far people have come with it, in the same words, and by whom and when."""

import pytest

from service.review.changes import Approve, Return, SetField
from service.review.queue import give_back, take
from service.store.owners import own
from service.store.reviewed import UNTOUCHED, Reviewed, ReviewedState
from service.web.pages.standing import Stage, stage_of
from tests.service.review.settling import DOUBTED, does, moment_of
from tests.service.store.samples import add_read, changed, form_of
from tests.service.web.pages.conftest import People
from tests.service.web.pages.visiting import Seen

STATES = ("无需复核", "待复核", "退回", "已通过")


@pytest.fixture(scope="module")
def document(people: People) -> str:
    """Of the reviewer, with a form in each state; the unit is found nowhere else."""
    store = people["admin"].web.archive.store
    document = add_read(store, changed(form_of(unit="水务局"), "清"), *[changed(DOUBTED, "疑")] * 3, content=b"states")
    own(store, document, "reviewer", "四张.tif")
    does(store, document, "李<b>四", Return(), number=3)
    does(store, document, "张三", Approve(), number=4)
    return document


def shown(people: People, path: str) -> str:
    """What stands in the main part of a page, without blanks that browsers do not show."""
    reply = people["reviewer"].get(path)
    assert reply.status_code == 200, path
    return " ".join(Seen(reply).text.split())


def test_the_record_says_who_approved_it_and_when(people: People, document: str) -> None:
    store = people["admin"].web.archive.store
    for number, (word, who) in enumerate(zip(STATES, ("", "", "李<b>四", "张三"), strict=True), 1):
        heading = shown(people, f"/forms/{document}.{number}").partition("绩效自评表 ")[2]
        at = f" {moment_of(store, document, number)[:16].replace('T', ' ')}" if who else ""
        whole = shown(people, f"/forms/{document}.{number}")
        assert f"绩效自评表 {word} {who}{at}".strip() in whole, heading[:200]


def test_what_people_have_settled_is_not_called_proved_by_arithmetic(people: People) -> None:
    store = people["admin"].web.archive.store
    settled, other = ("fields.project_name", "fields.department")
    document = add_read(store, changed(DOUBTED, "核"), content=b"settled")
    own(store, document, "reviewer", "核.tif")
    does(store, document, "张三", SetField(settled, "环保项目"))
    spots = {
        facts["data-path"]: facts for name, facts in Seen(people["reviewer"].get(f"/forms/{document}.1")).elements if "data-path" in facts
    }
    assert spots[settled]["data-status"] == "settled"
    assert spots[other]["data-status"] == DOUBTED.fields["department"].status
    assert "人工核定" in shown(people, f"/forms/{document}.1")


def test_the_list_of_forms_says_so_and_is_narrowed_by_it(people: People, document: str) -> None:
    for number, (state, word) in enumerate(zip(ReviewedState, STATES, strict=True), 1):
        reply = people["reviewer"].get(f"/forms?reviewed={state}")
        rows = [link for link in Seen(reply).links() if link.startswith(f"/forms/{document}.")]
        assert rows == [f"/forms/{document}.{number}"]
        chips = reply.text.count('<span class="stage ')
        assert reply.text.count(f">{word}</span>") == chips > 0
        assert ("option", {"value": state.value, "selected": None}) in Seen(reply).elements
        exports = [link for link in Seen(reply).links() if link.startswith("/api/")]
        assert exports == [f"/api/v1/export?reviewed={state}&format=xlsx"]
    assert people["reviewer"].get("/forms?reviewed=done").status_code == 422
    assert people["reviewer"].get("/forms?review=needs_review").status_code == 200  # an address that somebody has kept


def test_a_document_is_where_its_form_is_that_people_have_come_least_far_with(people: People, document: str) -> None:
    for path in ("/documents", f"/documents/{document}", "/upload", "/reviews"):
        assert "退回 李<b>四" in shown(people, path), path
    links = Seen(people["reviewer"].get("/reviews")).links()
    for number, door in enumerate(("forms", "review", "review", "forms"), 1):
        assert f"/{door}/{document}.{number}" in links
    told = shown(people, f"/documents/{document}")
    assert [word for word in STATES if f"绩效自评表 {word}" in told] == list(STATES)


def test_a_document_all_of_whose_forms_are_approved_says_by_whom_last(people: People) -> None:
    store = people["admin"].web.archive.store
    document = add_read(store, form_of(), DOUBTED, DOUBTED, content=b"approved")
    does(store, document, "张三", Approve(), number=3)
    does(store, document, "王五", Approve(), number=2)
    whole = shown(people, f"/documents/{document}")
    assert f"已通过 王五 {moment_of(store, document, 2)[:16].replace('T', ' ')}" in whole


def test_who_works_on_a_form_is_shown_for_as_long(people: People, document: str) -> None:
    store = people["admin"].web.archive.store
    take(store, document, 2, "reviewer")
    take(store, document, 4, "reviewer")
    assert "复核中 reviewer" in shown(people, f"/forms/{document}.2")
    assert "已通过 张三" in shown(people, f"/forms/{document}.4")
    for number in (2, 4):
        give_back(store, document, number, "reviewer")
    assert "待复核" in shown(people, f"/forms/{document}.2")


def test_a_form_that_concerns_nobody_is_done() -> None:
    assert stage_of(UNTOUCHED) is Stage.DONE
    assert stage_of(Reviewed(ReviewedState.RETURNED, "甲", "2020", "乙")) is Stage.TAKEN
    assert stage_of(Reviewed(ReviewedState.APPROVED, "甲", "2020", "乙")) is Stage.APPROVED
