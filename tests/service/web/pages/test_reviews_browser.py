"""The queue in a real browser: by keyboard alone, filters without a new page, two people, scans that are dropped on it."""

import re
from collections.abc import Callable, Iterator
from time import monotonic, sleep

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, StorageState, expect

from service.access.roles import Role
from service.access.sessions import log_out_everywhere
from service.review.queue import give_back, next_form, take, taken_forms
from service.review.queued import Wanted
from service.store.reviews import withdraw_review
from tests.service.review.test_queue import needing
from tests.service.store.samples import add_read
from tests.service.web.pages.browsing import SECONDS, Window, window
from tests.service.web.pages.live import Live, live, worker
from tests.service.web.pages.test_browser import WIDER
from tests.service.web.pages.test_payloads import PAYLOADS

PROJECTS = ("河道疏浚", "校舍加固", "车辆购置", "噪声监测")
"""Of the forms that wait, the most doubtful first, one a year from 2019 on."""

EVIL = PAYLOADS[1]


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:  # noqa: ARG001  no service where there is no browser
    home = tmp_path_factory.mktemp("home")
    with live(home) as running:
        for number, project in enumerate(PROJECTS):
            add_read(running.store, needing(project, 9 - number, str(2019 + number), f"{project[0]}局"), content=project.encode())
        add_read(running.store, needing(EVIL, 1, "2033", EVIL), content=EVIL.encode())
        with worker(home):
            yield running


@pytest.fixture(scope="module")
def logged_in(browser: Browser, service: Live) -> dict[str, StorageState]:
    """The cookies of a reviewer and of an administrator."""
    cookies = {}
    for user in (Role.REVIEWER, Role.ADMIN):
        with window(browser, service) as opened:
            opened.open("/")
            opened.log_in(user)
            opened.page.wait_for_url("**/reviews")
            cookies[user.value] = opened.page.context.storage_state()
    return cookies


@pytest.fixture
def reviewer(browser: Browser, service: Live, logged_in: dict[str, StorageState]) -> Iterator[Window]:
    with window(browser, service, storage_state=logged_in["reviewer"]) as opened:
        show(opened)
        yield opened
    for each in taken_forms(service.store):
        give_back(service.store, each.document, each.number, each.taken_by)


def show(shown: Window, path: str = "/reviews") -> None:
    """Open the queue, and wait until it listens."""
    shown.open(path)
    shown.page.wait_for_selector("#filters[data-ready]")


def rows(page: Page) -> list[str]:
    """The projects that are listed."""
    return page.locator("#queue .open").all_inner_texts()


def test_the_queue_is_used_by_keyboard_alone(reviewer: Window) -> None:
    page = reviewer.page
    press, focused = page.keyboard.press, page.locator(":focus")
    press("?")
    expect(page.locator("#keys")).to_be_visible()
    press("n")
    press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    press("j")
    expect(focused).to_have_text("河道疏浚")
    press("ArrowDown")
    press("j")
    press("k")
    expect(focused).to_have_text("校舍加固")
    press("/")
    page.keyboard.type("购置")
    expect(page.locator("#queue .open")).to_have_text(["车辆购置"])
    press("Escape")
    expect(focused).to_have_text("车辆购置")
    expect(page.locator("#q")).to_have_value("购置")
    press("Enter")
    page.wait_for_url("**/review/*")


@pytest.mark.parametrize("key", ["n", "Enter"])
def test_a_key_takes_the_next_form_under_the_filter(reviewer: Window, service: Live, key: str) -> None:
    page = reviewer.page
    show(reviewer, "/reviews?year=2021")
    assert page.evaluate("JSON.parse(sessionStorage.getItem('formtally.queue'))") == {"year": 2021, "state": "waiting"}
    page.keyboard.press(key)
    page.wait_for_url("**/review/*")
    (taken,) = taken_forms(service.store, Role.REVIEWER)
    assert (taken.project, f"/review/{taken.document}.1" in page.url) == ("车辆购置", True)
    show(reviewer, "/reviews?year=2021")
    _until(lambda: not taken_forms(service.store))  # whoever leaves the form gives it back
    take(service.store, taken.document, taken.number, Role.REVIEWER)
    page.keyboard.press(key)
    expect(page.locator("#queue .told")).to_contain_text("没有可取的表")
    page.get_by_role("button", name=re.compile("放回")).click()
    expect(page.locator("#queue")).to_contain_text("已跳过 1 张")


def test_two_people_who_press_next_get_different_forms(
    browser: Browser, service: Live, reviewer: Window, logged_in: dict[str, StorageState]
) -> None:
    with window(browser, service, storage_state=logged_in["admin"]) as colleague:
        show(colleague)
        for each in (reviewer, colleague):
            each.page.keyboard.press("n")
        for each in (reviewer, colleague):
            each.page.wait_for_url("**/review/*")
        assert reviewer.page.url != colleague.page.url


def test_a_filter_asks_for_the_list_alone_and_stands_in_the_address(reviewer: Window) -> None:
    page, loaded = reviewer.page, list[str]()

    def note(request: Request) -> None:
        loaded.append(request.resource_type)

    page.on("request", note)
    page.locator("#year").fill("2020")
    page.locator("#order").select_option("oldest")
    expect(page.locator("#queue .open")).to_have_text(["校舍加固"])
    expect(page).to_have_url(re.compile(r"/reviews\?year=2020&order=oldest&state=waiting$"))
    page.locator("#tab-approved").click()
    expect(page.locator("#queue .empty")).to_be_visible()
    expect(page).to_have_url(re.compile("state=approved"))
    expect(page.locator("#tab-approved")).to_be_focused()
    assert "xhr" in loaded
    assert not {"document", "script", "stylesheet"} & set(loaded)
    page.go_back()
    expect(page.locator("#queue .open")).to_have_text(["校舍加固"])
    expect(page.locator("#year")).to_have_value("2020")


