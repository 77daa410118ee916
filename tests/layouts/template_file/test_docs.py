"""What docs/templates.md says is true."""

import re
from pathlib import Path

from layouts.matching import match_forms
from layouts.template_file import MAX_BYTES, load_template
from models.template import Template, ValueKind, Where
from tests.layouts.drawing import draw
from tests.layouts.matching.texts import fields, rows, unplaced

TEXT = (Path(__file__).parents[3] / "docs" / "templates.md").read_text("utf-8")

PAGE = """
# 专项资金绩效评价表
# （2023年度）
专项资金名称 | 农村公路养护 | < | <
资金安排⏎（万元） |  | 预算数 | 执行数
^ | 中央资金 | 120.00 | 118.50
^ | 地方资金 | 80.00 | 80.00
总体评价 | < | < | <
资金到位，⏎养护完成。 | < | < | <
一级指标 | 二级指标 | 分值 | 得分
产出 | 养护里程 | 60 | 58
^ | 完工及时率 | 40 | 40
合计 | < | 100 | 98
"""


def example(folder: Path) -> Template:
    blocks = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert len(blocks) == 1
    (folder / "example.yaml").write_text(blocks[0], "utf-8")
    return load_template(folder / "example.yaml")


def test_the_example_reads_a_form(tmp_path: Path) -> None:
    (form,) = match_forms([draw(1, PAGE)], [example(tmp_path)])
    assert form.kind == "fund_evaluation"
    assert fields(form) == {
        "title": "专项资金绩效评价表",
        "year": "2023",
        "fund_name": "农村公路养护",
        "currency_unit": "万元",
        "summary": "资金到位，养护完成。",
        "total_weight": "100",
        "total_score": "98",
    }
    assert rows(form, "spending") == [["中央资金", "120.00", "118.50"], ["地方资金", "80.00", "80.00"]]
    assert rows(form, "indicators") == [["产出", "养护里程", "60", "58"], ["产出", "完工及时率", "40", "40"]]
    assert unplaced(form) == []


def test_every_place_and_every_kind_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", TEXT))
    assert set(Where) <= explained
    assert set(ValueKind) <= explained


def test_every_rule_is_explained() -> None:
    keys = set(re.findall(r"`(\w+)`", TEXT.split("## Rules")[1]))
    assert {"sum", "parts", "ratio", "product", "at_most", "equals", "earlier", "required", "when_less", "not_negative"} <= keys


def test_the_size_is_right() -> None:
    assert f"at most {MAX_BYTES // 1024} KiB" in TEXT
