"""Which characters of a number the arithmetic protects: any other one in their place would break a rule."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from models.form import Value
from models.template import AtMostRule, EqualsRule, ProductRule, RatioRule, Rule, Severity, SumRule, ValueKind
from postprocess.clauses import Clause
from postprocess.judge import Outcome, judge
from postprocess.marks import half_width
from postprocess.places import Cells, Place
from postprocess.roundings import decimals
from postprocess.values import parse_value

_DIGITS = "0123456789"
_MARKS = ("", ",", ".")

_EQUATIONS = SumRule | RatioRule | ProductRule | EqualsRule | AtMostRule

Bindings = Mapping[Place, Sequence[Clause]]
"""The clauses that bind each cell."""


def bindings(clauses: Sequence[Clause], cells: Cells) -> dict[Place, list[Clause]]:
    """For each cell the clauses about numbers that hold, those of severity error alone: the others stop no wrong form.

    A clause with a cell that contradicts another clause protects nothing: what agrees with a wrong number is not right.
    """
    speaking = [clause for clause in clauses if isinstance(clause.rule, _EQUATIONS) and clause.complete]
    broken = [clause for clause in speaking if breaks(clause, cells, None, None)]
    suspect = {clause.cells[index] for clause in broken for index in _named(clause, cells)}
    found: dict[Place, list[Clause]] = {}
    for clause in speaking:
        if clause.rule.severity is Severity.ERROR and suspect.isdisjoint(clause.cells):
            for place in clause.cells:
                found.setdefault(place, []).append(clause)
    return found


def _named(clause: Clause, cells: Cells) -> tuple[int, ...]:
    return judge(clause.rule, [cells[cell].value for cell in clause.cells]).named


def breaks(clause: Clause, cells: Cells, place: Place | None, value: Value) -> bool:
    """Whether ``clause`` is broken where ``value`` stands at ``place`` (None: as it stands)."""
    values = [value if cell == place else cells[cell].value for cell in clause.cells]
    return judge(clause.rule, values).outcome is Outcome.BROKEN


def excluded(value: Value, place: Place, bound: Sequence[Clause], cells: Cells) -> bool:
    """Whether a rule that holds would break if ``value`` stood at ``place``."""
    return any(breaks(clause, cells, place, value) for clause in bound)


def protected(place: Place, kind: ValueKind, bound: Sequence[Clause], cells: Cells) -> tuple[bool, ...]:
    """For each character of the number at ``place`` whether every other one there would break a rule or make it no number.

    For a digit the nine others are tried, for a comma or point the other and none; what is no part of the number needs no protection.
    """
    text = cells[place].text
    held = tuple(_held(clause, place, cells) for clause in bound)
    return _protected(text, kind, cells[place].value, held)


@dataclass(frozen=True, slots=True)
class _Held:
    """A rule that holds for ``values``, and which of these are the number in question; ``digits`` tell 90.1 from 90.10, which are equal."""

    rule: Rule
    values: tuple[Value, ...]
    digits: tuple[int, ...]
    own: tuple[int, ...]

    @property
    def exact(self) -> bool:
        """Whether any other number breaks it: both sides of a sum that speaks are printed, and only one of its numbers changes."""
        total, *parts = (isinstance(value, Decimal) for value in self.values)
        return isinstance(self.rule, SumRule) and total and any(parts) and len(self.own) == 1

    def broken_by(self, value: Value) -> bool:
        """Whether it would not hold with ``value`` instead."""
        values = [value if index in self.own else other for index, other in enumerate(self.values)]
        return judge(self.rule, values).outcome is Outcome.BROKEN


def _held(clause: Clause, place: Place, cells: Cells) -> _Held:
    values = tuple(cells[cell].value for cell in clause.cells)
    digits = tuple(decimals(value) if isinstance(value, Decimal) else 0 for value in values)
    return _Held(clause.rule, values, digits, tuple(index for index, cell in enumerate(clause.cells) if cell == place))


@lru_cache(maxsize=4096)
def _protected(text: str, kind: ValueKind, stands: Value, held: tuple[_Held, ...]) -> tuple[bool, ...]:
    """As `protected`; kept, since of a form that a person corrects most numbers stay as they were."""
    if isinstance(stands, Decimal) and any(each.exact for each in held):
        return (True,) * len(text)
    return tuple(all(_noticed(other, kind, stands, held) for other in _others(text, index)) for index in range(len(text)))


def _others(text: str, index: int) -> Iterator[str]:
    character = half_width(text[index])
    choices: Sequence[str] = _DIGITS if character in _DIGITS else _MARKS if character in _MARKS else ()
    return (text[:index] + other + text[index + 1 :] for other in choices if other != character)


def _noticed(text: str, kind: ValueKind, stands: Value, held: Sequence[_Held]) -> bool:
    value = parse_value(text, kind)
    return not isinstance(value, Decimal) or value == stands or any(each.broken_by(value) for each in held)
