"""Both forms built in, complete, on one page each."""

import re
from dataclasses import replace

from tests.layouts.drawing import draw
from tests.layouts.matching import printed
from tests.layouts.matching.texts import fields, only, rows, unplaced


def test_self_evaluation() -> None:
    form = only(draw(3, printed.SELF_EVALUATION, printed.SELF_COLUMNS))
    assert (form.kind, form.template, form.pages) == ("self_evaluation", "shanghai/self_evaluation@1", (3,))
    assert fields(form) == printed.SELF_FIELDS
    assert rows(form, "funds") == printed.SELF_FUNDS
    assert rows(form, "indicators") == printed.SELF_INDICATORS
    assert unplaced(form) == []


def test_performance_target() -> None:
    form = only(draw(1, printed.TARGET, printed.TARGET_COLUMNS))
    assert (form.kind, form.template, form.pages) == ("performance_target", "shanghai/performance_target@1", (1,))
    assert fields(form) == printed.TARGET_FIELDS
    assert list(form.fields) == list(printed.TARGET_FIELDS)
    assert rows(form, "indicators") == printed.TARGET_INDICATORS
    assert unplaced(form) == []


def test_blank_value_has_the_place_of_its_cell_and_no_pieces() -> None:
    page = draw(1, printed.TARGET, printed.TARGET_COLUMNS)
    slot = only(page).fields["prior_budget"]
    cell = next(
        c for c, t in zip(page.grids[0].grid.cells, page.grids[0].cells, strict=True) if t.readings and "上年预算额" in t.readings[0].text
    )
    assert (slot.page, slot.box, slot.pieces) == (1, cell.box, ())


def test_pieces_are_the_characters_behind_the_colon() -> None:
    form = only(draw(1, printed.TARGET, printed.TARGET_COLUMNS))
    pieces = form.fields["project_name"].pieces
    assert [(piece.start, piece.end, piece.text) for piece in pieces] == [(5, 13, "河道巡查无人机采"), (0, 5, "购(二期)")]


def test_a_merged_cell_repeats_on_its_rows_as_one_slot() -> None:
    table = only(draw(1, printed.SELF_EVALUATION, printed.SELF_COLUMNS)).tables["indicators"]
    assert table[0]["level1"] == table[1]["level1"] == table[2]["level1"] != table[3]["level1"]


def test_rows_without_any_text_are_left_out_and_rows_with_some_stay() -> None:
    spare = printed.SELF_EVALUATION.replace("总分 |", "^ | 满意度指标 |  |  |  |  |  |  |\n^ |  |  |  |  |  |  |  |\n总分 |")
    form = only(draw(1, spare, printed.SELF_COLUMNS))
    assert rows(form, "indicators") == [*printed.SELF_INDICATORS, ["满意度指标", *[""] * 7]]
    assert fields(form) == printed.SELF_FIELDS


def test_a_form_without_values() -> None:
    drawing = "\n".join(re.sub(r"：[^|]*", "：", line) for line in printed.TARGET_HEAD.splitlines())
    form = only(draw(1, drawing + "\n |  |  | \n |  |  | ", printed.TARGET_COLUMNS))
    blank = dict.fromkeys(printed.TARGET_FIELDS, "")
    assert fields(form) == {**blank, "title": printed.TARGET_FIELDS["title"], "year": "2022"}
    assert rows(form, "indicators") == []


def test_second_heading_row_above_the_headings() -> None:
    grouped = printed.TARGET.replace(
        "一级目标 | 二级目标 | 三级目标 | 指标目标值", "一级目标 | 二级目标 | 绩效指标 | <\n^ | ^ | 三级目标 | 指标目标值"
    )
    form = only(draw(1, grouped, printed.TARGET_COLUMNS))
    assert rows(form, "indicators") == printed.TARGET_INDICATORS


def test_stray_lines_through_a_cell_change_nothing() -> None:
    across = printed.TARGET.replace("^ | 财务管理 | 制度健全性 | 健全", "^ | 财务管理 |  | 健全\n^ | ^ | 制度健全性 | ^")
    assert rows(only(draw(1, across, printed.TARGET_COLUMNS)), "indicators") == printed.TARGET_INDICATORS
    grid = [line.split("|") if line[0] != "#" else [line] for line in printed.TARGET.strip("\n").split("\n")]
    split = {"三级目标": "三级目标 | <", "制度健全性": " | 制度健全性", "资金到位率": "资金 | 到位率"}
    wide = [[split.get(cell.strip(), f"{cell.strip()} | <") if i == 2 else cell.strip() for i, cell in enumerate(row)] for row in grid]
    form = only(draw(1, "\n".join(" | ".join(row) for row in wide), (3, 3, 2, 3, 4)))
    assert rows(form, "indicators") == printed.TARGET_INDICATORS
    assert unplaced(form) == []
    whole = "主管部门 | < | 江城区水务局 | < | 实施单位 | < | 江城区河道⏎管理所 | < | <"
    cut = "主管部门 | < | 江城区水务局 | < | 实施单位 | < |  | < | <\n^ | < | ^ | < | ^ | < |  | 江城区河道⏎管理所 | <"
    assert fields(only(draw(1, printed.SELF_EVALUATION.replace(whole, cut), printed.SELF_COLUMNS))) == printed.SELF_FIELDS


def test_a_stray_line_down_through_a_long_text() -> None:
    whole = "立项依据：⏎水务局〔2021〕7号文。 | < | < | <"
    cut = "立项依据：为保河道⏎根据水务局〔2 | < | 安全，⏎021〕7号文。 | <"
    form = only(draw(1, printed.TARGET.replace(whole, cut), printed.TARGET_COLUMNS))
    assert fields(form) == {**printed.TARGET_FIELDS, "basis": "为保河道安全，根据水务局〔2021〕7号文。"}
    assert unplaced(form) == []


def test_unknown_labels_beside_a_value_are_not_part_of_it() -> None:
    drawing = printed.SELF_EVALUATION.replace("采购(二期) | < | < | < | < | < | <", "采购(二期) | < | < | < | 项目编号 | < | 17")
    form = only(draw(1, drawing, printed.SELF_COLUMNS))
    assert (fields(form)["project_name"], unplaced(form)) == (printed.SELF_FIELDS["project_name"], ["项目编号", "17"])
    form = only(draw(1, printed.TARGET.replace("项目类别：一次性项目", "项目编号：17"), printed.TARGET_COLUMNS))
    assert (fields(form)["project_name"], unplaced(form)) == (printed.TARGET_FIELDS["project_name"], ["项目编号：17"])


def test_unknown_column_is_listed_not_dropped() -> None:
    lines = printed.TARGET.strip("\n").split("\n")
    at = next(i for i, line in enumerate(lines) if line.startswith("一级目标"))
    wide = [
        line + (" | <" if i < at else " | 备注" if i == at else f" | 注{i - at}") if line[0] != "#" else line
        for i, line in enumerate(lines)
    ]
    form = only(draw(1, "\n".join(wide), (*printed.TARGET_COLUMNS, 2)))
    assert rows(form, "indicators") == printed.TARGET_INDICATORS
    assert unplaced(form) == ["备注", "注1", "注2", "注3", "注4", "注5"]


def test_seal_on_a_cell_is_told() -> None:
    page = draw(1, printed.SELF_EVALUATION, printed.SELF_COLUMNS)
    grid = page.grids[0]
    cells = tuple(replace(text, sealed=any(r.text == "95.5" for r in text.readings)) for text in grid.cells)
    form = only(replace(page, grids=(replace(grid, cells=cells),)))
    assert [name for name, slot in form.fields.items() if slot.sealed] == ["total_score"]
