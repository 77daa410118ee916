"""Marks that the recognizer passed over: ink between two characters, or behind the last, that none of them accounts for.

A comma or full stop that is not read leaves no doubt in the lattice: its time steps say blank for sure. But each Chinese character
stands in a square of its own, and so do the marks between them; where two characters stand two squares apart and a small mark between them,
one was passed over.
"""

from collections.abc import Sequence
from itertools import groupby, pairwise

import numpy as np

from models.arrays import Grey
from models.reading import BLANK, Lattice
from ocr.lines import ink

STEP = 8 / 48
"""Width of a time step over the height of the crop: the network halves a line of 48 px height three times."""

FEWEST = 4
"""Fewest neighbouring Chinese characters of a line whose distance tells the square."""

APART = 1.5
"""Squares from one character to the next from which a mark may have stood between: half-way between none and one. The recognizer places a
character within a third of its square."""

SMALL = 0.6
"""Greatest width and height of a mark, over the square: commas, full stops and semicolons have 0.2 to 0.55."""

CLEAR = 0.12
"""Least white on both sides of a mark, over the square: the parts of one character stand closer."""


def passes_over(lattice: Lattice, pixels: Grey) -> bool:
    """Whether a mark of the line is in no character of its best path.

    Args:
        lattice: of the line.
        pixels: (h, w) uint8 of its crop.
    """
    found = _centres(lattice, pixels.shape[0] * STEP)
    square = _square(found)
    if square is None:
        return False
    marks = _marks(pixels, square)
    ends = [*pairwise(found), (found[-1], ("字", pixels.shape[1] + square))]
    return any(_between(here, there, marks, square) for here, there in ends)


Centre = tuple[str, float]
"""A character and the middle of its time steps, px."""


def _centres(lattice: Lattice, step: float) -> list[Centre]:
    found, start = [], 0
    for code, steps in groupby(lattice.codes[:, 0].tolist()):
        end = start + sum(1 for _ in steps)
        if code != BLANK and not chr(code).isspace():
            found.append((chr(code), (start + end) / 2 * step))
        start = end
    return found


def _square(found: Sequence[Centre]) -> float | None:
    """The usual distance of neighbouring Chinese characters, px; None where too few stand there."""
    gaps = np.array([there - here for (one, here), (other, there) in pairwise(found) if _chinese(one) and _chinese(other)])
    if len(gaps) < FEWEST:
        return None
    return float(gaps[gaps < APART * np.median(gaps)].mean())  # time steps are coarse: neighbours are four or six of them apart, never five


def _marks(pixels: Grey, square: float) -> list[float]:
    """Middles of the small marks that stand by themselves, px."""
    dark = ink(pixels)
    edges = np.flatnonzero(np.diff(np.any(dark, axis=0).astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    runs = [(0, 0), *map(tuple, edges.tolist()), (pixels.shape[1] + round(square), 0)]
    found = []
    for (_, before), (start, end), (after, _) in zip(runs, runs[1:], runs[2:], strict=False):
        rows = np.flatnonzero(np.any(dark[:, start:end], axis=1))
        small = end - start <= SMALL * square and rows[-1] + 1 - rows[0] <= SMALL * square
        if small and min(start - before, after - end) >= CLEAR * square:
            found.append((start + end) / 2)
    return found


def _between(here: Centre, there: Centre, marks: Sequence[float], square: float) -> bool:
    """Whether a mark stands between two characters that leave room for one."""
    (one, left), (other, right) = here, there
    near = 0.5 * square
    roomy = _chinese(one) and _chinese(other) and right - left >= APART * square
    return roomy and any(left + near <= mark <= right - near for mark in marks)


def _chinese(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"
