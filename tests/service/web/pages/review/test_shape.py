"""What a review page is made of: payloads stay text, large forms and documents, rows, boxes, arrangements, accessibility."""

import json
import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, StorageState, expect

from models.form import Review, Status
from postprocess.places import Place, cells_of, updated
from service.store.reading import form as stored_form
from tests.postprocess.records import GENUINE
from tests.service.store.samples import add_read
from tests.service.web.pages.browsing import window
from tests.service.web.pages.live import Live
from tests.service.web.pages.review.desk import SCORE, TOTAL, Desk, add_form, boxed, desk_of, doubtful_form
from tests.service.web.pages.test_browser import WIDER
from tests.service.web.pages.test_payloads import PAYLOADS, spoilt

SECOND = "fields.total_score"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_stays_text_in_inputs_findings_and_readings(desk: Desk, payload: str) -> None:
    add_read(desk.store, *spoilt(payload), content=payload.encode())
    desk.open(f"{sha256(payload.encode()).hexdigest()}.1")
    desk.entry("fields.project_name").focus()
    expect(desk.active).to_have_value(payload)
    expect(desk.page.locator("#findings-list .message").first).to_have_text(payload)
    expect(desk.page.locator("#marks")).to_have_text(payload)
    assert desk.page.locator("#evil").count() == 0


def test_thirty_indicators_are_gone_through_from_the_first_to_the_last(desk: Desk) -> None:
    many = replace(GENUINE["通讯费"], indicators=(("3", "3"),) * 30, total_score="99.92")
    places = [Place("score", "indicators", row) for row in range(30)]
    desk.open(add_form(desk.store, doubtful_form(*places, numbers=many)))
    expect(desk.page.locator("#left-fields")).to_have_text("30 格待核")
    seen = []
    for _ in range(30):
        seen.append(desk.page.locator("#dock").get_attribute("data-path"))
        desk.press("Enter")
    assert sorted(seen) == sorted(str(place) for place in places)
    expect(desk.page.locator("#left-fields")).to_have_text("0 格待核")
    desk.expect_kept(changes=30)


def test_six_pages_each_opened_where_the_field_stands(desk: Desk) -> None:
    form = doubtful_form(SCORE, TOTAL)
    spread = {place: boxed(field, index, index % 6 + 1) for index, (place, field) in enumerate(cells_of(form).items())}
    form = replace(updated(form, spread), pages=(1, 2, 3, 4, 5, 6))
    desk.open(add_form(desk.store, form, pages=6))
    for path in (str(SCORE), SECOND):
        desk.entry(path).focus()
        page = cells_of(form)[SCORE if path == str(SCORE) else TOTAL].page
        expect(desk.page.locator("#review")).to_have_attribute("data-page", str(page))
        expect(desk.page.locator(f"#page-tabs [data-page='{page}']")).to_have_attribute("aria-pressed", "true")
        expect(desk.page.locator(".outline.active")).to_have_count(1)
    before = int(desk.page.locator("#review").get_attribute("data-page") or 0)
    desk.press("PageUp" if before > 1 else "PageDown")
    expect(desk.page.locator("#review")).to_have_attribute("data-page", str(before - 1 if before > 1 else 2))


def test_rows_are_added_and_removed_and_both_are_undone(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    rows = desk.page.locator("textarea[data-path$='.level3'][data-path*='indicators']")
    expect(rows).to_have_count(5)
    desk.entry("tables.indicators[1].score").focus()
    desk.press("Alt+Insert")
    expect(rows).to_have_count(6)
    expect(desk.page.locator("#dock")).to_have_attribute("data-path", re.compile(r"tables\.indicators\[2\]"))
    desk.entry("tables.indicators[2].score").focus()
    desk.press("Alt+Delete")
    expect(rows).to_have_count(5)
    desk.press("Control+z")
    expect(rows).to_have_count(6)
    desk.press("Control+z")
    expect(rows).to_have_count(5)


def test_a_row_is_split_into_what_is_typed(desk: Desk) -> None:
    form = add_form(desk.store, doubtful_form(SCORE))
    desk.open(form)
    desk.entry("tables.indicators[1].weight").focus()
    desk.press("Alt+s")
    dialog = desk.page.locator("#split")
    expect(dialog).to_be_visible()
    dialog.locator("[name='upper weight']").fill("12")
    dialog.locator("[name='lower weight']").fill("8")
    dialog.locator("button[value=yes]").click()
    expect(desk.entry("tables.indicators[1].weight")).to_have_value("12")
    expect(desk.entry("tables.indicators[2].weight")).to_have_value("8")


def test_a_box_is_drawn_and_its_reading_fills_the_field(desk: Desk) -> None:
    """The reading itself is tested where it is made; here it is what the service would say."""
    form = add_form(desk.store, doubtful_form(SCORE))
    asked: list[Any] = []

    def read(route: Any) -> None:
        asked.append(json.loads(route.request.post_data))
        route.fulfill(
            json={"text": "9.81" if "path" in asked[-1] else "", "confidence": 0.99, "alternatives": [{"text": "9.02", "confidence": 0.01}]}
        )

    desk.page.route("**/region", read)
    desk.open(form)
    expect(desk.page.locator("#review")).to_have_attribute("data-page", "1")
    desk.press("F9")
    desk.page.wait_for_function("() => performance.getEntriesByType('resource').some((each) => each.name.endsWith('/region'))")
    assert asked == [{"page": 1, "box": [0, 0, 0.01, 0.01]}]  # while the box is drawn its page is brought at hand
    box = desk.page.locator("#viewer").bounding_box()
    assert box is not None
    middle, height = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    desk.page.mouse.move(middle - 60, height - 20)
    desk.page.mouse.down()
    desk.page.mouse.move(middle + 60, height + 20, steps=4)
    desk.page.mouse.up()
    expect(desk.active).to_have_value("9.81")
    left, top, right, bottom = asked[1]["box"]
    assert (asked[1]["page"], asked[1]["path"]) == (1, str(SCORE))
    assert 0 <= left < right <= 1
    assert 0 <= top < bottom <= 1
    desk.press("Enter")
    desk.expect_kept()
    found = stored_form(desk.store, form.partition(".")[0], 1)
    assert found is not None
    stands = found.form.tables["funds"][0]["score"]
    assert stands.status is Status.CONFIRMED
    assert (stands.box.left, stands.box.bottom) == pytest.approx((left, bottom), abs=1e-4)


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_axe_finds_nothing_serious(browser: Browser, service: Live, cookies: StorageState, language: str) -> None:
    wrong = replace(GENUINE["通讯费"], total_score="90.00")
    form = add_form(service.store, replace(doubtful_form(SCORE, TOTAL, numbers=wrong), review=Review.NEEDS_REVIEW))
    with window(browser, service, locale=language, storage_state=cookies) as opened:
        here = desk_of(opened, service)
        here.open(form)
        expect(here.page.locator("#review")).to_have_attribute("data-page", "1")
        assert serious(here) == []
        here.press("F1")
        assert serious(here) == []


def serious(desk: Desk) -> list[tuple[str, str]]:
    """What axe holds against the page as it stands."""
    found = Axe().run(desk.page).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]


def test_the_page_fits_at_twice_the_size(browser: Browser, service: Live, cookies: StorageState) -> None:
    form = add_form(service.store, doubtful_form(SCORE, TOTAL))
    with window(browser, service, viewport={"width": 683, "height": 384}, storage_state=cookies) as opened:
        here = desk_of(opened, service)
        here.open(form)
        here.press("Enter")
        assert here.page.evaluate(WIDER) == []
        expect(here.active).to_be_in_viewport()
