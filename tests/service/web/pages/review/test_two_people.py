"""Two people, each in a browser of his own, on one form: who holds it is told, a clash is shown side by side, and nothing typed is lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState, expect
from sqlalchemy import update

from service.access.roles import Role
from service.store.reading import form as stored_form
from service.store.reviews import review_key
from service.store.schema import REVIEWS
from tests.service.kept import FAX
from tests.service.web.pages.browsing import window
from tests.service.web.pages.live import Live
from tests.service.web.pages.review.desk import SCORE, TOTAL, Desk, add_form, add_kept, desk_of, doubtful_form

PROJECT, YEAR = "fields.project_name", "fields.year"


@pytest.fixture(scope="module")
def other_cookies(browser: Browser, service: Live) -> StorageState:
    """Of the colleague."""
    with window(browser, service) as opened:
        opened.open("/")
        opened.log_in(Role.ADMIN)
        return opened.page.context.storage_state()


@pytest.fixture
def colleague(browser: Browser, service: Live, other_cookies: StorageState) -> Iterator[Desk]:
    """Another person's."""
    with window(browser, service, storage_state=other_cookies) as opened:
        yield desk_of(opened, service)


def expect_held(desk: Desk) -> None:
    """The form is this person's: the service has said so."""
    desk.page.wait_for_function("() => performance.getEntriesByType('resource').some((each) => each.name.endsWith('/reservation'))")
    expect(desk.page.locator("#taken")).to_be_hidden()
    expect(desk.active).not_to_have_attribute("readonly", "")


def expect_told(desk: Desk, user: str) -> None:
    """Somebody else holds the form: it can be looked at."""
    expect(desk.page.locator("#taken-by")).to_have_text(f"{user} 正在复核这张表，您可以查看，不能改动。")
    expect(desk.active).to_have_attribute("readonly", "")
    expect(desk.page.locator("#approve")).to_be_disabled()


def run_out(desk: Desk, form: str) -> None:
    """A quarter of an hour goes by in which nobody says that he still works on the form."""
    document, _, number = form.partition(".")
    with desk.store.database.writing() as connection:
        connection.execute(update(REVIEWS).where(review_key(document, int(number))).values(taken_until="2020-01-01T00:00:00.000000Z"))


def kept_text(desk: Desk, form: str, path: str) -> str:
    """What the service keeps in a field beside the tables."""
    found = stored_form(desk.store, form.partition(".")[0], 1)
    assert found is not None
    return found.form.fields[path.removeprefix("fields.")].text


def says(desk: Desk, path: str, text: str) -> None:
    """Type a text into a field, and accept it."""
    desk.entry(path).focus()
    desk.press("Control+a")
    desk.page.keyboard.type(text)
    desk.press("Enter")


def test_the_second_is_told_who_holds_the_form_and_takes_it_when_it_is_given_back(desk: Desk, colleague: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE, TOTAL))
    desk.open(form)
    expect_held(desk)
    colleague.open(form)
    expect_told(colleague, "reviewer")
    colleague.page.locator("#take-it").click()
    expect_told(colleague, "reviewer")
    says(desk, PROJECT, "先来者改的")
    desk.expect_kept()
    desk.press("Escape")
    desk.page.wait_for_url("**/reviews*")
    colleague.page.locator("#take-it").click()
    expect(colleague.page.locator("#taken")).to_be_hidden()
    expect(colleague.entry(PROJECT)).to_have_value("先来者改的")  # not what stood there when it could only be looked at
    says(colleague, YEAR, "2019")
    colleague.expect_kept()
    assert (kept_text(desk, form, PROJECT), kept_text(desk, form, YEAR)) == ("先来者改的", "2019")


def test_who_has_left_a_form_lying_finds_both_texts_side_by_side_and_keeps_his_own(desk: Desk, colleague: Desk) -> None:
    """He had typed into two fields, one of which the other has changed meanwhile."""
    form = add_form(desk.store, doubtful_form(SCORE, TOTAL))
    desk.open(form)
    expect_held(desk)
    with desk.page.expect_response("**/draft"):
        desk.entry(YEAR).fill("2018")
    run_out(desk, form)
    colleague.open(form)
    expect_held(colleague)
    says(colleague, PROJECT, "同事改的名称")
    colleague.expect_kept()
    says(desk, PROJECT, "我改的名称")
    clash = desk.page.locator("#conflict-rows tr.clash")
    expect(clash.locator("td")).to_have_text(["系统运维", "同事改的名称（admin）", "我改的名称"])
    expect(desk.page.locator("#conflict-rows tr", has_text="2018")).to_be_visible()
    assert kept_text(desk, form, PROJECT) == "同事改的名称"
    desk.press("Enter")
    expect(desk.page.locator("#conflict")).to_be_hidden()
    expect(desk.entry(PROJECT)).to_have_value("我改的名称")
    expect(desk.entry(YEAR)).to_have_value("2018")
    for path in (PROJECT, YEAR):
        desk.entry(path).focus()
        desk.press("Enter")
    desk.expect_kept()
    assert (kept_text(desk, form, PROJECT), kept_text(desk, form, YEAR)) == ("我改的名称", "2018")


