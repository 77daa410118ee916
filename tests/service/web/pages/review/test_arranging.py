"""Which pages make which form, put right in the panel by hand: template, pages left out, forms split and joined; each is undone."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, expect

from models.limits import Limits
from ocr.opening import open_page
from service import content_file
from service.access.roles import Role
from service.pipeline import assemble
from service.reader import PIPELINE
from service.store.opening import Store
from service.store.pages import keep_page
from service.store.reading import document as stored_document
from service.store.saving import save_document
from tests.service.kept import FAX, OFFICE, SAMPLES, kept
from tests.service.review.samples import TRUST
from tests.service.review.test_turning import upside_down
from tests.service.store.samples import add
from tests.service.web.pages.browsing import window
from tests.service.web.pages.live import live
from tests.service.web.pages.review.desk import Desk, add_kept, desk_of

READ_MS = 120_000
"""For the recognizer to start and to read a page, on a machine that does something else too."""

TARGET, SELF = "shanghai/performance_target@1", "shanghai/self_evaluation@1"


def standing(desk: Desk, form: str) -> dict[int, tuple[str, tuple[int, ...]]]:
    """Template and pages of each form of a document."""
    found = stored_document(desk.store, form.partition(".")[0])
    assert found is not None
    return {each.number: (each.form.template, each.form.pages) for each in found.forms}


def panel(desk: Desk) -> Locator:
    """The panel, opened by its key."""
    desk.press("Alt+a")
    shown: Locator = desk.page.locator("#arrangement")
    expect(shown).to_be_visible()
    return shown


def expect_read(desk: Desk, title: str) -> None:
    """The page shows a form called so, ready for keys."""
    expect(desk.page.locator("#heading small")).to_have_text(title)
    expect(desk.page.locator("#arrangement")).to_be_hidden()
    expect(desk.active).to_be_focused()


def expect_blocks(shown: Locator, *forms: list[str]) -> None:
    """The panel lists these tables for each form."""
    expect(shown.locator("section")).to_have_count(len(forms))
    for each, blocks in zip(shown.locator("section").all(), forms, strict=True):
        expect(each.locator("li > span")).to_have_text(blocks)


def test_a_template_is_changed_by_keyboard_and_the_change_undone_by_a_key(desk: Desk) -> None:
    form = add_kept(desk.store, FAX)
    desk.open(form)
    expect_read(desk, "绩效目标表")
    chosen = panel(desk).get_by_label("第 1 张的表种")
    expect(chosen).to_be_focused()
    expect(chosen).to_have_value(TARGET)
    for _ in range(chosen.locator("option").count()):
        if chosen.input_value() == SELF:
            break
        desk.press("ArrowUp" if chosen.input_value() == "" else "ArrowDown")
    desk.tab_to("按此重读")
    desk.press("Enter")
    expect_read(desk, "绩效自评表")
    assert standing(desk, form) == {1: (SELF, (1, 2))}
    desk.press("Control+z")
    expect_read(desk, "绩效目标表")
    assert standing(desk, form) == {1: (TARGET, (1, 2))}


def test_a_page_is_left_out_by_keyboard_and_comes_back_by_a_key(desk: Desk) -> None:
    form = add_kept(desk.store, FAX)
    desk.open(form)
    of_page_2 = desk.page.locator("#paper textarea").count()
    panel(desk)
    desk.tab_to("去掉这一页")
    desk.tab_to("去掉这一页")
    desk.press("Space")
    expect(desk.page.locator("#arrangement")).to_be_hidden()
    expect(desk.page.locator("#paper textarea")).not_to_have_count(of_page_2)
    assert standing(desk, form) == {1: (TARGET, (1,))}
    expect(panel(desk).locator("ul").last).to_contain_text("第 2 页（未用）")
    desk.press("Escape")
    expect(desk.active).to_be_focused()
    desk.press("Control+z")
    expect(desk.page.locator("#paper textarea")).to_have_count(of_page_2)
    assert standing(desk, form) == {1: (TARGET, (1, 2))}


def test_a_form_is_split_and_joined_with_the_mouse_and_both_are_undone_by_buttons(desk: Desk) -> None:
    form = add_kept(desk.store, FAX)
    desk.open(form)
    desk.page.locator("#arrange").click()
    shown = desk.page.locator("#arrangement")
    expect_blocks(shown, ["第 1 页第 1 块", "第 2 页第 1 块"])
    shown.get_by_role("button", name="由此另起一张").click()
    expect(shown).to_be_hidden()
    desk.page.locator("#arrange").click()
    expect_blocks(shown, ["第 1 页第 1 块"], ["第 2 页第 1 块"])
    assert standing(desk, form) == {1: (TARGET, (1,)), 2: (TARGET, (2,))}
    shown.locator("section").first.get_by_role("button", name="合并").click()
    expect(shown).to_be_hidden()
    desk.page.locator("#arrange").click()
    expect_blocks(shown, ["第 1 页第 1 块", "第 2 页第 1 块"])
    shown.get_by_role("button", name="撤销").click()
    expect(shown).to_be_hidden()
    desk.page.locator("#arrange").click()
    expect_blocks(shown, ["第 1 页第 1 块"], ["第 2 页第 1 块"])
    desk.press("Escape")
    desk.page.locator("#undo").click()
    expect(desk.page.locator("#undo")).to_be_disabled()
    assert standing(desk, form) == {1: (TARGET, (1, 2))}


def test_a_form_that_has_ceased_to_be_comes_back_by_a_key(desk: Desk) -> None:
    """It was joined with another, from its own page."""
    form = add_kept(desk.store, OFFICE)
    second = form.replace(".1", ".2")
    desk.open(second)
    shown = panel(desk)
    shown.locator("section").first.get_by_role("button", name="合并").click()
    expect(desk.page.locator("#notice")).to_contain_text("已不复存在")
    assert standing(desk, form) == {1: (SELF, (1, 2))}
    expect(desk.active).to_have_attribute("readonly", "")
    desk.press("Control+z")
    expect(desk.page.locator("#notice")).to_be_hidden()
    expect(desk.active).not_to_have_attribute("readonly", "")
    assert standing(desk, form) == {1: (SELF, (1,)), 2: (SELF, (2,))}
    desk.entry("fields.project_name").fill("还能改")
    desk.press("Enter")
    desk.expect_kept()


@pytest.fixture
def reading(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """Of a reviewer whose service reads what is shown to it, with the real recognizer."""
    with live(tmp_path / "home", reader=PIPELINE) as service, window(browser, service) as opened:
        opened.open("/login")
        opened.log_in(Role.REVIEWER)
        yield desk_of(opened, service)


def add_second_page_upside_down(store: Store) -> str:
    """Keep two forms, the second of which lay in the scanner the wrong way up, and was read so; the id of that one."""
    document, contents = kept(OFFICE)
    sheets = [Image.fromarray(open_page(SAMPLES / OFFICE, number, Limits()).pixels[:, :, ::-1]) for number in (1, 2)]
    data = io.BytesIO()
    sheets[0].save(data, "TIFF", save_all=True, append_images=[sheets[1].rotate(180)], dpi=(150, 150), compression="tiff_deflate")
    sha256 = add(store, data.getvalue(), "两张.tif")
    first, second = (content_file.decode(content) for content in contents)
    pages = [first, replace(upside_down(second), straightening=second.straightening)]
    for page in pages:
        keep_page(store, sha256, page.number, "3+a", content_file.encode(page))
    save_document(store, sha256, "3+a", assemble(pages, replace(document.source, sha256=sha256), (), lambda _: {}, TRUST))
    return f"{sha256}.2"


@pytest.mark.engine
def test_a_page_is_turned_and_what_stands_on_it_is_read_anew(reading: Desk) -> None:
    """From the page of another form, then of its own; the turn is undone by a key."""
    form = add_second_page_upside_down(reading.store)
    right = kept(OFFICE)[0].forms[1].fields["project_name"].text
    before, outlines = standing(reading, form), reading.page.locator("#viewer svg.outlines g")
    reading.open(form)
    expect(reading.page.locator("#heading small")).to_have_text("未识别的表")
    expect(outlines).to_have_attribute("transform", re.compile(r"^matrix\(\d"))
    assert before[2] == ("", (2,))
    shown = panel(reading)
    reading.tab_to("第 2 页顺时针转 180 度")
    reading.press("Enter")
    expect(shown).to_be_hidden()
    expect(reading.page.locator("#heading")).to_contain_text(right, timeout=READ_MS)
    assert standing(reading, form)[2] == (SELF, (2,))
    expect(outlines).to_have_attribute("transform", re.compile(r"^matrix\(-"))  # it is shown as it is read
    reading.press("Control+z")
    expect(reading.page.locator("#heading small")).to_have_text("未识别的表")
    assert standing(reading, form) == before
    reading.open(form.replace(".2", ".1"))
    panel(reading).get_by_label("第 2 页顺时针转 180 度").click()
    expect(reading.page.locator("#notice")).to_contain_text("正在转正")
    expect(reading.page.locator("#notice")).to_be_hidden(timeout=READ_MS)
    assert standing(reading, form)[2] == (SELF, (2,))
    expect_read(reading, "绩效自评表")  # it was another form's page: this one stays where it is
