"""Double keying in two windows of two people: neither sees what the machine or the other has, both see where they differ."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from service.access.roles import Role
from service.review.policy import Policy
from service.review.queue import state_of
from service.store.form_rows import fields_of
from service.store.reading import form as stored_form
from service.store.reviews import Checks, ReviewState
from tests.service.web.pages.browsing import window
from tests.service.web.pages.live import Live, live
from tests.service.web.pages.review.desk import SCORE, Desk, add_form, desk_of, doubtful_form

NAMES = frozenset({"total_score", "executed"})
FIRST, TOTAL = "tables.funds[0].score", "fields.total_score"
ADDED = "tables.funds[4].executed"
KEYED = tuple(path for path in fields_of(doubtful_form(SCORE)) if path.rpartition(".")[2] in NAMES)
WRONG = "123.45"


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:  # noqa: ARG001  no service where there is no browser
    """An office where two people key the total and what was executed."""
    with live(tmp_path_factory.mktemp("home"), Policy(double_keyed=NAMES)) as running:
        yield running


@pytest.fixture
def two(browser: Browser, service: Live) -> Iterator[tuple[Desk, Desk]]:
    """The reviewer's window, and another's."""
    with window(browser, service) as first, window(browser, service) as second:
        for opened, user in ((first, Role.REVIEWER), (second, Role.ADMIN)):
            opened.open("/")
            opened.log_in(user)
        yield desk_of(first, service), desk_of(second, service)


def text_of(desk: Desk, form: str, path: str) -> str:
    """What the record says at ``path``."""
    found = stored_form(desk.store, form.partition(".")[0], 1)
    assert found is not None
    return fields_of(found.form)[path].text


def key(desk: Desk, path: str, text: str) -> None:
    """Type ``text`` at ``path`` and accept it; nothing at all takes a second Enter."""
    desk.entry(path).focus()
    desk.entry(path).fill(text)
    desk.press(*(["Enter"] if text else ["Enter", "Enter"]))


def test_two_windows_key_a_field_blindly_compare_and_agree(two: tuple[Desk, Desk]) -> None:
    one, other = two
    form = add_form(one.store, doubtful_form(SCORE), checks=Checks(double_keyed=NAMES))
    texts = {path: text_of(one, form, path) for path in fields_of(doubtful_form(SCORE)) if path.rpartition(".")[2] in NAMES}
    one.open(form)
    expect(one.page.locator("#left-fields")).to_have_text(f"{1 + len(texts)} 格待核")
    sees_no_reading(one, texts[TOTAL])
    one.entry(FIRST).focus()
    one.press("Enter")
    for path, text in texts.items():
        key(one, path, WRONG if path == TOTAL else text)
    one.expect_kept(changes=len(texts))
    hands_on(one, form, len(texts))
    assert text_of(one, form, TOTAL) == texts[TOTAL]

    other.open(form)
    assert WRONG not in other.page.content()
    for path, text in texts.items():
        key(other, path, text)
    other.expect_kept(changes=len(texts))
    other.expect_at(TOTAL)
    expect(other.page.locator("#what")).to_have_text("双人录入：两人不一致")
    expect(other.active).to_have_value("")
    expect(other.page.locator("#choices li")).to_have_text([f"Alt+1{WRONG}{Role.REVIEWER}", f"Alt+2{texts[TOTAL]}{Role.ADMIN}"])
    other.press("Escape")
    other.page.wait_for_url("**/reviews*")

    one.open(form)
    one.expect_at(TOTAL)
    one.press("Alt+2", "Enter")
    one.expect_kept()
    expect(one.cell(TOTAL).locator(".sign")).to_contain_text("双✓")
    assert text_of(one, form, TOTAL) == texts[TOTAL]
    one.press("Control+Enter")
    one.page.wait_for_url(lambda url: form not in url)
    entry = state_of(one.store, form.partition(".")[0], 1)
    assert entry is not None
    assert (entry.state, entry.open) == (ReviewState.APPROVED, 0)


@pytest.mark.parametrize("text", [WRONG, ""])
def test_a_keying_whose_answer_is_lost_is_known_as_ones_own(two: tuple[Desk, Desk], text: str) -> None:
    one, _ = two
    form = add_form(one.store, doubtful_form(SCORE), checks=Checks(double_keyed=NAMES))
    one.open(form)
    one.page.route("**/changes", lose_answer, times=1)
    with one.page.expect_response("**/differences*"):
        key(one, TOTAL, text)
    one.expect_kept()
    expect(one.page.locator("#conflict")).to_be_hidden()
    expect(one.entry(TOTAL)).to_have_value(text)
    expect(one.cell(TOTAL)).not_to_have_class("typed")


def test_an_approval_that_is_refused_says_how_much_waits_and_leads_there(two: tuple[Desk, Desk]) -> None:
    one, _ = two
    form = add_form(one.store, doubtful_form(SCORE), checks=Checks(double_keyed=NAMES))
    count = sum(path.rpartition(".")[2] in NAMES for path in fields_of(doubtful_form(SCORE)))
    one.open(form)
    one.page.locator("#approve").click()
    expect(one.page.locator("#notice")).to_have_text(f"不能通过：1 格待核，{count} 格须由两人录入一致。")
    one.expect_at(FIRST)
    one.press("Enter")
    one.expect_kept()
    one.page.locator("#approve").click()
    expect(one.page.locator("#notice")).to_have_text(f"不能通过：{count} 格须由两人录入一致。")
    expect(one.page.locator("#dock")).to_have_attribute("data-path", re.compile("executed|total_score"))


def lose_answer(route: Route) -> None:
    """What was sent arrives, and the answer does not."""
    route.fetch()
    route.abort()


def sees_no_reading(one: Desk, read: str) -> None:
    """At the total there is a picture and an empty input, and nothing says what was read; Enter asks whether it is blank."""
    one.entry(TOTAL).focus()
    expect(one.active).to_have_value("")
    expect(one.page.locator("#what")).to_have_text("双人录入：待录")
    expect(one.cell(TOTAL).locator(".sign")).to_have_text("双")
    expect(one.page.locator("#choices li")).to_have_count(0)
    expect(one.page.locator("#how-sure")).to_have_text("")
    expect(one.page.locator("#sums-list .term", has_text="待录入").first).to_be_visible()
    expect(one.page.locator("#sums-list .truth").first).to_have_text("— 缺数")
    assert read not in one.page.content()
    one.press("F9")
    expect(one.page.locator("#notice")).to_have_text("双人录入的格请照原件键入。")
    one.press("Enter")
    expect(one.page.locator("#notice")).to_have_text("本格是空白吗？是则再按一次 Enter。")
    one.expect_at(TOTAL)


def hands_on(one: Desk, form: str, count: int) -> None:
    """So many fields wait for another; the form is given back, and the next is opened."""
    expect(one.page.locator("#left-fields")).to_have_text(f"0 格待核，另有 {count} 格等另一人录入")
    expect(one.page.locator("#approve")).to_have_text("交给另一人")
    one.entry(TOTAL).focus()
    expect(one.page.locator("#what")).to_have_text("双人录入：您已录，等另一人")
    expect(one.active).to_have_value(WRONG)
    one.press("Control+Enter")
    one.page.wait_for_url(lambda url: form not in url)
    mine = state_of(one.store, form.partition(".")[0], 1)
    assert mine is not None
    assert (mine.keyer, mine.taken_by) == (Role.REVIEWER, "")


def test_the_cell_of_an_added_row_waits_until_both_have_keyed_that_it_is_blank(two: tuple[Desk, Desk]) -> None:
    one, other = two
    form = add_form(one.store, doubtful_form(SCORE), checks=Checks(double_keyed=NAMES))
    one.open(form)
    one.entry(FIRST).focus()
    one.press("Enter")
    one.entry("tables.funds[3].executed").focus()
    one.press("Alt+Insert")
    expect(one.entry(ADDED)).to_be_attached()
    one.expect_kept()
    texts = {path: text_of(one, form, path) for path in (*KEYED, ADDED)}
    assert texts[ADDED] == ""
    expect(one.page.locator("#left-fields")).to_have_text(f"{len(texts)} 格待核")
    for path, text in texts.items():
        key(one, path, text)
    one.expect_kept(changes=len(texts))
    expect(one.page.locator("#left-fields")).to_have_text(f"0 格待核，另有 {len(texts)} 格等另一人录入")
    one.press("Control+Enter")
    one.page.wait_for_url(lambda url: form not in url)

    other.open(form)
    for path, text in texts.items():
        expect(other.page.locator("#all-done")).to_be_hidden()
        key(other, path, text)
    other.expect_kept(changes=len(texts))
    expect(other.page.locator("#all-done")).to_have_text("全部核完，可以通过（Ctrl+Enter）。")
    other.press("Control+Enter")
    other.page.wait_for_url(lambda url: form not in url)
    entry = state_of(one.store, form.partition(".")[0], 1)
    assert entry is not None
    assert (entry.state, entry.open) == (ReviewState.APPROVED, 0)
