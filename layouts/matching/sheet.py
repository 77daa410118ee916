"""The cells of one form over all its pages, in rows that go on and columns as shares of the table's width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from layouts.matching.script import Line, Script, script_of
from models.geometry import Box, bounding
from models.matched import Piece, Slot
from models.reading import Reading

TOUCHING = 0.01
"""Of the table's width: edges nearer than this are the same. On 1,300 px wide straightened samples rulings moved by less than 5 px."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is printed of one cell on one page (1-based); ``box`` in its straight frame, px."""

    page: int
    box: Box
    readings: tuple[Reading, ...]
    sealed: bool = False
    open_top: bool = False
    open_bottom: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SheetCell:
    """One cell of a form, in several parts where page breaks cut it; two cells are the same only if they are one object.

    Attributes:
        top: first row of the sheet, 0-based; negative for text outside of the grids.
        bottom: last row.
        left: share of the table's width, 0-1 (a little beyond where pages differ).
        right: the same.
        parts: from the first page to the last.
        script: what is written in it.
    """

    top: int
    bottom: int
    left: float
    right: float
    parts: tuple[Part, ...]
    script: Script

    @property
    def width(self) -> float:
        """Share of the table's width."""
        return self.right - self.left

    @property
    def blank(self) -> bool:
        """Whether nothing is written in it."""
        return not self.script.text

    def overlap(self, left: float, right: float) -> float:
        """How much of the narrower of this cell and the interval ``left`` to ``right`` they have in common, 0-1."""
        common = min(self.right, right) - max(self.left, left)
        return max(0.0, common) / max(1e-9, min(self.width, right - left))

    def slot(self) -> Slot:
        """All that is written in the cell."""
        return self.slot_of(self.script.whole())

    def slot_of(self, pieces: tuple[Piece, ...]) -> Slot:
        """``pieces`` of this cell with the part of it where they begin (the first where there are none)."""
        page = pieces[0].page if pieces else self.parts[0].page
        box = bounding([part.box for part in self.parts if part.page == page])
        return Slot(page, box, pieces, any(part.sealed for part in self.parts))


def cell_of(top: int, bottom: int, left: float, right: float, parts: Sequence[Part]) -> SheetCell:
    """A cell with the script of its ``parts``."""
    script = script_of(Line(part.page, reading) for part in parts for reading in part.readings)
    return SheetCell(top, bottom, left, right, tuple(parts), script)


def merged(cells: Sequence[SheetCell]) -> SheetCell:
    """One cell of several, in reading order; the cell itself where it is alone."""
    if len(cells) == 1:
        return cells[0]
    tops, bottoms = [cell.top for cell in cells], [cell.bottom for cell in cells]
    lefts, rights = [cell.left for cell in cells], [cell.right for cell in cells]
    return cell_of(min(tops), max(bottoms), min(lefts), max(rights), [part for cell in cells for part in cell.parts])


def loose_cell(page: int, readings: Sequence[Reading], sealed: bool = False) -> SheetCell:
    """Text outside of the grids as a cell of its own, in no row."""
    return cell_of(-1, -1, 0.0, 1.0, [Part(page, bounding([reading.box for reading in readings]), tuple(readings), sealed)])


@dataclass(frozen=True, slots=True)
class Sheet:
    """All cells of a form.

    Attributes:
        cells: top to bottom, left to right.
        rows: how many there are.
        breaks: the first row behind each page break, ascending.
    """

    cells: tuple[SheetCell, ...]
    rows: int
    breaks: tuple[int, ...] = ()
    _covering: tuple[tuple[SheetCell, ...], ...] = field(default=(), compare=False, repr=False)

    def covering(self, row: int) -> tuple[SheetCell, ...]:
        """The cells that lie in ``row``, left to right."""
        return self._covering[row] if 0 <= row < self.rows else ()

    def right_of(self, cell: SheetCell) -> tuple[SheetCell, ...]:
        """The cell that begins where ``cell`` ends; several where stray lines have cut it, top to bottom, left to right."""
        rows = [other for row in range(cell.top, cell.bottom + 1) for other in self.covering(row)]
        beside = [other for other in rows if abs(other.left - cell.right) <= TOUCHING]
        end = max((other.right for other in beside), default=cell.right)
        return tuple(dict.fromkeys(other for other in rows if cell.right - TOUCHING <= other.left and other.right <= end + TOUCHING))

    def below(self, cell: SheetCell) -> tuple[SheetCell, ...]:
        """The cell that begins right beneath ``cell``; several where stray lines have cut it, left to right."""
        under = [other for other in self.covering(cell.bottom + 1) if other.top == cell.bottom + 1]
        within = [other for other in under if other.left >= cell.left - TOUCHING and other.right <= cell.right + TOUCHING]
        widest = max(under, key=lambda other: (other.overlap(cell.left, cell.right), -other.left), default=None)
        return tuple(within) or ((widest,) if widest is not None else ())

    def crossing(self, row: int, left: float, right: float) -> SheetCell | None:
        """The cell in ``row`` that lies in the column ``left`` to ``right``."""
        found = max(self.covering(row), key=lambda other: other.overlap(left, right), default=None)
        return found if found is not None and found.overlap(left, right) > 0.5 else None


def sheet_of(cells: Iterable[SheetCell], rows: int, breaks: Sequence[int]) -> Sheet:
    """A sheet of ``cells`` in any order."""
    ordered = tuple(sorted(cells, key=lambda cell: (cell.top, cell.left)))
    covering: list[list[SheetCell]] = [[] for _ in range(rows)]
    for cell in sorted(ordered, key=lambda cell: cell.left):
        for row in range(cell.top, cell.bottom + 1):
            covering[row].append(cell)
    return Sheet(ordered, rows, tuple(breaks), tuple(tuple(found) for found in covering))
