"""Step 4: the text of a page, cell by cell, each line with its lattice."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from models.arrays import Grey
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


@dataclass(frozen=True, slots=True)
class Ground:
    """What text lines are looked for on.

    Attributes:
        grey: (H, W) uint8, straight frame, without what ruling lines left in the cells.
        height: usual text height, px.
    """

    grey: Grey = field(compare=False, repr=False)
    height: float


def ground(page: CleanPage, cells: Sequence[Box], dpi: float) -> Ground:
    """What the text in ``cells`` (straight frame, px) of ``page`` is read from; ``dpi`` of the straight frame tells its expected size."""
    expected = lines.text_height(lines.ink(page.grey), cells, lines.FALLBACK_HEIGHT * dpi)
    grey = lines.without_rulings(page.grey, cells, expected)
    return Ground(grey, lines.text_height(lines.ink(grey), cells, expected))


def find_cell_lines(under: Ground, cells: Sequence[Box]) -> list[list[Box]]:
    """The text lines of each of ``cells``, as `ocr.lines.find_lines` has them."""
    marks, pale = lines.ink(under.grey), lines.pale_ink(under.grey)
    return [lines.find_lines(marks, pale, cell, under.height) for cell in cells]


def recognize(page: CleanPage, grids: Sequence[Grid], dpi: float, engine: Engine) -> PageContent:
    """Read all cells of ``grids`` and the text outside of them.

    Args:
        page: the clean page.
        grids: its tables, straight frame.
        dpi: resolution of the straight frame, for the expected size of text.
        engine: reads line crops; one call for the whole page.
    """
    boxes = [cell.box for grid in grids for cell in grid.cells]
    under = ground(page, boxes, dpi)
    in_cells = find_cell_lines(under, boxes)
    loose = find_loose_lines(page, [grid.box for grid in grids], under.height, engine)
    whole = Box(0, 0, page.size.width, page.size.height)
    crops = cell_crops(page.number, under, boxes, in_cells)
    crops += [LineCrop(page.number, line, cut_line(page.grey, line, whole)) for line in loose]
    alone = [len(found) == 1 for found in in_cells for _ in found] + [False] * len(loose)
    answers = zip(crops, engine.recognize(crops), alone, strict=True)
    readings = (cell_reading(crop, lattice, alone=only) for crop, lattice, only in answers)
    texts = [tuple(next(readings) for _ in found) for found in in_cells]
    return PageContent(page.number, page.straightening, _by_grid(page, grids, texts), tuple(r for r in readings if r.text), page.bilevel)


def cell_crops(page: int, under: Ground, cells: Sequence[Box], found: Sequence[Sequence[Box]]) -> list[LineCrop]:
    """The lines ``found`` in each of ``cells`` of ``page``, cut out."""
    return [LineCrop(page, line, cut_line(under.grey, line, cell)) for cell, inside in zip(cells, found, strict=True) for line in inside]


def cell_reading(crop: LineCrop, lattice: Lattice, *, alone: bool) -> Reading:
    """What ``lattice`` says of a line, with what is known of print; ``alone`` where its cell holds nothing else."""
    read = ctc.reading(crop.box, lone_stroke(lattice, crop.pixels) if alone else lattice)
    return replace(read, passed_over=passes_over(read.lattice, crop.pixels))


def _by_grid(page: CleanPage, grids: Sequence[Grid], texts: Sequence[tuple[Reading, ...]]) -> tuple[GridText, ...]:
    remaining = iter(texts)
    return tuple(
        GridText(grid, tuple(CellText(i, next(remaining), sealed(page, cell.box)) for i, cell in enumerate(grid.cells))) for grid in grids
    )


def sealed(page: CleanPage, box: Box) -> bool:
    """Whether stamp ink touches ``box``, straight frame, px."""
    rows, columns = box.slices(page.size)
    covered = page.seal[rows, columns]
    return bool(covered.size) and float(covered.mean()) > SEAL_PIXELS
