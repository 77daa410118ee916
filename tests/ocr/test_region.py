"""Which part of a table a box means, however it was drawn."""

from hypothesis import given
from hypothesis import strategies as st

from models.geometry import Box
from ocr.region import parts_of

ROW = [Box(x, 100, x + 190, 160) for x in (0, 200, 400)]
"""Three cells side by side, ruling lines of 10 px between them."""
BELOW = [Box(x, 170, x + 190, 230) for x in (0, 200, 400)]


@given(st.floats(-12, 25), st.floats(-12, 20), st.floats(-12, 25), st.floats(-12, 20))
def test_a_box_drawn_around_a_cell_means_that_cell(left: float, top: float, right: float, bottom: float) -> None:
    cell = ROW[1]
    drawn = Box(cell.left + left, cell.top + top, cell.right - right, cell.bottom - bottom)
    (part,) = parts_of(drawn, [*ROW, *BELOW], 5)
    assert part.covered_by(cell) == 1
    assert drawn.intersection(cell).covered_by(part) == 1


def test_a_part_of_a_cell_keeps_to_it() -> None:
    assert parts_of(Box(210, 110, 260, 130), [*ROW, *BELOW], 5) == [Box(205, 105, 265, 135)]
    assert parts_of(Box(201, 101, 260, 130), [*ROW, *BELOW], 5) == [Box(200, 100, 265, 135)]


def test_a_box_over_several_cells_means_all_of_them_in_reading_order() -> None:
    assert parts_of(Box(195, 95, 600, 240), [*ROW, *BELOW], 0) == [ROW[1], ROW[2], BELOW[1], BELOW[2]]


def test_a_box_beside_the_tables_is_taken_as_it_is() -> None:
    assert parts_of(Box(0, 0, 300, 40), ROW, 5) == [Box(-5, -5, 305, 45)]
    assert parts_of(Box(0, 0, 300, 110), ROW, 0) == [Box(0, 0, 300, 110)]
    assert parts_of(Box(0, 0, 300, 40), [], 0) == [Box(0, 0, 300, 40)]
