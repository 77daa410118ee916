"""One form as a decision problem: cells are variables, their candidates are options, and what the rules charge for a combination.

Costs are negative natural logarithms of probabilities: 0 for the most probable reading of a cell, the rest follows from the lattice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, log

from models.form import Field, Form, Status, Value
from models.template import AtMostRule, EqualsRule, OrderedRule, ProductRule, RatioRule, Rule, Severity, SumRule, Template
from postprocess.clauses import Clause, Layout, clauses
from postprocess.judge import Outcome, judge, ways
from postprocess.places import Cells, Place, cells_of, stray_number
from postprocess.reconcile.habits import UNKNOWN, Habits

SPEAKING: tuple[type[Rule], ...] = (SumRule, RatioRule, ProductRule, AtMostRule, EqualsRule, OrderedRule)
"""Rules about what numbers and dates say; the others ask whether something is filled at all."""

PAPER_WRONG = log(5000)
"""Cost of a number that is wrong on paper in just such a way, or was read as nothing like what stands there. If one form in ten is wrong,
one of its numbers in thirty is, and it might be wrong in some twenty ways. With 1,000, 3,000 and 5,000 to one `bench.repair` (120 forms,
level 14) repaired 26, 31 and 35 numbers, none wrongly."""

AGAINST_ADVICE = log(30)
"""Cost of a broken rule of lesser severity: money is overspent, and a project begins the year before."""

LEAST_SUPPORT = 1e-4
"""Least probability of a reading, as a share of the most probable one, to take part in a decision. Less is no support by the pixels: on
clean print the next best digit has 1e-5 to 1e-7."""

BROKEN = inf
"""What a broken clause charges; what that costs is not the clause's alone (`Problem.price`)."""


@dataclass(frozen=True, slots=True)
class Option:
    """One reading of a cell; ``cost`` is 0 for the most probable one."""

    text: str
    value: Value
    cost: float


@dataclass(frozen=True, slots=True)
class Variable:
    """One printed cell.

    Attributes:
        places: all rows that it fills; the first as clauses name it.
        options: most probable first; those from ``supported`` on take no part in a decision.
        supported: how many options have `LEAST_SUPPORT`.
        read: which option was read.
    """

    places: tuple[Place, ...]
    options: tuple[Option, ...]
    supported: int
    read: int


@dataclass(frozen=True, slots=True)
class Factor:
    """A clause over variables.

    Attributes:
        clause: the rule at its place.
        variables: of its cells, in their order.
        known: what it charged for combinations asked before.
    """

    clause: Clause
    variables: tuple[int, ...]
    known: dict[tuple[int, ...], float] = field(compare=False, repr=False)

    @property
    def binding(self) -> bool:
        """Whether its breach means that a number is wrong: an error, or another number than the one that all forms print."""
        return self.clause.rule.severity is Severity.ERROR or isinstance(self.clause.rule, EqualsRule)


@dataclass(frozen=True, slots=True)
class Problem:
    """Variables, what binds them, which factors bind each variable, and what is known of the office's rounding."""

    variables: tuple[Variable, ...]
    factors: tuple[Factor, ...]
    bound: tuple[tuple[int, ...], ...]
    habits: Habits = UNKNOWN

    def under(self, habits: Habits) -> "Problem":
        """The same form in an office of other ``habits``."""
        return Problem(self.variables, tuple(replace(factor, known={}) for factor in self.factors), self.bound, habits)

    def charge(self, factor: int, chosen: Sequence[int]) -> float:
        """What ``factor`` charges where variable i takes option ``chosen[i]``: 0, the cost of a rounding, or `BROKEN`."""
        asked = self.factors[factor]
        key = tuple(chosen[variable] for variable in asked.variables)
        if key not in asked.known:
            values = [self.variables[variable].options[option].value for variable, option in zip(asked.variables, key, strict=True)]
            asked.known[key] = charged(asked.clause.rule, values, self.habits)
        return asked.known[key]

    def price(self, charges: Mapping[int, float]) -> float:
        """What it costs to leave clauses as they are.

        A wrong number breaks all clauses in which it stands: the cheapest set of wrong cells counts that meets every broken clause, and
        what it does not meet charges by itself.

        Args:
            charges: factor to what it charges.
        """
        hard = [frozenset(self.factors[factor].variables) for factor, charge in charges.items() if self._breach(factor, charge) == BROKEN]
        soft = [(self.factors[factor].variables, self._breach(factor, charge)) for factor, charge in charges.items()]
        return _cheapest(hard, [(variables, charge) for variables, charge in soft if charge != BROKEN])

    def _breach(self, factor: int, charge: float) -> float:
        return AGAINST_ADVICE if charge == BROKEN and not self.factors[factor].binding else charge


