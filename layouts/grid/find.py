"""The stage: a clean page in, its grids out, with everything that was found on the way."""

from dataclasses import dataclass, field

import numpy as np

from layouts.grid.borders import Borders, borders_of
from layouts.grid.cells import Span, spans_of, used_edges
from layouts.grid.content import with_lost_columns
from layouts.grid.lattice import Cluster, Lattice, Ruling, clusters_of, lattice_of
from layouts.grid.scale import Scale
from layouts.grid.sheet import Sheet, sheet_of
from layouts.grid.strokes import Stroke
from models.arrays import Mask, frozen
from models.geometry import Box
from models.grid import Cell, Grid, RulingLine
from models.page import CleanPage

_GRID_MM = (20.0, 3.0)
"""A grid's longer and shorter side are at least this long; characters of a title, 国 or 田, reach 8 mm, the lowest cell is 3.5 mm high."""
_FRAME_INK = 0.005
"""A lone frame is a cell only if this share of its inside is ink: one line of text in a sheet-wide box 20 mm high inks 2 percent."""


@dataclass(frozen=True, slots=True)
class GridTrace:
    """Every intermediate of one page, for one picture.

    Attributes:
        ink: (H, W) bool, thin ink of either direction.
        horizontal_strokes: (H, W) bool, runs along x long enough to be a stroke.
        vertical_strokes: (H, W) bool, runs along y.
        segments: strokes that may be ruling lines.
        lines: the ruling lines of all tables.
        grids: from top to bottom.
    """

    ink: Mask = field(compare=False, repr=False)
    horizontal_strokes: Mask = field(compare=False, repr=False)
    vertical_strokes: Mask = field(compare=False, repr=False)
    segments: tuple[RulingLine, ...]
    lines: tuple[RulingLine, ...]
    grids: tuple[Grid, ...]

    def __post_init__(self) -> None:
        """Forbid writing."""
        for mask in (self.ink, self.horizontal_strokes, self.vertical_strokes):
            frozen(mask)


def find_grids(page: CleanPage) -> tuple[Grid, ...]:
    """All tables of a page, from top to bottom."""
    scale = Scale.of(page.size)
    return _grids(sheet_of(page.grey, scale), scale)


def trace_grids(page: CleanPage) -> GridTrace:
    """`find_grids` with its intermediates."""
    scale = Scale.of(page.size)
    sheet = sheet_of(page.grey, scale)
    grids = _grids(sheet, scale)
    across, down = sheet.horizontal.plane, sheet.vertical.plane
    segments = tuple(_segment(s, True) for s in sheet.horizontal.strokes) + tuple(_segment(s, False) for s in sheet.vertical.strokes)
    return GridTrace(
        ink=(across.ink | down.ink.T) > 0,
        horizontal_strokes=across.plain > 0,
        vertical_strokes=np.ascontiguousarray(down.plain.T) > 0,
        segments=segments,
        lines=tuple(line for grid in grids for line in grid.lines),
        grids=grids,
    )


def _segment(stroke: Stroke, horizontal: bool) -> RulingLine:
    return RulingLine(horizontal, stroke.middle, stroke.start, stroke.end, stroke.thickness)


def _grids(sheet: Sheet, scale: Scale) -> tuple[Grid, ...]:
    clusters = _joined(clusters_of(sheet))
    found = [grid for cluster in clusters if (grid := _grid(cluster, sheet, scale)) is not None]
    return tuple(sorted(found, key=lambda grid: (grid.box.top, grid.box.left)))


def _joined(clusters: list[Cluster]) -> list[Cluster]:
    return clusters


def _grid(cluster: Cluster, sheet: Sheet, scale: Scale) -> Grid | None:
    left, top, right, bottom = cluster.bounds
    sides = sorted((right - left, bottom - top))
    if sides[1] < scale.px(_GRID_MM[0]) or sides[0] < scale.px(_GRID_MM[1]):
        return None
    lattice = lattice_of(cluster, scale)
    if lattice is None:
        return None
    planes = sheet.horizontal.plane, sheet.vertical.plane
    borders = with_lost_columns(borders_of(lattice, *planes), lattice, *planes)
    spans = spans_of(borders)
    return _assembled(lattice, borders, spans)


def _assembled(lattice: Lattice, borders: Borders, spans: tuple[Span, ...]) -> Grid:
    rows, columns = used_edges(spans)
    cells = tuple(_cell(span, lattice, borders, rows, columns) for span in spans)
    row_edges, column_edges = tuple(lattice.rows[r].middle for r in rows), tuple(lattice.columns[c].middle for c in columns)
    lines = tuple(_line(lattice.rows[r], True) for r in rows if lattice.rows[r].printed)
    lines += tuple(_line(lattice.columns[c], False) for c in columns if lattice.columns[c].printed)
    box = Box(column_edges[0], row_edges[0], column_edges[-1], row_edges[-1])
    return Grid(box, row_edges, column_edges, cells, lines)


def _line(ruling: Ruling, horizontal: bool) -> RulingLine:
    return _segment(ruling.course, horizontal)


def _cell(span: Span, lattice: Lattice, borders: Borders, rows: list[int], columns: list[int]) -> Cell:
    top, left = rows.index(span.top), columns.index(span.left)
    return Cell(
        row=top,
        column=left,
        row_span=rows.index(span.bottom) - top,
        column_span=columns.index(span.right) - left,
        box=_inside(span, lattice),
        open_top=span.top == 0 and not borders.rows[0, span.left : span.right].any(),
        open_bottom=span.bottom == len(lattice.rows) - 1 and not borders.rows[-1, span.left : span.right].any(),
    )


def _inside(span: Span, lattice: Lattice) -> Box:
    top, bottom = lattice.rows[span.top], lattice.rows[span.bottom]
    left, right = lattice.columns[span.left], lattice.columns[span.right]
    xs, ys = np.linspace(left.middle, right.middle, 5), np.linspace(top.middle, bottom.middle, 5)
    return Box(
        left=float(left.high_at(ys).max()),
        top=float(top.high_at(xs).max()),
        right=float(right.low_at(ys).min()),
        bottom=float(bottom.low_at(xs).min()),
    )
