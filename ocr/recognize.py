"""Step 4: the text of a page, cell by cell, each line with its lattice."""

from collections.abc import Sequence

import cv2
import numpy as np

from models.content import PageContent
from models.geometry import Box
from models.grid import Grid
from models.page import CleanPage
from models.reading import CellText, Engine, GridText, LineCrop, Reading
from ocr import ctc, lines
from ocr.loose import find_loose_lines

SEAL_PIXELS = 0.002
"""Share of a cell covered by stamp ink from which it counts as touched; less is colour noise of the scanner."""


def recognize(page: CleanPage, grids: Sequence[Grid], dpi: float, engine: Engine) -> PageContent:
    """Read all cells of ``grids`` and the text outside of them.

    Args:
        page: the clean page.
        grids: its tables, straight frame.
        dpi: resolution of the straight frame, for the expected size of text.
        engine: reads line crops; one call for the whole page.
    """
    marks = lines.ink(page)
    boxes = [cell.box for grid in grids for cell in grid.cells]
    height = lines.text_height(marks, boxes, lines.FALLBACK_HEIGHT * dpi)
    in_cells = [lines.find_lines(marks, box, height) for box in boxes]
    loose = find_loose_lines(page, [grid.box for grid in grids], height, engine)
    readings = iter(_read(page, [line for found in in_cells for line in found] + loose, engine))
    texts = [tuple(next(readings) for _ in found) for found in in_cells]
    return PageContent(page.number, page.straightening, _by_grid(page, grids, texts), tuple(r for r in readings if r.text))


def _read(page: CleanPage, boxes: Sequence[Box], engine: Engine) -> list[Reading]:
    crops = [LineCrop(page.number, box, _cut(page, box)) for box in boxes]
    return [ctc.reading(box, lattice) for box, lattice in zip(boxes, engine.recognize(crops), strict=True)]


def _cut(page: CleanPage, box: Box) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The pixels of ``box``; what lies outside of the page is paper."""
    rows, columns = box.slices(page.size)
    inner = page.grey[rows, columns]
    above, left = max(0, -round(box.top)), max(0, -round(box.left))
    below, right = max(0, round(box.bottom) - page.size.height), max(0, round(box.right) - page.size.width)
    return cv2.copyMakeBorder(inner, above, below, left, right, cv2.BORDER_CONSTANT, value=(255,)).astype(np.uint8)


def _by_grid(page: CleanPage, grids: Sequence[Grid], texts: Sequence[tuple[Reading, ...]]) -> tuple[GridText, ...]:
    remaining = iter(texts)
    return tuple(
        GridText(grid, tuple(CellText(i, next(remaining), _sealed(page, cell.box)) for i, cell in enumerate(grid.cells))) for grid in grids
    )


def _sealed(page: CleanPage, box: Box) -> bool:
    rows, columns = box.slices(page.size)
    covered = page.seal[rows, columns]
    return bool(covered.size) and float(covered.mean()) > SEAL_PIXELS
