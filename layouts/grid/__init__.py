"""Ruling lines to cells: the grids of a page."""

from layouts.grid.find import GridTrace, find_grids, trace_grids
from layouts.grid.picture import draw_trace

__all__ = ["GridTrace", "draw_trace", "find_grids", "trace_grids"]
