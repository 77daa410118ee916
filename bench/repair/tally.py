"""What is counted of a form that was read, and whether the goals are met."""

from collections import Counter
from collections.abc import Mapping

from bench.repair.printed import kind_of, numbers
from models.form import Field, Form, Review, Status, Verdict
from models.template import Severity
from postprocess.places import Place, cells_of
from postprocess.values import parse_value
from tests.forms.contents import SelfEvaluation

Counts = Mapping[str, int]
"""See `tally`."""

LEAST_EXACT, MOST_EXACT = 90.0, 99.5
"""Percent of numbers that plain reading has right where joint decoding must halve what it has wrong."""

NUMBERS_A_WRONG_REPAIR = 2000
"""So many numbers may have one wrong repair."""


def tally(form: SelfEvaluation, seen: Form) -> Counter[str]:
    """Counts of one form: its numbers, those wrong, accepted, repaired, and what became of a paper that is wrong.

    Right is what stands on the paper, also where the paper is wrong. A number left to a person counts with the value it has.
    """
    count: Counter[str] = Counter(forms=1, clear=seen.review is Review.CLEAR)
    for place, field in _numbers(form, seen).items():
        wrong = is_wrong(form, place, field)
        accepted, repaired = field.status is not Status.DOUBTFUL, field.status is Status.REPAIRED
        count.update(numbers=1, wrong=wrong, accepted=accepted, accepted_wrong=accepted and wrong)
        count.update(repaired=repaired, repaired_wrong=repaired and wrong, confirmed_wrong=field.status is Status.CONFIRMED and wrong)
    count.update(clear_wrong=seen.review is Review.CLEAR and count["wrong"] > 0)
    errors = [finding for finding in seen.findings if finding.severity is Severity.ERROR]
    if form.planted:
        count.update(planted=1, reported=bool(errors), planted_changed=count["repaired_wrong"])
    else:
        count.update(false_alarms=any(finding.verdict is Verdict.ON_PAPER for finding in errors))
    return count


def wrong_repairs(form: SelfEvaluation, seen: Form) -> dict[Place, Field]:
    """The numbers that were changed into what the paper does not say."""
    fields = _numbers(form, seen)
    return {place: field for place, field in fields.items() if field.status is Status.REPAIRED and is_wrong(form, place, field)}


def is_wrong(form: SelfEvaluation, place: Place, field: Field) -> bool:
    """Whether ``field`` has another value than what ``form`` prints there; a dash and a blank have none."""
    return field.value != parse_value(numbers(form)[place], kind_of(place))


def _numbers(form: SelfEvaluation, seen: Form) -> dict[Place, Field]:
    fields = cells_of(seen)
    return {place: fields[place] for place in numbers(form)}


def exact(count: Counts) -> float:
    """Percent of the numbers that are right."""
    return 100 * (1 - count["wrong"] / count["numbers"])


def clear(count: Counts) -> float:
    """Percent of the forms that no person need look at."""
    return 100 * count["clear"] / count["forms"]


def verdict(plain: Counts, joint: Counts) -> str:
    """Whether joint decoding does at one level what is asked of it; empty where plain reading is too good or too bad to tell."""
    rare = joint["repaired_wrong"] * NUMBERS_A_WRONG_REPAIR <= joint["numbers"]
    asked = LEAST_EXACT <= exact(plain) <= MOST_EXACT
    halved = 2 * joint["wrong"] <= plain["wrong"]
    missed = [name for name, met in (("errors not halved", halved or not asked), ("too many wrong repairs", rare)) if not met]
    return "; ".join(missed) or ("met" if asked else "")
