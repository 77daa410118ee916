"""Lattices made up: a recognizer that mistakes characters as the real one does, at any rate.

A character is mistaken for those that PP-OCRv6 mixes it up with. How far the printed character leads is drawn from N(level, 2·level), the
log-likelihood ratio of two Gaussian observations, which is calibrated by itself; the lattice shows it `OVERCONFIDENT` times larger
(assumed: recognizers are too sure). On 92 scanned pages the median lead is 12.3.
"""

from collections.abc import Mapping, Sequence
from math import exp, log

import numpy as np

from bench.repair.printed import apart, numbers
from models.geometry import Box
from models.matched import Piece, Slot
from models.reading import BLANK, Lattice, Reading
from postprocess.places import Place
from tests.forms.contents import SelfEvaluation

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
"""The next best characters in the lattices of 1,406 numbers on 92 scanned pages (genuine and drawn forms), most mass first."""

SHARES = (0.75, 0.2, 0.04, 0.01)
"""How a mistake is divided among the characters of `CONFUSIONS`."""

LOST = 0.1
"""Share of a mark's mistakes that leave nothing of it."""

OVERCONFIDENT = 1.3
"""How much larger than it is the lattice shows a lead."""

_MARKS = ",.%"
_NEVER = -80.0


def perturbed(form: SelfEvaluation, level: float, rng: np.random.Generator) -> dict[Place, Slot]:
    """The numbers of ``form`` seen through noise: leads of mean ``level`` (natural logarithms of odds)."""
    printed = numbers(form)
    readings = [_read(text, level, rng, apart(-1 - number)) for number, text in enumerate(printed.values())]
    slots = (Slot(1, each.box, (Piece(1, each, 0, len(each.text)),) if each.text else ()) for each in readings)
    return dict(zip(printed, slots, strict=True))


def _read(text: str, level: float, rng: np.random.Generator, box: Box) -> Reading:
    """A line that prints ``text``: a time step for each character, certain blanks between."""
    sure = [("", 1.0)]
    steps = [sure, *(step for character in text for step in (_step(character, level, rng), sure))]
    best = [max(step, key=lambda entry: entry[1]) for step in steps]
    shown = [(character, share) for character, share in best if character]
    return Reading(box, "".join(character for character, _ in shown), tuple(share for _, share in shown), _lattice(steps))


def _step(character: str, level: float, rng: np.random.Generator) -> list[tuple[str, float]]:
    others = CONFUSIONS.get(character, "")
    if not others:
        return [(character, 1.0)]
    lead = OVERCONFIDENT * rng.normal(level, np.sqrt(2 * level))
    names = [*others, *([""] if character in _MARKS else [])]
    weights = [*SHARES[: len(others)], *([LOST] if character in _MARKS else [])]
    order = rng.choice(len(names), size=len(names), replace=False, p=np.array(weights) / sum(weights))
    odds = {character: 1.0} | {names[index]: exp(-lead) * weights[index] / weights[order[0]] for index in order}
    total = sum(odds.values())
    return [(name, share / total) for name, share in odds.items()]


def _lattice(steps: Sequence[Sequence[tuple[str, float]]]) -> Lattice:
    width = max(len(step) for step in steps)
    codes = np.full((len(steps), width), ord("\u2400"), np.int32)
    logs = np.full((len(steps), width), _NEVER, np.float32)
    for row, step in enumerate(steps):
        for column, (character, share) in enumerate(sorted(step, key=lambda entry: -entry[1])):
            codes[row, column] = ord(character) if character else BLANK
            logs[row, column] = max(_NEVER, log(max(share, 1e-30)))
    return Lattice(codes, logs)
