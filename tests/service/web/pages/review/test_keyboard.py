"""A form reviewed by keyboard alone: doubts one after the other, alternatives by their digits, undo, help, approval."""

import json
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from models.form import Status
from postprocess.places import Place
from service.review.trail import trail
from service.store.reading import form as stored_form
from service.store.reviews import ReviewState, review_of
from tests.postprocess.records import GENUINE
from tests.service.web.pages.review.desk import SCORE, TOTAL, Desk, add_form, doubtful_form

FIRST, SECOND = "tables.funds[0].score", "fields.total_score"


def text_at(desk: Desk, form: str, path: str) -> str:
    """What the service keeps at a path."""
    found = stored_form(desk.store, form.partition(".")[0], 1)
    assert found is not None
    table, _, column = path.rpartition(".")
    fields = found.form.fields if table == "fields" else found.form.tables["funds"][0]
    return fields[column].text


def test_doubts_are_accepted_one_after_the_other_and_the_form_approved(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE, TOTAL))
    desk.open(form)
    expect(desk.page.locator("#left-fields")).to_have_text("2 格待核")
    at_first = desk.page.locator("#dock").get_attribute("data-path")
    assert at_first in (FIRST, SECOND)
    desk.press("Enter")
    desk.expect_at(SECOND if at_first == FIRST else FIRST)
    expect(desk.page.locator("#left-fields")).to_have_text("1 格待核")
    desk.press("Enter")
    expect(desk.page.locator("#all-done")).to_be_visible()
    desk.expect_kept()
    desk.press("Control+Enter")
    desk.page.wait_for_url(lambda url: form not in url)
    with desk.store.database.reading() as connection:
        entry = review_of(connection, form.partition(".")[0], 1)
    assert entry is not None
    assert ReviewState(entry.state) is ReviewState.APPROVED


def test_from_the_queue_to_approval_without_a_mouse(desk: Desk) -> None:
    """Two forms of one year: the second is opened by the approval of the first, and after it the queue is empty."""
    year = replace(doubtful_form(SCORE, TOTAL).fields["year"], text="2031", value="2031")
    for _ in range(2):
        found = doubtful_form(SCORE, TOTAL)
        add_form(desk.store, replace(found, fields={**found.fields, "year": year}))
    desk.window.open("/reviews?year=2031")
    desk.page.wait_for_selector("#filters[data-ready]")
    desk.press("n")
    desk.page.wait_for_url("**/review/*")
    seen = []
    for _ in range(2):
        expect(desk.page.locator("#review")).to_have_attribute("data-ready", "")
        seen.append(desk.page.url)
        desk.press("Enter", "Enter", "Control+Enter")
        desk.page.wait_for_url(lambda url: url not in seen)
    assert "/reviews?" in desk.page.url
    assert len(set(seen)) == 2


def test_what_waits_cannot_be_approved(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(SCORE)))
    desk.press("Control+Enter")
    expect(desk.page.locator("#notice")).to_contain_text("不能通过")
    desk.expect_at(FIRST)


def test_a_digit_chooses_a_reading_and_the_choice_is_kept(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    desk.press("2")
    expect(desk.active).to_have_value("7.77")
    expect(desk.page.locator(".choice[data-number='2']")).to_have_attribute("aria-pressed", "true")
    desk.press("Enter")
    desk.expect_kept()
    assert text_at(desk, form, FIRST) == "7.77"


@pytest.mark.parametrize("typed", ["2.5", "12", "9.92", "305"])
def test_a_number_that_is_typed_is_that_number(desk: Desk, typed: str) -> None:
    """Digits choose readings; whoever types on meant digits."""
    desk.open(add_form(desk.store, doubtful_form(SCORE)))
    desk.press(*typed)
    expect(desk.active).to_have_value(typed)


def test_after_backspace_a_digit_is_a_digit(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(SCORE)))
    desk.press("Backspace", "2")
    expect(desk.active).to_have_value("2")
    desk.press("Alt+2")
    expect(desk.active).to_have_value("7.77")


def test_undo_takes_back_what_is_typed_then_what_was_kept(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE, TOTAL))
    desk.open(form)
    desk.entry(FIRST).focus()
    was = desk.active.input_value()
    desk.press("Alt+2", "Control+z")
    expect(desk.active).to_have_value(was)
    desk.press("Control+y")
    expect(desk.active).to_have_value("7.77")
    desk.press("Enter")
    desk.expect_kept()
    assert text_at(desk, form, FIRST) == "7.77"
    desk.press("Control+z")
    expect(desk.entry(FIRST)).to_have_value(was)
    desk.expect_kept()
    assert text_at(desk, form, FIRST) == was
    desk.press("Control+y")
    expect(desk.entry(FIRST)).to_have_value("7.77")


