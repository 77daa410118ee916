"""A part of a page that a person has shown, read as a cell is read.

Where it lies on a table it is cut along the cells that were found there: whoever draws a box reaches over ruling lines and into the text
beside them.
"""

from collections.abc import Sequence

from models.content import PageContent
from models.geometry import Box, bounding
from models.grid import Cell, Grid
from models.page import CleanPage
from models.reading import CellText, Engine, GridText
from ocr.recognize import Ground, cell_crops, cell_reading, find_cell_lines, sealed

MARGIN = 0.25
"""Text heights added around a region: a box drawn tightly touches its outer strokes, and half the leading is more than this."""

MOSTLY = 0.5
"""Share of a cell from which a region that lies mostly elsewhere means it too; of the share of a region on cells, from which it lies on a
table."""


def read_region(page: CleanPage, under: Ground, cells: Sequence[Box], region: Box, engine: Engine) -> PageContent:
    """The text of ``region`` as a table of one column, a row for each part of it; a part without ink has no lines.

    Args:
        page: the clean page.
        under: of ``page``, for its ``cells``.
        cells: of its tables, in reading order, straight frame, px.
        region: straight frame, px; not empty.
        engine: reads all lines in one call.
    """
    parts = parts_of(region, cells, MARGIN * under.height)
    found = find_cell_lines(under, parts)
    crops = cell_crops(page.number, under, parts, found)
    alone = len(crops) == 1
    answers = zip(crops, engine.recognize(crops), strict=True)
    readings = iter([cell_reading(crop, lattice, alone=alone) for crop, lattice in answers])
    texts = tuple(
        CellText(index, tuple(next(readings) for _ in lines), sealed(page, part))
        for index, (part, lines) in enumerate(zip(parts, found, strict=True))
    )
    return PageContent(page.number, page.straightening, (GridText(_grid(parts), texts),), (), page.bilevel)


def parts_of(region: Box, cells: Sequence[Box], margin: float) -> list[Box]:
    """Where the text that ``region`` means stands: it in each cell that it means, or all of it where it lies beside the tables.

    It means the cell that it covers most of, and every other one that it covers for the greater part.

    Args:
        region: what a person drew, px.
        cells: of the page's tables, in reading order, px.
        margin: added to the region, but not beyond a cell, px.
    """
    shares = [cell.intersection(region).area for cell in cells]
    if sum(shares) < MOSTLY * region.area:
        return [region.grown(margin, margin)]
    most = shares.index(max(shares))
    meant = [cell for index, cell in enumerate(cells) if index == most or cell.covered_by(region) > MOSTLY]
    return [region.grown(margin, margin).intersection(cell) for cell in meant]


def _grid(parts: Sequence[Box]) -> Grid:
    whole = bounding(tuple(parts))
    rows = (*(part.top for part in parts), whole.bottom)
    return Grid(whole, rows, (whole.left, whole.right), tuple(Cell(row, 0, 1, 1, part) for row, part in enumerate(parts)))
