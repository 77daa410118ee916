"""A decision becomes statuses: what was misread is repaired, what is open is doubtful, what nothing else fits is confirmed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from models.form import Alternative, Field, Finding, Form, Status, Verdict
from models.template import Severity, Template
from postprocess import messages
from postprocess.clauses import Clause, clauses
from postprocess.evidence import MOST, SHOWN
from postprocess.names import Names
from postprocess.places import Cells, Place, cells_of, updated
from postprocess.reconcile.decide import Choice, Decision, decide
from postprocess.reconcile.habits import UNKNOWN, Habits
from postprocess.reconcile.problem import Problem, Variable, problem
from postprocess.reconcile.protection import bindings, excluded, protected

CONFIRMED = 0.999
"""Least joint probability of a confirmed reading: the error that may be left by default."""


RIVAL = 1e-4
"""Least joint probability of another reading that keeps one from being confirmed while the rules admit it. A form has some 60 numbers:
what is left out is wrong on one form in 150 at the most, if every number had such a rival; on clean print one in thirty has."""


@dataclass(frozen=True, slots=True)
class Settled:
    """A form whose numbers were decided together, and what is to be said of those read otherwise."""

    form: Form
    findings: tuple[Finding, ...]


def reconcile(form: Form, template: Template, habits: Habits = UNKNOWN) -> Settled:
    """Decide the numbers of ``form`` together.

    A reading is replaced only by one that the pixels support, that an equation demands, and that no other way to satisfy the rules rivals.
    Where the readings contradict each other and none of this holds, nothing is changed (`postprocess.check` says what is wrong). Forms
    without candidates (read back from JSON) are only marked.

    Args:
        form: as reassembled by ``template``, with the candidates of its cells.
        template: its rules.
        habits: of rounding, as the other forms of its file show them.
    """
    asked = problem(form, template, habits)
    cells = cells_of(form)
    decision = decide(asked, cells)
    chosen = updated(
        form, {place: field for number in range(len(asked.variables)) for place, field in _decided(asked, decision, number, cells)}
    )
    after = cells_of(chosen)
    names = Names(template, after)
    marker = _Marker(asked, decision, after, names, bindings(clauses(template, chosen), after))
    return Settled(updated(chosen, dict(marker.marked())), tuple(_findings(asked, decision, after, names)))


def _decided(asked: Problem, decision: Decision, number: int, cells: Cells) -> Iterator[tuple[Place, Field]]:
    """The cells of one variable that are read otherwise, or open."""
    variable, choice = asked.variables[number], decision.choices[number]
    for place in variable.places if number in decision.repairs or number in decision.open else ():
        shown = number in decision.repairs and not cells[place].misplaced
        option = choice.option if shown else variable.read
        seen = variable.options[option]
        sure = choice.shares[option] if choice.shares else cells[place].confidence
        found = replace(
            cells[place],
            text=seen.text,
            value=seen.value,
            confidence=sure,
            read_as="",
            alternatives=_others(variable, choice, option, cells[place]),
        )
        if shown:
            yield place, replace(found, status=Status.REPAIRED, read_as=variable.options[variable.read].text)
        else:
            yield place, replace(found, status=Status.DOUBTFUL)


def _others(variable: Variable, choice: Choice, option: int, field: Field) -> tuple[Alternative, ...]:
    """The other readings by their joint probability, then those that no rule can weigh."""
    weighed = {each.text: share for each, share in zip(variable.options, choice.shares, strict=False)}
    joint = [Alternative(text, share) for text, share in weighed.items() if share >= SHOWN and text != variable.options[option].text]
    free = [other for other in field.alternatives if other.text not in weighed]
    ranked = sorted(joint, key=lambda other: (-other.confidence, other.text))
    return (*ranked, *free)[:MOST]


@dataclass(frozen=True, slots=True)
class _Marker:
    """What marking the cells of one form needs: the decision, the cells after it, and the clauses that hold for each of them."""

    asked: Problem
    decision: Decision
    cells: Cells
    names: Names
    bound: Mapping[Place, Sequence[Clause]]

    def marked(self) -> Iterator[tuple[Place, Field]]:
        """Every number with the characters that the rules protect, confirmed where no other reading is left."""
        for number, variable in enumerate(self.asked.variables):
            first = next((place for place in variable.places if place in self.bound), variable.places[0])
            if isinstance(self.cells[first].value, Decimal):
                kept = protected(first, self.names.kind(first), self.bound.get(first, ()), self.cells)
                for place in variable.places:
                    yield place, self._confirmed(replace(self.cells[place], protected=kept), first, number)

    def _confirmed(self, field: Field, place: Place, number: int) -> Field:
        variable, choice = self.asked.variables[number], self.decision.choices[number]
        weighed = list(zip(variable.options, choice.shares, strict=False))
        share = sum(share for other, share in weighed if other.value == field.value)
        rivals = [other.value for other, share in weighed if other.value != field.value and share >= RIVAL]
        digits = any(kept for kept, character in zip(field.protected, field.text, strict=True) if character.isdigit())
        settled = number not in self.decision.open and number not in self.decision.repairs
        known = bool(field.candidates) and variable.options[choice.option].value == field.value
        if field.misplaced or not (settled and known and digits and share >= CONFIRMED):
            return field
        if not all(excluded(value, place, self.bound.get(place, ()), self.cells) for value in rivals):
            return field
        return replace(field, status=Status.CONFIRMED, confidence=share)


def _findings(asked: Problem, decision: Decision, cells: Cells, names: Names) -> Iterator[Finding]:
    for number, factor in decision.repairs.items():
        variable, clause = asked.variables[number], asked.factors[factor].clause
        place = variable.places[0]
        texts = [messages.shown(cells[cell].value, names.kind(cell)) for cell in clause.cells]
        repair = messages.Repair(names.of(place), cells[place].read_as, cells[place].text)
        message = messages.repaired(clause.rule, [names.of(cell) for cell in clause.cells], texts, repair)
        paths = tuple(
            str(each)
            for each in (
                *variable.places,
                *(cell for cell in clause.cells if cell not in variable.places and cells[cell].value is not None),
            )
        )
        yield Finding(clause.rule.id, Severity.INFO, Verdict.MISREAD, message, paths, cells[place].text, cells[place].read_as)
