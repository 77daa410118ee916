"""The best path through a lattice.

Connectionist temporal classification: at each time step the most probable class; repeats are one character; blanks separate
(Graves et al., 2006, "Connectionist Temporal Classification", best path decoding).
"""

import numpy as np

from models.geometry import Box
from models.reading import BLANK, Lattice, Reading


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
    """The best path as a `Reading` that keeps its lattice."""
    text, confidences = best_path(lattice)
    return Reading(box, text, confidences, lattice)