def test_tab_goes_to_every_field_in_the_order_of_the_paper(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(SCORE)))
    paths = desk.page.evaluate("[...document.querySelectorAll('.entry')].map((entry) => entry.dataset.path)")
    desk.entry(paths[0]).focus()
    for path in paths[1:12]:
        desk.press("Tab")
        desk.expect_at(path)
    desk.press("Shift+Tab")
    desk.expect_at(paths[10])


def test_equations_follow_every_keystroke_and_lead_to_their_cells(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(TOTAL)))
    desk.expect_at(SECOND)
    total = desk.page.locator(".sum", has_text="得分合计")
    expect(total).to_have_class("sum holds error")
    desk.press("Backspace", "9", "9")
    expect(total).to_have_class("sum broken error")
    expect(total.locator(".truth")).to_have_text("≠ 不成立")
    expect(total.locator(".own")).to_have_text("99")
    total.locator(".term").first.click()
    desk.expect_at(FIRST)


def test_help_history_and_the_page_have_keys(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE, TOTAL))
    desk.open(form)
    desk.press("?")
    expect(desk.page.locator("#keys")).to_be_visible()
    desk.press("Escape")
    expect(desk.page.locator("#keys")).to_be_hidden()
    desk.entry(FIRST).focus()
    desk.press("Alt+2", "Enter")
    desk.expect_kept()
    desk.entry(FIRST).focus()
    desk.press("F4")
    expect(desk.page.locator("#history-list ins")).to_have_text("7.77")
    expect(desk.page.locator("#history-list strong")).to_have_text("reviewer")
    desk.press("Escape", "F2")
    expect(desk.page.locator("#magnify")).to_have_attribute("aria-pressed", "true")
    desk.press("F8")
    expect(desk.page.locator("#fade")).to_have_attribute("aria-pressed", "true")


def test_a_finding_is_closed_as_wrong_on_paper_with_a_note(desk: Desk) -> None:
    """The printed total is another than the sum of what is printed: everything is as it was read."""
    wrong = replace(GENUINE["通讯费"], total_score="90.00")
    form = add_form(desk.store, doubtful_form(TOTAL, numbers=wrong))
    desk.open(form)
    desk.press("Enter")
    note = desk.page.locator("#findings-list input").first
    expect(note).to_be_visible()
    desk.expect_kept()
    desk.press("Alt+o")
    expect(note).to_be_focused()
    desk.page.keyboard.type("合计漏加一项")
    desk.press("Enter")
    expect(desk.page.locator("#left-findings")).to_have_text("0 条不符")
    expect(desk.page.locator(".finding", has_text="合计漏加一项")).to_contain_text("已认定原件如此")
    desk.press("Control+Enter")
    desk.page.wait_for_url(lambda url: form not in url)


def test_the_finding_that_was_meant_is_closed_though_what_was_typed_settles_one_before_it(desk: Desk) -> None:
    wrong = replace(GENUINE["通讯费"], total_weight="90", total_score="90.00", rate="50%")
    form = add_form(desk.store, doubtful_form(TOTAL, numbers=wrong))
    desk.open(form)
    desk.press("Enter")
    note = desk.page.locator('#findings-list form[data-rule^="score_total"] input')
    expect(note).to_be_visible()
    desk.entry("fields.total_weight").fill("100")
    note.fill("合计漏加一项")
    desk.press("Enter")
    expect(desk.page.locator(".finding", has_text="合计漏加一项")).to_contain_text("已认定原件如此")
    past = trail(desk.store, form.partition(".")[0], 1)
    assert [json.loads(event.payload)["rule"] for event in past if event.action == "close_finding"] == ["score_total"]


def test_escape_gives_the_form_back(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    expect(desk.page.locator("#kept")).to_be_visible()
    desk.page.wait_for_function("() => performance.getEntriesByType('resource').some((each) => each.name.endsWith('/reservation'))")
    desk.press("Escape")
    desk.page.wait_for_url("**/reviews*")
    with desk.store.database.reading() as connection:
        entry = review_of(connection, form.partition(".")[0], 1)
    assert entry is not None
    assert entry.taken_by == ""


def test_a_field_that_says_no_number_comes_first(desk: Desk) -> None:
    weight = Place("weight", "indicators", 1)
    form = doubtful_form(SCORE, weight, TOTAL)
    rows = list(form.tables["indicators"])
    rows[1] = {**rows[1], "weight": replace(rows[1]["weight"], text="2O", value=None, status=Status.DOUBTFUL)}
    desk.open(add_form(desk.store, replace(form, tables={**form.tables, "indicators": tuple(rows)})))
    desk.expect_at("tables.indicators[1].weight")
