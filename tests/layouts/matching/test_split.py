"""Several forms in one file, and pages that are none."""

from dataclasses import replace

import pytest

from layouts.matching import match_forms
from models.content import PageContent
from models.reading import GridText
from tests.layouts.drawing import draw
from tests.layouts.matching import printed
from tests.layouts.matching.texts import fields, match, rows, unplaced

STRAY = """
# 会议签到表
姓名 | 单位 | 电话
王五 | 江城区水务局 | 5550100
"""


def self_page(number: int, project: str, drawing: str = printed.SELF_EVALUATION) -> PageContent:
    return draw(number, drawing.replace("河道巡查无人机⏎采购(二期)", project), printed.SELF_COLUMNS)


def target_page(number: int) -> PageContent:
    return draw(number, printed.TARGET, printed.TARGET_COLUMNS)


def without_title(drawing: str) -> str:
    return "\n".join(line for line in drawing.splitlines() if not line.startswith("#"))


def test_twenty_forms_in_one_file() -> None:
    forms = match(*(self_page(i, f"项目{i}") for i in range(1, 21)))
    assert [form.fields["project_name"].text for form in forms] == [f"项目{i}" for i in range(1, 21)]
    assert all(rows(form, "indicators") == printed.SELF_INDICATORS for form in forms)


def test_end_of_one_form_and_start_of_the_next_on_one_page() -> None:
    head, tail = printed.TARGET.split("产出目标")
    first = draw(1, head.replace("投入与管理 |", "投入与管理↓ |").rstrip("\n"), printed.TARGET_COLUMNS)
    second = draw(2, "产出目标" + tail + "# 填表人：张三\n" + printed.TARGET.lstrip("\n"), printed.TARGET_COLUMNS)
    forms = match(first, second)
    assert [form.pages for form in forms] == [(1, 2), (2,)]
    assert all(rows(form, "indicators") == printed.TARGET_INDICATORS for form in forms)
    assert [unplaced(form) for form in forms] == [["填表人：张三"], []]


def test_two_short_forms_on_one_page() -> None:
    rows_of_grid = printed.SELF_EVALUATION.strip("\n")
    forms = match(draw(1, rows_of_grid + "\n" + rows_of_grid.replace("2021", "2022"), printed.SELF_COLUMNS))
    assert [form.fields["year"].text for form in forms] == ["2021", "2022"]


@pytest.mark.parametrize("title", ["", "# 财玫顶目支岀绩效自坪表", "# 口口口口口口自评表", "# 财政项目支出绩效目标表"])
def test_title_lost_or_misread(title: str) -> None:
    drawing = title + "\n" + without_title(printed.SELF_EVALUATION)
    forms = match(target_page(1), self_page(2, "甲", drawing), self_page(3, "乙", drawing), target_page(4))
    assert [form.kind for form in forms] == ["performance_target", "self_evaluation", "self_evaluation", "performance_target"]
    assert [form.pages for form in forms] == [(1,), (2,), (3,), (4,)]


def test_title_at_the_foot_of_the_page_before() -> None:
    title = "# 财政项目支出绩效自评表\n# （2021 年度）"
    first = draw(1, printed.TARGET + title, printed.TARGET_COLUMNS)
    forms = match(first, self_page(2, "甲", without_title(printed.SELF_EVALUATION)))
    assert [form.fields["year"].text for form in forms] == ["2022", "2021"]
    assert [form.fields["title"].page for form in forms] == [1, 1]
    assert [form.pages for form in forms] == [(1,), (1, 2)]
    assert [unplaced(form) for form in forms] == [[], []]


def test_unknown_page_between_forms() -> None:
    forms = match(self_page(1, "甲"), draw(2, STRAY), target_page(3))
    assert [form.kind for form in forms] == ["self_evaluation", "unknown", "performance_target"]
    stray = forms[1]
    assert [(c.row, c.column, c.slot.text) for c in stray.cells][:4] == [(0, 0, "姓名"), (0, 1, "单位"), (0, 2, "电话"), (1, 0, "王五")]
    assert unplaced(stray) == ["会议签到表"]


