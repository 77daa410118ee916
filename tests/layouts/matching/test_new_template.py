"""A further form of the family is a YAML file and no code."""

from dataclasses import replace
from pathlib import Path

from layouts.matching import match_forms
from layouts.template_file import builtin_templates, load_template
from tests.layouts.drawing import draw
from tests.layouts.matching import printed
from tests.layouts.matching.texts import fields, rows, unplaced

TEMPLATE = Path(__file__).parent / "templates" / "department_overall.yaml"

DEPARTMENT = """
# 部门整体支出绩效自评表
# 2021年度
# 填报部门：江城区水务局   联系人：李四
在职人数 | 86 | 内设机构数 | 9
整体支出规模（单位：万元） | 预算数 | 决算数 | 完成率
基本支出 | 1,250.60 | 1,250.60 | 100%
项目支出 | 980.00 | 931.00 | 95%
支出合计 | 2,230.60 | 2,181.60 | 97.80%
部门职能概述 | < | < | <
负责全区水资源管理⏎与河道巡查。 | < | < | <
自评情况 | < | < | <
一级指标 | 二级指标 | 权重 | 自评得分
投入 | 预算编制完整性 | 20 | 18
^ | 预算执行率 | 30 | 29.34
产出 | 重点工作完成率 | 50 | 50
合计 | < | 100 | 97.34
"""

FIELDS = {
    "title": "部门整体支出绩效自评表",
    "year": "2021",
    "department": "江城区水务局",
    "contact": "李四",
    "staff": "86",
    "currency_unit": "万元",
    "duties": "负责全区水资源管理与河道巡查。",
    "total_weight": "100",
    "total_score": "97.34",
}

SPENDING = [
    ["基本支出", "1,250.60", "1,250.60", "100%"],
    ["项目支出", "980.00", "931.00", "95%"],
    ["支出合计", "2,230.60", "2,181.60", "97.80%"],
]

INDICATORS = [["投入", "预算编制完整性", "20", "18"], ["投入", "预算执行率", "30", "29.34"], ["产出", "重点工作完成率", "50", "50"]]


def test_it_is_read_beside_the_forms_built_in() -> None:
    templates = (*builtin_templates(), load_template(TEMPLATE))
    pages = [
        draw(1, printed.SELF_EVALUATION, printed.SELF_COLUMNS),
        draw(2, DEPARTMENT, (3, 2, 2, 2)),
        draw(3, printed.TARGET, printed.TARGET_COLUMNS),
    ]
    forms = match_forms(pages, templates)
    assert [form.kind for form in forms] == ["self_evaluation", "department_overall", "performance_target"]
    assert fields(forms[1]) == FIELDS
    assert rows(forms[1], "spending") == SPENDING
    assert rows(forms[1], "indicators") == INDICATORS
    assert unplaced(forms[1]) == ["内设机构数", "9"]


def test_without_it_the_form_is_unknown() -> None:
    forms = match_forms([draw(1, DEPARTMENT, (3, 2, 2, 2))], builtin_templates())
    assert [form.kind for form in forms] == ["unknown"]


def test_of_two_templates_with_the_same_labels_the_title_decides() -> None:
    mine = load_template(TEMPLATE)
    other = replace(mine, name="elsewhere/unit_overall@1", kind="unit_overall", titles=("单位整体支出绩效自评表",))
    for templates in ((mine, other), (other, mine)):
        forms = match_forms(
            [draw(1, DEPARTMENT, (3, 2, 2, 2)), draw(2, DEPARTMENT.replace("部门整体", "单位整体"), (3, 2, 2, 2))], templates
        )
        assert [form.kind for form in forms] == ["department_overall", "unit_overall"]
