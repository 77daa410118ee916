"""How the office rounds: learned for each form from the other forms of its file."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from models.form import Form
from models.template import ProductRule, RatioRule, Template
from postprocess.reconcile.decide import PAPER_REACH
from postprocess.reconcile.habits import RATES, SCORES, UNKNOWN, Costs, Habits
from postprocess.reconcile.problem import Problem, problem
from postprocess.reconcile.search import EffortError, Search
from postprocess.roundings import Way

EFFORT = 200
"""Steps that the search for one habit of one form may cost, a tenth of what deciding a form may; a form that needs more says nothing."""


def habits_around(forms: Sequence[tuple[Form, Template]]) -> tuple[Habits, ...]:
    """What the other forms show of the office's habits, for each of ``forms`` of one file; `UNKNOWN` for one that stands alone.

    Of each habit the other forms say by how much their best combinations of readings are dearer under it than under the best habit. For
    the habit of rates that of scores is left open, and the other way round.
    """
    if len(forms) < 2:
        return (UNKNOWN,) * len(forms)
    said = [_said(problem(form, template)) for form, template in forms]
    return tuple(_heard([habits for other, habits in enumerate(said) if other != form]) for form in range(len(forms)))


def _heard(others: Sequence[Habits]) -> Habits:
    rates = {habit: cost + sum(said.rates[habit] for said in others) for habit, cost in RATES.items()}
    scores = {habit: cost + sum(said.scores[habit] for said in others) for habit, cost in SCORES.items()}
    return Habits(_from_zero(rates), _from_zero(scores))


def _said(asked: Problem) -> Habits:
    """What one form says of each habit."""
    rounded = {type(factor.clause.rule) for factor in asked.factors}
    rates = {habit: replace(UNKNOWN, rates={habit: 0.0}) for habit in RATES}
    scores = {habit: replace(UNKNOWN, scores={habit: 0.0}) for habit in SCORES}
    return Habits(
        _costs(asked, rates) if RatioRule in rounded else dict.fromkeys(RATES, 0.0),
        _costs(asked, scores) if ProductRule in rounded else dict.fromkeys(SCORES, 0.0),
    )


def _costs(asked: Problem, sworn: dict[Way, Habits]) -> Costs:
    """The least cost of the form in an office that has each habit; the same for all where the search is given up."""
    try:
        return _from_zero({habit: _least(asked.under(habits)) for habit, habits in sworn.items()})
    except EffortError:
        return dict.fromkeys(sworn, 0.0)


def _least(asked: Problem) -> float:
    best = Search(asked, PAPER_REACH, EFFORT).best({}, inf)
    return inf if best is None else best.cost


def _from_zero(costs: dict[Way, float]) -> Costs:
    least = min(costs.values())
    return {habit: cost - least for habit, cost in costs.items()}