def test_a_unit_is_a_filter_and_what_strangers_wrote_stays_text(reviewer: Window) -> None:
    page = reviewer.page
    page.locator("tr", has_text=EVIL).locator(".narrow-to").click()
    expect(page.locator("#unit")).to_have_value(EVIL)
    page.wait_for_selector("#filters[data-ready]")
    expect(page.locator("#queue .open")).to_have_text([EVIL])
    page.locator("#q").fill("img src")
    expect(page).to_have_url(re.compile("q="))
    expect(page.locator("#queue .open")).to_have_text([EVIL])
    assert page.locator("main img").count() == 0


def test_what_went_wrong_is_said_beside_the_list(reviewer: Window) -> None:
    page = reviewer.page
    page.locator("[name=state]").evaluate("(state) => (state.value = 'lost')")
    page.locator("#order").select_option("oldest")
    expect(page.locator("#away")).to_contain_text("请求有误")
    assert rows(page)[0] == PROJECTS[0]
    page.route("**/reviews?*", lambda route: route.abort())
    page.locator("#order").select_option("most_doubtful")
    expect(page.locator("#away")).to_contain_text("连接中断")
    page.unroute("**/reviews?*")
    page.locator("[name=state]").evaluate("(state) => (state.value = 'waiting')")
    page.locator("#year").fill("2019")
    page.locator("#order").select_option("oldest")
    expect(page.locator("#queue .open")).to_have_text([PROJECTS[0]])
    expect(page.locator("#away")).to_be_hidden()


def test_a_scan_that_is_dropped_on_the_queue_is_watched(reviewer: Window) -> None:
    page = reviewer.page
    reviewer.drop(("新到.pdf", "pages=2 1=slow 2=slow"))
    row = reviewer.row("新到.pdf")
    expect(row).to_have_attribute("data-stage", "reading")
    expect(row.locator("progress")).to_be_visible()
    page.locator("#tab-reading").click()
    listed = page.locator("#queue .uploads li", has_text="新到.pdf")
    expect(listed.locator(".stage")).to_have_text("识别中")
    expect(row).to_have_attribute("data-stage", "done", timeout=4 * SECONDS * 1000)  # the first scan waits for the reader to start
    expect(page.locator("#queue .uploads li")).to_have_count(0)


def test_a_login_that_has_ended_leads_to_the_login_and_back(browser: Browser, service: Live) -> None:
    with window(browser, service) as here:
        here.open("/reviews?year=2020")
        here.log_in(Role.ADMIN)
        here.page.wait_for_selector("#filters[data-ready]")
        log_out_everywhere(service.store, Role.ADMIN)
        here.page.locator("#order").select_option("oldest")
        here.page.wait_for_url("**/login?*")
        here.log_in(Role.ADMIN)
        expect(here.page.locator("#queue .open")).to_have_text(["校舍加固"])


def test_without_script_the_queue_filters_and_gives_the_next_form(
    browser: Browser, service: Live, logged_in: dict[str, StorageState]
) -> None:
    with window(browser, service, storage_state=logged_in["reviewer"], java_script_enabled=False) as here:
        here.open("/reviews?state=waiting")
        here.page.locator("#q").fill("噪声")
        here.page.get_by_role("button", name="查找").click()
        assert rows(here.page) == ["噪声监测"]
        here.page.get_by_role("button", name="下一份").click()
        here.page.wait_for_url("**/review/*")
    (taken,) = taken_forms(service.store)
    assert taken.project == "噪声监测"
    give_back(service.store, taken.document, taken.number, taken.taken_by)


def test_what_is_counted_above_the_list_follows_it(reviewer: Window, service: Live) -> None:
    page = reviewer.page
    was = [page.locator(each).inner_text() for each in ("#open", "#waiting")]
    document = add_read(service.store, needing("后来的", 2, "2044"), content="后来的".encode())
    page.evaluate("for (let sent = 0; sent < 9; sent += 1) document.dispatchEvent(new Event('formtally:sent'))")
    expect(page.locator("#open")).to_have_text(f"{int(re.sub('[^0-9]', '', was[0])) + 2} 处待定")
    expect(page.locator("#waiting")).to_have_text(str(int(was[1]) + 1))
    expect(page.locator("#tab-waiting b")).to_have_text(str(int(was[1]) + 1))
    with service.store.database.writing() as connection:
        withdraw_review(connection, document, 1)


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_axe_finds_nothing_serious(browser: Browser, service: Live, logged_in: dict[str, StorageState], language: str) -> None:
    next_form(service.store, Role.REVIEWER, Wanted())
    with window(browser, service, locale=language, storage_state=logged_in["reviewer"]) as here:
        for path in ("/reviews", "/reviews?state=taken", "/reviews?state=reading", "keys"):
            if path == "keys":
                here.page.keyboard.press("?")
                expect(here.page.locator("#keys")).to_be_visible()
            else:
                show(here, path)
            found = Axe().run(here.page).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == [], path


def test_the_queue_fits_at_twice_the_size(browser: Browser, service: Live, logged_in: dict[str, StorageState]) -> None:
    with window(browser, service, viewport={"width": 683, "height": 384}, storage_state=logged_in["reviewer"]) as here:
        show(here)
        assert here.page.evaluate(WIDER) == []


def _until(happened: Callable[[], bool]) -> None:
    deadline = monotonic() + SECONDS
    while not happened():
        assert monotonic() < deadline
        sleep(0.05)
