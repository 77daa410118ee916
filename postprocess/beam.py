"""What else a text line may say: the most probable readings of a lattice.

Connectionist temporal classification gives each text a probability: the sum over all ways to spread it over the time steps, repeats being
one character and blanks separating. The prefix beam search keeps the most probable beginnings and sums up their paths (Graves, 2012,
"Supervised Sequence Labelling with Recurrent Neural Networks", section 7.5.3; in this form Hannun et al., 2014, arXiv:1408.2873).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

from models.reading import BLANK, Lattice
from postprocess.grammar import ALPHABET, Grammar

WIDTH = 16
"""Beginnings kept a time step. Of 1,692 drawn lines that were in any doubt, 2 had other first readings above 1 % than with 64 beginnings
and characters down to 1e-6 (with 8 beginnings: 5). A line takes 0.5 ms."""

UNLIKELY = 1e-4
"""A character less probable than this at a time step starts no beginning there: a fiftieth of what an alternative needs to be shown."""

UNLIKELY_IN_GRAMMAR = 1e-7
"""The same where a grammar rules out most beginnings anyway: a comma that lost its tail is a point with all but 1e-5."""

MARKS = frozenset(",，.．·、'`;；")
"""Marks at the foot or shoulder of digits, which a photocopier makes out of each other: a comma's tail is two pixels at 150 dpi."""

CONFUSED = 0.01
"""Least share of such a mark's probability that a grammar may give to a comma or point there. On photocopies the recognizer is sure of a
point, up to 0.99999, where the paper has a comma."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A text that the pixels support, with its probability (0-1) under the lattice."""

    text: str
    probability: float


def best_readings(lattice: Lattice) -> tuple[Hypothesis, ...]:
    """The most probable texts of ``lattice``, best first, at most `WIDTH`."""
    return tuple(_search(lattice, None, UNLIKELY))


def well_formed_readings(lattice: Lattice, grammar: Grammar) -> tuple[Hypothesis, ...]:
    """The most probable of the texts that ``grammar`` accepts, best first, at most `WIDTH`; none where the pixels support none.

    The search never follows a beginning that cannot become a whole, so `WIDTH` is spent on well-formed values alone.
    """
    return tuple(found for found in _search(lattice, grammar, UNLIKELY_IN_GRAMMAR) if grammar.accepts(found.text))


def _search(lattice: Lattice, grammar: Grammar | None, unlikely: float) -> list[Hypothesis]:
    beam: dict[str, tuple[float, float]] = {"": (1.0, 0.0)}
    for step in _steps(lattice, unlikely):
        if grammar is None:
            beam = _pruned(_advanced(beam, step))
        else:
            further = _advanced(beam, [entry for entry in _with_confused_marks(step) if not entry[0] or entry[0] in ALPHABET])
            beam = _pruned({text: ends for text, ends in further.items() if text in beam or grammar.admits(text)})
    ranked = sorted(((blank + shown, text) for text, (blank, shown) in beam.items()), key=lambda found: (-found[0], found[1]))
    return [Hypothesis(text, min(1.0, probability)) for probability, text in ranked]


def _steps(lattice: Lattice, unlikely: float) -> Iterator[list[tuple[str, float]]]:
    """At each time step the characters worth following ("" for the blank) with their probabilities; always at least the best one."""
    for row, log_row in zip(lattice.codes.tolist(), lattice.log_probabilities.tolist(), strict=True):
        step = [("" if code == BLANK else chr(code), exp(log)) for code, log in zip(row, log_row, strict=True)]
        yield [entry for entry in step if entry[1] >= unlikely] or step[:1]


def _with_confused_marks(step: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """``step`` where a comma and a point are at least `CONFUSED` as probable as the marks that may be one."""
    marked = sum(probability for character, probability in step if character in MARKS)
    if not marked:
        return step
    found = dict(step)
    return list({**found, **{mark: max(found.get(mark, 0.0), CONFUSED * marked) for mark in ",."}}.items())


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
