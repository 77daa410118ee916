"""What people did to a field and to the form as a whole is told on the page, undone steps among it."""

import re
from typing import Any

from playwright.sync_api import expect

from tests.service.web.pages.review.desk import SCORE, TOTAL, Desk, add_form, doubtful_form

FIRST, SECOND = "tables.funds[0].score", "fields.total_score"

TOLD = """async (events) => {
  const { toldOf } = await import(document.querySelector("script[src$='review/main.js']").src.replace("main.js", "past.js"));
  return toldOf(events).map(({ action, of, turned }) => [action, of.map((each) => each.version), turned]);
}"""


def lines(desk: Desk) -> list[str]:
    """What the dialog tells, without who and when."""
    expect(desk.page.locator("#history-list strong").first).to_be_visible()
    told = desk.page.locator("#history-list li").all_inner_texts()
    return [re.sub(r"\s+", "", line.split("reviewer", 1)[1]) for line in told]


def test_a_field_tells_its_changes_its_undos_and_what_was_accepted_as_it_is(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(SCORE, TOTAL)))
    desk.entry(FIRST).focus()
    was = desk.active.input_value()
    desk.press("Alt+2", "Enter")
    desk.expect_kept()
    desk.press("Control+z")
    desk.expect_kept()
    desk.press("Control+y")
    desk.expect_kept()
    desk.entry(SECOND).focus()
    total = desk.active.input_value()
    desk.press("Enter")
    desk.expect_kept()
    desk.entry(FIRST).focus()
    desk.press("F4")
    assert lines(desk) == [f"{was}→7.77", f"撤销7.77→{was}", f"重做{was}→7.77"]
    desk.press("Escape")
    desk.entry(SECOND).focus()
    desk.press("F4")
    assert lines(desk) == [f"确认{total}"]
    expect(desk.page.locator("#history-list del")).to_have_count(0)


def test_the_form_as_a_whole_tells_rows_and_what_no_field_has(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(SCORE)))
    desk.entry("tables.indicators[1].score").focus()
    desk.press("Alt+Insert")
    desk.expect_kept()
    desk.press("Control+z")
    desk.expect_kept()
    desk.entry(FIRST).focus()
    name = desk.entry(FIRST).get_attribute("aria-label")
    desk.press("Alt+2", "Enter")
    desk.expect_kept()
    desk.press("Shift+F4")
    told = lines(desk)
    assert told[:2] == ["增加一行第3行", "撤销增加一行第3行"]
    assert told[2].startswith(f"{name}")
    assert told[2].endswith("→7.77")
    expect(desk.page.locator("#history-whole")).to_be_hidden()


def test_from_the_history_of_a_field_it_is_one_button_to_that_of_the_form(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(SCORE)))
    desk.entry(FIRST).focus()
    desk.press("Enter")
    desk.expect_kept()
    desk.entry("fields.year").focus()
    desk.page.locator("#history-of-it").click()
    expect(desk.page.locator("#history-list")).to_have_text("没有人改过这一格。")
    desk.page.locator("#history-whole").click()
    expect(desk.page.locator("#history-of")).to_have_text("全表历史")
    expect(desk.page.locator("#history-list strong")).to_have_text("reviewer")


def test_a_turn_of_a_page_is_told_as_that_and_other_arrangements_are_not(desk: Desk) -> None:
    desk.open(add_form(desk.store, doubtful_form(SCORE)))
    turned, back = [[1, 2]], [[1, 0]]

    def event(made: int, action: str, **payload: Any) -> dict[str, Any]:
        return {"version": made, "action": action, "path": "", "text": "", "text_before": "", "payload": payload}

    events = [
        event(2, "arrange", turns=turned),
        event(3, "arrange", turns=turned),  # a page was left out
        event(4, "undo", version=3),
        event(5, "undo", version=2),
        event(6, "arrange", turns=turned),
        event(7, "arrange", turns=back),
        event(8, "undo", version=7),
        event(9, "undo", version=8),
        event(10, "arrange"),
    ]
    half, none = {"page": 1, "degrees": 180}, {"page": 1, "degrees": 0}
    assert desk.page.evaluate(TOLD, events) == [
        ["turn", [], half],
        ["arrange", [], None],
        ["undo", [3], None],
        ["undo", [2], None],
        ["turn", [], half],
        ["turn", [], none],
        ["undo", [7], None],
        ["redo", [7], None],
        ["arrange", [], None],
    ]
