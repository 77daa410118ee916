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
