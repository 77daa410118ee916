"""Typed values: what is printed is understood strictly, and printing a value gives it back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import Value
from models.template import ValueKind
from postprocess.dates import FIRST_YEAR, LAST_YEAR
from postprocess.numbers import DECIMALS, printed_unit
from postprocess.values import CONVERTORS, parse_value, print_value, says_nothing

AMOUNT, PERCENT, NUMBER, YEAR, DATE, TEXT = (
    ValueKind.AMOUNT,
    ValueKind.PERCENT,
    ValueKind.NUMBER,
    ValueKind.YEAR,
    ValueKind.DATE,
    ValueKind.TEXT,
)

decimals = st.decimals(-(10**17), 10**17, places=2) | st.integers(0, 200).map(Decimal) | st.decimals(0, 100, places=DECIMALS)
years = st.integers(FIRST_YEAR, LAST_YEAR).map(Decimal)
days = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
VALUES: Mapping[ValueKind, st.SearchStrategy[Value]] = {
    AMOUNT: decimals,
    PERCENT: decimals,
    NUMBER: decimals,
    YEAR: years,
    DATE: days,
    TEXT: st.text().filter(lambda text: not says_nothing(text, TEXT)),
}


def test_every_kind_has_its_pair() -> None:
    assert set(CONVERTORS) == set(ValueKind) == set(VALUES)


@given(st.sampled_from(list(ValueKind)).flatmap(lambda kind: st.tuples(st.just(kind), VALUES[kind])))
def test_what_is_printed_is_parsed_again(case: tuple[ValueKind, Value]) -> None:
    kind, value = case
    assert parse_value(print_value(value, kind), kind) == value


@given(st.decimals(0, 10**12, places=2))
def test_grouped_and_full_width_digits_are_the_same_number(value: Decimal) -> None:
    grouped = f"{value:,f}"
    wide = grouped.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    assert parse_value(grouped, AMOUNT) == parse_value(wide, AMOUNT) == parse_value(f"￥{grouped}元", AMOUNT) == value


def test_the_digits_printed_are_kept() -> None:
    assert str(parse_value("1,088,156.00", AMOUNT)) == "1088156.00"


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("1088156.00", AMOUNT, "1088156.00"),
        ("980,710", AMOUNT, "980710"),
        ("980，710", AMOUNT, "980710"),
        ("1 088 156.00", AMOUNT, "1088156.00"),
        ("94,969,597.00", AMOUNT, "94969597.00"),
        ("¥1,234.50", AMOUNT, "1234.50"),
        ("人民币1,234.50元整", AMOUNT, "1234.50"),
        ("98.07万元", AMOUNT, "98.07"),
        ("-1,234.5", AMOUNT, "-1234.5"),
        ("−5", AMOUNT, "-5"),
        ("0.00", AMOUNT, "0.00"),
        ("一百二十三万四千五百元", AMOUNT, "1234500"),
        ("壹佰贰拾叁元伍角陆分", AMOUNT, "123.56"),
        ("壹佰元零伍分", AMOUNT, "100.05"),
        ("壹万元整", AMOUNT, "10000"),
        ("90.13%", PERCENT, "90.13"),
        ("90.13", PERCENT, "90.13"),
        ("９０．１３％", PERCENT, "90.13"),
        ("百分之九十点一三", PERCENT, "90.13"),
        ("100 %", PERCENT, "100"),
        ("9.92", NUMBER, "9.92"),
        ("20分", NUMBER, "20"),
        ("二十", NUMBER, "20"),
        ("2020", YEAR, "2020"),
        ("２０２０年度", YEAR, "2020"),
        ("二〇二〇年", YEAR, "2020"),
        ("二○二○", YEAR, "2020"),
    ],
)
def test_numbers(text: str, kind: ValueKind, value: str) -> None:
    assert parse_value(text, kind) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("980,71", AMOUNT),
        ("1,72,149", AMOUNT),
        ("12,34", AMOUNT),
        ("1.088.156", AMOUNT),
        ("24.700.15", AMOUNT),
        ("1088,156", AMOUNT),
        ("1,088,156,", AMOUNT),
        ("0,123", AMOUNT),
        ("007", AMOUNT),
        (".5", AMOUNT),
        ("5.", AMOUNT),
        ("10 20", AMOUNT),
        ("10①", AMOUNT),
        ("٣", AMOUNT),
        ("1O", NUMBER),
        ("--5", NUMBER),
        ("1e3", NUMBER),
        ("NaN", NUMBER),
        ("1" * 19, AMOUNT),
        ("%", PERCENT),
        ("90.13%.", PERCENT),
        ("20", YEAR),
        ("0202", YEAR),
        ("2 020", YEAR),
        ("2020年12月", DATE),
        ("2020-02-30", DATE),
        ("2020-01.01", DATE),
        ("2020-1 1-1", DATE),
        ("0020-01-01", DATE),
        ("20200101", DATE),
    ],
)
def test_what_could_be_two_things_has_no_value(text: str, kind: ValueKind) -> None:
    assert parse_value(text, kind) is None
    assert not says_nothing(text, kind)


@pytest.mark.parametrize(
    "text",
    ["2020-01-02", "2020-1-2", "2020.1.2", "2020/01/02", "2020年1月2日", "２０２０年１月２日", "2020 年 1 月 2 日", "二〇二〇年一月二日"],
)
def test_dates(text: str) -> None:
    assert parse_value(text, DATE) == date(2020, 1, 2)


def test_the_last_day_in_chinese() -> None:
    assert parse_value("二〇二〇年十二月三十一日", DATE) == date(2020, 12, 31)


@pytest.mark.parametrize("kind", list(ValueKind))
@pytest.mark.parametrize("text", ["", "  ", "—", "——", "－", "-", "–", "ー", "一", "/"])
def test_blanks_and_dashes_say_nothing(text: str, kind: ValueKind) -> None:
    assert parse_value(text, kind) is None
    assert says_nothing(text, kind)


def test_none_in_words_is_a_text_but_no_number() -> None:
    assert parse_value("无", TEXT) == "无"
    assert says_nothing("无", AMOUNT)
    assert not says_nothing("无", TEXT)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("98.07万元", "万元"), ("980,710元", "元"), ("980,710", ""), ("一百万元", "元"), ("元", ""), ("人民币壹万元整", "元")],
)
def test_the_unit_an_amount_names(text: str, unit: str) -> None:
    assert printed_unit(text) == unit


@given(st.text(), st.sampled_from(list(ValueKind)))
def test_no_text_makes_parsing_fail(text: str, kind: ValueKind) -> None:
    value = parse_value(text, kind)
    assert value is None or parse_value(print_value(value, kind), kind) == value
