"""Step 7: the form's own arithmetic speaks: findings, statuses, and whether a person must look.

Each clause of the template is judged on the values. Where it is broken, the verdict asks how sure the readings are:

- every cell bound by it is read beyond doubt (`certain`): *on_paper*, the paper contradicts itself and no field is touched;
- otherwise: *undecided*, and every number in the clause is doubtful, since any of them may be the wrong one.

Before that the numbers were decided together (`postprocess.reconcile`), so that the values judged here are the most probable ones, and a
field that another reading may yet change is no longer certain.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from models.form import Field, Finding, Form, Review, Status, Verdict
from models.template import ProductRule, RatioRule, RequiredRule, Rule, Severity, SumRule, Template
from postprocess import messages
from postprocess.clauses import Clause, Layout, clauses
from postprocess.judge import Judgement, Outcome, judge, ways
from postprocess.names import Names, table_name
from postprocess.places import Cells, Place, cells_of, doubted, stray_number
from postprocess.reconcile import UNKNOWN, Habits, habits_around, reconcile
from postprocess.roundings import decimals

CERTAIN = 0.99
"""Least probability of a number on which the paper may be called wrong. A sum binds about 15 of them, nearly all far surer: nine drawn
figures in ten are above 0.999 (`postprocess/calibration.json`)."""

TABLE_MISSING = "table_missing"
ROW_MISSING = "row_missing"
UNPLACED = "unplaced_text"

_EQUATIONS: Mapping[type[Rule], int] = MappingProxyType({SumRule: 1, RatioRule: 3, ProductRule: 2})
"""Rules worth saying that they could not be checked, and how many of their first cells must be printed for them to speak."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What follows from one clause: the finding, and the cells that a person must look at because of it."""

    finding: Finding
    doubted: frozenset[Place] = frozenset()


def check_file(read: Sequence[tuple[Form, Template | None]]) -> tuple[Form, ...]:
    """The forms of one file, checked; those without a template as they are. An office rounds alike in all its forms.

    Args:
        read: each form as reassembled by its template.
    """
    known = [(form, template) for form, template in read if template is not None]
    habits = iter(habits_around(known))
    return tuple(form if template is None else check(form, template, next(habits)) for form, template in read)


def check(form: Form, template: Template, habits: Habits = UNKNOWN) -> Form:
    """``form`` with its findings, the statuses that follow from them, and ``review``.

    Args:
        form: as reassembled by ``template``; findings it has are replaced.
        template: its rules.
        habits: of rounding, as the other forms of its file show them.
    """
    settled = reconcile(form, template, habits)
    names = Names(template, cells_of(settled.form))
    rulings = [ruling for clause in clauses(template, form) for ruling in _rulings(clause, settled.form, names, habits)]
    findings = (*_gaps(form, template), *settled.findings, *(ruling.finding for ruling in rulings))
    seen = doubted(settled.form, frozenset(place for ruling in rulings for place in ruling.doubted))
    return replace(seen, findings=findings, review=review_of(seen, findings))


def certain(field: Field) -> bool:
    """Whether the paper itself may be called wrong because of this field: read, clear of any stamp, beyond doubt; or a person said so."""
    if field.settled:
        return True
    trusted = field.status in (Status.READ, Status.CONFIRMED, Status.BLANK) and field.confidence >= CERTAIN
    return trusted and not field.sealed


def _rulings(clause: Clause, form: Form, names: Names, habits: Habits) -> tuple[Ruling, ...]:
    """Nothing, or the one ruling that a clause gives."""
    if any(_unread(names.cells[place]) for place in clause.cells):
        return _not_checked(clause, names)
    values = [names.cells[place].value for place in clause.cells]
    judgement = judge(clause.rule, values)
    match judgement.outcome:
        case Outcome.SILENT:
            return ()
        case Outcome.EXPLAINED:
            return (_explained(clause, judgement, names, habits.customary(clause.rule, ways(clause.rule, values))),)
        case Outcome.BROKEN:
            return (_broken(clause, judgement, form, names),)


def _explained(clause: Clause, judgement: Judgement, names: Names, customary: bool) -> Ruling:
    """An unusual rounding is worth a mention, and a look at the digits that are not certain; a padded zero may also be a misread digit.

    Where it is ``customary`` it speaks for the digits, and only the mention is left.
    """
    weak = _unsure(clause, judgement, names.cells) | _padded(clause, judgement, names.cells)
    unsure = frozenset(place for place in weak if not customary and not _repaired(names.cells[place]))
    verdict = Verdict.UNDECIDED if unsure else Verdict.ON_PAPER
    return Ruling(_finding(clause, judgement, verdict, Severity.INFO, names), unsure)


def _repaired(field: Field) -> bool:
    """Whether the rules have settled what stands there; on the strength of it no other number may be called wrong."""
    return field.status is Status.REPAIRED and field.confidence >= CERTAIN


def _broken(clause: Clause, judgement: Judgement, form: Form, names: Names) -> Ruling:
    unsure = _unsure(clause, judgement, names.cells) | _hiding(clause, judgement, names.cells)
    settled = not unsure and clause.complete and not _loose_numbers(clause, form)
    verdict = Verdict.ON_PAPER if settled else Verdict.UNDECIDED
    finding = _finding(clause, judgement, verdict, clause.rule.severity, names)
    numbers = frozenset(place for place in _named(clause, judgement) if isinstance(names.cells[place].value, Decimal | date))
    return Ruling(finding, frozenset() if settled else unsure | numbers)


