"""The queue without script: tabs, filters, order, pages, the next form, and what is given back."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import quote

import pytest
from sqlalchemy import delete, insert, select, update

from service.access.roles import Role
from service.access.users import add_user
from service.review.drafts import Draft, keep_draft
from service.review.policy import Policy
from service.review.queue import next_form, taken_forms, waiting_forms
from service.review.queued import Wanted
from service.store.documents import State, mark
from service.store.opening import Store
from service.store.reviews import ReviewState
from service.store.schema import DRAFTS, REVIEW_RULES, REVIEWS
from service.web import waiting
from service.web.pages import reviews
from tests.service.review.test_queue import needing
from tests.service.store.samples import add, add_read, form_of
from tests.service.web.pages.test_payloads import PAYLOADS, elements
from tests.service.web.pages.visiting import Person, Seen, visiting
from tests.service.web.serving import served, settings

COLLEAGUE = "王芳"

DOUBTS = {"疏浚工程": 3, "校舍加固": 5, "车辆购置": 1}
"""Of the forms that wait, by project; in the order in which they came, one a year from 2019 on. The first breaks a rule, too."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A queue of three forms, and two reviewers and an administrator who look at it."""

    store: Store
    reviewer: Person
    colleague: Person
    admin: Person

    def id(self, project: str) -> str:
        """Of the form of a project, which waits."""
        (found,) = (each for each in waiting_forms(self.store, Wanted()).items if each.project == project)
        return f"{found.document}.{found.number}"

    def put(self, project: str, **values: object) -> None:
        """Change the entry of a form."""
        document = self.id(project).partition(".")[0]
        with self.store.database.writing() as connection:
            connection.execute(update(REVIEWS).where(REVIEWS.c.document == document).values(**values))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Where two people are asked for."""
    with served(tmp_path_factory.mktemp("home"), settings(policy=Policy(two_people=True))) as web:
        store = web.archive.store
        with store.database.writing() as connection:
            connection.execute(delete(REVIEWS))  # what every archive of the tests begins with
        for number, (project, doubts) in enumerate(DOUBTS.items()):
            form = needing(project, doubts, str(2019 + number), f"{project[0]}局")
            add_read(store, replace(form, findings=form_of().findings if number == 0 else ()), content=project.encode())
        add_user(store, COLLEAGUE, Role.REVIEWER)
        yield Desk(store, *(visiting(web, user) for user in (Role.REVIEWER, COLLEAGUE, Role.ADMIN)))


@pytest.fixture
def desk(office: Desk) -> Iterator[Desk]:
    """The office, whose queue is afterwards as it was before."""
    with office.store.database.reading() as connection:
        before = {table: [dict(row) for row in connection.execute(select(table)).mappings()] for table in (REVIEWS, REVIEW_RULES)}
    yield office
    with office.store.database.writing() as connection:
        for table in (DRAFTS, REVIEW_RULES, REVIEWS):
            connection.execute(delete(table))
        for table, rows in before.items():
            connection.execute(insert(table), rows)


def projects(person: Person, query: str = "") -> list[str]:
    """The projects that are listed, from top to bottom."""
    reply = person.get(f"/reviews{query}")
    assert reply.status_code == HTTPStatus.OK, query
    return [html.unescape(each) for each in re.findall(r'class="open"[^>]*>([^<]+)<', reply.text)]


def counts(person: Person) -> dict[str, str]:
    """What the tabs count."""
    return dict(re.findall(r'id="tab-(\w+)".*?<b>(\d+)</b>', person.get("/reviews").text))


def row_of(person: Person, project: str, query: str = "") -> str:
    """What stands in the row of a project."""
    (found,) = (row for row in person.get(f"/reviews{query}").text.split("<tr>")[1:] if f">{project}</a>" in row)
    return found


def test_the_most_doubtful_come_first_or_the_oldest(desk: Desk) -> None:
    assert projects(desk.reviewer) == ["校舍加固", "疏浚工程", "车辆购置"]
    assert projects(desk.reviewer, "?order=oldest") == list(DOUBTS)


FILTERS = {
    "year=2020": ["校舍加固"],
    "unit=车局": ["车辆购置"],
    "kind=performance_target": [],
    "kind=self_evaluation&finding=funds_sum": ["疏浚工程"],
    "q=加固": ["校舍加固"],
    "q=固加": [],
    "q=加固&year=2019&unit=": [],
    "state=returned": [],
    "state=approved&order=oldest": [],
}


@pytest.mark.parametrize("query", FILTERS)
def test_a_filter_leaves_what_was_asked_for(desk: Desk, query: str) -> None:
    assert projects(desk.reviewer, f"?{query}") == FILTERS[query]


@pytest.mark.parametrize("query", ["year=abc", "state=lost", "order=best", "after=nonsense!", "passed=../..", f"q={'x' * 300}"])
def test_what_makes_no_sense_is_said(desk: Desk, query: str) -> None:
    reply = desk.reviewer.get(f"/reviews?{query}")
    assert (reply.status_code in (404, 422), 'role="alert"' in reply.text) == (True, True)


def test_pages_follow_each_other_under_the_filter(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reviews, "ROWS", 1)
    for order, wanted in (("most_doubtful", ["校舍加固", "疏浚工程", "车辆购置"]), ("oldest", list(DOUBTS))):
        path, found = f"/reviews?kind=self_evaluation&order={order}", list[str]()
        while path:
            found += projects(desk.reviewer, path.removeprefix("/reviews"))
            links = Seen(desk.reviewer.get(path)).links()
            path = next((link for link in links if "after=" in link and "state=" not in link), "")
        assert found == wanted


def test_every_state_has_its_tab_and_a_form_stands_below_one(desk: Desk) -> None:
    waits, reads = (add(desk.store, name.encode(), f"{name}.pdf") for name in ("等", "读"))
    mark(desk.store, reads, State.READING, pages=7)
    next_form(desk.store, COLLEAGUE, Wanted())
    desk.put("疏浚工程", state=ReviewState.RETURNED)
    assert counts(desk.reviewer) == {"queued": "1", "reading": "1", "waiting": "1", "taken": "1", "returned": "1", "approved": "0"}
    assert projects(desk.reviewer) == ["车辆购置"]
    assert projects(desk.reviewer, "?state=returned") == ["疏浚工程"]
    assert projects(desk.reviewer, "?state=taken&q=加固") == ["校舍加固"]
    assert projects(desk.reviewer, "?state=taken&year=2019") == []
    for tab, document in (("queued", waits), ("reading", reads)):
        listed = Seen(desk.reviewer.get(f"/reviews?state={tab}")).links()
        assert [each for each in (waits, reads) if f"/documents/{each}" in listed] == [document]


def test_each_page_tells_reviewers_how_many_forms_wait(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(person: Person, path: str) -> str:
        (number,) = re.findall(r'id="waiting"[^>]*>(\d+)<', person.get(path).text)
        return str(number)

    assert told(desk.reviewer, "/reviews") == "3"
    desk.put("疏浚工程", state=ReviewState.APPROVED)
    assert told(desk.reviewer, "/documents") == "3"  # no page but the queue counts what was counted just now
    assert told(desk.colleague, "/reviews") == "2"
    assert told(desk.reviewer, "/documents") == "2"
    desk.put("车辆购置", state=ReviewState.APPROVED)
    monkeypatch.setattr(waiting, "SECONDS", -1.0)
    assert told(desk.reviewer, "/documents") == "1"


def test_two_who_ask_for_the_next_form_get_different_ones(desk: Desk) -> None:
    first, second = (person.post("/reviews/next").headers["location"] for person in (desk.reviewer, desk.colleague))
    assert first == f"/review/{taken_forms(desk.store, Role.REVIEWER)[0].document}.1"
    assert second == f"/review/{taken_forms(desk.store, COLLEAGUE)[0].document}.1"
    assert first != second


def test_the_next_form_is_looked_for_under_the_filter_which_goes_along(desk: Desk) -> None:
    wanted = desk.id("车辆购置")
    asked = desk.reviewer.post("/reviews/next?q=购置&year=2021&state=taken")
    assert asked.headers["location"].partition("?")[0] == f"/review/{wanted}"
    assert "year=2021" in asked.headers["location"]
    none = desk.colleague.post("/reviews/next?q=购置&year=2021").headers["location"]
    assert "没有可取的表" in desk.colleague.get(none).text
    assert Seen(desk.colleague.get(none)).fields("year") == ["2021"]


def test_what_was_given_back_is_free_for_others_and_passed_over(desk: Desk) -> None:
    first = desk.id("校舍加固")
    desk.reviewer.post("/reviews/next")
    assert desk.colleague.post("/reviews/release", id=first).status_code == HTTPStatus.FORBIDDEN
    back = desk.reviewer.post("/reviews/release?order=most_doubtful", id=first).headers["location"]
    assert taken_forms(desk.store) == ()
    page = desk.reviewer.get(back)
    assert "已放回队列" in page.text
    assert "已跳过 1 张" in page.text
    (action,) = re.findall(r'id="next" method="post" action="([^"]+)"', page.text)
    assert desk.reviewer.post(html.unescape(action)).headers["location"].partition("?")[0] == f"/review/{desk.id('疏浚工程')}"
    assert desk.colleague.post("/reviews/next").headers["location"] == f"/review/{first}"


def test_an_administrator_gives_back_what_others_hold(desk: Desk) -> None:
    next_form(desk.store, COLLEAGUE, Wanted())
    assert "/reviews/release" not in row_of(desk.reviewer, "校舍加固", "?state=taken")
    row = row_of(desk.admin, "校舍加固", "?state=taken")
    assert "/reviews/release" in row
    assert COLLEAGUE in row
    back = desk.admin.post("/reviews/release", id=desk.id("校舍加固")).headers["location"]
    assert "passed" not in back
    assert taken_forms(desk.store) == ()


@pytest.mark.parametrize("id_", ["", "nonsense", f"{'0' * 64}.1"])
def test_what_concerns_nobody_cannot_be_given_back(desk: Desk, id_: str) -> None:
    assert desk.reviewer.post("/reviews/release", id=id_).status_code == HTTPStatus.NOT_FOUND


def test_what_i_have_in_hand_is_shown_to_me_alone(desk: Desk) -> None:
    held = next_form(desk.store, Role.REVIEWER, Wanted())
    assert held is not None
    document = desk.id("疏浚工程").partition(".")[0]
    keep_draft(desk.store, Draft(document, 1, Role.REVIEWER, 1, {"fields.year": "2", "fields.unit": "元"}, ""))
    mine, theirs = (person.get("/reviews").text for person in (desk.reviewer, desk.colleague))
    assert mine.count("我在复核") == 1
    assert "已填 2 处未提交" in row_of(desk.reviewer, "疏浚工程")
    assert "我在复核" not in theirs
    assert "未提交" not in theirs


def test_what_waits_for_another_person_alone_is_marked(desk: Desk) -> None:
    desk.put("疏浚工程", open=0, rank=0, editor=Role.REVIEWER)
    assert "须他人通过" in row_of(desk.reviewer, "疏浚工程")
    assert "须他人通过" not in row_of(desk.colleague, "疏浚工程")
    assert "须他人通过" not in row_of(desk.reviewer, "校舍加固")


def test_a_filter_goes_along_to_a_form_and_to_other_tabs(desk: Desk) -> None:
    links = Seen(desk.reviewer.get("/reviews?year=2020&q=加固")).links()
    assert f"/review/{desk.id('校舍加固')}?year=2020&q={quote('加固')}" in links
    assert f"/reviews?year=2020&q={quote('加固')}&state=approved" in links


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_adds_nothing_to_the_queue(desk: Desk, payload: str) -> None:
    def shown(text: str) -> list[str]:
        document = add_read(desk.store, needing(text, 9, "2033", text), content=f"{payload} or {text}".encode())
        keep_draft(desk.store, Draft(document, 1, Role.REVIEWER, 1, {"fields.year": text}, ""))
        assert text in projects(desk.reviewer, "?year=2033")
        query = desk.reviewer.web.client.build_request("GET", "/", params={"unit": text, "q": text, "year": "2033"}).url.query.decode()
        return elements(desk.reviewer, f"/reviews?{query}") + elements(desk.reviewer, "/reviews?year=2033")

    assert shown(payload) == shown("平常的文字")
