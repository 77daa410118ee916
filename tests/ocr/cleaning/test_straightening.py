"""Quarter turns, skew, perspective and curl: found, undone, and modelled exactly."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.page import CleanPage
from ocr.cleaning import clean
from ocr.cleaning.page import develop
from ocr.cleaning.skew import find_skew
from tests.ocr.cleaning.drawing import (
    BOTTOM,
    COLUMNS,
    HEIGHT,
    LEFT,
    RIGHT,
    ROWS,
    TOP,
    WIDTH,
    LetterReader,
    Warp,
    as_page,
    form,
    inverse,
    photograph,
    picture,
    to_straight,
    turn,
)

PHOTOGRAPHS = {
    "slightly from the side": photograph([(105, 90), (1080, 110), (1095, 1490), (90, 1505)], 0),
    "from below": photograph([(150, 110), (1050, 90), (1110, 1480), (60, 1500)], 0),
    "curled": photograph([(100, 100), (1100, 100), (1100, 1500), (100, 1500)], 14),
    "askew, from the side and curled": photograph([(140, 60), (1130, 130), (1060, 1510), (70, 1440)], -10),
}


def angle_of(page: CleanPage) -> float:
    """Degrees by which the straight x axis runs down on the page as stored."""
    middle = np.array([[page.size.width / 2, page.size.height / 2], [page.size.width / 2 + 300, page.size.height / 2]])
    (x0, y0), (x1, y1) = page.straightening.points_to_page(middle)
    return float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))


@settings(max_examples=15, deadline=None)
@given(st.floats(-5, 5))
def test_skew_is_found_within_a_tenth_of_a_degree(degrees: float) -> None:
    page = clean(as_page(picture(form(), turn(degrees))), LetterReader())
    assert angle_of(page) == pytest.approx(degrees, abs=0.1)
    assert page.straightening.turns == 0


@pytest.mark.parametrize("degrees", [-10, 10])
def test_ten_degrees_are_found_too(degrees: float) -> None:
    page = clean(as_page(picture(form(), turn(degrees))), LetterReader())
    assert angle_of(page) == pytest.approx(degrees, abs=0.1)


def test_no_skew_on_a_blank_page() -> None:
    assert find_skew(np.zeros((300, 200), np.uint8)) == 0


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
@pytest.mark.parametrize("degrees", [0.0, 2.0])
def test_quarter_turns_are_undone(quarters: int, degrees: float) -> None:
    upright = picture(form(), turn(degrees))
    page = clean(as_page(np.rot90(upright, quarters)), LetterReader())
    assert page.straightening.turns == quarters
    assert abs(page.size.width - WIDTH) < 30
    assert abs(page.size.height - HEIGHT) < 30


def test_a_page_that_reads_well_is_read_once() -> None:
    reader = LetterReader()
    clean(as_page(form()), reader)
    assert len(reader.read) == 3


def test_what_exif_asks_for_is_done_first() -> None:
    upright = picture(form(), turn(1.0))
    stored = np.rot90(upright, 1)[:, ::-1]
    page = clean(as_page(stored, turns=1, mirrored=True), LetterReader())
    plain = clean(as_page(upright), LetterReader())
    assert page.straightening.mirrored
    assert (page.grey == plain.grey).all()
    place = np.array([[300.0, 200.0]])
    ((x, y),) = page.straightening.points_to_page(place)
    ((plain_x, plain_y),) = plain.straightening.points_to_page(place)
    assert page.straightening.stored == as_page(stored).size
    assert (x, y) == pytest.approx((HEIGHT - plain_y, WIDTH - plain_x))


def test_a_straight_page_is_not_resampled() -> None:
    page = as_page(form())
    cleaned = clean(page, LetterReader())
    assert (cleaned.grey == develop(page.pixels).grey).all()
    assert (cleaned.straightening.matrix == np.eye(3)).all()
    assert cleaned.straightening.mesh.size == 0


@pytest.mark.parametrize("warp", PHOTOGRAPHS.values(), ids=PHOTOGRAPHS.keys())
def test_ruling_lines_of_a_photograph_become_straight(warp: Warp) -> None:
    page = clean(as_page(picture(form(), warp, WIDTH + 200, HEIGHT + 200, around=90)), LetterReader())
    for y in ROWS:
        line = np.column_stack([np.linspace(LEFT, RIGHT, 40), np.full(40, y)])
        assert np.ptp(to_straight(page.straightening, inverse(warp, line))[:, 1]) <= 1.5
    for x in COLUMNS:
        line = np.column_stack([np.full(40, x), np.linspace(TOP, BOTTOM, 40)])
        assert np.ptp(to_straight(page.straightening, inverse(warp, line))[:, 0]) <= 1.5


@pytest.mark.parametrize("warp", [turn(3.3), *PHOTOGRAPHS.values()])
def test_marks_are_led_back_to_where_they_were(warp: Warp) -> None:
    drawing = form()
    marks = np.array([(180, 60), (360, 205), (560, 655), (780, 1105), (820, 1300)])
    for x, y in marks:
        cv2.circle(drawing, (int(x), int(y)), 26, (255,), -1)
        cv2.circle(drawing, (int(x), int(y)), 6, (0,), -1, cv2.LINE_AA)
        cv2.circle(drawing, (int(x), int(y)), 20, (0,), 2, cv2.LINE_AA)
    page = clean(as_page(picture(drawing, warp, WIDTH + 200, HEIGHT + 200)), LetterReader())
    on_page = inverse(warp, marks + 0.5)
    for expected, guess in zip(on_page, to_straight(page.straightening, on_page), strict=True):
        found = np.array([centre_of_ink(page, guess)])
        assert np.hypot(*(page.straightening.points_to_page(found)[0] - expected)) <= 1.5


def centre_of_ink(page: CleanPage, near: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    """Centre of the ring drawn around a straight point."""
    left, top = (int(value) - 24 for value in near)
    y, x = np.indices((49, 49)) + 0.5
    ink = (255.0 - page.grey[top : top + 49, left : left + 49]) * (np.hypot(x - 24.5, y - 24.5) < 24)
    return left + float((ink * x).sum() / ink.sum()), top + float((ink * y).sum() / ink.sum())


def test_rows_of_text_serve_where_nothing_is_ruled() -> None:
    drawing = np.full((HEIGHT, WIDTH), 255, np.uint8)
    for y in range(150, 1250, 45):
        cv2.putText(drawing, "LLLLLLLLLLLLLLLLLLLLLLLLLLL", (120, y), cv2.FONT_HERSHEY_SIMPLEX, 0.75, (0,), 2, cv2.LINE_AA)
    page = clean(as_page(picture(drawing, turn(-2.4))), LetterReader())
    assert angle_of(page) == pytest.approx(-2.4, abs=0.15)


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (64, 64), (70, 2000), (400, 300)])
@pytest.mark.parametrize("value", [0, 130, 255])
def test_pages_with_nothing_on_them_pass(shape: tuple[int, int], value: int) -> None:
    page = clean(as_page(np.full(shape, value, np.uint8)), LetterReader())
    assert (page.size.height, page.size.width) == shape
