"""What else a text line may say: the most probable readings of a lattice.

Connectionist temporal classification gives each text a probability: the sum over all ways to spread it over the time steps, repeats being
one character and blanks separating. The prefix beam search keeps the most probable beginnings and sums up their paths (Graves, 2012,
"Supervised Sequence Labelling with Recurrent Neural Networks", section 7.5.3; in this form Hannun et al., 2014, arXiv:1408.2873).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import exp

from models.matched import Piece
from models.reading import BLANK, Lattice

WIDTH = 16
"""Beginnings kept a time step. Of 1,692 drawn lines that were in any doubt, 2 had other first readings above 1 % than with 64 beginnings
and characters down to 1e-6 (with 8 beginnings: 5). A line takes 0.5 ms."""

UNLIKELY = 1e-4
"""A character less probable than this at a time step starts no beginning there: a fiftieth of what an alternative needs to be shown."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text that the pixels support, with its probability (0-1) under the lattice."""

    text: str
    probability: float


def best_readings(lattice: Lattice, first: int = 0, last: int | None = None) -> tuple[Hypothesis, ...]:
    """The most probable texts of the steps from ``first`` to before ``last`` (0-based; None: the end), best first, at most `WIDTH`."""
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for step in _steps(lattice, first, last):
        beam = _pruned(_advanced(beam, step))
    ranked = sorted(((blank + shown, text) for text, (blank, shown) in beam.items()), key=lambda found: (-found[0], found[1]))
    return tuple(Hypothesis(text, min(1.0, probability)) for probability, text in ranked)


def window(piece: Piece) -> tuple[int, int] | None:
    """The time steps (first, one past the last) that belong to the characters of ``piece``, up to the neighbouring characters.

    None where the best path of the lattice does not say the reading's text: the reading was not made from it.
    """
    spans, text = _spans(piece.reading.lattice), piece.reading.text
    lead = next((at for at, (character, _, _) in enumerate(spans) if not character.isspace()), len(spans))
    if "".join(character for character, _, _ in spans).strip() != text or piece.reading.lattice.codes.size == 0:
        return None
    before, behind = lead + piece.start - 1, lead + piece.end
    first = spans[before][2] if before >= lead else 0
    last = spans[behind][1] if behind < lead + len(text) else len(piece.reading.lattice.codes)
    return first, last


def _spans(lattice: Lattice) -> list[tuple[str, int, int]]:
    """The characters of the best path with their first time step and one past their last."""
    runs, start = [], 0
    for code, steps in groupby(lattice.codes[:, 0].tolist() if lattice.codes.size else ()):
        end = start + sum(1 for _ in steps)
        if code != BLANK:
            runs.append((chr(code), start, end))
        start = end
    return runs


def _steps(lattice: Lattice, first: int, last: int | None) -> Iterator[list[tuple[str, float]]]:
    """At each time step the characters worth following ("" for the blank) with their probabilities; always at least the best one."""
    codes, logs = lattice.codes[first:last].tolist(), lattice.log_probabilities[first:last].tolist()
    for row, log_row in zip(codes, logs, strict=True):
        step = [("" if code == BLANK else chr(code), exp(log)) for code, log in zip(row, log_row, strict=True)]
        yield [entry for entry in step if entry[1] >= UNLIKELY] or step[:1]


def _advanced(beam: dict[str, tuple[float, float]], step: list[tuple[str, float]]) -> dict[str, tuple[float, float]]:
    """Every beginning, each as (probability of ending in a blank, of ending in its last character), one time step further."""
    further: dict[str, tuple[float, float]] = {}
    for text, (blank, shown) in beam.items():
        for character, probability in step:
            if character == "":
                _add(further, text, (blank + shown) * probability, 0.0)
            elif text.endswith(character):
                _add(further, text, 0.0, shown * probability)
                _add(further, text + character, 0.0, blank * probability)
            else:
                _add(further, text + character, 0.0, (blank + shown) * probability)
    return further


def _add(beam: dict[str, tuple[float, float]], text: str, blank: float, shown: float) -> None:
    if blank + shown > 0:
        before = beam.get(text, (0.0, 0.0))
        beam[text] = before[0] + blank, before[1] + shown


def _pruned(beam: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    kept = sorted(beam.items(), key=lambda item: (-sum(item[1]), item[0]))[:WIDTH]
    return dict(kept)