def test_unknown_page_within_a_form() -> None:
    head, tail = printed.TARGET.split("^ | 财务管理")
    first = draw(1, head.replace("投入与管理 |", "投入与管理↓ |").rstrip("\n"), printed.TARGET_COLUMNS)
    forms = match(first, draw(2, STRAY), draw(3, "↑ | 财务管理" + tail, printed.TARGET_COLUMNS))
    assert [(form.kind, form.pages) for form in forms] == [("performance_target", (1, 3)), ("unknown", (2,))]
    assert rows(forms[0], "indicators") == printed.TARGET_INDICATORS


def test_page_of_text_alone() -> None:
    forms = match(draw(1, "# 关于报送绩效自评材料的通知\n# 各单位：\n~ - 1 -"), self_page(2, "甲"))
    assert [form.kind for form in forms] == ["unknown", "self_evaluation"]
    assert [(c.row, c.column, c.slot.text) for c in forms[0].cells] == [(0, 0, "关于报送绩效自评材料的通知"), (1, 0, "各单位：")]


@pytest.mark.parametrize(
    "footer", ["第 1 页", "- 1 -", "1/6", "共6页", "第1页 共6页", "第 1 页，共 6 页", "— 12 —", "一1一", "Page 1 of 6"]
)
def test_page_numbers_are_ignored(footer: str) -> None:
    (form,) = match(draw(1, printed.TARGET + "~ " + footer, printed.TARGET_COLUMNS))
    assert unplaced(form) == []


@pytest.mark.parametrize("footer", ["2021年12月31日", "填表人：张三", "1234.50"])
def test_other_text_at_the_foot_is_kept(footer: str) -> None:
    (form,) = match(draw(1, printed.TARGET + "~ " + footer, printed.TARGET_COLUMNS))
    assert unplaced(form) == [footer]


def test_empty_pages_give_nothing() -> None:
    assert match(draw(1, ""), draw(2, "~ 2")) == ()
    assert match() == ()


def test_a_grid_without_text_is_no_form() -> None:
    forms = match(draw(1, printed.TARGET + "\n | | | \n | | | ", printed.TARGET_COLUMNS))
    assert [form.kind for form in forms] == ["performance_target"]


def test_strokes_taken_for_boxes_are_no_tables() -> None:
    page = self_page(1, "甲")
    title, inner = page.loose[0].box, page.grids[0].grid.cells[5].box
    small = draw(1, "三", (1,), span=(title.left + 20, title.left + 60)).grids[0]
    over_title = _moved(small, title.left + 20, title.top)
    in_table = _moved(small, inner.left + 5, inner.top + 3)
    alone = _moved(small, 700, 1300)
    (form,) = match(replace(page, grids=(over_title, *page.grids, in_table, alone)))
    assert rows(form, "indicators") == printed.SELF_INDICATORS
    assert unplaced(form) == ["三"]


def _moved(text: GridText, left: float, top: float) -> GridText:
    dx, dy = left - text.grid.box.left, top - text.grid.box.top
    cells = tuple(replace(cell, box=cell.box.moved(dx, dy)) for cell in text.grid.cells)
    readings = [tuple(replace(r, box=r.box.moved(dx, dy)) for r in cell.readings) for cell in text.cells]
    grid = replace(text.grid, box=text.grid.box.moved(dx, dy), cells=cells)
    return GridText(grid, tuple(replace(cell, readings=moved) for cell, moved in zip(text.cells, readings, strict=True)))


def test_without_templates_everything_is_unknown() -> None:
    forms = match_forms([self_page(1, "甲")], ())
    assert [form.kind for form in forms] == ["unknown"]
    assert len(forms[0].cells) == len(self_page(1, "甲").grids[0].cells)


def test_second_half_alone_is_still_a_form() -> None:
    tail = printed.SELF_EVALUATION[printed.SELF_EVALUATION.index("绩⏎效⏎指⏎标") :]
    forms = match(draw(1, tail, printed.SELF_COLUMNS), self_page(2, "乙"))
    assert [form.kind for form in forms] == ["self_evaluation", "self_evaluation"]
    assert rows(forms[0], "indicators") == printed.SELF_INDICATORS
    assert fields(forms[0]) == {"total_weight": "100", "total_score": "95.5"}
