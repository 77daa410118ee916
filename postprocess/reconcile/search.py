"""The most probable combination of readings that the rules admit: best-first search along broken clauses.

Nothing changes but to mend a clause. From the most probable reading of every cell, take a clause that does not hold: either one of its
cells reads otherwise, or they all stand as they are and it stays broken, at its price. These branches exclude each other and leave out
nothing, so that the first combination without an open clause is the best one (A*, Hart, Nilsson and Raphael, 1968; branching on conflicts
as in Reiter, 1987, "A theory of diagnosis from first principles"). For sums the cheapest set of changes that moves the total by what it is
off is known beforehand from a table, a lower bound for what is still to be paid.
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

EFFORT = 20_000
"""Steps a form may cost in all, about a second; a form with ten misread numbers takes some thousands. Counted, not timed, so that the same
scan always gives the same record."""

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

    def best(self, fixed: Fixed, limit: float) -> Solution | None:
        """The cheapest solution with the options ``fixed``, None where it would cost more than ``limit``.

        Raises:
            EffortError: the form has used up its `EFFORT`.
        """
        number, start = count(), self._start(fixed)
        heap = [(start.paid + self._ahead(start), next(number), start)]
        while heap:
            _, _, node = heappop(heap)
            if not node.open:
                return Solution(node.paid, tuple(node.chosen), node.broken)
            self.effort -= 1
            if self.effort < 0:
                raise EffortError
            for child in self._children(node):
                estimate = child.paid + self._ahead(child)
                if estimate <= limit:
                    heappush(heap, (estimate, next(number), child))
        return None

    def _start(self, fixed: Fixed) -> "_Node":
        chosen = [fixed.get(variable, 0) for variable in range(len(self.problem.variables))]
        paid = sum(self.problem.variables[variable].options[option].cost for variable, option in fixed.items())
        held = sum(1 << variable for variable in fixed)
        unheld = frozenset(factor for factor in range(len(self.problem.factors)) if self.problem.charge(factor, chosen) > 0)
        return _Node(paid, 0.0, chosen, held, (), unheld)

    def _children(self, node: "_Node") -> "Iterator[_Node]":
        factor = min(node.open, key=lambda each: (self._ways(each, node), each))
        held = node.held
        for variable in dict.fromkeys(self.problem.factors[factor].variables):
            if not held >> variable & 1:
                held |= 1 << variable
                for option in range(1, self.problem.variables[variable].supported):
                    yield self._changed(node, variable, option, held)
        yield self._accepted(node, factor, held)

    def _ways(self, factor: int, node: "_Node") -> int:
        free = (variable for variable in self.problem.factors[factor].variables if not node.held >> variable & 1)
        return sum(self.problem.variables[variable].supported - 1 for variable in free)

    def _changed(self, node: "_Node", variable: int, option: int, held: int) -> "_Node":
        chosen = list(node.chosen)
        chosen[variable] = option
        touched = self.problem.bound[variable]
        still = {factor for factor in touched if self.problem.charge(factor, chosen) > 0}
        readings = node.readings + self.problem.variables[variable].options[option].cost
        return _Node(readings, node.prices, chosen, held, node.broken, node.open.difference(touched) | still)

    def _accepted(self, node: "_Node", factor: int, held: int) -> "_Node":
        charge = self.problem.charge(factor, node.chosen)
        if charge != BROKEN:
            return _Node(node.readings, node.prices + charge, node.chosen, held, node.broken, node.open - {factor})
        broken = (*node.broken, factor)
        prices = node.prices - self.problem.misprints(node.broken) + self.problem.misprints(broken)
        return _Node(node.readings, prices, node.chosen, held, broken, node.open - {factor})

    def _ahead(self, node: "_Node") -> float:
        """A lower bound of what the open clauses will still cost."""
        return max((self._least(factor, node) for factor in node.open), default=0.0)

    def _least(self, number: int, node: "_Node") -> float:
        """The lower bound of one open clause: its price, or the cheapest change of its cells that might mend it."""
        charge = self.problem.charge(number, node.chosen)
        if charge == BROKEN:
            charge = self.problem.misprints((*node.broken, number)) - self.problem.misprints(node.broken)
        factor = self.problem.factors[number]
        table = self._table(number)
        if table is not None:
            return min(charge, table.get(self._off(factor, node.chosen), BROKEN))
        free = [
            variable for variable in factor.variables if not node.held >> variable & 1 and self.problem.variables[variable].supported > 1
        ]
        return min(charge, min((self.problem.variables[variable].options[1].cost for variable in free), default=BROKEN))

    def _off(self, factor: Factor, chosen: list[int]) -> int:
        """By how much the parts exceed the total."""
        total, *parts = (_scaled(self.problem.variables[each].options[chosen[each]].value) for each in factor.variables)
        return sum(parts) - total

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
        broken: clauses left broken.
        open: clauses that charge something and were not settled.
    """

    readings: float
    prices: float
    chosen: list[int]
    held: int
    broken: tuple[int, ...]
    open: frozenset[int]

    @property
    def paid(self) -> float:
        return self.readings + self.prices


def _scaled(value: Value) -> int:
    """A number in units of its least decimal; a blank part counts nothing."""
    return int(value.scaleb(DECIMALS)) if isinstance(value, Decimal) else 0
