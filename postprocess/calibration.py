"""From what the recognizer says of itself to a probability, and from that to what is accepted.

How often readings of a certain confidence are right was counted on drawn scans with known text (`bench.calibration`), apart for each sort
of text and for readings that took a second look, and made monotone (isotonic regression, Zadrozny and Elkan, 2002, "Transforming classifier
scores into accurate multiclass probability estimates"). Accepted is what is at least so probable that, of all fields counted that were, no
more than the wanted share was wrong (selective classification, Geifman and El-Yaniv, 2017, "Selective classification for deep neural
networks").
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise

from models.template import ValueKind
from postprocess.proposals import NO_WORDS, Lexicon

TARGET_ERROR = 0.001
"""Share of accepted fields that may be wrong, where nothing else is asked for."""

SHORT = 20
"""Characters up to which a text is a phrase: a name, an indicator and its value; longer ones are prose."""


_MOST_FIELDS = 10**9
"""Nobody has counted more."""

LEAST_FIGURE = 0.99
"""A number that is accepted on its pixels alone is right 99 times of 100 at least, whatever the average leaves room for."""

WORST = 50
"""By how much a single accepted field may be more likely wrong than the accepted ones on average: most of them are figures of which hardly
one in ten thousand is, and must not pay for guesses. Most of what is less sure is a comma in a text of hundreds of characters."""


class Sort(StrEnum):
    """What is alike in how readings go wrong."""

    FIGURE = "figure"
    """Numbers, dates, and phrases with a digit (≥95%, 12.5公里)."""
    PHRASE = "phrase"
    PROSE = "prose"
    COPIED_PROSE = "copied prose"
    """Prose on a page of two levels: what is lost of a comma leaves no doubt."""
    COPIED_ONE = "copied one"
    """Figures with a 1 on a page of two levels: a 4 that has lost its hairlines is a 1 in every view."""
    BLANK = "blank"


NEVER_ALONE = frozenset({Sort.COPIED_ONE})
"""Sorts that no certainty of the recognizer vouches for: they are accepted on the strength of a form's arithmetic alone. Of 431 copied ones
of which it was surer than 0.99999 four were wrong, and after a second look six of 89; of 5,582 other figures that sure none."""


def sort_of(text: str, kind: ValueKind, bilevel: bool) -> Sort:
    """The sort of a value that reads ``text``, on a page of two levels (``bilevel``) or with greys."""
    if not text:
        return Sort.BLANK
    if len(text) > SHORT and kind is ValueKind.TEXT:
        return Sort.COPIED_PROSE if bilevel else Sort.PROSE
    if kind is ValueKind.TEXT and not any(character.isdecimal() for character in text):
        return Sort.PHRASE
    return Sort.COPIED_ONE if bilevel and "1" in text else Sort.FIGURE


@dataclass(frozen=True, slots=True)
class Step:
    """Readings whose confidence is at least ``least`` and below that of the next step: how many there were, and how many were wrong."""

    least: float
    fields: int
    wrong: int

    @property
    def probability(self) -> float:
        """Of being right; where nothing was wrong, half a field is taken to be (Jeffreys' prior)."""
        return 1 - (self.wrong + 0.5) / (self.fields + 1)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The steps of each sort, by whether a second look was taken; ascending, the first from 0 on."""

    curves: Mapping[tuple[Sort, bool], tuple[Step, ...]]

    def probability(self, sort: Sort, looked: bool, confidence: float) -> float:
        """The probability (0-1) that a reading is right, of which the recognizer is ``confidence`` sure."""
        steps = self.curves[sort, looked]
        return steps[bisect_right([step.least for step in steps], confidence) - 1].probability

    def threshold(self, target_error: float) -> float:
        """The least probability to be accepted, so that at most the share ``target_error`` (0-1) of what is accepted is wrong.

        However good the average, nothing is accepted that is wrong more often than `WORST` times that. 1 where not even the surest
        readings were so good: then nothing is accepted on its pixels alone.
        """
        taken = (step for (sort, _), steps in self.curves.items() for step in steps if _may_stand_alone(sort, step.probability))
        steps = sorted(taken, key=lambda step: -step.probability)
        least, fields, wrong = 1.0, 0, 0
        for step in steps:
            fields, wrong = fields + step.fields, wrong + step.wrong
            if step.fields and wrong <= target_error * fields and 1 - step.probability <= WORST * target_error:
                least = step.probability
        return least


def _may_stand_alone(sort: Sort, probability: float) -> bool:
    return sort not in NEVER_ALONE and (sort is not Sort.FIGURE or probability >= LEAST_FIGURE)


@dataclass(frozen=True, slots=True)
class Trust:
    """What is accepted.

    Attributes:
        calibration: counted.
        least: probability from which a reading is accepted.
        counting: the calibration is being counted anew: second looks are taken also where none has ever paid.
        lexicon: words that are proposed to a person who must look anyway.
    """

    calibration: Calibration
    least: float
    counting: bool = False
    lexicon: Lexicon = field(default=NO_WORDS, repr=False)

    def accepts(self, sort: Sort, probability: float) -> bool:
        """Whether a reading of ``sort`` that is as probable (0-1) is accepted on its pixels alone; while counting, sorts are alike."""
        return probability >= self.least and (self.counting or _may_stand_alone(sort, probability))

    def looks_pay(self, sort: Sort) -> bool:
        """Whether a second look can make a reading of ``sort`` accepted at all.

        Seven views of the long texts of a photocopied page take twice as long as reading the whole page, and settle none of them.
        """
        return self.counting or any(self.accepts(sort, step.probability) for step in self.calibration.curves[sort, True])


def trust(target_error: float, calibration: Calibration | None = None, lexicon: Lexicon = NO_WORDS) -> Trust:
    """What is accepted where the share ``target_error`` (0-1) of it may be wrong.

    Args:
        target_error: that share.
        calibration: counted; None for the one that comes with the program.
        lexicon: words that are proposed to a person who must look anyway.
    """
    counted = builtin_calibration() if calibration is None else calibration
    return Trust(counted, counted.threshold(target_error), lexicon=lexicon)


@cache
def builtin_calibration() -> Calibration:
    """The calibration that comes with the program (`postprocess/calibration.json`)."""
    return parse_calibration(files("postprocess").joinpath("calibration.json").read_text("utf-8"))


def parse_calibration(text: str) -> Calibration:
    """A calibration from the JSON that `print_calibration` writes.

    Raises:
        KeyError: a curve is missing.
        TypeError: a curve is none.
        ValueError: the text is no such JSON, or its counts contradict each other.
    """
    curves = json.loads(text)["curves"]
    return Calibration({(sort, looked): _steps(curves[_name(sort, looked)]) for sort in Sort for looked in (False, True)})


def print_calibration(calibration: Calibration, provenance: Mapping[str, object]) -> str:
    """JSON of ``calibration`` with what it was fitted on."""
    curves = {_name(*key): [[step.least, step.fields, step.wrong] for step in steps] for key, steps in calibration.curves.items()}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(steps)}" for name, steps in sorted(curves.items()))
    return f'{{\n "fitted_on": {json.dumps(provenance, ensure_ascii=False)},\n "curves": {{\n{lines}\n }}\n}}\n'


def _name(sort: Sort, looked: bool) -> str:
    return f"{sort} after a second look" if looked else str(sort)


def _steps(rows: Sequence[Sequence[float]]) -> tuple[Step, ...]:
    steps = tuple(Step(float(least), int(fields), int(wrong)) for least, fields, wrong in rows)
    rising = all(lower.least < upper.least for lower, upper in pairwise(steps))
    if not steps or steps[0].least != 0 or not rising or not all(0 <= step.wrong <= step.fields <= _MOST_FIELDS for step in steps):
        raise ValueError("the steps of a curve rise from 0, and no more fields are wrong than there are")
    return steps
