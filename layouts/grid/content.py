"""Lost column borders, told by what stands beside them.

A hole as long as a row is high takes a column border away without a trace. Two cells then look like one that spans both; but text that
stands on both sides and keeps clear of the border was written into two cells.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layouts.grid.borders import Borders
from layouts.grid.chains import BREAK_MM
from layouts.grid.lattice import Lattice, Ruling
from layouts.grid.scale import Scale
from layouts.grid.strokes import Plane, turned

_CLEAR_MM = 1.2
"""Text keeps this far from a border on both sides together with the line; the gap between two characters of one line is 0.3 to 0.8 mm."""
_TEXT_MM = 0.8
"""Less ink than a square of this side is dirt: a single printed 1 of 9 pt has more."""


def with_lost_columns(borders: Borders, lattice: Lattice, horizontal: Plane, vertical: Plane) -> Borders:
    """``borders`` with the lost column borders: the line goes on above and below the row, and text stands on both sides, clear of it."""
    ink = horizontal.ink | turned(vertical.ink)
    columns = borders.columns.copy()
    for row, edge in _candidates(borders, lattice, horizontal):
        windows = _inside(lattice, row, edge - 1), _inside(lattice, row, edge)
        if _apart(ink, windows, lattice.columns[edge], horizontal.scale):
            columns[row, edge] = True
    return Borders(borders.rows, columns, borders.row_share, borders.column_share)


def _candidates(borders: Borders, lattice: Lattice, plane: Plane) -> list[tuple[int, int]]:
    ruled = borders.columns
    open_between = ~ruled[1:-1, 1:-1] & ruled[:-2, 1:-1] & ruled[2:, 1:-1]
    closed = borders.rows[1:-2] & borders.rows[2:-1]
    low = [b.middle - a.middle <= plane.scale.px(BREAK_MM) for a, b in pairwise(lattice.rows)]
    found = open_between & closed[:, :-1] & closed[:, 1:] & np.array(low[1:-1], np.bool_)[:, None]
    return [(int(r) + 1, int(c) + 1) for r, c in np.argwhere(found)]


Window = tuple[int, int, int, int]
"""Top, bottom, left, right, px."""


def _inside(lattice: Lattice, row: int, column: int) -> Window:
    top, bottom, left, right = lattice.rows[row], lattice.rows[row + 1], lattice.columns[column], lattice.columns[column + 1]
    x, y = (left.middle + right.middle) / 2, (top.middle + bottom.middle) / 2
    return int(top.high_at(x)) + 2, int(bottom.low_at(x)) - 2, int(left.high_at(y)) + 2, int(right.low_at(y)) - 2


def _apart(ink: NDArray[np.uint8], windows: tuple[Window, Window], edge: Ruling, scale: Scale) -> bool:
    (left, right), clear, least = windows, scale.px(_CLEAR_MM), scale.px(_TEXT_MM) ** 2
    middle = int(edge.middle)
    band = ink[left[0] : left[1], middle - clear : middle + clear]
    beside = ink[left[0] : left[1], left[2] : middle - clear], ink[right[0] : right[1], middle + clear : right[3]]
    return not band.any() and all(np.count_nonzero(part) >= least for part in beside)
