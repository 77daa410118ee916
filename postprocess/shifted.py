"""Rows whose cells may stand one column too far: the line between two columns was lost, or two cells were taken for one."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from models.form import FieldRow, Status
from models.template import TableSpec

FEWEST_ROWS = 5
"""Rows from which a table shows what is usual."""

USUAL = 0.8
"""Share of the rows that fill a cell from which it is usual. All 284 indicators of the sample forms have a name, a target and, where there
is such a column, a weight. On a photograph whose line between two columns was lost two rows had no name, and their names for targets."""


def without_shifted(rows: Sequence[FieldRow], table: TableSpec) -> tuple[FieldRow, ...]:
    """``rows`` in their order, those doubtful that leave blank what is usual and fill the cell right of it."""
    columns = [column.name for column in table.columns]
    pairs = [(name, after) for name, after in pairwise(columns) if _usual(rows, name)]
    return tuple(_doubted(row) if _shifted(row, pairs) else row for row in rows)


def _usual(rows: Sequence[FieldRow], name: str) -> bool:
    filled = sum(name in row and row[name].text != "" for row in rows)
    return len(rows) >= FEWEST_ROWS and filled >= USUAL * len(rows)


def _shifted(row: FieldRow, pairs: Sequence[tuple[str, str]]) -> bool:
    return any(not row[name].text and row[after].text for name, after in pairs if name in row and after in row)


def _doubted(row: FieldRow) -> FieldRow:
    return {name: replace(field, status=Status.DOUBTFUL, misplaced=True) for name, field in row.items()}
