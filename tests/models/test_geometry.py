"""Boxes and frames: there and back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.geometry import Box, Size, Straightening, bounding

PAGE = Size(400, 600)


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (0, Box(10, 20, 30, 60)),
        (1, Box(20, 570, 60, 590)),  # stored page turned 90 degrees clockwise
        (2, Box(370, 540, 390, 580)),
        (3, Box(340, 10, 380, 30)),
    ],
)
def test_quarter_turns_are_undone(turns: int, expected: Box) -> None:
    straight = PAGE if turns % 2 == 0 else Size(PAGE.height, PAGE.width)
    assert Straightening(PAGE, straight, turns).to_page(Box(10, 20, 30, 60)) == expected


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_turning_back_agrees_with_turning_an_image(turns: int) -> None:
    stored = np.zeros((PAGE.height, PAGE.width), np.uint8)
    stored[100:140, 50:120] = 255
    upright = np.rot90(stored, -turns)
    rows, columns = np.nonzero(upright)
    box = Box(float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1))
    straightening = Straightening(PAGE, Size(upright.shape[1], upright.shape[0]), turns)
    assert straightening.to_page(box) == Box(50, 100, 120, 140)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_box_of_the_page_is_found_again_in_the_straight_frame(turns: int, mirrored: bool) -> None:
    straight = PAGE if turns % 2 == 0 else Size(PAGE.height, PAGE.width)
    frame = Straightening(PAGE, straight, turns, mirrored=mirrored)
    box = Box(10, 20, 30, 60)
    assert frame.from_page(frame.to_page(box)) == box


def test_a_box_on_a_page_askew_grows_no_higher() -> None:
    cosine, sine = np.cos(np.radians(3)), np.sin(np.radians(3))
    frame = Straightening(PAGE, PAGE, matrix=np.array([[cosine, -sine, 20.0], [sine, cosine, 0.0], [0.0, 0.0, 1.0]]))
    found = frame.from_page(Box(100, 300, 300, 320))
    assert found.height == pytest.approx(20, abs=0.1)
    assert found.width == pytest.approx(200, abs=0.5)


@given(st.floats(-40, 40), st.floats(-40, 40))
def test_a_mesh_of_one_displacement_moves_every_box_by_it(dx: float, dy: float) -> None:
    mesh = np.full((3, 4, 2), (dx, dy), np.float32)
    moved = Straightening(PAGE, PAGE, mesh=mesh).to_page(Box(100, 100, 200, 300))
    assert (moved.left, moved.top) == pytest.approx((100 + dx, 100 + dy), abs=1e-3)
    assert (moved.right, moved.bottom) == pytest.approx((200 + dx, 300 + dy), abs=1e-3)


def test_a_mesh_is_bilinear_between_its_nodes() -> None:
    mesh = np.zeros((2, 2, 2), np.float32)
    mesh[:, 1, 1] = 10  # dy grows from 0 at the left edge to 10 at the right edge
    points = np.array([[0.0, 50.0], [(PAGE.width - 1) / 2, 50.0], [PAGE.width - 1.0, 50.0]])
    found = Straightening(PAGE, PAGE, mesh=mesh).points_to_page(points)
    assert found[:, 1] == pytest.approx([50, 55, 60])


def test_a_homography_divides_by_its_last_row() -> None:
    matrix = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 2]])
    assert Straightening(PAGE, PAGE, matrix=matrix).to_page(Box(20, 40, 60, 80)) == Box(10, 20, 30, 40)


def test_boxes_are_clipped_to_the_page_before_they_become_fractions() -> None:
    assert Box(-10, 300, 200, 900).fractions(PAGE) == Box(0, 0.5, 0.5, 1)


def test_covering_and_bounding() -> None:
    assert Box(0, 0, 10, 10).covered_by(Box(5, 0, 20, 20)) == 0.5
    assert Box(3, 3, 3, 9).covered_by(Box(0, 0, 10, 10)) == 0
    assert bounding([Box(0, 0, 1, 1), Box(5, 2, 6, 9)]) == Box(0, 0, 6, 9)
    with pytest.raises(ValueError, match="no boxes"):
        bounding([])


@given(
    st.integers(0, 3),
    st.booleans(),
    st.tuples(st.floats(0, 400), st.floats(0, 400)),
    st.lists(st.floats(-20, 20), min_size=24, max_size=24),
    st.floats(-0.02, 0.02),
)
def test_a_point_of_the_page_is_found_again_in_the_straight_frame(
    turns: int, mirrored: bool, place: tuple[float, float], bends: list[float], slant: float
) -> None:
    straight = PAGE if turns % 2 == 0 else Size(PAGE.height, PAGE.width)
    matrix = np.array([[1, slant, 3], [-slant, 1, -5], [slant / 1e4, 0, 1]])
    mesh = np.array(bends, np.float32).reshape(3, 4, 2)
    frame = Straightening(PAGE, straight, turns, matrix, mesh, mirrored)
    point = np.array([place], np.float64)
    assert frame.points_from_page(frame.points_to_page(point)) == pytest.approx(point, abs=0.05)
