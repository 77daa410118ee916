"""Black ink on white paper: levels stretched, and what is too faint to be ink made white."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Grey

_BRIGHT = 128
"""Paper is lighter than this once its tone is divided out."""

_NOISE_WIDTH = 15
"""Levels below the paper's in which its noise is measured; anti-aliased strokes spread evenly over many more."""

_NOISES = 2.0
"""Noise, in standard deviations, that is made white with the paper."""

_LEAST_INK = 0.0005
"""Share of dark px from which on an ink level can be told: a page with a title alone has 0.002."""

_INK_QUANTILE = 0.25
"""Ink is as dark as this share of all dark px; the others are rims of strokes."""

_LIGHTEST_INK = 150
"""No ink is taken to be lighter than this, or paler pages would turn into noise."""

_FAINT = 56
"""Darkness (0-255, levels stretched) that a stroke reaches somewhere: the reverse side shows through with 25 at most in the fax samples,
hairlines of 9 pt Song type at 150 dpi reach 80."""

_RIM = 2
"""Surroundings of such px that keep their grey, px at 200 dpi and below: the anti-aliased rim of strokes."""

_RIM_SIDE = 1100.0
"""The rim is never narrower than the long side divided by this."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Lightness (0-255) of bare paper, its noise (standard deviation), and the ink's lightness."""

    paper: int
    noise: float
    ink: int


def measure_levels(grey: Grey) -> Levels:
    """Levels of a page whose paper tone has been divided out; every third row and column is looked at."""
    counts = np.bincount(grey[::3, ::3].ravel(), minlength=256).astype(np.float64)
    paper = _BRIGHT + int(counts[_BRIGHT:].argmax())
    values = np.arange(256)
    below = slice(max(0, paper - _NOISE_WIDTH), paper + 1)
    noise = float(np.sqrt((counts[below] * (values[below] - paper) ** 2).sum() / max(1.0, counts[below].sum())))
    return Levels(paper, noise, _ink_level(counts))


def _ink_level(counts: NDArray[np.float64]) -> int:
    dark = counts[:_BRIGHT].cumsum()
    if dark[-1] < _LEAST_INK * counts.sum():
        return 0
    return min(_LIGHTEST_INK, int(np.searchsorted(dark, _INK_QUANTILE * dark[-1])))


def stretch(grey: Grey, levels: Levels) -> Grey:
    """``grey`` with the ink at 0 and the paper, less its noise, at 255; linear between."""
    white = max(levels.ink + 1.0, levels.paper - _NOISES * levels.noise)
    table = np.clip((np.arange(256) - levels.ink) * (255 / (white - levels.ink)), 0, 255)
    return np.asarray(cv2.LUT(grey, np.rint(table).astype(np.uint8)), np.uint8)


def drop_faint(grey: Grey) -> None:
    """Make white, in place, what nowhere near is as dark as ink: the reverse side showing through, blotches, noise."""
    rim = max(_RIM, round(max(grey.shape) / _RIM_SIDE))
    _, faint = cv2.threshold(grey, 255 - _FAINT, 255, cv2.THRESH_BINARY)
    away = cv2.erode(faint, np.ones((2 * rim + 1,) * 2, np.uint8))
    cv2.bitwise_or(grey, away, dst=grey)
