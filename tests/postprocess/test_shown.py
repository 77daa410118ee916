"""A cell that says more than its value, shown by a person."""

import pytest

from layouts.template_file import builtin_templates
from models.geometry import Box
from models.matched import Piece, Slot
from models.reading import Reading, certain
from models.template import FieldSpec
from postprocess.shown import value_alone

TEMPLATES = {template.kind: template for template in builtin_templates()}


def spec(kind: str, name: str) -> FieldSpec:
    return next(field for field in TEMPLATES[kind].fields if field.name == name)


def slot(*lines: str) -> Slot:
    place = Box(0, 0, 10, 10)
    return Slot(1, place, tuple(Piece(1, Reading(place, line, (1.0,) * len(line), certain(line)), 0, len(line)) for line in lines))


@pytest.mark.parametrize(
    ("kind", "name", "lines", "value"),
    [
        ("self_evaluation", "year", ("（2021年度）",), "2021"),
        ("self_evaluation", "currency_unit", ("项目资金", "（万元）"), "万元"),
        ("self_evaluation", "currency_unit", ("万元",), "万元"),
        (
            "performance_target",
            "basis",
            (
                "立项依据：《关于",
                "巡护的方案》",
            ),
            "《关于巡护的方案》",
        ),
        ("performance_target", "basis", ("依据:按甲：乙办理",), "按甲：乙办理"),
        ("performance_target", "basis", ("按甲：乙办理",), "按甲：乙办理"),
        ("performance_target", "basis", ("：按甲办理",), "：按甲办理"),
        ("performance_target", "basis", (), ""),
        ("performance_target", "total_budget", ("项目总预算：1",), "1"),
        ("self_evaluation", "goal_target", ("预算目标：一",), "预算目标：一"),
    ],
)
def test_what_the_form_prints_around_a_value_is_left_out(kind: str, name: str, lines: tuple[str, ...], value: str) -> None:
    assert value_alone(slot(*lines), spec(kind, name)).text == value
