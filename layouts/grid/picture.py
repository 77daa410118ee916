"""One picture of everything that was found: for the moment when something is wrong."""

import cv2
import numpy as np

from layouts.grid.find import GridTrace
from models.arrays import Bgr
from models.geometry import Box
from models.grid import Cell, Grid, RulingLine
from models.page import CleanPage

_HORIZONTAL = (60, 60, 220)
_VERTICAL = (220, 120, 30)
_SEGMENT = (200, 200, 120)
_CELL = (60, 170, 60)
_OPEN = (200, 0, 200)


def draw_trace(page: CleanPage, trace: GridTrace) -> Bgr:
    """Draw ``trace`` on its page, (H, W, 3) uint8 BGR.

    Segments are pale blue, horizontal ruling lines red, vertical ones blue; cells are green with row, column, row span x column span;
    open edges are magenta.
    """
    ground = cv2.cvtColor(page.grey, cv2.COLOR_GRAY2BGR)
    canvas: Bgr = np.asarray(cv2.addWeighted(ground, 0.6, np.full_like(ground, 255), 0.4, 0), np.uint8)
    for segment in trace.segments:
        _draw_line(canvas, segment, _SEGMENT, 5)
    for line in trace.lines:
        _draw_line(canvas, line, _HORIZONTAL if line.horizontal else _VERTICAL, 1)
    for grid in trace.grids:
        _draw_cells(canvas, grid)
    return canvas


def _draw_line(canvas: Bgr, line: RulingLine, colour: tuple[int, int, int], width: int) -> None:
    at, start, end = round(line.position), round(line.start), round(line.end)
    points = ((start, at), (end, at)) if line.horizontal else ((at, start), (at, end))
    cv2.line(canvas, *points, colour, width)


def _draw_cells(canvas: Bgr, grid: Grid) -> None:
    for cell in grid.cells:
        inner = cell.box.grown(-1, -1)
        corners = (round(inner.left), round(inner.top)), (round(inner.right) - 1, round(inner.bottom) - 1)
        cv2.rectangle(canvas, *corners, _CELL, 1)
        _draw_open(canvas, cell, inner)
        name = f"{cell.row},{cell.column} {cell.row_span}x{cell.column_span}"
        cv2.putText(canvas, name, (corners[0][0] + 2, corners[0][1] + 12), cv2.FONT_HERSHEY_PLAIN, 0.9, _CELL, 1, cv2.LINE_AA)


def _draw_open(canvas: Bgr, cell: Cell, box: Box) -> None:
    left, right = round(box.left), round(box.right)
    for is_open, y in ((cell.open_top, box.top), (cell.open_bottom, box.bottom)):
        if is_open:
            cv2.line(canvas, (left, round(y)), (right, round(y)), _OPEN, 3)
