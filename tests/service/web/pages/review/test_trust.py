"""Nothing is lost: two people on one form, a login that ends in between, a connection that breaks, a page that is closed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from service.access.roles import Role
from service.access.sessions import log_out_everywhere
from service.review.queue import state_of, take
from service.store.reading import form as stored_form
from service.store.reviews import ReviewState
from tests.service.store.correcting import Correction, correct
from tests.service.web.pages.browsing import Window, window
from tests.service.web.pages.live import Live
from tests.service.web.pages.review.desk import SCORE, TOTAL, Desk, add_form, desk_of, doubtful_form

FIRST, SECOND, PROJECT = "tables.funds[0].score", "fields.total_score", "fields.project_name"


@pytest.fixture
def own(browser: Browser, service: Live) -> Iterator[Desk]:
    """Of an administrator who logs in for one test."""
    with window(browser, service) as opened:
        opened.open("/")
        opened.log_in(Role.ADMIN)
        yield desk_of(opened, service)


def project_of(desk: Desk, form: str) -> str:
    found = stored_form(desk.store, form.partition(".")[0], 1)
    assert found is not None
    return found.form.fields["project_name"].text


def test_the_second_of_two_is_told_sees_the_difference_and_loses_nothing(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE, TOTAL))
    desk.open(form)
    correct(desk.store, Correction(form.partition(".")[0], 1, 1, PROJECT, "别人改的名称", "admin", ""))
    desk.entry(PROJECT).fill("我改的名称")
    desk.press("Enter")
    rows = desk.page.locator("#conflict-rows")
    expect(rows).to_contain_text("别人改的名称（admin）")
    expect(rows).to_contain_text("我改的名称")
    desk.press("Enter")
    expect(desk.page.locator("#conflict")).to_be_hidden()
    expect(desk.entry(PROJECT)).to_have_value("我改的名称")
    assert project_of(desk, form) == "别人改的名称"
    desk.entry(PROJECT).focus()
    desk.press("Enter")
    desk.expect_kept()
    assert project_of(desk, form) == "我改的名称"


def test_what_was_typed_can_be_laid_on_again_at_once(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    correct(desk.store, Correction(form.partition(".")[0], 1, 1, "fields.year", "2019", "admin", ""))
    desk.entry(PROJECT).fill("我改的名称")
    desk.press("Enter")
    desk.page.locator("#conflict-mine").click()
    desk.expect_kept()
    assert project_of(desk, form) == "我改的名称"


def test_nothing_is_approved_before_what_somebody_else_did_was_looked_at(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    desk.entry(FIRST).focus()
    desk.press("Enter")
    desk.expect_kept()
    correct(desk.store, Correction(form.partition(".")[0], 1, 2, PROJECT, "别人改的名称", "admin", ""))
    desk.entry(PROJECT).fill("我改的名称")
    with desk.page.expect_response("**/draft"):  # what is typed is kept, and no approval follows
        desk.press("Control+Enter")
        expect(desk.page.locator("#conflict-rows")).to_contain_text("别人改的名称（admin）")
    expect(desk.page.locator("#conflict")).to_be_visible()
    desk.page.wait_for_timeout(500)
    assert form in desk.page.url
    assert project_of(desk, form) == "别人改的名称"
    entry = state_of(desk.store, form.partition(".")[0], 1)
    assert entry is not None
    assert entry.state is ReviewState.WAITING


def test_a_form_that_somebody_works_on_can_be_looked_at(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    take(desk.store, form.partition(".")[0], 1, "张三")
    desk.open(form)
    expect(desk.page.locator("#taken-by")).to_have_text("张三 正在复核这张表，您可以查看，不能改动。")
    expect(desk.active).to_have_attribute("readonly", "")
    expect(desk.page.locator("#approve")).to_be_disabled()


def test_a_login_that_ends_in_between_loses_nothing(own: Desk) -> None:
    form = add_form(own.store, doubtful_form(SCORE, TOTAL))
    own.open(form)
    log_out_everywhere(own.store, Role.ADMIN)
    own.entry(PROJECT).fill("登录过期时填的")
    own.press("Enter")
    expect(own.page.locator("#expired")).to_be_visible()
    with own.page.context.expect_page() as opened:
        own.page.locator("#expired a").click()
    Window(opened.value, own.window.url, []).log_in(Role.ADMIN)
    opened.value.close()
    own.page.locator("#login-again").click()
    expect(own.page.locator("#expired")).to_be_hidden()
    own.expect_kept()
    assert project_of(own, form) == "登录过期时填的"


def test_a_connection_that_breaks_loses_nothing(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE, TOTAL))
    desk.open(form)
    desk.page.route("**/api/v1/**", lambda route: route.abort())
    desk.entry(PROJECT).fill("断线时填的")
    desk.press("Enter")
    expect(desk.page.locator("#kept")).to_have_text("未连接，已存本机")
    desk.entry(SECOND).fill("88")
    desk.page.unroute("**/api/v1/**")
    desk.page.evaluate("dispatchEvent(new Event('online'))")
    expect(desk.page.locator("#kept")).not_to_have_class("kept lost")
    desk.page.wait_for_function("() => performance.getEntriesByType('resource').some((each) => each.name.endsWith('/draft'))")
    assert project_of(desk, form) == "断线时填的"


def test_a_page_that_is_closed_is_found_again_as_it_was(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    with desk.page.expect_response("**/draft"):
        desk.entry(PROJECT).fill("还没确认的")
    desk.page.evaluate("localStorage.clear()")  # the service has it too
    desk.open(form)
    expect(desk.entry(PROJECT)).to_have_value("还没确认的")
    expect(desk.page.locator("#notice")).to_contain_text("已恢复")
    assert project_of(desk, form) == "系统运维"