def test_his_own_are_laid_on_again_with_a_key_and_the_other_is_told_in_turn(desk: Desk, colleague: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    expect_held(desk)
    run_out(desk, form)
    colleague.open(form)
    expect_held(colleague)
    says(colleague, PROJECT, "同事改的名称")
    colleague.expect_kept()
    says(desk, PROJECT, "我改的名称")
    expect(desk.page.locator("#conflict")).to_be_visible()
    desk.tab_to("把我填的再提交一次")
    desk.press("Enter")
    desk.expect_kept()
    assert kept_text(desk, form, PROJECT) == "我改的名称"
    says(colleague, YEAR, "2019")
    expect(colleague.page.locator("#conflict-rows")).to_contain_text("我改的名称（reviewer）")
    assert kept_text(desk, form, YEAR) != "2019"


def test_a_reservation_that_has_run_out_is_the_seconds_and_the_first_is_told(desk: Desk, colleague: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    expect_held(desk)
    desk.entry(PROJECT).fill("写到一半")
    colleague.open(form)
    expect_told(colleague, "reviewer")
    run_out(desk, form)
    colleague.page.locator("#take-it").click()
    expect_held(colleague)
    desk.page.locator("#take-it").dispatch_event("click")  # as its clock does every four minutes
    expect_told(desk, "admin")
    expect(desk.entry(PROJECT)).to_have_value("写到一半")
    colleague.press("Escape")
    colleague.page.wait_for_url("**/reviews*")
    desk.page.locator("#take-it").click()
    expect_held(desk)
    expect(desk.entry(PROJECT)).to_have_value("写到一半")
    desk.entry(PROJECT).focus()
    desk.press("Enter")
    desk.expect_kept()
    assert kept_text(desk, form, PROJECT) == "写到一半"


def test_what_the_other_has_arranged_meanwhile_is_shown_and_not_arranged_over(desk: Desk, colleague: Desk) -> None:
    form = add_kept(desk.store, FAX)
    desk.open(form)
    desk.press("Alt+a")
    panel = desk.page.locator("#arrangement")
    expect(panel).to_be_visible()
    run_out(desk, form)
    colleague.open(form)
    colleague.press("Alt+a")
    colleague.page.locator("#arrangement").get_by_role("button", name="去掉这一页").last.click()
    expect(colleague.page.locator("#arrangement")).to_be_hidden()
    left = colleague.page.locator("#paper textarea")
    everything = desk.page.locator("#paper textarea").count()
    expect(left).not_to_have_count(everything)
    panel.get_by_role("button", name="由此另起一张").click()
    expect(desk.page.locator("#notice")).to_have_text("记录已被别人改动，请刷新后再改。")
    expect(desk.page.locator("#paper textarea")).to_have_count(left.count())
    found = stored_form(desk.store, form.partition(".")[0], 1)
    assert found is not None
    assert found.form.pages == (1,)


def test_what_a_colleague_has_corrected_is_not_overwritten_by_an_approval(desk: Desk, colleague: Desk) -> None:
    """He typed into a field and left; it was settled otherwise; he comes back, looks, and approves."""
    form = add_form(desk.store, doubtful_form())
    desk.open(form)
    expect_held(desk)
    with desk.page.expect_response("**/draft"):
        desk.entry(PROJECT).fill("我填的名称")
    desk.press("Escape")
    desk.page.wait_for_url("**/reviews*")
    colleague.open(form)
    expect_held(colleague)
    says(colleague, PROJECT, "同事改的名称")
    colleague.expect_kept()
    colleague.press("Escape")
    colleague.page.wait_for_url("**/reviews*")
    for _ in range(2):  # nor where the page is opened again
        desk.open(form)
        expect(desk.page.locator("#conflict")).to_be_visible()
        desk.press("Enter")
        expect(desk.page.locator("#conflict")).to_be_hidden()
        desk.press("Control+Enter")
        expect(desk.page.locator("#notice")).to_contain_text("您填的与他人所定不同")
        expect(desk.page.locator("#dock")).to_have_attribute("data-path", PROJECT)
        assert kept_text(desk, form, PROJECT) == "同事改的名称"
    desk.press("Alt+1")
    expect(desk.entry(PROJECT)).to_have_value("同事改的名称")
    desk.press("Control+Enter")
    desk.page.wait_for_url(lambda url: form not in url)
    assert kept_text(desk, form, PROJECT) == "同事改的名称"
