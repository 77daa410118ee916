"""The equations of a form, written out with the numbers that stand, true or not: what a reviewer sees beside a field at each keystroke."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import singledispatch

from models.form import Form, Value
from models.template import (
    AtMostRule,
    EqualsRule,
    OrderedRule,
    ProductRule,
    RatioRule,
    RequiredIfRule,
    RequiredRule,
    Rule,
    Severity,
    SumRule,
    Template,
)
from postprocess import messages
from postprocess.clauses import Clause, clauses
from postprocess.judge import Outcome, judge
from postprocess.names import Names
from postprocess.places import Cells, Place, cells_of
from postprocess.settling import one_cell
from postprocess.values import parse_value


class Truth(StrEnum):
    """What becomes of an equation with the numbers that stand."""

    HOLDS = "holds"
    ROUNDED = "rounded"
    """It holds by a rounding that is worth a mention."""
    BROKEN = "broken"
    SILENT = "silent"
    """What it needs is not printed, or is no number."""


@dataclass(frozen=True, slots=True)
class Term:
    """A piece of an equation: a cell of the form, or a sign or word between (``path`` and ``name`` empty)."""

    text: str
    path: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Equation:
    """One rule at one place.

    Attributes:
        rule: its id.
        severity: how bad it is if it does not hold.
        terms: from left to right, the numbers as a person reads them.
        truth: whether it holds.
        expected: what it demands of its first cell, as a person reads it; empty where it holds or demands no one number.
    """

    rule: str
    severity: Severity
    terms: tuple[Term, ...]
    truth: Truth
    expected: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """Of the cells that it binds."""
        return tuple(term.path for term in self.terms if term.path)

    def __str__(self) -> str:
        """In one line: 980710÷1088156=90.13%."""
        return "".join(term.text for term in self.terms)


class Equations:
    """The equations of one form, laid over it once, to be asked at every keystroke."""

    def __init__(self, form: Form, template: Template) -> None:
        """Lay the rules of ``template`` over ``form``."""
        self._cells: Cells = cells_of(form)
        self._names = Names(template, self._cells)
        self._places = {str(place): place for place in self._cells}
        self._clauses = tuple(clauses(template, form))
        self._bound: dict[Place, list[Clause]] = {}
        for clause in self._clauses:
            for cell in dict.fromkeys(clause.cells):
                self._bound.setdefault(cell, []).append(clause)

    @property
    def names(self) -> dict[str, str]:
        """What the cells in tables are called, by their paths."""
        return {path: self._names.of(place) for path, place in self._places.items() if place.table}

    def every(self) -> tuple[Equation, ...]:
        """All equations of the form, in the template's order."""
        return tuple(self._equation(clause, {}) for clause in self._clauses)

    def involving(self, path: str, typed: Mapping[str, str] | None = None) -> tuple[Equation, ...]:
        """Every equation that involves the field at ``path``, in the template's order.

        Args:
            path: of a field; one that the form does not have is in no equation.
            typed: texts that stand elsewhere than in the form as yet, by path; the text of ``path`` among them.
        """
        if path not in self._places:
            return ()
        values = self._values(typed or {})
        spanned = one_cell(self._cells, self._places[path])
        bound = dict.fromkeys(clause for place in spanned for clause in self._bound.get(place, ()))
        return tuple(self._equation(clause, values) for clause in bound)

    def _values(self, typed: Mapping[str, str]) -> Mapping[Place, Value]:
        """The typed values of ``typed``, each at every row that its printed cell spans."""
        known = {self._places[path]: text for path, text in typed.items() if path in self._places}
        kinds = {place: self._names.kind(place) for place in known}
        return {other: parse_value(text, kinds[place]) for place, text in known.items() for other in one_cell(self._cells, place)}

    def _equation(self, clause: Clause, typed: Mapping[Place, Value]) -> Equation:
        values = [typed[place] if place in typed else self._cells[place].value for place in clause.cells]
        texts = [messages.shown(value, self._names.kind(place)) for place, value in zip(clause.cells, values, strict=True)]
        cells = [
            Term(text or messages.BLANK_TERM, str(place), self._names.of(place)) for place, text in zip(clause.cells, texts, strict=True)
        ]
        judgement = judge(clause.rule, values)
        broken = judgement.outcome is Outcome.BROKEN
        expected = messages.demand(clause.rule, judgement, texts, self._names.kind(clause.cells[0])) if broken else ""
        terms = tuple(written(clause.rule, cells, [bool(text) for text in texts]))
        return Equation(clause.rule.id, clause.rule.severity, terms, _truth(clause.rule, judgement.outcome, values), expected)


