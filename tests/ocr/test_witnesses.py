"""Pixels against the text of the file: who is believed of what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr.witnesses import Verdict, compared, judged

SURE, UNSURE = 0.99, 0.6


def verdict(seen: str, told: str, probability: float = SURE) -> Verdict:
    return judged(compared(seen, (probability,) * len(seen), told))


def written(seen: str, told: str) -> str:
    return "".join(stretch.written for stretch in compared(seen, (SURE,) * len(seen), told))


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("1,250.00", "1,250.00"),
        ("(万元)", "（万元）"),
        ('"一网通办"', "“一网通办”"),
        ("2020—2021", "2020-2021"),
        ("3%o以内", "3‰以内"),
        ("工作日", "⼯作⽇"),  # Kangxi radicals
        ("1 -", "-1-"),  # a page number
        ("第1页", "第1⻚"),  # a radical of the supplement, for which Unicode names no other code
    ],
)
def test_what_looks_alike_is_the_file_s(seen: str, told: str) -> None:
    assert verdict(seen, told) is Verdict.TOLD


@pytest.mark.parametrize("probability", [SURE, UNSURE, 0.01])
@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ("1,250.00", "7,250.00"),
        ("1,250.00", "91,250.00"),
        ("1,250.00", "1,250.0"),
        ("1.250", "1,250"),
        ("250", "-250"),
        ("1 -", "-7-"),
        ("", "250"),
        ("250", "元"),
        ("万元", "元"),
        ("三万", "五万"),
        ("第1页", "第7⻚"),
        ("O", "0"),
    ],
)
def test_no_figure_is_taken_against_the_pixels_however_unsure_they_are(seen: str, told: str, probability: float) -> None:
    assert verdict(seen, told, probability) is Verdict.CONTRADICTED


def test_words_are_the_file_s_where_the_pixels_are_unsure() -> None:
    assert verdict("朱鹤野化", "朱鹮野化", UNSURE) is Verdict.TOLD
    assert verdict("朱鹤野化", "朱鹮野化") is Verdict.DISPUTED


def test_another_text_is_contradicted() -> None:
    assert verdict("按计划完成全部任务", "未按计划完成全部任务", UNSURE) is Verdict.CONTRADICTED
    assert verdict("道路养护", "桥梁检测") is Verdict.CONTRADICTED
    assert verdict("第一", "第一⻚") is Verdict.CONTRADICTED


@pytest.mark.parametrize(
    ("seen", "told"), [("完成任务资金到位", "完成任务，资金到位"), ("完成：任务", "完成；任务"), ("—", "/"), ("", "/")]
)
def test_marks_among_words_are_the_file_s(seen: str, told: str) -> None:
    assert verdict(seen, told) is Verdict.TOLD


def test_a_ring_alone_is_no_nought_where_the_pixels_are_unsure() -> None:
    assert verdict("0", "。", UNSURE) is Verdict.TOLD
    assert verdict("0", "。") is Verdict.CONTRADICTED
    assert verdict("10", "1。", UNSURE) is Verdict.CONTRADICTED


def test_percent_or_permille_a_person_says() -> None:
    assert verdict("3%以内", "3‰以内") is Verdict.DISPUTED


def test_codes_of_radicals_are_not_written() -> None:
    assert written("第1页", "第1⻚") == "第1页"
    assert written("", "⼯作") == "工作"


def test_spaces_are_the_file_s_but_those_that_part_digits() -> None:
    assert written("(1） 建立", "（1）建立") == "（1）建立"
    assert written("WordPress", "Word Press") == "Word Press"
    assert written("12 34", "1234") == "12 34"


@given(st.text(), st.text())
def test_everything_that_either_says_is_in_one_stretch(seen: str, told: str) -> None:
    stretches = compared(seen, (SURE,) * len(seen), told)
    assert "".join(stretch.seen for stretch in stretches) == "".join(seen.split())
    assert len("".join(stretch.told for stretch in stretches)) == len("".join(told.split()))


@given(st.text(st.characters(categories=["L", "Nd", "P"])), st.integers(0, 9), st.integers(0, 9), st.text(st.characters(categories=["L"])))
def test_no_other_digit_is_ever_believed(before: str, seen: int, told: int, behind: str) -> None:
    if seen != told:
        assert verdict(f"{before}{seen}{behind}", f"{before}{told}{behind}", UNSURE) is Verdict.CONTRADICTED
