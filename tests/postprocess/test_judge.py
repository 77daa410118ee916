"""Each type of rule on bare values."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import Value
from models.template import (
    AtMostRule,
    EqualsRule,
    OrderedRule,
    ProductRule,
    RatioRule,
    Ref,
    RequiredIfRule,
    RequiredRule,
    Rule,
    Severity,
    SumRule,
)
from postprocess.judge import Judgement, Outcome, judge, ways
from postprocess.roundings import Explanation, Manner, Rounding, Way

REF, ERROR = Ref("x"), Severity.ERROR
SUM: Final = SumRule("sum", ERROR, REF, (REF, REF))
BREAKDOWN: Final = SumRule("sum", ERROR, Ref("money", "funds", "总额"), (Ref("money", "funds", "其中"), Ref("money", "funds", "其他")))
RATIO: Final = RatioRule("ratio", ERROR, REF, REF, REF)
PRODUCT: Final = ProductRule("product", ERROR, REF, REF, REF, REF, REF)
AT_MOST: Final = AtMostRule("at_most", ERROR, REF, REF, not_negative=True)
EQUALS: Final = EqualsRule("equals", ERROR, REF, "100")
ORDERED: Final = OrderedRule("ordered", ERROR, REF, REF, REF)
REQUIRED_IF: Final = RequiredIfRule("required_if", ERROR, REF, REF, REF)
REQUIRED: Final = RequiredRule("required", ERROR, (REF,))
SIZES: Final = {SUM: 3, BREAKDOWN: 3, RATIO: 3, PRODUCT: 5, AT_MOST: 2, EQUALS: 1, ORDERED: 3, REQUIRED_IF: 3, REQUIRED: 1}


def numbers(*texts: str) -> list[Value]:
    return [Decimal(text) if text else None for text in texts]


def on(rule: Rule, *texts: str) -> Judgement:
    return judge(rule, numbers(*texts))


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        (SUM, ("94.92", "9.92", "85")),
        (SUM, ("", "9.92", "85")),
        (SUM, ("94.92", "", "")),
        (SUM, ("9.92", "9.92", "")),
        (RATIO, ("90.13", "980710", "1088156.00")),
        (RATIO, ("90", "980710", "1088156.00")),
        (RATIO, ("100.00", "5", "5")),
        (RATIO, ("90.13", "980710", "0")),
        (RATIO, ("90.13", "", "1088156.00")),
        (PRODUCT, ("9.01", "10", "90.13", "980710", "1088156")),
        (PRODUCT, ("9.01", "10", "", "980710", "1088156")),
        (PRODUCT, ("10", "10", "120", "12", "10")),
        (PRODUCT, ("9.01", "", "90.13", "980710", "1088156")),
        (AT_MOST, ("10", "10")),
        (AT_MOST, ("0", "")),
        (EQUALS, ("100.00",)),
        (REQUIRED_IF, ("", "20", "20")),
        (REQUIRED_IF, ("", "17", "")),
    ],
)
def test_holds_or_has_nothing_to_say(rule: Rule, texts: Sequence[str]) -> None:
    assert on(rule, *texts).outcome is Outcome.SILENT


@pytest.mark.parametrize(
    ("rule", "texts", "expected", "named"),
    [
        (SUM, ("94.93", "9.92", "85"), "94.92", (0, 1, 2)),
        (SUM, ("94.92", "9.92", ""), "9.92", (0, 1)),
        (SUM, ("5", "0", "0"), "0", (0, 1, 2)),
        (BREAKDOWN, ("1088156.00", "1", "0"), "1", (0, 1, 2)),
        (RATIO, ("91.13", "980710", "1088156.00"), "90.13", (0, 1, 2)),
        (RATIO, ("98.11", "990675", "1010060"), "98.08", (0, 1, 2)),
        (PRODUCT, ("9.10", "10", "90.13", "980710", "1088156"), "9.01", (0, 1, 2, 3, 4)),
        (PRODUCT, ("12", "10", "120", "12", "10"), "10", (0, 1, 2, 3, 4)),
        (AT_MOST, ("10.5", "10"), "10", (0, 1)),
        (AT_MOST, ("-1", "10"), "0", (0,)),
        (EQUALS, ("10",), "100", (0,)),
    ],
)
def test_broken(rule: Rule, texts: Sequence[str], expected: str, named: tuple[int, ...]) -> None:
    judgement = on(rule, *texts)
    assert (judgement.outcome, judgement.expected, judgement.named) == (Outcome.BROKEN, Decimal(expected), named)


@pytest.mark.parametrize(
    ("rule", "texts", "rounding", "places", "of_printed"),
    [
        (RATIO, ("98.09", "990675", "1010060.00"), Rounding.UP, 2, False),
        (RATIO, ("98.07", "980785", "1000000"), Rounding.DOWN, 2, False),
        (PRODUCT, ("9.92", "10", "99.15", "1721494.3", "1736311.00"), Rounding.HALF_UP, 2, True),
        (PRODUCT, ("19.90", "20.00", "", "5554839", "5585560"), Rounding.HALF_UP, 1, False),
        (PRODUCT, ("9.02", "10", "90.13", "980710", "1088156"), Rounding.UP, 2, False),
    ],
)
def test_explained_by_a_rounding_worth_a_mention(
    rule: Rule, texts: Sequence[str], rounding: Rounding, places: int, of_printed: bool
) -> None:
    judgement = on(rule, *texts)
    assert (judgement.outcome, judgement.of_printed) == (Outcome.EXPLAINED, of_printed)
    assert judgement.explained == Explanation(rounding, places)


@pytest.mark.parametrize(
    ("rule", "texts", "expected"),
    [
        (RATIO, ("98.09", "990675", "1010060.00"), {Way(Manner.UP)}),
        (RATIO, ("90.13", "980710", "1088156.00"), {Way(Manner.USUAL), Way(Manner.UP)}),
        (RATIO, ("50.00", "1", "2"), {Way(manner) for manner in Manner}),
        (RATIO, ("98.11", "990675", "1010060.00"), set()),
        (RATIO, ("", "990675", "1010060.00"), set()),
        (PRODUCT, ("9.92", "10", "99.15", "1721494.3", "1736311.00"), {Way(Manner.UP), Way(Manner.USUAL, True), Way(Manner.UP, True)}),
        (PRODUCT, ("9.02", "10", "90.13", "", ""), {Way(Manner.UP), Way(Manner.UP, True)}),
        (SUM, ("3", "1", "2"), set()),
    ],
)
def test_every_way_to_round(rule: Rule, texts: Sequence[str], expected: set[Way]) -> None:
    assert ways(rule, numbers(*texts)) == expected


def test_dates_in_order() -> None:
    start, end = date(2020, 1, 1), date(2020, 12, 27)
    assert judge(ORDERED, (start, end, Decimal(2020))).outcome is Outcome.SILENT
    assert judge(ORDERED, (start, None, None)).outcome is Outcome.SILENT
    assert judge(ORDERED, (end, start, Decimal(2020))).named == (0, 1)
    assert judge(ORDERED, (start, end, Decimal(2021))).named == (0, 2)


def test_required() -> None:
    assert judge(REQUIRED, (None,)).outcome is Outcome.BROKEN
    assert judge(REQUIRED, ("某项目",)).outcome is Outcome.SILENT
    assert judge(REQUIRED_IF, (None, Decimal(17), Decimal(20))).named == (0, 1, 2)
    assert judge(REQUIRED_IF, ("偶有卡顿", Decimal(17), Decimal(20))).outcome is Outcome.SILENT


values: st.SearchStrategy[Value] = st.none() | st.text(max_size=3) | st.dates() | st.decimals(-(10**18), 10**18, places=8) | st.decimals()


@given(
    st.sampled_from(list(SIZES)).flatmap(
        lambda rule: st.tuples(st.just(rule), st.lists(values, min_size=SIZES[rule], max_size=SIZES[rule]))
    )
)
def test_a_rule_never_raises(case: tuple[Rule, list[Value]]) -> None:
    rule, given_values = case
    assert judge(rule, given_values).outcome in Outcome
    assert not ways(rule, given_values) or judge(rule, given_values).outcome is not Outcome.BROKEN


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1, max_size=40))
def test_the_order_of_parts_does_not_matter(parts: list[Decimal]) -> None:
    total = sum(parts, Decimal(0))
    rule = SumRule("sum", ERROR, REF, (REF,))
    assert judge(rule, (total, *parts)).outcome is judge(rule, (total, *sorted(parts))).outcome is Outcome.SILENT
    assert judge(rule, (total + Decimal("0.01"), *parts)).outcome is Outcome.BROKEN


@given(st.integers(1, 10**9), st.integers(1, 10**9), st.integers(0, 4))
def test_every_usual_rounding_of_a_true_rate_is_no_contradiction(spent: int, budget: int, places: int) -> None:
    exact = Decimal(spent) * 100 / Decimal(budget)
    for mode in Rounding:
        printed = exact.quantize(Decimal(1).scaleb(-places), rounding=mode.value)
        assert judge(RATIO, (printed, Decimal(spent), Decimal(budget))).outcome is not Outcome.BROKEN
