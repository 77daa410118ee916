"""Rows of text on a reduced picture: how large the characters are, which way they run, where their rows lie."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Grey, Mask
from models.geometry import Box
from ocr.cleaning.rulings import Strokes

_INK = 60
"""Darkness (0-255) of a px of text."""

_RULING = 40
"""Unbroken run of ink that is a ruling line, reduced px: 10 mm; characters side by side leave gaps."""

_LARGEST = 60
"""Longest side of a part of a character, reduced px: a title of 40 pt."""

_SPECK = 0.35
"""Parts with no side of this many em are specks, points and dots and have no say about direction."""

_LEAST_PARTS = 12
"""Fewer parts than this say nothing about direction; a title alone has 20."""

_BRIDGE = 0.35
"""Gap that is bridged to see which way characters join, em: they stand 0.05-0.3 em apart, rows 0.4 em and more."""

_HORIZONTAL = 0.75
"""Parts left after bridging along x over parts left after bridging along y: 0.14-0.32 on the samples. Between this and its inverse
the direction is not certain."""

_ROW_BRIDGE = 0.9
"""Gap within a row of text, em; a full-width space has 1."""

_ROW_LOW, _ROW_HIGH = 0.6, 2.0
"""Height of a row of text, em."""

ROW_LENGTH = 3.5
"""Shortest row of text taken, em, where there are such."""

ROW_SHORT = 1.4
"""Shortest row of text taken where there is none so long: the last page of a form may hold 总分 and two numbers."""

_CHUNK = 24
"""Length that one traced point of a row stands for, reduced px: one to two characters."""


def text_mask(darkness: Grey) -> Mask:
    """(h, w) bool: ink that is no long ruling line. The picture must be level to a degree or two."""
    ink = (darkness > _INK).view(np.uint8)
    along = cv2.morphologyEx(cv2.dilate(ink, np.ones((3, 1), np.uint8)), cv2.MORPH_OPEN, np.ones((1, _RULING), np.uint8))
    down = cv2.morphologyEx(cv2.dilate(ink, np.ones((1, 3), np.uint8)), cv2.MORPH_OPEN, np.ones((_RULING, 1), np.uint8))
    return np.asarray((ink > 0) & (along == 0) & (down == 0), np.bool_)


def character_size(text: Mask) -> float:
    """Size of the typical character (em), px; 0 where there is no text.

    Half of the area of all parts of characters belongs to parts at most this long.
    """
    sides, areas = _parts(text)
    if len(sides) == 0:
        return 0.0
    order = np.argsort(sides)
    return float(sides[order][np.searchsorted(areas[order].cumsum(), areas.sum() / 2)])


def _parts(text: Mask) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longer side and area of the box of each part."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(text.view(np.uint8), connectivity=8)
    width, height = stats[1:, cv2.CC_STAT_WIDTH].astype(np.float64), stats[1:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    sides = np.maximum(width, height)
    kept = (sides >= 3) & (sides <= _LARGEST)
    return sides[kept], (width * height)[kept]


def quarter_candidates(parts: NDArray[np.uint8], em: float) -> tuple[int, ...]:
    """Which quarter turns may make rows of text horizontal: (0,), (1,), or (0, 1) where it is not certain.

    Args:
        parts: (h, w) uint8, 1 where a part of a character is (`without_specks`).
        em: of `character_size`, px.
    """
    reach = max(2, round(_BRIDGE * em)) + 1
    along_x, along_y = _joined(parts, (1, reach)), _joined(parts, (reach, 1))
    if max(along_x, along_y) < _LEAST_PARTS:
        return (0, 1)
    if along_x < _HORIZONTAL * along_y:
        return (0,)
    return (1,) if along_y < _HORIZONTAL * along_x else (0, 1)


def without_specks(text: Mask, em: float) -> NDArray[np.uint8]:
    """(h, w) uint8, 1 where a part of a character lies, points and specks left out."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(text.view(np.uint8), connectivity=8)
    sides = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    kept = (sides >= _SPECK * em).astype(np.uint8)
    kept[0] = 0
    return np.asarray(kept[labels], np.uint8)


def _joined(parts: NDArray[np.uint8], window: tuple[int, int]) -> int:
    """How many parts are left when gaps smaller than ``window`` (rows, columns) are bridged."""
    bridged = cv2.morphologyEx(parts, cv2.MORPH_CLOSE, np.ones(window, np.uint8))
    return int(cv2.connectedComponents(bridged, connectivity=8)[0]) - 1


def find_rows(parts: NDArray[np.uint8], em: float, shortest: float) -> list[Box]:
    """Boxes of rows of text, px, longest first.

    Args:
        parts: (h, w) uint8 of `without_specks`, rows of text level.
        em: of `character_size`, px.
        shortest: row that counts, em.
    """
    _, stats = _rows(parts, em, shortest)
    boxes = [Box(float(left), float(top), float(left + width), float(top + height)) for left, top, width, height, _ in stats]
    return sorted(boxes, key=lambda box: -box.width)


def _rows(parts: NDArray[np.uint8], em: float, shortest: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Labels of the picture, 0 where no row of at least ``shortest`` em is, and statistics of the rows in their order."""
    joined = cv2.morphologyEx(parts, cv2.MORPH_CLOSE, np.ones((1, max(3, round(_ROW_BRIDGE * em))), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    good = (height >= _ROW_LOW * em) & (height <= _ROW_HIGH * em) & (width >= shortest * em)
    good[0] = False
    renumbered = np.cumsum(good) * good
    return np.asarray(renumbered[labels], np.int32), np.asarray(stats[good], np.int32)


def trace_text(darkness: Grey) -> Strokes:
    """The middles of rows of text as strokes; far less exact than ruling lines, and better than nothing."""
    text = text_mask(darkness)
    em = character_size(text)
    if em == 0:
        return Strokes(np.zeros(0, np.int64), np.zeros((0, 2)))
    labels, _ = _rows(without_specks(text, em), em, ROW_LENGTH)
    rows, columns = np.nonzero(labels)
    chunks = darkness.shape[1] // _CHUNK + 1
    keys = labels[rows, columns].astype(np.int64) * chunks + columns // _CHUNK
    total = np.bincount(keys)
    used = np.flatnonzero(total >= 0.5 * _CHUNK * em)
    x, y = (np.bincount(keys, place)[used] / total[used] + 0.5 for place in (columns, rows))
    _, line = np.unique(used // chunks, return_inverse=True)
    return Strokes(line.astype(np.int64), np.column_stack([x, y]))
