"""Rows whose cells may stand one column too far: the line between two columns was lost, or two cells were taken for one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from models.form import FieldRow, Status
from models.template import TableSpec

FEWEST_ROWS = 5
"""Rows from which a table shows what is usual."""

USUAL = 0.8
"""Share of the rows that fill a cell from which it is usual. All 284 indicators of the sample forms have a name, a target and, where there
is such a column, a weight. On a photograph whose line between two columns was lost two rows had no name, and their names for targets."""


OTHER_WIDTH = 1.35
"""By what factor a column may be wider or narrower on another page, measured by the row's other columns. Of 3,875 rows of samples and
generated scans, photographs among them, all but 27 stayed below 1.32; these 27, of two scans that had lost a line, were above 1.47."""

FEWEST_COLUMNS = 3
"""From which a row has a measure of its own."""


def without_shifted(rows: Sequence[FieldRow], table: TableSpec) -> tuple[FieldRow, ...]:
    """``rows`` in their order; doubtful are those that leave blank what is usual and fill the cell right of it, or have other columns."""
    columns = [column.name for column in table.columns]
    pairs = [(name, after) for name, after in pairwise(columns) if _usual(rows, name)]
    widths = _usual_widths(rows)
    return tuple(_doubted(row) if _shifted(row, pairs) or _differs(row, widths) else row for row in rows)


def _usual(rows: Sequence[FieldRow], name: str) -> bool:
    filled = sum(name in row and row[name].text != "" for row in rows)
    return len(rows) >= FEWEST_ROWS and filled >= USUAL * len(rows)


def _shifted(row: FieldRow, pairs: Sequence[tuple[str, str]]) -> bool:
    return any(not row[name].text and row[after].text for name, after in pairs if name in row and after in row)


def _usual_widths(rows: Sequence[FieldRow]) -> dict[str, float]:
    """The width of each column on the page of the first row, of which headings told the columns: the median of its rows."""
    page = _page(rows[0]) if rows else 0
    measured = [_widths(row) for row in rows if _page(row) == page]
    return {name: median(row[name] for row in measured if name in row) for name in {name for row in measured for name in row}}


def _differs(row: FieldRow, usual: Mapping[str, float]) -> bool:
    factors = [width / usual[name] for name, width in _widths(row).items() if name in usual]
    if len(factors) < FEWEST_COLUMNS:
        return False
    scale = median(factors)
    return any(not 1 / OTHER_WIDTH <= factor / scale <= OTHER_WIDTH for factor in factors)


def _page(row: FieldRow) -> int:
    """That most cells of ``row`` stand on; a cell that spans rows may have begun on the page before."""
    return Counter(field.page for field in row.values()).most_common(1)[0][0] if row else 0


def _widths(row: FieldRow) -> dict[str, float]:
    """The extent of each cell along the row, which runs along either side of the page as stored; those of another page are left out."""
    boxes = {name: field.box for name, field in row.items() if field.page == _page(row) and field.box.right > field.box.left}
    across = [box.left + box.right for box in boxes.values()]
    down = [box.top + box.bottom for box in boxes.values()]
    if not boxes or max(across) - min(across) == max(down) - min(down):
        return {}
    flat = max(across) - min(across) > max(down) - min(down)
    extents = {name: box.right - box.left if flat else box.bottom - box.top for name, box in boxes.items()}
    return {name: extent for name, extent in extents.items() if extent > 0}


def _doubted(row: FieldRow) -> FieldRow:
    return {name: replace(field, status=Status.DOUBTFUL, misplaced=True) for name, field in row.items()}
