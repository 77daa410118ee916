"""Text outside of the grids: titles, years, headers without rulings, footers. Found with the detector."""

from collections.abc import Sequence

import cv2
import numpy as np

from models.geometry import Box
from models.page import CleanPage
from models.reading import Engine
from ocr.lines import INK, LINE_MARGIN

DETECTOR_HEIGHT = 24
"""Text height, px, to which a region is scaled for the detector; below that of a 200-dpi page, and no title of the samples is missed."""

BAND_GAP = 3.0
"""Text heights of empty rows that divide two regions."""

SMALLEST_REGION = 0.4
"""Regions lower than this many text heights are specks or remnants of rulings."""


def find_loose_lines(page: CleanPage, grids: Sequence[Box], height: float, engine: Engine) -> list[Box]:
    """Boxes of the text lines outside of ``grids``, top to bottom, straight frame, px; ``height`` is the usual text height."""
    free = page.grey.copy()
    for grid in grids:
        rows, columns = grid.grown(height / 2, height / 4).slices(page.size)
        free[rows, columns] = 255
    return [line for region in _regions(free, height) for line in _detect(page.number, free, region, height, engine)]


def _regions(free: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], height: float) -> list[Box]:
    """Rows of the page that hold ink, as boxes with a margin of a text height."""
    dark = cv2.morphologyEx((free < INK).astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 1), np.uint8))
    rows = np.flatnonzero(dark.any(axis=1))
    if len(rows) == 0:
        return []
    regions = []
    for band in np.split(rows, np.flatnonzero(np.diff(rows) > BAND_GAP * height) + 1):
        columns = np.flatnonzero(dark[band[0] : band[-1] + 1].any(axis=0))
        box = Box(float(columns[0]), float(band[0]), float(columns[-1] + 1), float(band[-1] + 1))
        if box.height >= SMALLEST_REGION * height:
            regions.append(box.grown(height, height))
    return regions


def _detect(page: int, free: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], region: Box, height: float, engine: Engine) -> list[Box]:
    clip = Box(max(0.0, region.left), max(0.0, region.top), min(region.right, free.shape[1]), min(region.bottom, free.shape[0]))
    image = free[round(clip.top) : round(clip.bottom), round(clip.left) : round(clip.right)]
    scale = min(1.0, DETECTOR_HEIGHT / height)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    found = engine.detect(page, cv2.cvtColor(small, cv2.COLOR_GRAY2BGR).astype(np.uint8))
    boxes = [box.scaled(1 / scale, 1 / scale).moved(round(clip.left), round(clip.top)) for box in found]
    return [_tight(free, box, height) for box in boxes if _tight(free, box, height).height >= SMALLEST_REGION * height]


def _tight(free: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], box: Box, height: float) -> Box:
    """The detector's box drawn in to the ink it holds, with the margin of a line."""
    inner = Box(max(0.0, box.left), max(0.0, box.top), box.right, box.bottom)
    marks = free[round(inner.top) : round(inner.bottom), round(inner.left) : round(inner.right)] < INK
    rows, columns = np.flatnonzero(marks.any(axis=1)), np.flatnonzero(marks.any(axis=0))
    if len(rows) == 0:
        return Box(inner.left, inner.top, inner.left, inner.top)
    ink_box = Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)).moved(round(inner.left), round(inner.top))
    margin = LINE_MARGIN * max(height, ink_box.height)
    return ink_box.grown(margin, margin)