def charged(rule: Rule, values: Sequence[Value], habits: Habits) -> float:
    """What ``rule`` charges for ``values``: 0, the cost of a rounding in an office of these ``habits``, or `BROKEN`."""
    if judge(rule, values).outcome is Outcome.BROKEN:
        return BROKEN
    return habits.charge(rule, ways(rule, values))


def problem(form: Form, template: Template, habits: Habits = UNKNOWN) -> Problem:
    """The decision problem of ``form``; a clause that lacks a row, or may lack a part, decides nothing and is left out."""
    cells = cells_of(form)
    layout = Layout(form, template, cells)
    loose = any(map(stray_number, form.unplaced))
    asked = [clause for clause in clauses(template, form) if _decides(clause, cells, loose)]
    printed: dict[object, list[Place]] = {}
    for place in cells:
        printed.setdefault(layout.printed_at(place), []).append(place)
    keys = list(dict.fromkeys(layout.printed_at(place) for clause in asked for place in clause.cells))
    index = {key: number for number, key in enumerate(keys)}
    factors = tuple(Factor(clause, tuple(index[layout.printed_at(place)] for place in clause.cells), {}) for clause in asked)
    bound: list[list[int]] = [[] for _ in keys]
    for number, factor in enumerate(factors):
        for variable in dict.fromkeys(factor.variables):
            bound[variable].append(number)
    variables = tuple(_variable(tuple(printed[key]), cells[printed[key][0]]) for key in keys)
    return Problem(variables, factors, tuple(map(tuple, bound)), habits)


def _decides(clause: Clause, cells: Cells, loose: bool) -> bool:
    """Whether every cell of ``clause`` was found and read as something, and no part of a sum may stand elsewhere."""
    unread = any(cells[place].value is None and cells[place].text and cells[place].status is Status.DOUBTFUL for place in clause.cells)
    stray = loose and isinstance(clause.rule, SumRule)
    return isinstance(clause.rule, SPEAKING) and clause.complete and not unread and not stray


def _variable(places: tuple[Place, ...], seen: Field) -> Variable:
    text = seen.read_as or seen.text
    texts = [candidate.text for candidate in seen.candidates]
    if text not in texts:
        return Variable(places, (Option(seen.text, seen.value, 0.0),), 1, 0)
    best = seen.candidates[0].log_probability
    options = tuple(Option(each.text, each.value, best - each.log_probability) for each in seen.candidates)
    supported = sum(option.cost <= -log(LEAST_SUPPORT) for option in options)
    return Variable(places, options, supported, texts.index(text))


def _cheapest(hard: Sequence[frozenset[int]], soft: Sequence[tuple[Sequence[int], float]]) -> float:
    """The least cost of wrong cells that meet all of ``hard``, and of the ``soft`` charges that they do not meet."""
    if not hard:
        return sum(charge for _, charge in soft)
    first, *others = hard
    elsewhere = frozenset().union(*others, *(variables for variables, _ in soft))
    chosen = sorted(first & elsewhere) or sorted(first)[:1]

    def without(element: int) -> float:
        rest = [each for each in others if element not in each]
        return _cheapest(rest, [(variables, charge) for variables, charge in soft if element not in variables])

    return PAPER_WRONG + min(without(element) for element in chosen)


Fixed = Mapping[int, int]
"""Variable to the option that it must take."""
