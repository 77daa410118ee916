"""Marks that look alike, and marks that say nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.look import look
from postprocess.marks import is_mistaken, is_nothing, tight
from postprocess.vocabulary import nearest, run_together


@pytest.mark.parametrize(
    ("one", "other"),
    [("其中：当年", "其中:当年"), ("“一网通办”", '"一网通办"'), ("2020 年度", "2020年度"), ("—", "一"), ("2020–2021", "2020-2021")],
)
def test_print_cannot_tell_these_apart(one: str, other: str) -> None:
    assert look(one) == look(other)


@pytest.mark.parametrize(("one", "other"), [("1,000", "1.000"), ("一网通办", "-网通办"), ("数量", "质量"), ("", "-"), ("/", "-")])
def test_these_differ(one: str, other: str) -> None:
    assert look(one) != look(other)


@given(st.text())
def test_a_look_is_its_own_look(text: str) -> None:
    assert look(look(text)) == look(text)


def test_a_space_between_digits_is_a_separator() -> None:
    assert tight("1 088 . 5 %") == "1,088.5%"


def test_a_word_is_not_nothing() -> None:
    assert not is_nothing("一一对应")
    assert not is_nothing("无")


@pytest.mark.parametrize(
    "text",
    ["（2018年10月一12月）：试运行", "2017一2023年", "控制在3%0以内", "提升84%o", "今后，科学测算0", "甘应急〔2017343号）", "关于》的通知"],
)
def test_what_only_a_recognizer_writes_is_mistaken(text: str) -> None:
    assert is_mistaken(text)


@pytest.mark.parametrize(
    "text",
    [
        "第一季度",
        "1月—3月",
        "一网通办",
        "100%",
        "安全事故为0",
        "不低于70%。",
        "2020年一季度",
        "1）完成；2）验收",
        "〔2017］343号",
        "《a》（b)",
    ],
)
def test_what_is_printed_is_not_mistaken(text: str) -> None:
    assert not is_mistaken(text)


CHOICES = ("产出指标", "效益指标", "满意度指标", "是", "否")


@pytest.mark.parametrize(
    ("text", "word"),
    [("产岀指标", "产出指标"), ("满意指标", "满意度指标"), ("昰", "否"), ("产出指标", ""), ("产出 指标", ""), ("管理指数", ""), ("", "")],
)
def test_almost_a_usual_word(text: str, word: str) -> None:
    assert nearest(text, CHOICES) == word


def test_no_vocabulary_no_near_miss() -> None:
    assert nearest("产岀指标", ()) == ""


PRINTED = (*CHOICES, "绩效指标", "数量指标", "其他", "其他一次性项目", "一次性项目")


@pytest.mark.parametrize("text", ["绩效指标满意度指标", "产出指标数量指标", "产出指标产出指标", "产出指标 满意度指标效益指标"])
def test_words_of_several_cells_run_together(text: str) -> None:
    assert run_together(text, CHOICES, PRINTED)


@pytest.mark.parametrize("text", ["产出指标", "产出数量指标", "产出指标1", "绩效指标", "是否", ""])
def test_a_single_word_is_not_run_together(text: str) -> None:
    assert not run_together(text, CHOICES, PRINTED)


def test_a_usual_word_made_of_others_is_not_run_together() -> None:
    assert not run_together("其他一次性项目", ("其他一次性项目",), PRINTED)
    assert run_together("其他一次性项目", ("一次性项目",), ("其他", "一次性项目"))
