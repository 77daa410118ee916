"""Prints of numbers lose nothing; shares add up."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forms.figures import Habit, MoneyPrint, habit, plain, spend, split
from tests.forms.generate import seeded
from tests.forms.indicators import weights
from tests.forms.plant import slips

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999999.99"), places=2)


def office(rounding: str, *, score_from_printed: bool) -> Habit:
    money = MoneyPrint(grouped=True, decimals=2)
    return Habit("元", money, money, Decimal("0.01"), rounding, 2, "100%", score_from_printed, 2, False, "", "—", "")


@given(AMOUNTS, st.booleans())
def test_money_is_printed_without_loss(amount: Decimal, grouped: bool) -> None:
    assert Decimal(MoneyPrint(grouped, -1)(amount).replace(",", "")) == amount
    assert MoneyPrint(grouped, 2)(amount)[-3] == "."


def test_money_is_printed_as_on_the_genuine_forms() -> None:
    assert MoneyPrint(False, 2)(Decimal("1088156")) == "1088156.00"
    assert MoneyPrint(True, -1)(Decimal("980710.00")) == "980,710"
    assert MoneyPrint(True, -1)(Decimal("1721494.30")) == "1,721,494.3"


def test_money_that_would_be_rounded_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be printed"):
        MoneyPrint(False, 0)(Decimal("12.5"))


def test_rates_and_scores_follow_the_habits_seen_on_genuine_forms() -> None:
    spent, budget = Decimal(990675), Decimal(1010060)
    assert office(ROUND_CEILING, score_from_printed=True).rate(spent, budget)[0] == "98.09%"
    assert office(ROUND_HALF_UP, score_from_printed=True).rate(spent, budget)[0] == "98.08%"
    spent, budget = Decimal("1721494.3"), Decimal(1736311)
    assert office(ROUND_HALF_UP, score_from_printed=True).score(Decimal(10), spent, budget) == "9.92"
    assert office(ROUND_HALF_UP, score_from_printed=False).score(Decimal(10), spent, budget) == "9.91"
    assert office(ROUND_HALF_UP, score_from_printed=True).rate(budget, budget)[0] == "100%"


def test_plain_keeps_zeros_of_whole_numbers() -> None:
    assert [plain(Decimal(text)) for text in ("100", "9.50", "10.00", "1E+2")] == ["100", "9.5", "10", "100"]


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_parts_add_up(seed: int, shares: int) -> None:
    total = Decimal(seed + 100) / 100
    parts = split(seeded(str(seed)), total, shares, Decimal("0.01"))
    assert sum(parts) == total
    assert len(parts) == shares


@given(st.integers(0, 10**6), st.integers(3, 30))
def test_weights_are_positive_and_add_up(seed: int, rows: int) -> None:
    shares = weights(seeded(str(seed)), Decimal(90), rows)
    assert sum(shares) == 90
    assert min(shares) > 0
    assert len(shares) == rows


@given(st.integers(0, 10**6))
def test_never_more_is_spent_than_there_was(seed: int) -> None:
    rng = seeded(str(seed))
    quantum = habit(rng).quantum
    budget = quantum * rng.randint(1, 10**8)
    assert 0 <= spend(rng, budget, quantum) <= budget


@given(AMOUNTS)
def test_a_slip_changes_the_value_and_keeps_the_shape(amount: Decimal) -> None:
    text = MoneyPrint(True, 2)(amount)
    for slip in slips(text):
        assert len(slip) == len(text)
        assert [c for c in slip if not c.isdigit()] == [c for c in text if not c.isdigit()]
        assert Decimal(slip.replace(",", "")) != amount
