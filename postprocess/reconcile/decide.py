"""What the best combination says of each cell: kept, repaired, or left to a person, with the odds."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, inf, log

from models.form import Status
from models.template import EqualsRule, ProductRule, RatioRule, SumRule
from postprocess.clauses import Clause
from postprocess.places import Cells
from postprocess.reconcile.problem import BROKEN, LEAST_SUPPORT, Factor, Fixed, Problem
from postprocess.reconcile.search import EffortError, Search, Solution

WINDOW = -log(LEAST_SUPPORT)
"""How much dearer than the best combination another may be to be looked at: its share is below 1e-4."""

ACCEPTED_ODDS = log(19)
"""Least log-odds of a cell's reading against every other value: 0.95 to 0.05. What the rules do not settle is accepted by its pixels alone
(`postprocess.calibration`)."""

REPAIR_ODDS = log(200)
"""Least log-odds for a reading other than the one that was read to be taken: together with `PAPER_WRONG` no reading is taken that has less
than a twenty-fifth of the probability of the one that was read. On 300 generated forms at levels 16 and 12 of `bench.repair` 219
numbers are repaired, one wrongly; with odds of 50 to one some 20 more, two wrongly. What remains is chance: a paper is wrong in a digit
that is read weakly, and the right digit is the next best."""

_EQUATIONS = SumRule | RatioRule | ProductRule | EqualsRule


@dataclass(frozen=True, slots=True)
class Choice:
    """What is decided of one variable.

    Attributes:
        option: in the best combination.
        odds: log-odds of its value against the next best one, all other cells free; infinite where there is none.
        shares: probability of each option (0-1).
    """

    option: int
    odds: float
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The best combination of a form, and how sure it is.

    Attributes:
        choices: by variable.
        broken: factors that do not hold in it.
        repairs: variable to the factor that decides its other reading.
        open: variables that a person must decide.
    """

    choices: tuple[Choice, ...]
    broken: tuple[int, ...]
    repairs: dict[int, int]
    open: frozenset[int]


def decide(problem: Problem, cells: Cells) -> Decision:
    """The best combination of readings; where the search had to be given up, what was read, and all that is bound by open clauses open."""
    search = Search(problem, PAPER_REACH)
    try:
        best = search.best({}, inf)
    except EffortError:
        best = None
    if best is None:
        return _given_up(problem)
    choices = tuple(_choice(search, best, variable) for variable in range(len(problem.variables)))
    changed = [number for number, choice in enumerate(choices) if _changes(problem, number, choice)]
    deciding = {number: _deciding(problem, best, number, cells) for number in changed}
    sound = {number for number, factor in deciding.items() if factor is not None and choices[number].odds >= REPAIR_ODDS}
    sound = _whole_groups(problem, changed, sound)
    weak = {number for number, choice in enumerate(choices) if choice.odds < ACCEPTED_ODDS}
    repairs = {number: factor for number, factor in deciding.items() if number in sound and factor is not None}
    return Decision(choices, best.broken, repairs, frozenset(weak | set(changed)) - sound)


PAPER_REACH = 2 * WINDOW
"""Cost up to which changes within a sum are looked for."""


def _choice(search: Search, best: Solution, variable: int) -> Choice:
    """The odds of the option in ``best``: against each other option the best combination that has it."""
    asked, option = search.problem.variables[variable], best.chosen[variable]
    limit = best.cost + WINDOW
    costs = [inf] * len(asked.options)
    costs[option] = best.cost
    for other in range(asked.supported):
        if other != option and asked.options[other].cost <= limit:
            costs[other] = max(best.cost, _least(search, {variable: other}, limit))
    shares = [exp(best.cost - cost) for cost in costs]
    rivals = [cost for cost, each in zip(costs, asked.options, strict=True) if each.value != asked.options[option].value]
    total = sum(shares)
    return Choice(option, min(rivals, default=inf) - best.cost, tuple(share / total for share in shares))


def _least(search: Search, fixed: Fixed, limit: float) -> float:
    """The cost of the best solution with ``fixed``, at most ``limit``; where the search is given up, that of the reading alone."""
    try:
        found = search.best(fixed, limit)
    except EffortError:
        return sum(search.problem.variables[variable].options[option].cost for variable, option in fixed.items())
    return limit if found is None else found.cost


def _changes(problem: Problem, number: int, choice: Choice) -> bool:
    variable = problem.variables[number]
    return variable.options[choice.option].value != variable.options[variable.read].value


def _deciding(problem: Problem, best: Solution, number: int, cells: Cells) -> int | None:
    """The first equation that holds in ``best`` and would not with what was read at variable ``number``."""
    chosen = list(best.chosen)
    chosen[number] = problem.variables[number].read
    for factor in problem.bound[number]:
        clause = problem.factors[factor].clause
        speaks = isinstance(clause.rule, _EQUATIONS) and problem.factors[factor].binding and not _may_lack_a_part(clause, cells)
        speaks = speaks and not _silenced(problem, factor, number, best.chosen[number])
        if speaks and problem.charge(factor, best.chosen) != BROKEN and problem.charge(factor, chosen) == BROKEN:
            return factor
    return None


def _silenced(problem: Problem, factor: int, number: int, option: int) -> bool:
    """Whether ``option`` is no number and the rule says nothing without one: only a sum still stands where a part of it is blank."""
    if problem.variables[number].options[option].value is not None:
        return False
    return not isinstance(problem.factors[factor].clause.rule, SumRule) or problem.factors[factor].variables[0] == number


def _may_lack_a_part(clause: Clause, cells: Cells) -> bool:
    """Whether a part of a sum looks blank where all others are filled: a faint number may be missing."""
    rule = clause.rule
    if not isinstance(rule, SumRule) or all(part.table == rule.total.table for part in rule.parts):
        return False
    parts = (cells[place] for place in clause.cells[1:])
    return any(part.value is None and part.status is not Status.READ and not part.settled for part in parts)


def _whole_groups(problem: Problem, changed: Sequence[int], sound: set[int]) -> set[int]:
    """``sound`` without those that share a clause with a change that is not sound: half a repair is none."""
    kept = set(sound)
    unsound = [number for number in changed if number not in kept]
    while unsound:
        touched = {other for factor in problem.bound[unsound.pop()] for other in problem.factors[factor].variables}
        unsound += sorted(kept & touched)
        kept -= touched
    return kept


def _given_up(problem: Problem) -> Decision:
    chosen = [variable.read for variable in problem.variables]
    broken = tuple(number for number in range(len(problem.factors)) if problem.charge(number, chosen) == BROKEN)
    touched: set[int] = {variable for number in broken for variable in _open_cells(problem, problem.factors[number])}
    return Decision(tuple(Choice(option, 0.0, ()) for option in chosen), broken, {}, frozenset(touched))


def _open_cells(problem: Problem, factor: Factor) -> Sequence[int]:
    return [variable for variable in factor.variables if len(problem.variables[variable].options) > 1]
