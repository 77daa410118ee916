"""Streaks of fax machines and dirty scanners: thin pale lines over the full height or width of the stored picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Grey

_BANDS = 12
"""Bands along the streak in each of which it must show; a ruling line ends at the margins of the page."""

_SAMPLES = 25
"""Rows looked at in each band; their median ignores text in up to half of them."""

_MISSING = 1
"""Bands in which a streak may hide (behind a title or a seal)."""

_FAINTEST = 6
"""Darkness (0-255) from which on a column is a streak: those of the fax samples have 6 to 54 at a noise of 2.7, of which a median of 25
leaves 0.7."""

_DARKEST = 120
"""A column darker than this in the middle is no streak but a ruling line."""

_BESIDE = 2
"""Columns to each side that may hold the blurred rest of a streak."""


def lighten_streaks(grey: Grey, paper: int) -> None:
    """Divide streaks out of ``grey`` in place: paper gets white there, strokes stay dark.

    Args:
        grey: (H, W) uint8 in the stored frame, turned by quarters at most.
        paper: its paper level, 0-255.
    """
    for across in (grey, grey.T):
        depths = _depths(across, paper)
        columns = _streaks(depths)
        if not columns.any():
            continue
        loss = np.where(columns, np.median(depths, axis=0), 0)
        for column in np.flatnonzero(loss > 0):
            light = cv2.convertScaleAbs(np.ascontiguousarray(across[:, column]), alpha=255 / (255 - float(loss[column])))
            across[:, column] = light[:, 0]


def _depths(grey: Grey, paper: int) -> NDArray[np.float32]:
    """(bands, W) float32: darkness of the typical px of each column in each band."""
    band = grey.shape[0] // _BANDS
    if band == 0:
        return np.zeros((_BANDS, grey.shape[1]), np.float32)
    step = max(1, band // _SAMPLES)
    rows = [grey[index * band : (index + 1) * band : step] for index in range(_BANDS)]
    middle = np.array([np.partition(part, part.shape[0] // 2, axis=0)[part.shape[0] // 2] for part in rows], np.float32)
    return np.asarray(np.maximum(paper - middle, 0), np.float32)


def _streaks(depths: NDArray[np.float32]) -> NDArray[np.bool_]:
    shown = np.sort(depths, axis=0)[_MISSING]
    middle = np.median(depths, axis=0)
    core = (shown >= _FAINTEST) & (middle <= _DARKEST)
    near = np.convolve(core, np.ones(2 * _BESIDE + 1), mode="same") > 0
    return np.asarray(core | (near & (shown >= _FAINTEST / 2) & (middle <= _DARKEST)), np.bool_)
