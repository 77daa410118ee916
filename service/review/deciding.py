"""Steps 6 and 7 again with what people have said fixed: what the pixels say of everything else, and what the rules say of all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.form import Finding, Form, Review, Verdict
from models.template import Template
from postprocess.check import check, review_of
from postprocess.places import Place, cells_of, updated
from postprocess.reconcile import UNKNOWN, Habits
from service.review.sheet import Closing, Sheet
from service.review.steps import Made
from service.review.wording import closed
from service.store.form_rows import fields_of


@dataclass(frozen=True, slots=True)
class Base:
    """What a form is decided from.

    Attributes:
        form: as reassembled from its pages, no rule asked.
        template: of the form; None for kind unknown.
        habits: of rounding, as the machine's readings of the other forms of its file show them.
        lacking: a part of it may stand elsewhere, so that it needs a person whatever stands in it.
    """

    form: Form
    template: Template | None
    habits: Habits = UNKNOWN
    lacking: bool = False


@dataclass(frozen=True, slots=True)
class Decided:
    """A record, and what people have said that is no part of it.

    Attributes:
        form: the record.
        closed: places of those of its findings that a person has closed.
        keyed: what each person has keyed at places that two must key alike.
    """

    form: Form
    closed: frozenset[int] = frozenset()
    keyed: Mapping[Place, Mapping[str, str]] = field(default_factory=dict)


def decided(base: Base, changes: Sequence[Made]) -> Decided:
    """The record that ``changes`` make of ``base``; those of no changes is what the machine made.

    Raises:
        UsageError: a change names what is not on the form.
    """
    return judged(Sheet(base.form, base.template).after(changes), base)


def decided_on(standing: Form, earlier: Form, before: Sequence[Made], changes: Sequence[Made], base: Base) -> Decided:
    """The record that ``changes`` make of one that stands, where its pages no longer tell how it came about.

    No number is read otherwise, since no pixels are asked: rules only say what does not hold, and doubts of theirs stay until a person
    says something to them.

    Args:
        standing: the record.
        earlier: the record on which ``before`` was done.
        before: what was done since ``earlier``; it made ``standing``.
        changes: what is done now.
        base: its template; its form is not asked.

    Raises:
        UsageError: a change names what is not on the form.
    """
    shape = Sheet(earlier, base.template).after(before)
    said = {place for place, known in cells_of(shape.form).items() if known.settled}
    cells = cells_of(standing)
    form = updated(standing, {place: replace(cells[place], settled=True) for place in said if place in cells})
    return judged(replace(shape, form=form).after(changes), base)


def judged(sheet: Sheet, base: Base) -> Decided:
    """The record of a form on which the rules are asked again."""
    form = check(sheet.form, sheet.template, base.habits) if sheet.template is not None else sheet.form
    closed_ones = closed_by(form, sheet.closings)
    findings = tuple(closed_ones.get(place, finding) for place, finding in enumerate(form.findings))
    review = Review.NEEDS_REVIEW if base.lacking or sheet.template is None else review_of(form, findings)
    return Decided(replace(form, findings=findings, review=review), frozenset(closed_ones), sheet.keyed)


def closed_by(form: Form, closings: Sequence[Closing]) -> dict[int, Finding]:
    """The findings of ``form`` that ``closings`` close, as they stand then, by their place.

    A closing speaks of the numbers that stood there: where one of them has become another since, nobody has said that the paper is so.
    """
    said = {(closing.rule, closing.cells, closing.expected, closing.texts): closing for closing in closings}
    known = fields_of(form)
    texts = [tuple(known[path].text for path in finding.cells if path in known) for finding in form.findings]
    found = {place: said.get((finding.rule, finding.cells, finding.expected, texts[place])) for place, finding in enumerate(form.findings)}
    return {
        place: replace(form.findings[place], verdict=Verdict.ON_PAPER, message=closed(form.findings[place].message, closing.note))
        for place, closing in found.items()
        if closing is not None
    }
