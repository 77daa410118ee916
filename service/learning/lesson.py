"""What one approved form has taught, as counts that add up with those of others."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from models.form import Field, Form, Status
from models.template import Template, ValueKind
from postprocess.calibration import sort_of
from service.document_json import CONFIDENCE_DIGITS
from service.learning.comparing import Compared, Source, compare
from service.learning.slips import confusions, slip_of
from service.review.changes import Arrange, Change, CloseFinding

SEPARATOR: Final = "\t"
"""Between the parts of a tally's name."""


class Subject(StrEnum):
    """What is counted, and what its names are made of. Of each as many as there were, and as many as were wrong."""

    FIELD = "field"
    """Template, name of the field, source of its page, ``accepted`` or ``asked``."""
    SURE = "sure"
    """Readings by their confidence: sort, ``looked`` or ``once``, confidence as the record has it, share drawn (0 where a person was asked
    about the field). Fields that arithmetic or a person decided are not among them."""
    SLIP = "slip"
    """Kind of the change."""
    CONFUSION = "confusion"
    """Character that was read, character that is printed."""
    CLOSED = "closed"
    """Rule whose finding was closed as wrong on paper (原件如此)."""
    FORM = "form"
    """Template. Wrong: any of its fields was."""
    ARRANGED = "arranged"
    """Template of a form that people put together anew, so that no field can be compared."""


Counted: TypeAlias = tuple[str, str, int, int]
"""Subject, name, how many, how many wrong."""

ACCEPTED, ASKED = "accepted", "asked"
LOOKED, ONCE = "looked", "once"
_WRITTEN: Final = f"{{:.{CONFIDENCE_DIGITS}f}}"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one form adds to the tallies.

    Attributes:
        accepted: fields that the machine accepted.
        wrong: of those, how many were not as approved.
        counted: by subject and name.
    """

    accepted: int
    wrong: int
    counted: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Approved:
    """A form that a person has approved, as the store has it.

    Attributes:
        first: as the machine read it last before a person changed it; None where there was no such record.
        form: as approved.
        changes: that people made in between and that count, in their order.
        sources: of its pages (1-based).
        drawn: the share of clear forms that were drawn to be looked at when this was one of them; else 0.
    """

    first: Form | None
    form: Form
    changes: tuple[Change, ...]
    sources: Mapping[int, Source]
    drawn: float


def lesson_of(approved: Approved, template: Template | None) -> Lesson:
    """What ``approved`` teaches; ``template`` is that of the record, None for kind unknown."""
    name = approved.form.template
    closed = Counter(change.rule for change in approved.changes if isinstance(change, CloseFinding))
    rules = [(Subject.CLOSED.value, rule, count, 0) for rule, count in closed.items()]
    if approved.first is None or any(isinstance(change, Arrange) for change in approved.changes):
        return Lesson(0, 0, (*rules, (Subject.ARRANGED.value, name, 1, 0)))
    fields = compare(approved.first, approved.form, approved.changes, approved.sources)
    accepted = [each for each in fields if each.accepted]
    wrong = any(not each.right for each in fields)
    kinds = _kinds(template)
    told = [*_fields(name, fields), *_slips(fields), *_sureness(fields, kinds, approved.drawn), (Subject.FORM, name, wrong)]
    return Lesson(len(accepted), sum(not each.right for each in accepted), (*rules, *_added(told)))


_Told: TypeAlias = tuple[Subject, str, bool]
"""Subject, name, whether it was wrong."""


def _added(told: Iterable[_Told]) -> Iterator[Counted]:
    counts: Counter[tuple[Subject, str]] = Counter()
    wrongs: Counter[tuple[Subject, str]] = Counter()
    for subject, name, wrong in told:
        counts[subject, name] += 1
        wrongs[subject, name] += wrong
    return ((subject.value, name, count, wrongs[subject, name]) for (subject, name), count in counts.items())


def _fields(template: str, fields: Sequence[Compared]) -> Iterator[_Told]:
    for each in fields:
        asked = ACCEPTED if each.accepted else ASKED
        yield Subject.FIELD, SEPARATOR.join((template, each.name, each.source, asked)), not each.right


def _slips(fields: Sequence[Compared]) -> Iterator[_Told]:
    for each in fields:
        if not each.right:
            read = each.read.text if each.read is not None else None
            yield Subject.SLIP, slip_of(read, each.text), True
            for before, after in confusions(read, each.text) if read and each.text else ():
                yield Subject.CONFUSION, SEPARATOR.join((before, after)), True


def _sureness(fields: Sequence[Compared], kinds: Mapping[str, ValueKind], drawn: float) -> Iterator[_Told]:
    """Readings of which somebody was asked whether they are right: doubtful ones, and all of a form that was drawn."""
    for each in fields:
        if each.read is not None and each.name in kinds and _by_pixels(each.read) and (drawn or not each.accepted):
            sort = sort_of(each.read.text, kinds[each.name], each.source is Source.BILEVEL)
            looked = LOOKED if each.read.looks else ONCE
            share = drawn if each.accepted else 0.0
            confidence = _WRITTEN.format(each.read.confidence)
            yield Subject.SURE, SEPARATOR.join((sort, looked, confidence, f"{share:g}")), not each.right


def _by_pixels(field: Field) -> bool:
    """Whether its confidence is that of the calibration: arithmetic tells others."""
    return field.status in (Status.READ, Status.BLANK, Status.DOUBTFUL) and not field.read_as


def _kinds(template: Template | None) -> dict[str, ValueKind]:
    if template is None:
        return {}
    single = {spec.name: spec.kind for spec in template.fields}
    return single | {f"{table.name}.{column.name}": column.kind for table in template.tables for column in table.columns}
