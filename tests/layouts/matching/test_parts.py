"""The small parts of matching by themselves."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.matching.align import align
from layouts.matching.columns import first_scale, fit
from layouts.matching.labels import alike, begins, edits_allowed, key
from layouts.matching.script import Line, Script, compact, script_of
from tests.layouts.drawing import reading


def script(*lines: str) -> Script:
    return script_of(Line(i + 1, reading(line, 0, 0)) for i, line in enumerate(lines))


@given(st.lists(st.text("项目Ａ１％㎡… \u3000。(", max_size=6), max_size=4), st.data())
def test_pieces_of_a_script_hold_exactly_its_characters(lines: list[str], data: st.DataObject) -> None:
    whole = script(*lines)
    assert whole.text == compact("".join(lines))
    start = data.draw(st.integers(0, len(whole.text)))
    end = data.draw(st.integers(start, len(whole.text)))
    pieces = whole.pieces(start, end)
    assert whole.text[start:end] in compact("".join(piece.text for piece in pieces))
    assert [piece.page for piece in pieces] == sorted({line + 1 for line, _ in whole.origins[start:end]})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年度\u3000总体 目标", "年度总体目标"),
        ("项目资金（元）", "项目资金"),
        ("项目资金(万元):", "项目资金"),
        ("保证项目实施的制度、措施：", "保证项目实施的制度措施"),
        ("“其中”：当年财政拨款", "其中当年财政拨款"),
        ("ＧＩＳ", "GIS"),
        ("2021年绩效目标", "0000年绩效目标"),
        ("（二期）", ""),
    ],
)
def test_key(text: str, expected: str) -> None:
    assert key(text) == expected


@pytest.mark.parametrize(
    ("label", "lines", "rest"),
    [
        ("项目名称", ["项目名称：甲"], "甲"),
        ("项目名称", ["项目名称:甲"], "甲"),
        ("项目名称", ["顶目名称：甲"], "甲"),
        ("项目名称", ["目名称：甲"], "甲"),
        ("项目名称", ["项目名口称：甲"], "甲"),
        ("项目名称", ["项目名称", "甲"], "甲"),
        ("项目名称", ["项目", "名称：", "甲"], "甲"),
        ("项目名称", ["项目名称甲"], "甲"),
        ("项目总预算", ["项目总预算（元）：1,000"], "1,000"),
        ("项目总预算", ["项目总预算（", "元）", "：1,000"], "1,000"),
        ("项目总预算", ["项目总预算〈元）1,000"], "1,000"),
        ("项目总预算", ["项目总预算元）：1,000"], "1,000"),
        ("项目概况", ["项目概况：", "：甲"], "甲"),
        ("绩效类型", ["绩效类型．其他类"], "其他类"),
    ],
)
def test_value_begins_behind_label_unit_and_colon(label: str, lines: list[str], rest: str) -> None:
    whole = script(*lines)
    found = begins(label, whole)
    assert found is not None
    assert whole.text[found.end :] == rest


@pytest.mark.parametrize(
    ("label", "text"),
    [("项目名称", "项目概况：甲"), ("项目名称", "甲乙丙项目名称：丁"), ("项目名称", "项目名单见附件"), ("得分", "总分"), ("分值", "分：1")],
)
def test_other_text_does_not_begin_with_the_label(label: str, text: str) -> None:
    assert begins(label, script(text)) is None


def test_labels_of_two_characters_must_be_exact_and_longer_ones_need_not() -> None:
    assert [edits_allowed(length) for length in range(1, 12)] == [0, 0, 1, 1, 1, 1, 2, 2, 2, 3, 3]
    assert alike("得分", "得分")
    assert not alike("得分", "总分")
    assert alike("执行率", "执行串")
    assert not alike("本项目上年度市级财政资金使用情况", "本项目上年度市级财政资金使用情况如下所示")


@given(st.lists(st.lists(st.sampled_from([-0.1, 0.3, 0.7, 1.0]), min_size=4, max_size=4), min_size=1, max_size=4))
def test_alignment_keeps_the_order_and_uses_nothing_twice(scores: list[list[float]]) -> None:
    partners = [j for j in align(np.array(scores), -0.4, -0.2) if j is not None]
    assert partners == sorted(set(partners))


def test_alignment_fills_the_gap_between_two_matches() -> None:
    unlike = -0.1
    scores = np.array([[1.0, unlike, unlike], [unlike, unlike, unlike], [unlike, unlike, 1.0]])
    assert align(scores, -0.4, -0.2) == (0, 1, 2)


def test_alignment_leaves_out_what_is_not_there() -> None:
    assert align(np.array([[1.0, -0.1], [-0.1, -0.1], [-0.1, 1.0]]), -0.4, -0.2) == (0, None, 1)


PLACES = [0.0, 0.2, 0.5, 0.62, 1.0]


@given(st.floats(0.9, 1.1), st.floats(-100, 200), st.floats(-0.003, 0.003))
def test_columns_of_the_next_page_are_found_wherever_it_lies(size: float, shift: float, noise: float) -> None:
    edges = [100 + shift + size * 800 * (place + noise * i) for i, place in enumerate(PLACES)]
    scale, met = fit(edges, PLACES, first_scale([100, 900]).factor)
    assert met == 1.0
    assert [scale(edge) for edge in edges] == pytest.approx(PLACES, abs=0.012)


def test_columns_missing_at_the_left() -> None:
    edges = [500.0, 596.0, 900.0]
    scale, met = fit(edges, PLACES, first_scale([100, 900]).factor)
    assert met == 1.0
    assert [scale(edge) for edge in edges] == pytest.approx([0.5, 0.62, 1.0])


def test_other_columns_do_not_fit() -> None:
    assert fit([100, 230, 430, 700, 900], PLACES, first_scale([100, 900]).factor)[1] < 0.75
