"""A table as its ruling lines make it."""

from dataclasses import dataclass

from models.geometry import Box


@dataclass(frozen=True, slots=True)
class RulingLine:
    """One printed line, straight frame, px.

    Attributes:
        horizontal: else vertical.
        position: y of a horizontal line, x of a vertical one (its middle).
        start: where it begins along its direction.
        end: where it ends.
        thickness: across.
    """

    horizontal: bool
    position: float
    start: float
    end: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid.

    Attributes:
        row: 0-based first row.
        column: 0-based first column.
        row_span: rows covered, at least 1.
        column_span: columns covered, at least 1.
        box: the inside, between its ruling lines, straight frame, px.
        open_top: no ruling line closes it at the top (cut by a page break).
        open_bottom: no ruling line closes it at the bottom.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    box: Box
    open_top: bool = False
    open_bottom: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells between ruling lines; every place (row, column) belongs to exactly one cell.

    Attributes:
        box: outer bounds, straight frame, px.
        row_edges: y of the row borders, ascending, one more than there are rows.
        column_edges: x of the column borders, ascending, one more than there are columns.
        cells: in reading order (row, then column).
        lines: the ruling lines that made it.
    """

    box: Box
    row_edges: tuple[float, ...]
    column_edges: tuple[float, ...]
    cells: tuple[Cell, ...]
    lines: tuple[RulingLine, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows."""
        return len(self.row_edges) - 1

    @property
    def columns(self) -> int:
        """How many columns."""
        return len(self.column_edges) - 1
