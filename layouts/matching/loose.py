"""Text outside of the grids: brought into lines as the eye sees them, without page numbers."""

import re
from collections.abc import Sequence

from layouts.matching.scraps import scattered
from layouts.matching.script import compact
from layouts.matching.sheet import SheetCell, loose_cell
from models.content import PageContent
from models.reading import Reading

SAME_LINE = 0.5
"""Share of the lower of two readings' heights that must overlap for them to stand in one line."""

MARGIN = 0.12
"""Share of the page's height at top and bottom where page numbers stand. Printed margins are 0.05 to 0.1."""

_N = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,5})"
_RULE = r"[-—–―一~·.|_]*"  # a dash is often read as the numeral one
_PAGE_NUMBER = re.compile(
    rf"第?{_N}页(?:[/,;、]?[共总]?{_N}页)?|[共总]{_N}页(?:[/,;、]?第{_N}页)?|{_N}/{_N}|{_RULE}\d{{1,3}}{_RULE}|[pP](?:age|\.)?\d+(?:of\d+)?"
)


def loose_lines(page: PageContent) -> tuple[SheetCell, ...]:
    """The lines of ``page`` outside of its grids, top to bottom, each a cell of its own; page numbers are left out."""
    rows: list[list[Reading]] = []
    for reading in sorted((r for r in scattered(page) if r.text.strip()), key=lambda r: (r.box.top, r.box.left)):
        if rows and _beside(rows[-1][0], reading):
            rows[-1].append(reading)
        else:
            rows.append([reading])
    kept = [row for row in rows if not _numbers_page(row, page.straightening.straight.height)]
    return tuple(loose_cell(page.number, sorted(row, key=lambda r: r.box.left)) for row in kept)


def _beside(a: Reading, b: Reading) -> bool:
    common = min(a.box.bottom, b.box.bottom) - max(a.box.top, b.box.top)
    return common >= SAME_LINE * min(a.box.height, b.box.height)


def _numbers_page(row: Sequence[Reading], height: float) -> bool:
    text = compact("".join(reading.text for reading in row))
    in_margin = all(reading.box.bottom < MARGIN * height or reading.box.top > (1 - MARGIN) * height for reading in row)
    return in_margin and _PAGE_NUMBER.fullmatch(text) is not None
