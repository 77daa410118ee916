"""Rows whose columns are not those of the headings need a person, in every field."""

import pytest

from models.form import Field, FieldRow, Status
from models.geometry import Box
from models.template import ColumnSpec, TableSpec, ValueKind
from postprocess.shifted import without_shifted

NAMES = ("level1", "level2", "level3", "target", "actual", "weight")
TABLE = TableSpec("indicators", tuple(ColumnSpec(name, ValueKind.TEXT, (name,)) for name in NAMES))
WIDTHS = (7, 7, 10, 9, 7, 5)


def row(page: int, widths: tuple[int, ...] = WIDTHS, scale: float = 0.01, turned: bool = False, blank: str = "") -> FieldRow:
    fields, left = {}, 0.05
    for name, width in zip(NAMES, widths, strict=True):
        right = left + width * scale
        box = Box(0.3, left, 0.34, right) if turned else Box(left, 0.3, right, 0.34)
        text = "" if name == blank else name
        fields[name] = Field(text, text, page, box, 0.99, Status.READ)
        left = right
    return fields


def doubted(rows: list[FieldRow]) -> list[bool]:
    told = without_shifted(rows, TABLE)
    assert all(len({field.status for field in each.values()}) == 1 for each in told)
    return [each["target"].status is Status.DOUBTFUL and each["target"].misplaced for each in told]


@pytest.mark.parametrize("turned", [False, True])
def test_columns_that_were_joined_on_the_next_page_are_noticed(turned: bool) -> None:
    """The line between 二级指标 and 三级指标 was lost: each further cell was taken for that of the column before."""
    joined = (7, 17, 9, 7, 5, 14)
    assert doubted([*[row(1, turned=turned)] * 4, *[row(2, joined, turned=turned)] * 2]) == [False] * 4 + [True] * 2


def test_a_page_scanned_larger_or_askew_is_nothing_strange() -> None:
    askew = (8, 8, 11, 9, 7, 5)
    assert doubted([*[row(1)] * 4, row(2, scale=0.013), row(2, askew)]) == [False] * 6


def test_a_cell_that_began_on_the_page_before_is_not_measured() -> None:
    begun = row(1)["level1"]
    assert doubted([*[row(1)] * 4, {**row(2, scale=0.005), "level1": begun}]) == [False] * 5


def test_a_row_that_leaves_blank_what_is_usual_is_noticed() -> None:
    assert doubted([*[row(1)] * 9, row(1, blank="level3")]) == [False] * 9 + [True]
