"""The search finds what trying every combination finds."""

from itertools import product
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postprocess.places import Place
from postprocess.reconcile.problem import Problem, problem
from postprocess.reconcile.search import Search
from tests.postprocess.records import SELF_EVALUATION, Numbers, offering, self_evaluation

SMALL = Numbers("1000", "1000", "980", "98.00%", "9.8", (("50", "50"), ("40", "37")), "96.8")
CELLS = [
    Place("total_score"),
    Place("score", "funds", 0),
    Place("execution_rate", "funds", 0),
    Place("executed", "funds", 0),
    Place("weight", "indicators", 0),
    Place("score", "indicators", 0),
    Place("score", "indicators", 1),
]
OTHERS = {
    "total_score": ["96.8", "98.6", "99.8", "94.8"],
    "score": ["9.8", "9.9", "50", "37", "40", "30"],
    "execution_rate": ["98.00%", "98.10%", "99.00%"],
    "executed": ["980", "981", "990"],
    "weight": ["50", "53", "60"],
}


def cost(asked: Problem, chosen: tuple[int, ...]) -> float:
    readings = sum(variable.options[option].cost for variable, option in zip(asked.variables, chosen, strict=True))
    charges = {factor: charge for factor in range(len(asked.factors)) if (charge := asked.charge(factor, chosen)) > 0}
    return readings + asked.price(charges)


@st.composite
def doubts(draw: st.DrawFn) -> dict[Place, dict[str, float]]:
    """Up to four cells with two or three readings each."""
    offers = {}
    for place in draw(st.lists(st.sampled_from(CELLS), min_size=1, max_size=4, unique=True)):
        texts = draw(st.lists(st.sampled_from(OTHERS[place.name]), min_size=2, max_size=3, unique=True))
        offers[place] = {text: draw(st.floats(0.01, 0.9)) for text in texts}
    return offers


@settings(deadline=None, max_examples=60)
@given(doubts(), st.data())
def test_the_cheapest_of_all_combinations(offers: dict[Place, dict[str, float]], data: st.DataObject) -> None:
    asked = problem(offering(self_evaluation(SMALL), SELF_EVALUATION, offers), SELF_EVALUATION)
    every = list(product(*(range(variable.supported) for variable in asked.variables)))
    found = Search(asked, 1000.0).best({}, inf)
    assert found is not None
    assert found.cost == pytest.approx(min(cost(asked, chosen) for chosen in every))
    assert cost(asked, found.chosen) == pytest.approx(found.cost)
    fixed = data.draw(st.sampled_from([number for number, variable in enumerate(asked.variables) if variable.supported > 1]))
    option = data.draw(st.integers(0, asked.variables[fixed].supported - 1))
    forced = Search(asked, 1000.0).best({fixed: option}, inf)
    assert forced is not None
    assert forced.cost == pytest.approx(min(cost(asked, chosen) for chosen in every if chosen[fixed] == option))


def test_no_solution_below_the_limit_is_none() -> None:
    wrong = {Place("total_score"): {"99.8": 0.9}}
    asked = problem(offering(self_evaluation(SMALL), SELF_EVALUATION, wrong), SELF_EVALUATION)
    assert Search(asked, 1000.0).best({}, 1.0) is None
