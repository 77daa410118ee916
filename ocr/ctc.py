"""The best path through a lattice.

Connectionist temporal classification: at each time step the most probable class; repeats are one character; blanks separate
(Graves et al., 2006, "Connectionist Temporal Classification", best path decoding).
"""

from itertools import pairwise

import numpy as np

from models.geometry import Box
from models.reading import BLANK, Lattice, Reading

POINTS = frozenset(".．")
"""What a photocopier makes of a comma whose tail it lost."""

MIDDLE_DOTS = frozenset("·・•‧")
"""Dots that stand between the parts of a name; at the end of a text, what a recognizer takes a speck for."""

DASHES = frozenset("一")
"""The character one, which is what recognizers take a dash for."""

OUT_OF_PLACE = 0.01
"""How much less probable than its pixels say a mark is where print does not put it. The nine genuine forms have 250 commas and full stops
behind a Chinese character and no point; 25 dashes between digits and 15 alone in a cell, and never 一. The next
mark, or none, takes its place where the pixels offer it at all."""


def best_path(lattice: Lattice) -> tuple[str, tuple[float, ...]]:
    """Text and the probability (0-1) of each of its characters: the highest of the time steps that a character covers.

    Spaces at both ends are left out.
    """
    best = lattice.codes[:, 0]
    starts = np.flatnonzero(np.diff(best, prepend=BLANK - 1))
    peaks = np.maximum.reduceat(lattice.log_probabilities[:, 0], starts) if len(best) else np.zeros(0, np.float32)
    characters = [(chr(best[start]), float(np.exp(peak))) for start, peak in zip(starts, peaks, strict=True) if best[start] != BLANK]
    while characters and characters[0][0].isspace():
        characters.pop(0)
    while characters and characters[-1][0].isspace():
        characters.pop()
    return "".join(character for character, _ in characters), tuple(min(1.0, probability) for _, probability in characters)


def with_lone_dash(lattice: Lattice) -> Lattice:
    """``lattice`` of the only line in a cell, where 一 alone is a dash: the two look the same, and no form writes the number like that."""
    best = lattice.codes[:, 0]
    if {chr(code) for code in best[best != BLANK]} != DASHES:
        return lattice
    codes = lattice.codes.copy()
    for dash in DASHES:
        codes[lattice.codes == ord(dash)], codes[lattice.codes == ord("—")] = ord("—"), ord(dash)
    return Lattice(codes, lattice.log_probabilities.copy())


def reading(box: Box, lattice: Lattice) -> Reading:
    """The best path as a `Reading` that keeps its lattice, marks `OUT_OF_PLACE` weighed down."""
    sound = weighed(lattice)
    text, confidences = best_path(sound)
    return Reading(box, text, confidences, sound)


def weighed(lattice: Lattice) -> Lattice:
    """``lattice`` with the time steps of misplaced marks renewed: less of the mark, more of all else, most probable first."""
    found = _misplaced(lattice)
    if not found:
        return lattice
    codes, logs = lattice.codes.copy(), lattice.log_probabilities.copy()
    for first, last, marks in found:
        here = slice(first, last)
        shares = np.exp(logs[here])
        lessened = shares * np.where(np.isin(codes[here], [ord(mark) for mark in marks]), OUT_OF_PLACE, 1.0)
        lessened /= 1 - (shares - lessened).sum(axis=1, keepdims=True)
        order = np.argsort(-lessened, axis=1, kind="stable")
        codes[here] = np.take_along_axis(codes[here], order, axis=1)
        logs[here] = np.log(np.maximum(np.take_along_axis(lessened, order, axis=1), np.finfo(np.float32).tiny))
    return Lattice(codes, logs)


def _misplaced(lattice: Lattice) -> list[tuple[int, int, frozenset[str]]]:
    """(first time step, one past the last, marks to weigh down) of each mark where print does not put it."""
    best = lattice.codes[:, 0]
    edges = [*np.flatnonzero(np.diff(best, prepend=BLANK - 1)).tolist(), len(best)]
    runs = [(first, last, chr(best[first])) for first, last in pairwise(edges) if best[first] != BLANK]
    texts = ["", *(text for *_, text in runs), ""]
    found = []
    for (first, last, text), before, behind in zip(runs, texts, texts[2:], strict=False):
        between_digits = (before.isdecimal() or before in ("年", "月", "日")) and behind.isdecimal()
        if text in POINTS and _chinese(before) and (not behind or _chinese(behind)):
            found.append((first, last, POINTS))
        elif text in MIDDLE_DOTS and not (before and behind):
            found.append((first, last, MIDDLE_DOTS))
        elif text in DASHES and between_digits:
            found.append((first, last, DASHES))
    return found


def _chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
