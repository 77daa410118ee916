"""Which rounding explains a printed number."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postprocess.roundings import EXACT, Explanation, Manner, Rounding, explanation, explanations, manner, rounded


@pytest.mark.parametrize(
    ("exact", "printed", "rounding"),
    [
        ("98.0808", "98.08", Rounding.HALF_UP),
        ("98.0808", "98.09", Rounding.UP),
        ("98.085", "98.09", Rounding.HALF_UP),
        ("98.085", "98.08", Rounding.HALF_EVEN),
        ("98.0899", "98.08", Rounding.DOWN),
        ("98.0808", "98.11", None),
        ("98.0808", "98", Rounding.HALF_UP),
        ("98.0808", "99", Rounding.UP),
        ("98.0808", "98.1", Rounding.HALF_UP),
        ("100", "100.00", Rounding.HALF_UP),
    ],
)
def test_explanations(exact: str, printed: str, rounding: Rounding | None) -> None:
    found = explanation(Decimal(exact), Decimal(printed))
    assert (found.rounding if found is not None else None) is rounding


def test_one_decimal_may_be_padded_to_two_but_a_whole_number_not_to_one() -> None:
    assert explanation(Decimal("19.8899"), Decimal("19.90")) == Explanation(Rounding.HALF_UP, 1)
    assert explanation(Decimal("8.96"), Decimal("9.00")) == Explanation(Rounding.HALF_UP, 1)
    assert explanation(Decimal("8.4"), Decimal("8.0")) is None
    assert explanation(Decimal("8.4"), Decimal("8.00")) is None


def test_all_explanations_and_their_manners() -> None:
    exact, printed = Decimal("19.8960"), Decimal("19.90")
    found = explanations(exact, printed)
    assert [(way.rounding, way.places) for way in found] == [
        (Rounding.HALF_UP, 2),
        (Rounding.HALF_EVEN, 2),
        (Rounding.UP, 2),
        (Rounding.HALF_UP, 1),
        (Rounding.HALF_EVEN, 1),
    ]
    assert [manner(way, printed) for way in found] == [Manner.USUAL, Manner.USUAL, Manner.UP, Manner.PADDED, Manner.PADDED]
    assert explanation(exact, printed) == found[0]


@given(st.integers(0, 10**20), st.integers(1, 10**20), st.integers(0, 8))
def test_a_quotient_rounds_like_the_fraction(numerator: int, denominator: int, places: int) -> None:
    quotient = EXACT.divide(Decimal(numerator), Decimal(denominator))
    scaled = Fraction(numerator, denominator) * 10**places
    half_up = (scaled + Fraction(1, 2)).__floor__()
    assert rounded(quotient, places) == Decimal(half_up).scaleb(-places, EXACT)
