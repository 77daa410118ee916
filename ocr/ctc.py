"""The best path through a lattice.

Connectionist temporal classification: at each time step the most probable class; repeats are one character; blanks separate
(Graves et al., 2006, "Connectionist Temporal Classification", best path decoding).
"""

from itertools import pairwise

import numpy as np

from models.geometry import Box
from models.reading import BLANK, Lattice, Reading

POINTS = (".", "．")
"""What a photocopier makes of a comma whose tail it lost."""

POINT_IN_CHINESE = 0.01
"""How much less probable than its pixels say a point is between Chinese characters or behind the last one: the nine genuine forms have 250
commas and full stops there and no point. The next mark, or none, takes its place where the pixels offer it at all."""


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


def reading(box: Box, lattice: Lattice) -> Reading:
    """The best path as a `Reading` that keeps its lattice, points inside Chinese text weighed down (`POINT_IN_CHINESE`)."""
    weighed = _weighed(lattice)
    text, confidences = best_path(weighed)
    return Reading(box, text, confidences, weighed)


def _weighed(lattice: Lattice) -> Lattice:
    steps = [step for first, last in _points_in_chinese(lattice) for step in range(first, last)]
    if not steps:
        return lattice
    codes, logs = lattice.codes.copy(), lattice.log_probabilities.copy()
    points = np.isin(codes[steps], [ord(point) for point in POINTS])
    shares = np.exp(logs[steps]) * np.where(points, POINT_IN_CHINESE, 1.0)
    lost = np.exp(logs[steps]).sum(axis=1, keepdims=True) - shares.sum(axis=1, keepdims=True)
    shares = shares / (1 - lost)
    order = np.argsort(-shares, axis=1, kind="stable")
    codes[steps] = np.take_along_axis(codes[steps], order, axis=1)
    logs[steps] = np.log(np.maximum(np.take_along_axis(shares, order, axis=1), np.finfo(np.float32).tiny))
    return Lattice(codes, logs)


def _points_in_chinese(lattice: Lattice) -> list[tuple[int, int]]:
    """(first, one past the last) time steps of the points that stand behind a Chinese character and not before anything else."""
    best = lattice.codes[:, 0]
    edges = [*np.flatnonzero(np.diff(best, prepend=BLANK - 1)).tolist(), len(best)]
    runs = [(first, last, chr(best[first])) for first, last in pairwise(edges) if best[first] != BLANK]
    around = zip(["", *(text for *_, text in runs)], runs, [*(text for *_, text in runs[1:]), ""], strict=False)
    return [
        (first, last)
        for before, (first, last, text), behind in around
        if text in POINTS and _chinese(before) and (not behind or _chinese(behind))
    ]


def _chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
