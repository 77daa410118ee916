"""What is on the picture but not paper: the desk around a photographed page, the dark edges of a copy, punch holes."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Grey, Mask
from ocr.cleaning.tone import Planes, brightest_around

_DESK = 0.62
"""A desk is at most this light against the paper: 0.37-0.39 on the phone samples, whose shaded paper stays above 0.79."""

_LEAST_PAPER = 0.15
"""Share of the picture that is paper at least; less, and the split into light and dark says nothing."""

_RIM = 3
"""Reduced px by which dark surroundings are widened: the blurred rim of the paper."""

_EDGE = 0.04
"""Depth of a copier's dark edge in shares of the page's shorter side, 8 mm of A4; printed matter keeps a wider margin."""

_EDGE_DARK = 110
"""Lightness (0-255) below which a px belongs to a dark edge."""

_EDGE_SMOOTH = 0.03
"""Window of the median along an edge, in shares of its length: ruling lines and letters that run into the edge are shorter."""

_HOLE = 0.5
"""A hole is at most this light against the paper."""

_HOLE_SOLID = 0.012
"""Diameter of the solid core of a hole in shares of the long side, 3.5 mm of A4; bold titles have strokes of 1 mm."""

_HOLE_LARGEST = 0.05
"""Largest hole in shares of the long side, 15 mm of A4."""

_HOLE_FILL = 0.62
"""Share of its box a hole fills; a disc fills 0.79."""

_HOLE_MARGIN = 0.13
"""Holes lie within this share of the page's width or height from its rim: 27 mm of A4, standards ask for 12."""


def find_desk(small: Planes) -> Mask:
    """What lies around the paper, touching the rim of the picture: a desk, a scanner's open lid.

    Args:
        small: reduced picture.

    Returns:
        (h, w) bool.
    """
    around = brightest_around(small)
    level, _ = cv2.threshold(around, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    dark = around <= level
    paper = ~dark
    if not dark.any() or paper.mean() < _LEAST_PAPER or np.median(around[dark]) > _DESK * np.median(around[paper]):
        return np.zeros(around.shape, np.bool_)
    touching = _touching_rim(dark)
    return np.asarray(cv2.dilate(touching.astype(np.uint8), np.ones((2 * _RIM + 1,) * 2, np.uint8)) > 0, np.bool_)


def _touching_rim(mask: Mask) -> Mask:
    _, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.asarray(np.isin(labels, rim[rim > 0]), np.bool_)


def find_holes(small: Planes, outside: Mask) -> Mask:
    """Punch holes: dark discs near the rim of the paper.

    Args:
        small: reduced picture, its paper not yet white.
        outside: (h, w) bool, what is no paper.

    Returns:
        (h, w) bool.
    """
    holes = np.zeros(outside.shape, np.uint8)
    inside = ~outside
    if not inside.any():
        return holes > 0
    brightest = small if small.ndim == 2 else np.asarray(cv2.max(cv2.max(small[..., 0], small[..., 1]), small[..., 2]), np.uint8)
    level = float(np.median(brightest[inside]))
    long_side = max(small.shape[:2])
    core = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (max(3, round(_HOLE_SOLID * long_side)),) * 2)
    solid = cv2.morphologyEx(((brightest < _HOLE * level) & inside).astype(np.uint8), cv2.MORPH_OPEN, core)
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    count, labels, stats, centres = cv2.connectedComponentsWithStats(solid, connectivity=8)
    for index in range(1, count):
        if _is_hole(stats[index], long_side) and _near_rim(centres[index], rows, columns):
            holes |= (labels == index).astype(np.uint8)
    return np.asarray(cv2.dilate(holes, np.ones((2 * _RIM + 1,) * 2, np.uint8)) > 0, np.bool_)


def _is_hole(stats: NDArray[np.int32], long_side: int) -> bool:
    width, height, area = int(stats[cv2.CC_STAT_WIDTH]), int(stats[cv2.CC_STAT_HEIGHT]), int(stats[cv2.CC_STAT_AREA])
    longer, shorter = max(width, height), min(width, height)
    return longer <= _HOLE_LARGEST * long_side and shorter >= 0.6 * longer and area >= _HOLE_FILL * width * height


def _near_rim(centre: NDArray[np.float64], rows: NDArray[np.intp], columns: NDArray[np.intp]) -> bool:
    x, y = centre
    across = min(x - columns[0], columns[-1] - x) / max(1, len(columns))
    down = min(y - rows[0], rows[-1] - y) / max(1, len(rows))
    return bool(min(across, down) <= _HOLE_MARGIN)


def whiten(grey: Grey, mask: Mask, k: int) -> None:
    """Make ``grey`` (full picture) white in place where ``mask`` (reduced by ``k``) is True."""
    if not mask.any():
        return
    height, width = grey.shape
    rows, columns = mask.shape
    wide = cv2.resize(mask.view(np.uint8) * np.uint8(255), (columns * k, rows * k), interpolation=cv2.INTER_NEAREST)
    wide = cv2.copyMakeBorder(wide, 0, max(0, height - rows * k), 0, max(0, width - columns * k), cv2.BORDER_REPLICATE)
    cv2.bitwise_or(grey, wide[:height, :width], dst=grey)


def whiten_edges(grey: Grey) -> None:
    """Make dark strips along the rim of ``grey`` white in place; the paper must be white already."""
    depth = max(4, round(_EDGE * min(grey.shape)))
    for turned in (grey, grey[::-1], grey.T, grey.T[::-1]):
        _whiten_top(turned, depth)


def _whiten_top(grey: Grey, depth: int) -> None:
    strip = grey[:depth] < _EDGE_DARK
    if len(strip) < depth or not strip.any():
        return
    joined = np.asarray(cv2.morphologyEx(np.ascontiguousarray(strip, np.uint8), cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8)), np.uint8)
    joined[:2] |= joined[2:3]
    runs = np.where(joined.all(axis=0), depth, joined.argmin(axis=0)).astype(np.float32)
    window = max(3, round(_EDGE_SMOOTH * grey.shape[1]))
    smooth = _running_median(runs, window)
    wanted = np.where(smooth > 0, np.minimum(runs, smooth + 4) + 3, 0)
    grey[:depth][np.arange(depth)[:, None] < wanted] = 255


def _running_median(values: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    padded = np.pad(values, window // 2, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * (window // 2) + 1)[:, ::4]
    return np.asarray(np.median(windows, axis=1), np.float32)
