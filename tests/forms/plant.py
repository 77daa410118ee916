"""Papers that are wrong: one printed number changed as a tired clerk would, beyond what any rounding explains."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from tests.forms.contents import Paper, PerformanceTarget, SelfEvaluation

_LEAST_RATE = Decimal("0.3")
_LEAST_SCORE = Decimal("0.2")
_LEAST_WEIGHT = Decimal("0.5")
_LEAST_SHARE = Decimal("0.01")


def slips(text: str) -> Iterator[str]:
    """Every other number that one wrong digit or two swapped neighbours make of ``text``; no leading zero is made."""
    for i, old in enumerate(text):
        if not old.isdigit():
            continue
        for new in "0123456789":
            if new != old and not (new == "0" and i == 0):
                yield text[:i] + new + text[i + 1 :]
        if text[i + 1 : i + 2].isdigit() and text[i + 1] != old and not (i == 0 and text[i + 1] == "0"):
            yield text[:i] + text[i + 1] + old + text[i + 2 :]


def _value(text: str) -> Decimal:
    return Decimal(text.rstrip("%").replace(",", ""))


def _slip(rng: random.Random, text: str, least: Decimal, low: Decimal = Decimal(0), high: Decimal = Decimal("1e12")) -> str:
    """A slip of ``text`` at least ``least`` away and within ``low`` and ``high``; ``text`` itself where there is none."""
    fits = [slip for slip in slips(text) if abs(_value(slip) - _value(text)) >= least and low <= _value(slip) <= high]
    return rng.choice(fits) if fits else text


def _total_score(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    return replace(form, total_score=_slip(rng, form.total_score, _LEAST_SCORE, high=Decimal(100)), planted=("fields.total_score",))


def _total_weight(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    wrong = rng.choice((95, 90, 98, 105, 110))
    return replace(form, total_weight=form.total_weight.replace("100", str(wrong), 1), planted=("fields.total_weight",))


def _rate(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    head = form.funds[0]
    wrong = _slip(rng, head.execution_rate, _LEAST_RATE, high=Decimal(100))
    return replace(form, funds=(replace(head, execution_rate=wrong), *form.funds[1:]), planted=("tables.funds[0].execution_rate",))


def _funds_score(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    head = form.funds[0]
    wrong = _slip(rng, head.score, _LEAST_SCORE, high=_value(head.weight))
    return replace(form, funds=(replace(head, score=wrong), *form.funds[1:]), planted=("tables.funds[0].score",))


def _executed(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    head = form.funds[0]
    budget = _value(head.annual_budget)
    wrong = _slip(rng, head.executed, budget * _LEAST_SHARE, high=budget)
    return replace(form, funds=(replace(head, executed=wrong), *form.funds[1:]), planted=("tables.funds[0].executed",))


def _part(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    """One printed part of the year's budget; the form itself where no part is printed."""
    total = _value(form.funds[0].annual_budget)
    printed = [i for i, row in enumerate(form.funds) if i and any(digit in row.annual_budget for digit in "123456789")]
    if not printed:
        return form
    i = rng.choice(printed)
    wrong = _slip(rng, form.funds[i].annual_budget, total * _LEAST_SHARE)
    funds = (*form.funds[:i], replace(form.funds[i], annual_budget=wrong), *form.funds[i + 1 :])
    return replace(form, funds=funds, planted=(f"tables.funds[{i}].annual_budget",))


def _weight(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    i = rng.randrange(len(form.indicators))
    row = form.indicators[i]
    wrong = replace(row, weight=_slip(rng, row.weight, _LEAST_WEIGHT, low=_value(row.score)))
    return replace(form, indicators=(*form.indicators[:i], wrong, *form.indicators[i + 1 :]), planted=(f"tables.indicators[{i}].weight",))


def _score(rng: random.Random, form: SelfEvaluation) -> SelfEvaluation:
    i = rng.randrange(len(form.indicators))
    row = form.indicators[i]
    wrong = replace(row, score=_slip(rng, row.score, _LEAST_SCORE))
    return replace(form, indicators=(*form.indicators[:i], wrong, *form.indicators[i + 1 :]), planted=(f"tables.indicators[{i}].score",))


def _current(rng: random.Random, form: PerformanceTarget) -> PerformanceTarget:
    total = _value(form.total_budget)
    wrong = _slip(rng, form.current_budget, total * _LEAST_SHARE, low=total * (1 + _LEAST_SHARE))
    return replace(form, current_budget=wrong, planted=("fields.current_budget",))


def _prior(rng: random.Random, form: PerformanceTarget) -> PerformanceTarget:
    if not any(digit in form.prior_budget for digit in "123456789"):
        return form
    budget = _value(form.prior_budget)
    wrong = _slip(rng, form.prior_executed, budget * _LEAST_SHARE, low=budget * (1 + _LEAST_SHARE))
    return replace(form, prior_executed=wrong, planted=("fields.prior_executed",))


_SELF: Sequence[Callable[[random.Random, SelfEvaluation], SelfEvaluation]] = (
    _total_score,
    _total_weight,
    _rate,
    _funds_score,
    _executed,
    _part,
    _weight,
    _score,
)
_TARGET: Sequence[Callable[[random.Random, PerformanceTarget], PerformanceTarget]] = (_current, _prior)


def plant(rng: random.Random, form: Paper) -> Paper:
    """``form`` with one wrong number, named in ``planted``; the form itself where no fault finds a place."""
    match form:
        case SelfEvaluation():
            tries: Iterator[Paper] = (fault(rng, form) for fault in rng.sample(_SELF, len(_SELF)))
        case PerformanceTarget():
            tries = (fault(rng, form) for fault in rng.sample(_TARGET, len(_TARGET)))
    return next((wrong for wrong in tries if replace(wrong, planted=()) != form), form)