def _truth(rule: Rule, outcome: Outcome, values: Sequence[Value]) -> Truth:
    """A rule that finds no fault may hold, or lack what it needs."""
    match outcome:
        case Outcome.BROKEN:
            return Truth.BROKEN
        case Outcome.EXPLAINED:
            return Truth.ROUNDED
        case Outcome.SILENT:
            return Truth.HOLDS if _speaks(rule, [value is not None for value in values]) else Truth.SILENT


def _speaks(rule: Rule, given: Sequence[bool]) -> bool:
    """Whether enough of its values are ``given`` for ``rule`` to say anything."""
    match rule:
        case SumRule():
            return given[0] and any(given[1:])
        case ProductRule():
            return given[0] and given[1] and (given[2] or (given[3] and given[4]))
        case RatioRule() | AtMostRule() | EqualsRule() | RequiredRule():
            return all(given)
        case OrderedRule():
            return given[0] and given[1]
        case RequiredIfRule():
            return given[1] and given[2]


@singledispatch
def written(rule: Rule, cells: Sequence[Term], given: Sequence[bool]) -> Iterator[Term]:
    """The terms of ``rule`` from left to right.

    Args:
        rule: as the template states it.
        cells: a term for each cell, in the order of `Clause.cells`.
        given: which of them say something; a blank part of a sum is left out.

    Raises:
        TypeError: nothing is registered for this type of rule.
    """
    raise TypeError(f"no equation for {type(rule).__name__} of {len(cells)} cells, {sum(given)} given")


@written.register
def _(_rule: SumRule, cells: Sequence[Term], given: Sequence[bool]) -> Iterator[Term]:
    parts = [part for part, said in zip(cells[1:], given[1:], strict=True) if said]
    for position, part in enumerate(parts or cells[1:2]):
        if position:
            yield Term("+")
        yield part
    yield from (Term("="), cells[0])


@written.register
def _(_rule: RatioRule, cells: Sequence[Term], _given: Sequence[bool]) -> Iterator[Term]:
    quotient, numerator, denominator = cells
    yield from (numerator, Term("÷"), denominator, Term("="), quotient)


@written.register
def _(_rule: ProductRule, cells: Sequence[Term], given: Sequence[bool]) -> Iterator[Term]:
    product, factor, rate, numerator, denominator = cells
    if given[3] and given[4]:
        yield from (factor, Term("×"), numerator, Term("÷"), denominator, Term("="), product)
    else:
        yield from (factor, Term("×"), rate, Term("="), product)


@written.register
def _(rule: AtMostRule, cells: Sequence[Term], _given: Sequence[bool]) -> Iterator[Term]:
    if rule.not_negative:
        yield Term("0≤")
    yield from (cells[0], Term("≤"), cells[1])


@written.register
def _(rule: EqualsRule, cells: Sequence[Term], _given: Sequence[bool]) -> Iterator[Term]:
    yield from (cells[0], Term(f"={rule.value}"))


@written.register
def _(_rule: OrderedRule, cells: Sequence[Term], _given: Sequence[bool]) -> Iterator[Term]:
    yield from (cells[0], Term("≤"), cells[1])


@written.register
def _(_rule: RequiredIfRule, cells: Sequence[Term], _given: Sequence[bool]) -> Iterator[Term]:
    yield from (cells[1], Term("<"), cells[2], Term(messages.WHERE_LESS), cells[0])


@written.register
def _(_rule: RequiredRule, cells: Sequence[Term], _given: Sequence[bool]) -> Iterator[Term]:
    yield from (cells[0], Term(messages.REQUIRED))
