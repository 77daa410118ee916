"""Black ink on white paper: levels stretched, and what is too faint to be ink made white."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Bgr, Grey

_BRIGHT = 128
"""Paper is lighter than this once its tone is divided out."""

_NOISE_WIDTH = 15
"""Levels below the paper's in which its noise is measured; anti-aliased strokes spread evenly over many more."""

_NOISES = 2.0
"""Noise, in standard deviations, that is made white with the paper."""

_PALE = 190
"""Ink of pale pages is darker than this at least; lighter, and noise would be stretched."""

_LEAST_INK = 0.002
"""Share of dark px from which on an ink level can be told; forms have 0.02 and more."""

_INK_QUANTILE = 0.25
"""Ink is as dark as this share of all dark px; the others are rims of strokes."""

_FAINT = 56
"""Darkness (0-255, levels stretched) that a stroke reaches within a px or two: of the reverse sides that show through the fax samples
99.9 % of the px stay below 15; hairlines of Song type of 9 pt, drawn at 150 dpi, reach 95."""

_RIM = 2
"""Surroundings of such px that keep their grey, px at 200 dpi and below: the anti-aliased rim of strokes."""

_RIM_SIDE = 1100.0
"""The rim is never narrower than the long side divided by this."""


_GREYS = slice(60, 200)
"""Levels that are neither ink nor paper where there are but two."""

_FEW_GREYS = 0.05
"""Share of greys among all that is not paper, below which a page has but two levels: 8 photocopies, drawn and genuine, have 0.000, 29 other
scans 0.25 to 1."""


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
    for bright in (_BRIGHT, _PALE):
        dark = counts[:bright].cumsum()
        if dark[-1] >= _LEAST_INK * counts.sum():
            return int(np.searchsorted(dark, _INK_QUANTILE * dark[-1]))
    return 0


def is_bilevel(pixels: Bgr) -> bool:
    """Whether a page, (H, W, 3) uint8 as stored, has but two levels: on such copies commas lose their tails and hairlines break."""
    counts = np.bincount(pixels[::3, ::3, 1].ravel(), minlength=256)
    return bool(counts[_GREYS].sum() < _FEW_GREYS * counts[: _GREYS.stop].sum())


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
