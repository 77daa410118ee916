"""Pages drawn as text, so that a test shows what it reads.

One line is one row of a table, its cells divided by ``|``:

    # 财政项目支出绩效自评表          loose text outside of the table
    ~ 第 1 页                         loose text at the foot of the page
    项目资金⏎（元） | 年初预算数      two cells, the first of two text lines
    ^ | 1088156.00                    ^ belongs to the cell above
    年度总体目标 | <                  < belongs to the cell on the left
    环保↓ | 二级目标                  ↓ no ruling line below (cut by the page break), ↑ at the beginning: none above

囗 stands for any character that was misread, with little confidence. A line of blanks between two rows ends one table and begins another.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np

from models.content import PageContent
from models.geometry import Box, Size, Straightening
from models.grid import Cell, Grid
from models.reading import CellText, GridText, Lattice, Reading

WIDTH, HEIGHT = 1000, 1400
_LEFT, _RIGHT = 100.0, 900.0
_LINE = 20.0


def reading(text: str, left: float, top: float) -> Reading:
    """A line of ``text`` read with confidence but for 囗; its lattice is empty."""
    confidences = tuple(0.3 if char == "囗" else 0.99 for char in text)
    lattice = Lattice(np.zeros((len(text), 1), np.int32), np.zeros((len(text), 1), np.float32))
    return Reading(Box(left, top, left + 18.0 * len(text), top + 18.0), text, confidences, lattice)


def draw(number: int, drawing: str, columns: Sequence[float] = (), span: tuple[float, float] = (_LEFT, _RIGHT)) -> PageContent:
    """Page ``number`` with what ``drawing`` shows.

    Args:
        number: 1-based.
        drawing: as described above.
        columns: widths of the columns relative to one another; equal where not given.
        span: left and right edge of the tables, px of a page of 1,000 x 1,400.
    """
    grids: list[GridText] = []
    loose: list[Reading] = []
    top = 60.0
    for kind, group in groupby(drawing.strip("\n").splitlines(), key=_kind):
        lines = [line.strip() for line in group]
        if kind == "table":
            grids.append(_grid([[cell.strip() for cell in line.split("|")] for line in lines], top, columns, span))
            top = grids[-1].grid.box.bottom + _LINE
        elif kind in ("#", "~"):
            loose += [reading(line[1:].strip(), 300.0, top + i * 30 if kind == "#" else HEIGHT - 60.0) for i, line in enumerate(lines)]
            top += 30 * len(lines)
    return PageContent(number, Straightening(Size(WIDTH, HEIGHT), Size(WIDTH, HEIGHT)), tuple(grids), tuple(loose))


def _kind(line: str) -> str:
    text = line.strip()
    return "" if not text else text[0] if text[0] in "#~" else "table"


def _grid(rows: list[list[str]], top: float, columns: Sequence[float], span: tuple[float, float]) -> GridText:
    widths = np.array(columns or [1.0] * len(rows[0]))
    if any(len(row) != len(widths) for row in rows):
        raise ValueError(f"every row needs {len(widths)} cells: {[row for row in rows if len(row) != len(widths)]}")
    xs = span[0] + np.concatenate([[0.0], np.cumsum(widths / widths.sum())]) * (span[1] - span[0])
    heights = [_LINE * max(cell.count("⏎") + 2 for cell in row) for row in rows]
    ys = top + np.concatenate([[0.0], np.cumsum(heights)])
    cells = tuple(_cells(rows, xs.tolist(), ys.tolist()))
    texts = tuple(CellText(i, tuple(_readings(rows[cell.row][cell.column], cell.box))) for i, cell in enumerate(cells))
    return GridText(Grid(Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(ys.tolist()), tuple(xs.tolist()), cells), texts)


def _cells(rows: list[list[str]], xs: list[float], ys: list[float]) -> Iterator[Cell]:
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in ("<", "^"):
                continue
            across = next((i for i in range(c + 1, len(row)) if row[i] != "<"), len(row)) - c
            down = next((i for i in range(r + 1, len(rows)) if rows[i][c] != "^"), len(rows)) - r
            box = Box(xs[c] + 1, ys[r] + 1, xs[c + across] - 1, ys[r + down] - 1)
            yield Cell(r, c, down, across, box, text.startswith("↑"), text.endswith("↓"))


def _readings(text: str, box: Box) -> Iterator[Reading]:
    for i, line in enumerate(text.strip("↑↓").split("⏎")):
        if line.strip():
            yield reading(line.strip(), box.left + 4, box.top + 4 + i * _LINE)
