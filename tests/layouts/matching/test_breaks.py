"""A page break anywhere in a form, in every way it is printed, changes nothing in what is read."""

import pytest

from tests.layouts.drawing import draw
from tests.layouts.matching import printed
from tests.layouts.matching.cutting import cut_between, cut_between_closed, cut_within, table_rows
from tests.layouts.matching.texts import fields, only, rows, unplaced

FORMS = {
    "self": (
        printed.SELF_EVALUATION,
        printed.SELF_COLUMNS,
        printed.SELF_FIELDS,
        {"funds": printed.SELF_FUNDS, "indicators": printed.SELF_INDICATORS},
    ),
    "target": (printed.TARGET, printed.TARGET_COLUMNS, printed.TARGET_FIELDS, {"indicators": printed.TARGET_INDICATORS}),
}


def places(first: int) -> list[tuple[str, int]]:
    """Every row of every form from ``first`` on."""
    return [(name, row) for name, (drawing, *_) in FORMS.items() for row in range(first, len(table_rows(drawing)[1]))]


def check(name: str, upper: str, lower: str) -> None:
    _, columns, expected, tables = FORMS[name]
    form = only(draw(1, upper, columns), draw(2, lower + "\n~ 2", columns, span=(130.0, 905.0)))
    assert fields(form) == expected
    assert {table: rows(form, table) for table in tables} == tables
    assert unplaced(form) == []
    assert form.pages == ((1, 2) if set(lower) - set("↑ |<^") else (1,))


@pytest.mark.parametrize("top_line", [True, False])
@pytest.mark.parametrize(("name", "row"), places(1))
def test_break_between_rows(name: str, row: int, top_line: bool) -> None:
    check(name, *cut_between(FORMS[name][0], row, top_line))


@pytest.mark.parametrize(("name", "row"), places(1))
def test_break_between_rows_closed_by_lines(name: str, row: int) -> None:
    check(name, *cut_between_closed(FORMS[name][0], row))


@pytest.mark.parametrize(("name", "row"), places(0))
def test_break_within_a_row(name: str, row: int) -> None:
    check(name, *cut_within(FORMS[name][0], row))
