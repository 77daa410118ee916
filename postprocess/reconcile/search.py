"""The most probable combination of readings that the rules admit: best-first search along broken clauses.

Nothing changes but to mend a clause. From the most probable reading of every cell, take a clause that charges something: either one of its
cells reads otherwise, such that in the end it charges less, or it is left as it is, at its price. No combination worth having is left out,
so that the first one without an open clause is the best (A*, Hart, Nilsson and Raphael, 1968; branching on conflicts as in Reiter, 1987, "A
theory of diagnosis from first principles"). For sums the cheapest set of changes that takes away what the parts are off is known beforehand
from a table, a lower bound for what is still to be paid.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from heapq import heappop, heappush
from itertools import count

from models.form import Value
from models.template import SumRule
from postprocess.numbers import DECIMALS
from postprocess.reconcile.problem import BROKEN, Factor, Fixed, Problem

EFFORT = 2_000
"""Steps a form may cost in all, half a second to a second. On generated forms (`bench.repair`) one with 98 % of its numbers read right
takes 0 to 170 steps, one with 96 % 90 in the median and 5,000 at the most. Counted, not timed, so that the same scan always gives the same
record."""

ROUNDING_ERROR = 1e-9
"""Sums of costs in other orders differ by less."""

TABLE = 4_000
"""Differences of a sum that are kept: above that everything can be reached and the table tells nothing."""


@dataclass(frozen=True, slots=True)
class Solution:
    """A combination that the rules admit, at the price of what stays broken.

    Attributes:
        cost: of its readings, roundings and broken clauses.
        chosen: option of each variable.
        broken: clauses that do not hold.
    """

    cost: float
    chosen: tuple[int, ...]
    broken: tuple[int, ...]


class EffortError(Exception):
    """The search was given up."""


@dataclass(slots=True)
class Search:
    """What the searches of one form share: the tables of its sums and the effort left."""

    problem: Problem
    reach: float
    effort: int = EFFORT
    tables: dict[int, dict[int, float] | None] = field(default_factory=dict)
    scaled: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        """Numbers are compared as integers throughout: a sum of 30 parts is asked for some thousand times."""
        self.scaled = [[_scaled(option.value) for option in variable.options] for variable in self.problem.variables]

    def best(self, fixed: Fixed, limit: float) -> Solution | None:
        """The cheapest solution with the options ``fixed``, None where it would cost more than ``limit``.

        Raises:
            EffortError: the form has used up its `EFFORT`.
        """
        number, start = count(), self._start(fixed)
        limit = min(limit, start.readings + self._left(start))
        heap = [(start.readings + self._ahead(start), next(number), start)]
        while heap and heap[0][0] <= limit + ROUNDING_ERROR:
            _, _, node = heappop(heap)
            if not node.open:
                broken = tuple(factor for factor, charge in node.settled.items() if charge == BROKEN)
                return Solution(node.readings + node.prices, tuple(node.chosen), broken)
            self.effort -= 1
            if self.effort < 0:
                raise EffortError
            for child in self._children(node, limit + ROUNDING_ERROR):
                estimate = child.readings + child.prices + self._ahead(child)
                if estimate <= limit + ROUNDING_ERROR:
                    heappush(heap, (estimate, next(number), child))
        return None

    def _start(self, fixed: Fixed) -> "_Node":
        chosen = [fixed.get(variable, 0) for variable in range(len(self.problem.variables))]
        paid = sum(self.problem.variables[variable].options[option].cost for variable, option in fixed.items())
        held = sum(1 << variable for variable in fixed)
        unheld = frozenset(factor for factor in range(len(self.problem.factors)) if self.problem.charge(factor, chosen) > 0)
        return _Node(paid, 0.0, chosen, held, {}, {}, unheld)

    def _left(self, node: "_Node") -> float:
        """What it costs to leave all open clauses as they are."""
        return self.problem.price({factor: self.problem.charge(factor, node.chosen) for factor in node.open})

    def _children(self, node: "_Node", limit: float) -> "Iterator[_Node]":
        factor = min(node.open, key=lambda each: (self._ways(each, node), each))
        charge = self.problem.charge(factor, node.chosen)
        due = {**node.due, factor: charge}
        held = node.held
        for index, variable in enumerate(self.problem.factors[factor].variables):
            if not held >> variable & 1:
                held |= 1 << variable
                for option in self._promising(factor, index, node, limit):
                    yield self._changed(node, variable, option, held, due)
        if factor not in node.due or charge < node.due[factor]:
            settled = {**node.settled, factor: charge}
            yield _Node(node.readings, self.problem.price(settled), node.chosen, node.held, settled, node.due, node.open - {factor})

    def _promising(self, number: int, index: int, node: "_Node", limit: float) -> Iterator[int]:
        """The other options of the ``index``-th cell of a clause after which it can still be mended within ``limit``."""
        factor, table = self.problem.factors[number], self._table(number)
        variable = factor.variables[index]
        asked, now = self.problem.variables[variable], node.chosen[variable]
        off = 0 if table is None else self._off(factor, node.chosen)
        for option in range(1, asked.supported):
            paid = node.readings + node.prices + asked.options[option].cost
            if paid > limit:
                return
            moved = self.scaled[variable][option] - self.scaled[variable][now]
            rest = off + (moved if index else -moved)
            if table is None or paid + table.get(rest, BROKEN) <= limit:
                yield option

    def _ways(self, factor: int, node: "_Node") -> int:
        free = (variable for variable in self.problem.factors[factor].variables if not node.held >> variable & 1)
        return sum(self.problem.variables[variable].supported - 1 for variable in free)

    def _changed(self, node: "_Node", variable: int, option: int, held: int, due: dict[int, float]) -> "_Node":
        chosen = list(node.chosen)
        chosen[variable] = option
        charges = {factor: self.problem.charge(factor, chosen) for factor in self.problem.bound[variable]}
        settled = {factor: charge for factor, charge in node.settled.items() if charges.get(factor, 0.0) <= charge}
        still = {factor for factor, charge in charges.items() if charge > 0 and factor not in settled}
        readings = node.readings + self.problem.variables[variable].options[option].cost
        return _Node(readings, self.problem.price(settled), chosen, held, settled, due, node.open.difference(charges) | still)

    def _ahead(self, node: "_Node") -> float:
        """A lower bound of what the open clauses will still cost."""
        return max((self._least(factor, node) for factor in node.open), default=0.0)

    def _least(self, number: int, node: "_Node") -> float:
        """The lower bound of one open clause: its price, if it may stay, or the cheapest change of its cells that might mend it."""
        factor, table = self.problem.factors[number], self._table(number)
        charge = self.problem.charge(number, node.chosen)
        stays = BROKEN
        if number not in node.due or charge < node.due[number]:
            stays = self.problem.price({**node.settled, number: charge}) - node.prices
        if table is not None:
            return min(stays, table.get(self._off(factor, node.chosen), BROKEN))
        free = [
            variable for variable in factor.variables if not node.held >> variable & 1 and self.problem.variables[variable].supported > 1
        ]
        return min(stays, min((self.problem.variables[variable].options[1].cost for variable in free), default=BROKEN))

    def _off(self, factor: Factor, chosen: list[int]) -> int:
        """By how much the parts exceed the total."""
        total = factor.variables[0]
        return sum(self.scaled[each][chosen[each]] for each in factor.variables[1:]) - self.scaled[total][chosen[total]]

    def _table(self, number: int) -> dict[int, float] | None:
        """Excess that changes of a sum's cells can take away, with the least cost; None for what is no sum of numbers."""
        if number not in self.tables:
            self.tables[number] = self._tabulated(self.problem.factors[number])
        return self.tables[number]

    def _tabulated(self, factor: Factor) -> dict[int, float] | None:
        rule = factor.clause.rule
        variables = [self.problem.variables[variable] for variable in factor.variables]
        blanks = any(option.value is None for option in variables[0].options)
        if not isinstance(rule, SumRule) or blanks or not any(part.table != rule.total.table for part in rule.parts):
            return None
        reached = {0: 0.0}
        for sign, variable in zip([1] + [-1] * len(variables), variables, strict=False):
            base, *others = variable.options[: variable.supported]
            moves = [(sign * (_scaled(other.value) - _scaled(base.value)), other.cost) for other in others]
            further = dict(reached)
            for moved, paid in reached.items():
                for move, cost in moves:
                    if paid + cost <= self.reach and paid + cost < further.get(moved + move, BROKEN):
                        further[moved + move] = paid + cost
            reached = further
            if len(reached) > TABLE:
                return None
        return reached


@dataclass(frozen=True, slots=True)
class _Node:
    """A combination on the way.

    Attributes:
        readings: cost of the options that differ from the most probable ones.
        prices: of the clauses that were left as they are.
        chosen: option of each variable.
        held: bit i is set where variable i may change no more.
        settled: clauses that were left as they are, with what they charged.
        due: clauses for whose sake something was changed, with what they charged before and must not charge in the end.
        open: clauses that charge something and were not settled.
    """

    readings: float
    prices: float
    chosen: list[int]
    held: int
    settled: dict[int, float]
    due: dict[int, float]
    open: frozenset[int]


def _scaled(value: Value) -> int:
    """A number in units of its least decimal; a blank part counts nothing."""
    return int(value.scaleb(DECIMALS)) if isinstance(value, Decimal) else 0
