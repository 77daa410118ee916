"""Chinese numerals are read strictly and written again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postprocess.numerals import LARGEST, parse_digits, parse_numeral, print_numeral


@given(st.integers(0, LARGEST))
def test_what_is_written_is_read_again(number: int) -> None:
    assert parse_numeral(print_numeral(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("一百二十三万四千五百", 1234500),
        ("壹佰贰拾叁", 123),
        ("十", 10),
        ("一十", 10),
        ("二百一十", 210),
        ("二百十", 210),
        ("两千零五", 2005),
        ("一百万零五百", 1000500),
        ("一千二百三十万四千", 12304000),
        ("一千二百三十万零四千", 12304000),
        ("三亿零二百", 300000200),
        ("一万亿", 10**12),
        ("零", 0),
    ],
)
def test_usual_spellings(text: str, number: int) -> None:
    assert parse_numeral(text) == number


@pytest.mark.parametrize(
    "text", ["", "一百二", "一二百", "百五", "一万五百", "二〇二〇", "万", "一十十", "十二百", "12", "一百元", "零零", "一百零", "亿万"]
)
def test_what_nobody_writes_is_not_guessed(text: str) -> None:
    assert parse_numeral(text) is None


@given(st.text("零一二三四五六七八九十百千万亿", max_size=12))
def test_a_numeral_is_one_number_or_none(text: str) -> None:
    number = parse_numeral(text)
    assert number is None or 0 <= number <= LARGEST


@pytest.mark.parametrize("number", [-1, LARGEST + 1])
def test_numbers_out_of_range_are_not_written(number: int) -> None:
    with pytest.raises(ValueError, match="written for 0 to"):
        print_numeral(number)


@pytest.mark.parametrize(
    ("text", "digits"), [("二〇二〇", "2020"), ("二○二O", "2020"), ("贰零贰壹", "2021"), ("二十", None), ("2020", None), ("〇〇", None)]
)
def test_digit_by_digit(text: str, digits: str | None) -> None:
    assert parse_digits(text) == digits
