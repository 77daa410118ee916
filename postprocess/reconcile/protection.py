"""Which characters of a number the arithmetic protects: any other one in their place would break a rule."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from models.form import Value
from models.template import AtMostRule, EqualsRule, ProductRule, RatioRule, Severity, SumRule, ValueKind
from postprocess.clauses import Clause
from postprocess.judge import Outcome, judge
from postprocess.marks import half_width
from postprocess.places import Cells, Place
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
    return tuple(all(_noticed(other, place, kind, bound, cells) for other in _others(text, index)) for index in range(len(text)))


def _others(text: str, index: int) -> Iterator[str]:
    character = half_width(text[index])
    choices: Sequence[str] = _DIGITS if character in _DIGITS else _MARKS if character in _MARKS else ()
    return (text[:index] + other + text[index + 1 :] for other in choices if other != character)


def _noticed(text: str, place: Place, kind: ValueKind, bound: Sequence[Clause], cells: Cells) -> bool:
    value, stands = parse_value(text, kind), cells[place].value
    return not isinstance(value, Decimal) or value == stands or excluded(value, place, bound, cells)
