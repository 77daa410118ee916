"""Titles, years and headers that are not ruled."""

from dataclasses import replace

import pytest

from tests.layouts.drawing import draw, reading
from tests.layouts.matching import printed
from tests.layouts.matching.texts import fields, match, only, rows, unplaced


def test_year_by_the_name_of_a_section_where_the_year_line_is_lost() -> None:
    drawing = printed.TARGET.replace("# （2022年度）\n", "")
    assert fields(only(draw(1, drawing, printed.TARGET_COLUMNS)))["year"] == "2022"


BODY = printed.SELF_EVALUATION.split("度）\n")[1]


@pytest.mark.parametrize(
    ("head", "title", "year"),
    [
        ("# 财政项目支出绩效自评表\n# （2021 年度）", "财政项目支出绩效自评表", "2021"),
        ("# 财政项目支出绩效自评表\n# (2021年)", "财政项目支出绩效自评表", "2021"),
        ("# 财政项目支出绩效自评表\n# （二〇二一年度）", "财政项目支出绩效自评表", "二〇二一"),
        ("# 财政项目支出绩效自评表\n# C2021 年度J", "财政项目支出绩效自评表", "2021"),
        ("# 财政项目支出绩效自评表\n# （2O21年度）", "财政项目支出绩效自评表", "2O21"),
        ("# 2021年度财政项目支出绩效自评表", "财政项目支出绩效自评表", "2021"),
        ("# 财政项目支出绩效自评表（2021年度）", "财政项目支出绩效自评表", "2021"),
        ("# 江城区财政项目支出绩效自评表\n# 2021 年度", "江城区财政项目支出绩效自评表", "2021"),
        ("# 财政项目支出\n# 绩效自评表\n# （2021 年度）", "财政项目支出绩效自评表", "2021"),
        ("# 附件2\n# 财政项目支出绩效自评表\n# （2021 年度）", "财政项目支出绩效自评表", "2021"),
        (
            "财政项目支出绩效自评表 | < | < | < | < | < | < | < | <\n（2021 年度） | < | < | < | < | < | < | < | <",
            "财政项目支出绩效自评表",
            "2021",
        ),
    ],
)
def test_title_and_year(head: str, title: str, year: str) -> None:
    form = only(draw(1, head + "\n" + BODY, printed.SELF_COLUMNS))
    assert (fields(form)["title"], fields(form)["year"]) == (title, year)
    assert {**fields(form), "title": "", "year": ""} == {**printed.SELF_FIELDS, "title": "", "year": ""}
    assert [text for text in unplaced(form) if text not in ("附件2", "C", "J")] == []


def test_annex_beside_the_title_is_not_part_of_it() -> None:
    page = draw(1, printed.SELF_EVALUATION, printed.SELF_COLUMNS)
    form = only(replace(page, loose=(*page.loose, reading("附件2", 100, page.loose[0].box.top + 3))))
    assert fields(form)["title"] == printed.SELF_FIELDS["title"]
    assert unplaced(form) == ["附件2"]


def test_year_in_two_readings_of_one_line() -> None:
    page = draw(1, printed.SELF_EVALUATION, printed.SELF_COLUMNS)
    year = page.loose[1].box
    loose = (page.loose[0], reading("（2021", year.left, year.top), reading("年度）", year.left + 120, year.top + 2))
    assert fields(only(replace(page, loose=loose)))["year"] == "2021"


HEADER = """
项目名称 | < | 河道巡查无人机⏎采购(二期) | < | < | < | < | < | <
主管部门 | < | 江城区水务局 | < | 实施单位 | < | 江城区河道⏎管理所 | < | <
"""


@pytest.mark.parametrize(
    "lines",
    [
        "# 项目名称：河道巡查无人机采购(二期)\n# 主管部门：江城区水务局\n# 实施单位：江城区河道管理所\n",
        "# 项目名称:河道巡查无人机采购(二期)  主管部门；江城区水务局\n# 实施单位：江城区河道管理所\n",
        "# 项目名称：河道巡查无人机采购(二期)  主管部门：江城区水务局  实施单位：江城区河道管理所\n",
        "# 顶目名称：河道巡查无人机采购(二期)  主管部门：江城区水务局  实旋单位：江城区河道管理所\n",
    ],
)
def test_header_without_rulings(lines: str) -> None:
    drawing = printed.SELF_EVALUATION.replace(HEADER.lstrip("\n"), lines)
    form = only(draw(1, drawing, printed.SELF_COLUMNS))
    assert fields(form) == printed.SELF_FIELDS
    assert rows(form, "funds") == printed.SELF_FUNDS
    assert unplaced(form) == []


@pytest.mark.parametrize("colon", ["：", ":", "；", ";", ".", "·", ""])
def test_colon_misread_or_missing(colon: str) -> None:
    drawing = printed.TARGET.replace("项目总预算（元）：", f"项目总预算（元）{colon}").replace("绩效类型：", f"绩效类型{colon}")
    form = only(draw(1, drawing, printed.TARGET_COLUMNS))
    assert fields(form) == printed.TARGET_FIELDS


@pytest.mark.parametrize("unit", ["（元）", "(元)", "（万元）", "（元", "C元）", "〔元〕", "（⏎元⏎）", ""])
def test_unit_behind_a_label(unit: str) -> None:
    form = only(draw(1, printed.TARGET.replace("项目总预算（元）", f"项目总预算{unit}"), printed.TARGET_COLUMNS))
    assert fields(form) == printed.TARGET_FIELDS


@pytest.mark.parametrize(
    ("printed_unit", "read"), [("（⏎元）", "元"), ("（万元）", "万元"), ("(⏎万元⏎)", "万元"), ("C元〉", "元"), ("单位万元", "万元")]
)
def test_currency_unit(printed_unit: str, read: str) -> None:
    form = only(draw(1, printed.SELF_EVALUATION.replace("⏎（元）", printed_unit), printed.SELF_COLUMNS))
    assert fields(form)["currency_unit"] == read


def test_nothing_of_a_head_is_lost() -> None:
    drawing = printed.SELF_EVALUATION.replace("# （2021 年度）", "# （2021 年度）  单位：万元")
    assert unplaced(only(draw(1, drawing, printed.SELF_COLUMNS))) == ["单位：万元"]


def test_neighbouring_form_keeps_its_own_year() -> None:
    other = printed.SELF_EVALUATION.replace("（2021 年度）", "（2019 年度）")
    forms = match(draw(1, printed.SELF_EVALUATION, printed.SELF_COLUMNS), draw(2, other, printed.SELF_COLUMNS))
    assert [form.fields["year"].text for form in forms] == ["2021", "2019"]
