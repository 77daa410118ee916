"""Numbers read under noise by three readers: plain best reading, grammar decoding alone, joint decoding.

    python -m bench.repair [--forms 500] [--levels 20 16 12 10 8] [--seed 1]

No images: each number of a generated self-evaluation (`tests.forms.contents`, 15 % of the forms wrong on paper) becomes a lattice as the
recognizer would give it, and the three readers decode the same lattices. A character is mistaken for those that PP-OCRv6 mixes it up with:
`CONFUSIONS` are the next best characters in the lattices of 1,406 numbers on 92 scanned pages (genuine and drawn forms), most mass first.
How far the printed character leads is drawn from N(level, 2·level), the log-likelihood ratio of two Gaussian observations, which is
calibrated by itself; the lattice shows it `OVERCONFIDENT` times larger (assumed: recognizers are too sure). On those 92 pages the median
lead is 12.3.

Printed for each level: share of numbers whose value is that on paper; share of forms clear; numbers accepted wrong and repaired wrong;
papers that are wrong, reported, and changed.
"""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from time import process_time

import numpy as np

from layouts.template_file import builtin_templates
from models.form import Field, Form, Review, Status
from models.geometry import Box, Size, Straightening
from models.matched import MatchedForm, Piece, Slot
from models.reading import BLANK, Lattice, Reading
from models.template import Severity, ValueKind
from postprocess.check import check
from postprocess.evidence import weigh
from postprocess.places import Place, cells_of, updated
from postprocess.reassemble import reassemble
from postprocess.values import parse_value
from tests.forms.contents import FundsRow, ResultRow, SelfEvaluation, self_evaluation
from tests.forms.figures import habit
from tests.forms.generate import seeded
from tests.forms.plant import plant

CONFUSIONS: Mapping[str, str] = {
    "0": "9681",
    "1": "/472",
    "2": "3501",
    "3": "8529",
    "4": "1937",
    "5": "3621",
    "6": "0895",
    "7": "1324",
    "8": "0936",
    "9": "3068",
    ",": ".，",
    ".": ",·",
    "%": "30",
    "—": "一-",
    "/": "17",
}
SHARES = (0.75, 0.2, 0.04, 0.01)
"""How a mistake is divided among the characters of `CONFUSIONS`."""

LOST = 0.1
"""Share of a mark's mistakes that leave nothing of it."""

OVERCONFIDENT = 1.3
PLANTED = 0.15
LEVELS = (20.0, 16.0, 12.0, 10.0, 8.0)
TEMPLATE = next(template for template in builtin_templates() if template.kind == SelfEvaluation.kind)
FRAME = Straightening(Size(1000, 1000), Size(1000, 1000))
HEAD = "level reader   exact %  clear % wrong | accepted wrong | repaired wrong | confirmed wrong | planted reported changed | false alarms"
READERS = ("plain", "grammar", "joint")


class Noise:
    """A recognizer that sees printed characters through noise."""

    def __init__(self, level: float, seed: int) -> None:
        """Leads of mean ``level`` (natural logarithms of odds)."""
        self._level, self._rng = level, np.random.default_rng([seed, int(level * 100)])

    def read(self, text: str, box: Box) -> Reading:
        """A line that prints ``text``: a time step for each character, certain blanks between."""
        sure = [("", 1.0)]
        steps = [sure, *(step for character in text for step in (self._step(character), sure))]
        best = [max(step, key=lambda entry: entry[1]) for step in steps]
        shown = [(character, share) for character, share in best if character]
        return Reading(box, "".join(character for character, _ in shown), tuple(share for _, share in shown), _lattice(steps))

    def _step(self, character: str) -> list[tuple[str, float]]:
        others = CONFUSIONS.get(character, "")
        if not others:
            return [(character, 1.0)]
        lead = OVERCONFIDENT * self._rng.normal(self._level, np.sqrt(2 * self._level))
        names = [*others[:4], *([""] if character in ",.%" else [])]
        weights = [*SHARES[: len(others)], *([LOST] if character in ",.%" else [])]
        order = self._rng.choice(len(names), size=len(names), replace=False, p=np.array(weights) / sum(weights))
        odds = {character: 1.0} | {names[index]: exp(-lead) * weights[index] / weights[order[0]] for index in order}
        total = sum(odds.values())
        return [(name, share / total) for name, share in odds.items()]


def _lattice(steps: Sequence[Sequence[tuple[str, float]]]) -> Lattice:
    width = max(len(step) for step in steps)
    codes = np.full((len(steps), width), ord("\u2400"), np.int32)
    logs = np.full((len(steps), width), -80.0, np.float32)
    for row, step in enumerate(steps):
        for column, (character, share) in enumerate(sorted(step, key=lambda entry: -entry[1])):
            codes[row, column] = ord(character) if character else BLANK
            logs[row, column] = max(-80.0, log(max(share, 1e-30)))
    return Lattice(codes, logs)


@dataclass(frozen=True, slots=True)
class Page:
    """A generated form as printed, and as matched after recognition."""

    form: SelfEvaluation
    matched: MatchedForm


