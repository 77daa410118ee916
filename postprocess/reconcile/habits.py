"""Rounding habits: what a rounding costs in a form, given how the other forms of its file round.

An office rounds all its rates one way, and all its scores one way. The habit is not printed anywhere; it is a variable shared by the forms
of a file, and a form is decided by the cheapest combination of readings and habit, those of the other forms included (max-marginals,
Koller and Friedman, 2009, "Probabilistic Graphical Models", section 13.2). What the other forms say of a habit is their least cost under
it, so that a form never confirms its own misreading.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from math import inf, log
from types import MappingProxyType

from models.template import ProductRule, RatioRule, Rule
from postprocess.roundings import Manner, Way

ROUNDED_UP = log(4)
"""Cost of an office that rounds up: one of the five genuine self-evaluations has a rate that half up does not give."""

ODDLY_ROUNDED = log(30)
"""Cost of an office that cuts off, or pads one decimal to two: seen on no genuine form, but forms of other places are said to."""

AGAINST_HABIT = log(30)
"""Cost of a number that is not rounded as its office does: as of an odd habit, so that a form that stands alone pays the lesser of both."""

ESTABLISHED = log(19)
"""How much dearer every other habit must be for one to be known: 0.95 to 0.05, as a cell's reading against its rivals."""

_COSTS: Mapping[Manner, float] = MappingProxyType(
    {Manner.USUAL: 0.0, Manner.UP: ROUNDED_UP, Manner.DOWN: ODDLY_ROUNDED, Manner.PADDED: ODDLY_ROUNDED}
)

Costs = Mapping[Way, float]
"""Each habit with its cost; the least is 0."""

RATES: Costs = MappingProxyType({Way(manner): cost for manner, cost in _COSTS.items()})
"""Habits of rounding a rate, where no other form is known."""

SCORES: Costs = MappingProxyType({Way(manner, of_printed): cost for manner, cost in _COSTS.items() for of_printed in (False, True)})
"""Habits of rounding a score, of the exact or of the printed rate, where no other form is known."""


@dataclass(frozen=True, slots=True)
class Habits:
    """What is known of the office's habits before a form is looked at: costs of each for rates and for scores."""

    rates: Costs = field(default_factory=lambda: RATES)
    scores: Costs = field(default_factory=lambda: SCORES)

    def charge(self, rule: Rule, ways: Set[Way]) -> float:
        """Cost of a number that came about in one of ``ways``; 0 for a rule that rounds nothing."""
        costs = self._of(rule)
        return min((cost + (0.0 if habit in ways else AGAINST_HABIT) for habit, cost in costs.items()), default=0.0) if ways else 0.0

    def customary(self, rule: Rule, ways: Set[Way]) -> bool:
        """Whether the office is known to round in one of ``ways``."""
        others = [cost for habit, cost in self._of(rule).items() if habit not in ways]
        return bool(ways) and min(others, default=inf) >= ESTABLISHED

    def _of(self, rule: Rule) -> Costs:
        match rule:
            case RatioRule():
                return self.rates
            case ProductRule():
                return self.scores
            case _:
                return {}


UNKNOWN = Habits()
"""Of a form that stands alone."""