def _not_checked(clause: Clause, names: Names) -> tuple[Ruling, ...]:
    """An equation that would speak if all its cells could be understood."""
    needed = clause.cells[: _EQUATIONS.get(type(clause.rule), 0)]
    if not needed or any(names.cells[place].value is None and not _unread(names.cells[place]) for place in needed):
        return ()
    unread = [place for place in clause.cells if _unread(names.cells[place])]
    message = messages.NOT_CHECKED.format(name=names.of(clause.cells[0]), unread="、".join(names.of(place) for place in unread))
    return (Ruling(Finding(clause.rule.id, Severity.WARNING, Verdict.UNDECIDED, message, _paths(unread))),)


def _finding(clause: Clause, judgement: Judgement, verdict: Verdict, severity: Severity, names: Names) -> Finding:
    named, first = _named(clause, judgement), clause.cells[0]
    texts = [messages.shown(names.cells[place].value, names.kind(place)) for place in clause.cells]
    expected = messages.demand(clause.rule, judgement, texts, names.kind(first))
    case = messages.Case([names.of(place) for place in clause.cells], texts, expected, judgement)
    message = messages.sentence(clause.rule, case, verdict)
    return Finding(clause.rule.id, severity, verdict, message, _paths(named), expected, names.cells[first].text)


def _named(clause: Clause, judgement: Judgement) -> list[Place]:
    return [clause.cells[index] for index in judgement.named]


def _paths(places: Sequence[Place]) -> tuple[str, ...]:
    return tuple(str(place) for place in places)


def _unsure(clause: Clause, judgement: Judgement, cells: Cells) -> frozenset[Place]:
    """Cells that may not say what was read; a required field that is blank may have been overlooked."""
    overlooked = isinstance(clause.rule, RequiredRule)
    named = (place for place in _named(clause, judgement) if not cells[place].settled)
    return frozenset(place for place in named if overlooked or not certain(cells[place]))


def _padded(clause: Clause, judgement: Judgement, cells: Cells) -> frozenset[Place]:
    """The rounded number where its last zero had to be taken for padding."""
    value, way = cells[clause.cells[0]].value, judgement.explained
    padded = way is not None and isinstance(value, Decimal) and way.places < decimals(value)
    return frozenset(clause.cells[:1]) if padded else frozenset()


def _hiding(clause: Clause, judgement: Judgement, cells: Cells) -> frozenset[Place]:
    """Parts of a sum that look blank where the total is larger than what was read: a faint number may be missing."""
    total = cells[clause.cells[0]].value
    if not isinstance(clause.rule, SumRule) or not isinstance(total, Decimal) or judgement.expected is None or total < judgement.expected:
        return frozenset()
    blank = (cells[place] for place in clause.cells[1:])
    return frozenset(
        place
        for place, part in zip(clause.cells[1:], blank, strict=True)
        if part.value is None and part.status is not Status.READ and not part.settled
    )


def _loose_numbers(clause: Clause, form: Form) -> bool:
    """Whether a number stands on the form that found no cell: it may be a part of this sum."""
    return isinstance(clause.rule, SumRule) and any(stray_number(field) for field in form.unplaced)


def _unread(field: Field) -> bool:
    """Something is printed that could not be understood."""
    return field.value is None and field.text != "" and field.status is Status.DOUBTFUL


def _gaps(form: Form, template: Template) -> tuple[Finding, ...]:
    """Tables and fixed rows of the template that were not found, and texts in a table that found no field."""
    layout = Layout(form, template, cells_of(form))
    found = []
    astray = "、".join(f"“{field.text}”" for field in form.unplaced if field.status is Status.DOUBTFUL and field.text)
    if astray:
        found.append(Finding(UNPLACED, Severity.WARNING, Verdict.UNDECIDED, messages.UNPLACED.format(texts=astray), ()))
    for table in template.tables:
        place = (f"tables.{table.name}",)
        if not form.tables.get(table.name):
            message = messages.TABLE_MISSING.format(name=table_name(table))
            found.append(Finding(TABLE_MISSING, Severity.WARNING, Verdict.UNDECIDED, message, place))
            continue
        missing = [name for name in table.rows if name not in layout.named_rows(table.name)]
        texts = [messages.ROW_MISSING.format(name=name) for name in missing]
        found += [Finding(ROW_MISSING, Severity.WARNING, Verdict.UNDECIDED, text, place) for text in texts]
    return tuple(found)


def review_of(form: Form, findings: Sequence[Finding]) -> Review:
    """Clear only where no field is doubtful, nothing is contradicted and nothing is left to a person."""
    doubtful = any(field.status is Status.DOUBTFUL for field in cells_of(form).values())
    open_ends = any(finding.severity is Severity.ERROR or finding.verdict is Verdict.UNDECIDED for finding in findings)
    return Review.NEEDS_REVIEW if doubtful or open_ends else Review.CLEAR
