"""One table put together: from the strokes that hang together to the grid of its cells."""

import numpy as np
from numpy.typing import NDArray

from layouts.grid.borders import Borders, borders_of
from layouts.grid.cells import Span, spans_of, used_edges
from layouts.grid.content import with_lost_columns
from layouts.grid.lattice import Cluster, Lattice, Ruling, lattice_of
from layouts.grid.scale import Scale
from layouts.grid.sheet import Sheet
from layouts.grid.strokes import Plane
from models.geometry import Box
from models.grid import Cell, Grid, RulingLine

_LONGER_MM = 20.0
"""A grid is at least this long one way; the characters of a title, 国 or 田, reach 8 mm."""
_PIECE_MM = 10.0
"""A low grid has at least one unbroken line this long: a title such as 目 国 田 has boxes side by side, but no longer line."""
_SHORTER_MM = 3.0
"""And this long the other way; the lowest cell is 3.5 mm high."""
_TEXT_SHARE = 0.002
"""A lone frame is a cell only if this share of its inside is ink: a single 10 pt character in a box of 170 mm x 10 mm is 0.2 percent."""


def grid_of(cluster: Cluster, sheet: Sheet) -> Grid | None:
    """The grid that the strokes of ``cluster`` rule; None where they rule none."""
    lattice = lattice_of(cluster, sheet.scale)
    if lattice is None:
        return None
    planes = sheet.horizontal.plane, sheet.vertical.plane
    lattice, borders = _printed_only(lattice, planes)
    borders = with_lost_columns(borders, lattice, *planes)
    grid = _assembled(lattice, borders, spans_of(borders))
    return grid if large(grid.box, sheet.scale) and _drawn(grid, cluster, sheet.scale) and _filled(grid, borders, sheet) else None


def _printed_only(lattice: Lattice, planes: tuple[Plane, Plane]) -> tuple[Lattice, Borders]:
    # Edges that turn out to be printed nowhere, being text, would only cut the stretches of the others into smaller pieces.
    borders = borders_of(lattice, *planes)
    rows, columns = _kept(lattice.rows, borders.rows), _kept(lattice.columns, borders.columns.T)
    if len(rows) == len(lattice.rows) and len(columns) == len(lattice.columns):
        return lattice, borders
    lattice = Lattice(rows, columns)
    return lattice, borders_of(lattice, *planes)


def _kept(edges: tuple[Ruling, ...], ruled: NDArray[np.bool_]) -> tuple[Ruling, ...]:
    outer = (0, len(edges) - 1)
    return tuple(edge for i, edge in enumerate(edges) if i in outer or ruled[i].any())


def large(box: Box, scale: Scale) -> bool:
    """Whether a grid can be as small as ``box``."""
    return max(box.width, box.height) >= scale.px(_LONGER_MM) and min(box.width, box.height) >= scale.px(_SHORTER_MM)


def _drawn(grid: Grid, cluster: Cluster, scale: Scale) -> bool:
    low = min(grid.box.width, grid.box.height) < scale.px(_LONGER_MM)
    return not low or any(s.length >= scale.px(_PIECE_MM) for s in cluster.horizontals + cluster.verticals)


def _filled(grid: Grid, borders: Borders, sheet: Sheet) -> bool:
    if len(grid.cells) > 1:
        return True
    closed = borders.rows[0].any() and borders.rows[-1].any() and borders.columns[:, 0].any() and borders.columns[:, -1].any()
    return bool(closed) and _inked(grid.cells[0].box, sheet) >= _TEXT_SHARE


def _inked(box: Box, sheet: Sheet) -> float:
    inside = box.grown(-sheet.scale.per_mm / 2, -sheet.scale.per_mm / 2)
    top, bottom, left, right = (max(0, round(v)) for v in (inside.top, inside.bottom, inside.left, inside.right))
    part = sheet.horizontal.plane.ink[top:bottom, left:right]
    return float((part > 0).mean()) if part.size > 0 else 0.0


def _assembled(lattice: Lattice, borders: Borders, spans: tuple[Span, ...]) -> Grid:
    rows, columns = used_edges(spans)
    cells = tuple(_cell(span, lattice, borders, (rows, columns)) for span in spans)
    row_edges, column_edges = tuple(lattice.rows[r].middle for r in rows), tuple(lattice.columns[c].middle for c in columns)
    lines = tuple(_line(lattice.rows[r], horizontal=True) for r in rows if lattice.rows[r].printed)
    lines += tuple(_line(lattice.columns[c], horizontal=False) for c in columns if lattice.columns[c].printed)
    return Grid(Box(column_edges[0], row_edges[0], column_edges[-1], row_edges[-1]), row_edges, column_edges, cells, lines)


def _line(ruling: Ruling, *, horizontal: bool) -> RulingLine:
    course = ruling.course
    return RulingLine(horizontal, course.middle, course.start, course.end, course.thickness)


def _cell(span: Span, lattice: Lattice, borders: Borders, used: tuple[list[int], list[int]]) -> Cell:
    rows, columns = used
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
    xs, ys = _samples(left, right), _samples(top, bottom)
    return Box(
        left=float(left.high_at(ys).max()),
        top=float(top.high_at(xs).max()),
        right=float(right.low_at(ys).min()),
        bottom=float(bottom.low_at(xs).min()),
    )


def _samples(first: Ruling, last: Ruling) -> NDArray[np.float64]:
    # Rulings drift by a pixel or two along a cell: five places tell how far.
    return np.linspace(first.middle, last.middle, 5)
