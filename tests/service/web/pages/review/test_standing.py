"""What is said of a field and of a finding: who has settled it, where readings differ, and what still forbids an approval."""

from dataclasses import replace

from playwright.sync_api import expect

from models.form import Alternative, Status
from postprocess.places import Place, cells_of, updated
from tests.postprocess.records import GENUINE
from tests.service.web.pages.review.desk import SCORE, TOTAL, Desk, add_form, doubtful_form

FIRST, SECOND, PROJECT = "tables.funds[0].score", "fields.total_score", "fields.project_name"


def test_what_a_person_has_settled_is_not_called_proved_by_arithmetic(desk: Desk) -> None:
    proved = Place("weight", "funds", 0)
    form = doubtful_form(Place("project_name"), TOTAL)
    form = updated(form, {proved: replace(cells_of(form)[proved], status=Status.CONFIRMED, confidence=1.0)})
    kept = add_form(desk.store, form)
    desk.open(kept)
    desk.entry(PROJECT).focus()
    desk.press("Enter")
    expect(desk.cell(PROJECT).locator(".sign")).to_have_text("☑")
    desk.expect_kept()
    for _ in range(2):
        desk.entry(PROJECT).focus()
        expect(desk.page.locator("#what")).to_have_text("人工核定")
        expect(desk.cell(PROJECT).locator(".sign")).to_have_text("☑")
        desk.entry(str(proved)).focus()
        expect(desk.page.locator("#what")).to_have_text("算式证实")
        expect(desk.cell(str(proved)).locator(".sign")).to_have_text("✓")
        desk.open(kept)


def test_long_readings_show_where_they_differ(desk: Desk) -> None:
    place, read = Place("project_name"), "上海市某某区财政局信息化系统运行维护及数据中心设备更新改造项目经费"
    other = read.replace("数据中心", "数椐中心").replace("上海市", "上海巿")
    form = doubtful_form(place)
    field = replace(cells_of(form)[place], text=read, value=read, alternatives=(Alternative(other, 0.2),))
    desk.open(add_form(desk.store, updated(form, {place: field})))
    desk.expect_at(PROJECT)
    readings = desk.page.locator(".choice .reading")
    assert readings.all_inner_texts() == ["上海市某某…及数据中心…", "上海巿某某…及数椐中心…"]
    assert readings.nth(1).locator("mark").all_inner_texts() == ["巿", "椐"]
    expect(desk.page.locator(".choice").nth(1)).to_have_attribute("title", other)
    desk.press("2")
    expect(desk.active).to_have_value(other)


def test_the_picture_of_a_long_text_has_the_room_that_no_equation_needs(desk: Desk) -> None:
    place, read = Place("level3", "indicators", 1), "上海市某某区财政局信息化系统运行维护及数据中心设备更新改造项目经费"
    form = doubtful_form(SCORE, place)
    desk.open(add_form(desk.store, updated(form, {place: replace(cells_of(form)[place], text=read, value=read)})))
    widths = []
    for path in (FIRST, str(place)):
        desk.entry(path).focus()
        desk.expect_at(path)
        box = desk.page.locator("#slot").bounding_box()
        entry = desk.active.bounding_box()
        assert box is not None
        assert entry is not None
        assert abs(box["width"] - entry["width"]) < 2
        widths.append(box["width"])
    assert widths[1] > widths[0] * 1.3


def test_an_approval_that_a_finding_forbids_says_so_and_leads_there(desk: Desk) -> None:
    wrong = replace(GENUINE["通讯费"], total_score="90.00")
    desk.open(add_form(desk.store, doubtful_form(TOTAL, numbers=wrong)))
    desk.press("Enter")
    desk.expect_kept()
    with desk.page.expect_response("**/approval"):
        desk.press("Control+Enter")
    note = desk.page.locator("#findings-list input").first
    expect(note).to_be_focused()
    expect(desk.page.locator("#notice")).to_contain_text("不能通过")
    expect(desk.page.locator("#notice")).to_have_class("told fault")
    desk.page.wait_for_timeout(300)
    expect(desk.page.locator("#notice")).to_contain_text("不能通过")
    note.fill("合计漏加一项")
    desk.press("Enter")
    expect(desk.page.locator("#notice")).to_be_hidden()
    expect(desk.page.locator(".finding .chip", has_text="已认定")).to_have_text("已认定原件如此")
