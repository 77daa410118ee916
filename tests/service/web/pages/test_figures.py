"""The page of figures: what stands there without script, and its plots in a browser under the policy."""

import json
import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from models.form import Review, Status
from service.access.roles import Role
from service.learning.lesson import SEPARATOR, Subject
from service.review.changes import CloseFinding, SetField
from service.store.opening import Store
from service.store.schema import TALLIES
from service.store.writing import insert_new
from tests.service.learning.samples import approve, form, number, read
from tests.service.web.pages.browsing import window
from tests.service.web.pages.conftest import People
from tests.service.web.pages.live import Live, live
from tests.service.web.pages.visiting import Seen

EVIL = '</script><img id="evil" src=x onerror=alert(1)>'


def teach(store: Store) -> None:
    """Let ten forms be approved with four wrong scores, and one with a rule and a text that mean harm."""
    for place in range(10):
        first = form({"total_score": number("93" if place < 4 else "98", 0, Status.DOUBTFUL), "year": read("2020", 1)})
        right = form({**first.fields, "total_score": number("98")})
        approve(store, f"taught {place}", first, right, SetField("fields.total_score", "98"))
    clear = form({"year": read("2020"), "project_name": read("<b>", 1)}, review=Review.CLEAR)
    right = form({"year": read("2020"), "project_name": read(">b>", 1)}, review=Review.CLEAR)
    approve(store, "drawn", clear, right, CloseFinding(EVIL, (), "", ()), share=1.0)


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:  # noqa: ARG001  no service where there is no browser
    with live(tmp_path_factory.mktemp("home")) as running:
        teach(running.store)
        yield running


def test_without_anything_approved_the_page_says_so(people: People) -> None:
    reply = people["reviewer"].get("/figures?from=2001-01-01&to=2001-01-31")
    assert reply.status_code == 200
    assert "暂无数据" in Seen(reply).text


def test_the_tables_say_what_the_plots_show(people: People) -> None:
    teach(people["admin"].web.archive.store)
    said = Seen(people["reviewer"].get("/figures")).text
    for words in ("总分", "（11 中 0）", "（10 中 4）", "40.00%", "16.82% – 68.73%", "数字"):
        assert words in said, words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-CN", ("总分·得分", "资金来源", "标题", "财政项目支出绩效自评表", "灰度或彩色扫描")),
        ("en", ("Total score", "Funds: source", "Title", "Self-evaluation of fiscal projects", "Scans in grey or colour")),
    ],
)
def test_whatever_was_counted_is_called_as_the_reader_calls_it(people: People, language: str, words: tuple[str, ...]) -> None:
    store = people["admin"].web.archive.store
    with store.database.writing() as connection:
        for name in ("title", "funds.source", "total_score", "of_another_template"):
            names = SEPARATOR.join(("shanghai/self_evaluation@1", name, "grey", "accepted"))
            row = {"period": "d2011-03-31", "subject": Subject.FIELD.value, "name": names, "count": 3, "wrong": 1}
            insert_new(connection, TALLIES, row)
    reply = people["reviewer"].get("/figures?from=2011-03-31&to=2011-03-31", accept_language=language)
    said = Seen(reply).text
    for word in (*words, "of_another_template"):
        assert word in said, word
    assert "funds.source" not in said
    plotted = json.loads(re.findall(r'id="plots">(.*?)</script>', reply.text)[0])
    assert set(words[:3]) < set(plotted["fields"]["names"])


@pytest.mark.parametrize("query", ["from=yesterday", "from=2024-02-02&to=2024-02-01"])
def test_a_time_that_makes_no_sense_is_said(people: People, query: str) -> None:
    reply = people["reviewer"].get(f"/figures?{query}")
    assert reply.status_code == 422
    assert "请求有误" in reply.text


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_plots_are_drawn_under_the_policy_and_texts_stay_texts(browser: Browser, service: Live, language: str) -> None:
    with window(browser, service, locale=language) as here:
        messages: list[str] = []
        here.page.on("console", lambda message: messages.append(message.text))
        here.open("/login")
        here.log_in(Role.REVIEWER)
        here.open("/figures")
        for plot in ("months", "fields", "slips"):
            canvas = here.page.locator(f"[data-plot={plot}] canvas").first
            expect(canvas).to_be_visible()
            drawn = canvas.evaluate("it => new Set(it.getContext('2d').getImageData(0, 0, it.width, it.height).data).size")
            assert drawn > 2, plot
        bar = here.page.locator("[data-plot=fields]")
        bar.hover(position={"x": 260, "y": 37})
        expect(bar.locator("span").first).to_contain_text("%")
        assert here.page.locator("#evil").count() == 0
        expect(here.page.locator("main")).to_contain_text(EVIL)
        found = Axe().run(here.page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []
        assert messages == []
