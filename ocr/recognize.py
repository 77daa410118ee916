"""Step 4: the text of a page, cell by cell, each line with its lattice."""

from collections.abc import Sequence
from dataclasses import replace

from models.content import PageContent
from models.geometry import Box
from models.grid import Grid
from models.page import CleanPage
from models.reading import CellText, Engine, GridText, Lattice, LineCrop, Reading
from ocr import ctc, lines
from ocr.crops import cut_line
from ocr.loose import find_loose_lines
from ocr.slash import lone_stroke
from ocr.unread import passes_over

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
    boxes = [cell.box for grid in grids for cell in grid.cells]
    expected = lines.text_height(lines.ink(page.grey), boxes, lines.FALLBACK_HEIGHT * dpi)
    grey = lines.without_rulings(page.grey, boxes, expected)
    marks = lines.ink(grey)
    height = lines.text_height(marks, boxes, expected)
    pale = lines.pale_ink(grey)
    in_cells = [lines.find_lines(marks, pale, box, height) for box in boxes]
    loose = find_loose_lines(page, [grid.box for grid in grids], height, engine)
    whole = Box(0, 0, page.size.width, page.size.height)
    crops = [LineCrop(page.number, line, cut_line(grey, line, cell)) for cell, found in zip(boxes, in_cells, strict=True) for line in found]
    crops += [LineCrop(page.number, line, cut_line(page.grey, line, whole)) for line in loose]
    alone = [len(found) == 1 for found in in_cells for _ in found] + [False] * len(loose)
    answers = zip(crops, engine.recognize(crops), alone, strict=True)
    readings = (_reading(crop, lone_stroke(lattice, crop.pixels) if only else lattice) for crop, lattice, only in answers)
    texts = [tuple(next(readings) for _ in found) for found in in_cells]
    return PageContent(page.number, page.straightening, _by_grid(page, grids, texts), tuple(r for r in readings if r.text), page.bilevel)


def _reading(crop: LineCrop, lattice: Lattice) -> Reading:
    read = ctc.reading(crop.box, lattice)
    return replace(read, passed_over=passes_over(read.lattice, crop.pixels))


def _by_grid(page: CleanPage, grids: Sequence[Grid], texts: Sequence[tuple[Reading, ...]]) -> tuple[GridText, ...]:
    remaining = iter(texts)
    return tuple(
        GridText(grid, tuple(CellText(i, next(remaining), _sealed(page, cell.box)) for i, cell in enumerate(grid.cells))) for grid in grids
    )


def _sealed(page: CleanPage, box: Box) -> bool:
    rows, columns = box.slices(page.size)
    covered = page.seal[rows, columns]
    return bool(covered.size) and float(covered.mean()) > SEAL_PIXELS
