"""Whether two printed amounts are the same money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.audit.amounts import Amount, Cell, agree, likely_units

HERE = Cell("fields.current_budget", 1, "", True)


def _amount(text: str, unit: str) -> Amount:
    return Amount(Decimal(text), unit, HERE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (("1088156.00", "元"), ("1088156", "元"), True),
        (("1088156.40", "元"), ("1088156", "元"), True),
        (("1088156", "元"), ("1088157", "元"), False),
        (("1088156.00", "元"), ("1088156.01", "元"), False),
        (("1088156", "元"), ("108.82", "万元"), True),
        (("1088156", "元"), ("108.81", "万元"), True),  # only cut off
        (("1088156", "元"), ("108.83", "万元"), False),
        (("1088156", "元"), ("108.8156", "万元"), True),
        (("108.8156", "万元"), ("108.82", "万元"), True),
        (("1088156", "元"), ("109", "万元"), True),
        (("1088156", "元"), ("1090000", "元"), False),
        (("1088156", "元"), ("108.82", ""), True),
        (("1088156", "元"), ("1088156", ""), True),
        (("1088156", "元"), ("980710", ""), False),
        (("0", "元"), ("500", "元"), False),
    ],
)
def test_units_and_printed_digits_decide(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    assert agree(_amount(*one), _amount(*other)) is same
    assert agree(_amount(*other), _amount(*one)) is same


@given(st.integers(1, 10**13), st.integers(0, 6), st.sampled_from(["", "万元"]))
def test_printing_in_ten_thousands_never_parts_an_amount_from_itself(cents: int, places: int, unit: str) -> None:
    yuan = Decimal(cents) / 100
    printed = (yuan / 10000).quantize(Decimal(1).scaleb(-places))
    assert agree(Amount(yuan, "元", HERE), Amount(printed, unit, HERE))


def test_where_a_form_says_no_unit_the_one_that_brings_both_nearest_is_supposed() -> None:
    assert likely_units(_amount("98.07", ""), _amount("1088156", "元")) == ("万元", "元")
    assert likely_units(_amount("980710", ""), _amount("1088156", "元")) == ("元", "元")
    assert likely_units(_amount("0", ""), _amount("5", "")) == ("元", "元")


@pytest.mark.parametrize(("text", "distinct"), [("500000", False), ("1200000.00", False), ("980710", True), ("98.07", True), ("0", False)])
def test_round_amounts_speak_for_nothing(text: str, distinct: bool) -> None:
    assert _amount(text, "元").distinct is distinct