def page(form: SelfEvaluation, noise: Noise) -> Page:
    """``form`` seen through ``noise``; its words are sure."""
    boxes = iter(range(100_000))

    def slot(text: str, numeric: bool) -> Slot:
        number = next(boxes)
        box = Box(number % 1000, number // 1000, number % 1000 + 1, number // 1000 + 1)
        plain = text.replace("\n", "")
        if not plain:
            return Slot(1, box)
        reading = (
            noise.read(plain, box) if numeric else Reading(box, plain, (1.0,) * len(plain), _lattice([[(each, 1.0)] for each in plain]))
        )
        return Slot(1, box, (Piece(1, reading, 0, len(reading.text)),))

    fields = {spec.name: slot(str(getattr(form, spec.name)), spec.kind is ValueKind.NUMBER) for spec in TEMPLATE.fields}
    rows: Mapping[str, Sequence[FundsRow | ResultRow]] = {"funds": form.funds, "indicators": form.indicators}
    tables = {
        table.name: tuple(
            {column.name: slot(getattr(row, column.name), column.kind.numeric) for column in table.columns} for row in rows[table.name]
        )
        for table in TEMPLATE.tables
    }
    return Page(form, MatchedForm(TEMPLATE.kind, TEMPLATE.name, (1,), fields, tables))


def readings(seen: Page) -> dict[str, Form]:
    """The form as each reader gives it, checked."""
    whole = reassemble(seen.matched, TEMPLATE, {1: FRAME})
    alone = {place: replace(field, candidates=()) for place, field in cells_of(whole).items()}
    plain = {place: _plain(seen, place, field) for place, field in alone.items()}
    return {
        "plain": check(updated(whole, plain), TEMPLATE),
        "grammar": check(updated(whole, alone), TEMPLATE),
        "joint": check(whole, TEMPLATE),
    }


def _plain(seen: Page, place: Place, field: Field) -> Field:
    kind = kind_of(place)
    if not kind.numeric:
        return field
    slot = seen.matched.tables[place.table][place.row][place.name] if place.table else seen.matched.fields[place.name]
    evidence = weigh(slot)
    value = parse_value(evidence.text, kind)
    status = field.status if not evidence.text else Status.READ if evidence.confidence >= 0.95 and value is not None else Status.DOUBTFUL
    return replace(field, text=evidence.text, value=value, confidence=evidence.confidence, status=status)


def kind_of(place: Place) -> ValueKind:
    """How the text at ``place`` is understood."""
    specs = TEMPLATE.fields if not place.table else next(table.columns for table in TEMPLATE.tables if table.name == place.table)
    return next(spec.kind for spec in specs if spec.name == place.name)


def tally(seen: Page, form: Form) -> Counter[str]:
    """What is to be counted of one form."""
    count: Counter[str] = Counter(forms=1, clear=form.review is Review.CLEAR)
    wrong_somewhere = False
    for place, field in cells_of(form).items():
        kind = kind_of(place)
        printed = str(_printed(seen.form, place))
        if not kind.numeric or not printed or kind is ValueKind.YEAR:
            continue
        wrong = field.value != parse_value(printed, kind) or (
            field.value is None and field.status is not Status.DOUBTFUL and not _nothing(printed)
        )
        accepted = field.status is not Status.DOUBTFUL
        wrong_somewhere |= wrong
        count.update(numbers=1, wrong=wrong, accepted=accepted, accepted_wrong=accepted and wrong)
        repaired = field.status is Status.REPAIRED
        count.update(repaired=repaired, repaired_wrong=repaired and wrong, confirmed_wrong=field.status is Status.CONFIRMED and wrong)
        count.update(planted_changed=bool(seen.form.planted) and repaired and wrong)
    count.update(clear_wrong=form.review is Review.CLEAR and wrong_somewhere)
    errors = [finding for finding in form.findings if finding.severity is Severity.ERROR]
    on_paper = any(finding.verdict == "on_paper" for finding in errors)
    if seen.form.planted:
        count.update(planted=1, reported=bool(errors))
    else:
        count.update(false_alarms=on_paper)
    return count


def _nothing(printed: str) -> bool:
    return not any(character.isdigit() for character in printed)


def _printed(form: SelfEvaluation, place: Place) -> object:
    owner: object = {"funds": form.funds, "indicators": form.indicators}[place.table][place.row] if place.table else form
    return getattr(owner, place.name)


def forms(count: int, seed: int) -> list[SelfEvaluation]:
    """``count`` self-evaluations of as many offices, `PLANTED` of them wrong."""
    drawn = []
    for index in range(count):
        rng = seeded(f"repair/{seed}/{index}")
        form = self_evaluation(rng, habit(rng), rng.randint(2018, 2024), rng.choice((3, 5, 6, 8, 10, 14, 20)))
        wrong = plant(rng, form) if rng.random() < PLANTED else form
        drawn.append(wrong if isinstance(wrong, SelfEvaluation) else form)
    return drawn


def main() -> None:
    """Print one line a level and reader."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=500)
    parser.add_argument("--levels", type=float, nargs="+", default=LEVELS)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    drawn = forms(options.forms, options.seed)
    print(HEAD)
    for level in options.levels:
        begun = process_time()
        for reader, count in measure(drawn, Noise(level, options.seed)).items():
            print(f"{level:5.1f} {reader:8} {_line(count)}")
        print(f"      {(process_time() - begun) / len(drawn) * 1000:.0f} ms a form, all three readers", flush=True)


def measure(drawn: Sequence[SelfEvaluation], noise: Noise) -> dict[str, Counter[str]]:
    """What each reader makes of the same forms under the same noise."""
    counts = {reader: Counter[str]() for reader in READERS}
    for form in drawn:
        seen = page(form, noise)
        for reader, checked in readings(seen).items():
            counts[reader] += tally(seen, checked)
    return counts


def _line(count: Mapping[str, int]) -> str:
    exact, clear = 100 * (1 - count["wrong"] / count["numbers"]), 100 * count["clear"] / count["forms"]
    return (
        f"{exact:7.2f}  {clear:7.1f} {count['clear_wrong']:5} | {count['accepted']:8} {count['accepted_wrong']:5}"
        f" | {count['repaired']:8} {count['repaired_wrong']:5} | {count['confirmed_wrong']:15}"
        f" | {count['planted']:7} {count['reported']:8} {count['planted_changed']:7} | {count['false_alarms']:5}"
    )


if __name__ == "__main__":
    main()
