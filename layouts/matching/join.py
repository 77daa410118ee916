"""Grids of one form into one sheet, and cells cut by a page break put together again."""

import re
from collections.abc import Collection, Iterator, Sequence

from layouts.matching.columns import Scale, first_scale, fit
from layouts.matching.sheet import Part, Sheet, SheetCell, cell_of, merged, sheet_of
from models.reading import GridText

ALIGNED = 0.8
"""Share of the narrower of two cells that must lie in the same column for them to be parts of one."""

WIDTHS_ALIKE = 0.7
"""Width of the narrower over the width of the wider of two parts of one cell."""

_FIGURE = re.compile(r"[\d.,%]{1,6}")


def stack(grids: Sequence[tuple[int, GridText]]) -> Sheet:
    """The cells of ``grids`` (each with its 1-based page) one below the other; nothing is joined yet."""
    cells: list[SheetCell] = []
    breaks: list[int] = []
    row = 0
    for (page, text), scale, new_page in zip(grids, _scales(grids), _new_pages(grids), strict=True):
        if new_page and row > 0:
            breaks.append(row)
        cells.extend(_placed(page, text, row, scale))
        row += text.grid.rows
    return sheet_of(cells, row, breaks)


def join(sheet: Sheet, skipped: Collection[int]) -> Sheet:
    """``sheet`` with the parts of each cut cell as one cell; ``skipped`` are rows that only repeat headings."""
    for row in sheet.breaks:
        after = next((r for r in range(row, sheet.rows) if r not in skipped), None)
        if after is not None:
            sheet = _join_at(sheet, row - 1, after)
    return sheet


def one_column(a: SheetCell, b: SheetCell) -> bool:
    """Whether ``a`` and ``b`` lie in the same column and are about as wide."""
    return a.overlap(b.left, b.right) >= ALIGNED and min(a.width, b.width) >= WIDTHS_ALIKE * max(a.width, b.width)


def _scales(grids: Sequence[tuple[int, GridText]]) -> Iterator[Scale]:
    """One scale for each grid: that of the grid before on the same page, fitted to its columns on another."""
    before: tuple[int, GridText, Scale] | None = None
    for page, text in grids:
        edges = text.grid.column_edges
        if before is None:
            scale = first_scale(edges)
        elif before[0] == page:
            scale = before[2]
        else:
            scale, _ = fit(edges, [before[2](x) for x in before[1].grid.column_edges], before[2].factor)
        before = (page, text, scale)
        yield scale


def _new_pages(grids: Sequence[tuple[int, GridText]]) -> list[bool]:
    return [i > 0 and grids[i - 1][0] != page for i, (page, _) in enumerate(grids)]


def _placed(page: int, text: GridText, row: int, scale: Scale) -> Iterator[SheetCell]:
    edges = text.grid.column_edges
    for cell, content in zip(text.grid.cells, text.cells, strict=True):
        part = Part(page, cell.box, content.readings, content.sealed, cell.open_top, cell.open_bottom)
        left, right = scale(edges[cell.column]), scale(edges[cell.column + cell.column_span])
        yield cell_of(row + cell.row, row + cell.row + cell.row_span - 1, left, right, [part])


def _join_at(sheet: Sheet, before: int, after: int) -> Sheet:
    """Join the cells of row ``before`` with those of row ``after`` that go on in them; rows between hold repeated headings.

    Where both hold numbers of their own they are two rows, line or not, and only the groups to the left of their names go on.
    """
    pairs = [(a, b) for a in sheet.covering(before) for b in sheet.covering(after) if one_column(a, b) and _cut(a, b, after - before > 1)]
    if sum(_figures(a, b) for a, b in pairs) > 1:
        names = min(a.left for a, b in pairs if not a.blank and not b.blank)
        pairs = [(a, b) for a, b in pairs if a.left < names]
    gone = {cell for pair in pairs for cell in pair}
    joined = [merged(pair) for pair in pairs]
    return sheet_of([cell for cell in sheet.cells if cell not in gone] + joined, sheet.rows, sheet.breaks)


def _cut(a: SheetCell, b: SheetCell, headings_between: bool) -> bool:
    """Whether no line closes the cell at the break; under repeated headings the line at the top is theirs."""
    return a is not b and a.parts[-1].open_bottom and (b.parts[0].open_top or headings_between)


def _figures(a: SheetCell, b: SheetCell) -> bool:
    """Whether both parts hold a number of their own, as two rows do; a number that is cut stands in one part."""
    return _FIGURE.fullmatch(a.script.text) is not None and _FIGURE.fullmatch(b.script.text) is not None
