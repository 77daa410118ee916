"""Whether a rule holds for given values: one small function for each type of rule, in `Decimal`, none of which ever raises.

Blanks and dashes are None here: a rule is silent where what it needs is not printed, and a part that is not printed counts 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import reduce, singledispatch

from models.form import Value
from models.template import AtMostRule, EqualsRule, OrderedRule, ProductRule, RatioRule, RequiredIfRule, RequiredRule, Rule, SumRule
from postprocess.roundings import EXACT, USUAL, Explanation, Way, decimals, explanation, explanations, manner, rounded

HUNDRED = Decimal(100)


class Outcome(Enum):
    """What a rule says."""

    SILENT = "silent"
    """It holds, or has nothing to say."""
    EXPLAINED = "explained"
    """It holds by a rounding that is worth a mention."""
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says of its values.

    Attributes:
        outcome: whether it holds.
        expected: what it demands of its first value, where that is one number.
        explained: how the printed number came about (`Outcome.EXPLAINED`).
        of_printed: whether the rounding starts from a printed operand instead of the exact one.
        named: indices of the values that speak in the matter.
    """

    outcome: Outcome
    expected: Decimal | None = None
    explained: Explanation | None = None
    of_printed: bool = False
    named: tuple[int, ...] = ()


SILENT = Judgement(Outcome.SILENT)


@singledispatch
def judge(rule: Rule, values: Sequence[Value]) -> Judgement:
    """Judge ``values``, given in the order of `postprocess.clauses.Clause.cells`.

    Raises:
        TypeError: no function is registered for this type of rule.
    """
    raise TypeError(f"no judgement for {type(rule).__name__} of {len(values)} values")


@judge.register
def _(_rule: SumRule, values: Sequence[Value]) -> Judgement:
    total, *parts = _numbers(values)
    printed = [part for part in parts if part is not None]
    if total is None or not printed:
        return SILENT
    expected = reduce(EXACT.add, printed)
    return SILENT if expected == total else _broken(values, expected)


@judge.register
def _(_rule: RatioRule, values: Sequence[Value]) -> Judgement:
    return _compared(_numbers(values)[0], _rates(values), values)


@judge.register
def _(_rule: ProductRule, values: Sequence[Value]) -> Judgement:
    return _compared(_numbers(values)[0], _wholes(values), values)


@judge.register
def _(rule: AtMostRule, values: Sequence[Value]) -> Judgement:
    small, large = _numbers(values)
    if small is None:
        return SILENT
    if rule.not_negative and small < 0:
        return _broken((small,), Decimal(0))
    return _broken(values, large) if large is not None and small > large else SILENT


@judge.register
def _(rule: EqualsRule, values: Sequence[Value]) -> Judgement:
    (printed,), expected = _numbers(values), Decimal(rule.value)
    return SILENT if printed is None or printed == expected else _broken(values, expected)


@judge.register
def _(_rule: OrderedRule, values: Sequence[Value]) -> Judgement:
    earlier, later, year = values
    if not isinstance(earlier, date):
        return SILENT
    if isinstance(later, date) and later < earlier:
        return Judgement(Outcome.BROKEN, named=(0, 1))
    if isinstance(year, Decimal) and year != earlier.year:
        return Judgement(Outcome.BROKEN, year, named=(0, 2))
    return SILENT


@judge.register
def _(_rule: RequiredIfRule, values: Sequence[Value]) -> Judgement:
    _, small, large = _numbers(values)
    if values[0] is not None or small is None or large is None or small >= large:
        return SILENT
    return Judgement(Outcome.BROKEN, named=(0, 1, 2))


@judge.register
def _(_rule: RequiredRule, values: Sequence[Value]) -> Judgement:
    return SILENT if values[0] is not None else Judgement(Outcome.BROKEN, named=(0,))


@singledispatch
def ways(_rule: Rule, _values: Sequence[Value]) -> frozenset[Way]:
    """Every way to round that makes the first value of the others; none where ``rule`` rounds nothing, is silent or broken."""
    return frozenset()


@ways.register
def _(_rule: RatioRule, values: Sequence[Value]) -> frozenset[Way]:
    return _ways(_numbers(values)[0], _rates(values))


@ways.register
def _(_rule: ProductRule, values: Sequence[Value]) -> frozenset[Way]:
    wholes = _wholes(values)
    # where one rate alone is known, nobody can tell whether the product was made of it as printed
    return _ways(_numbers(values)[0], wholes if len(wholes) != 1 else [(wholes[0][0], of_printed) for of_printed in (False, True)])


def _ways(printed: Decimal | None, exacts: Sequence[tuple[Decimal, bool]]) -> frozenset[Way]:
    if printed is None:
        return frozenset()
    return frozenset(Way(manner(way, printed), of_printed) for exact, of_printed in exacts for way in explanations(exact, printed))


def _rates(values: Sequence[Value]) -> list[tuple[Decimal, bool]]:
    """What a quotient may be rounded of, and whether that is itself printed."""
    _, numerator, denominator = _numbers(values)
    exact = _percent(numerator, denominator)
    return [] if exact is None else [(exact, False)]


def _wholes(values: Sequence[Value]) -> list[tuple[Decimal, bool]]:
    """What a product may be rounded of, and whether of the printed rate; the exact value first."""
    _, factor, rate, numerator, denominator = _numbers(values)
    rates = [(known, of_printed) for known, of_printed in ((_percent(numerator, denominator), False), (rate, True)) if known is not None]
    if factor is None:
        return []
    return [(_at_most(EXACT.divide(EXACT.multiply(factor, known), HUNDRED), factor), of_printed) for known, of_printed in rates]


def _compared(printed: Decimal | None, exacts: Sequence[tuple[Decimal, bool]], values: Sequence[Value]) -> Judgement:
    """What is to be said of a rounded number, given what it may come of (and whether that is itself printed), the exact value first."""
    if printed is None or not exacts:
        return SILENT
    places, expected = decimals(printed), rounded(exacts[0][0], decimals(printed))
    found = [(way, of_printed) for exact, of_printed in exacts if (way := explanation(exact, printed)) is not None]
    if not found:
        return _broken(values, expected)
    usual = {(rounding, places) for rounding in USUAL}
    way, of_printed = min(found, key=lambda entry: ((entry[0].rounding, entry[0].places) not in usual, entry[1]))
    if (way.rounding, way.places) in usual and not of_printed:
        return SILENT
    return Judgement(Outcome.EXPLAINED, expected, way, of_printed, _printed(values))


def _broken(values: Sequence[Value], expected: Decimal) -> Judgement:
    return Judgement(Outcome.BROKEN, expected, named=_printed(values))


def _printed(values: Sequence[Value]) -> tuple[int, ...]:
    return tuple(index for index, value in enumerate(values) if value is not None)


def _numbers(values: Sequence[Value]) -> list[Decimal | None]:
    return [value if isinstance(value, Decimal) and value.is_finite() else None for value in values]


def _percent(numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
    """The exact quotient in percent; None where a number is missing or nothing can be divided by it."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return EXACT.divide(EXACT.multiply(numerator, HUNDRED), denominator)


def _at_most(whole: Decimal, factor: Decimal) -> Decimal:
    """A score is never more than its weight, even where more was spent than budgeted."""
    return min(whole, factor)
