"""Lines of text drawn into a cell, and found again."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.arrays import Mask
from models.geometry import Box
from ocr.lines import find_lines, ink, text_height, without_rulings

CELL = Box(0, 0, 300, 200)
HEIGHT = 20.0


def blank() -> Mask:
    return np.zeros((200, 300), np.bool_)


def block(marks: Mask, left: int, top: int, right: int, bottom: int) -> None:
    marks[top:bottom, left:right] = True


@given(st.integers(1, 5), st.integers(5, 14))
def test_as_many_lines_as_were_drawn_with_any_leading(count: int, leading: int) -> None:
    marks = blank()
    for i in range(count):
        top = 10 + i * (20 + leading)
        block(marks, 30, top, 250, top + 20)
    found = find_lines(marks, marks, CELL, HEIGHT)
    assert len(found) == count
    for i, box in enumerate(found):
        top = 10 + i * (20 + leading)
        assert box.top <= top
        assert box.bottom >= top + 20
        assert i == 0 or box.top >= top - leading
        assert box.bottom <= top + 20 + leading


def test_the_gaps_inside_a_character_do_not_divide_its_line() -> None:
    marks = blank()
    for top in (50, 58, 67):  # 三
        block(marks, 100, top, 120, top + 3)
    assert len(find_lines(marks, marks, CELL, HEIGHT)) == 1


def test_a_dash_gets_a_crop_of_a_full_line() -> None:
    marks = blank()
    block(marks, 140, 100, 158, 102)
    (line,) = find_lines(marks, marks, CELL, HEIGHT)
    assert line.height >= HEIGHT
    assert (line.top + line.bottom) / 2 == pytest.approx(101, abs=1)


def test_a_speck_alone_is_no_line_but_a_point_within_a_line_stays() -> None:
    marks = blank()
    block(marks, 40, 150, 43, 153)
    block(marks, 40, 50, 100, 70)
    block(marks, 110, 66, 114, 70)
    (line,) = find_lines(marks, marks, CELL, HEIGHT)
    assert line.right >= 114


def test_a_ring_far_behind_a_line_is_its_full_stop() -> None:
    marks = blank()
    block(marks, 40, 50, 100, 70)
    block(marks, 124, 58, 129, 63)
    (speck,) = find_lines(marks, marks, CELL, HEIGHT)
    marks[60, 126] = False
    (ring,) = find_lines(marks, marks, CELL, HEIGHT)
    assert speck.right < 124
    assert ring.right >= 129


def test_a_pale_mark_belongs_to_the_line_it_stands_beside() -> None:
    marks, pale = blank(), blank()
    for mask in (marks, pale):
        block(mask, 40, 50, 100, 70)
    block(pale, 26, 56, 34, 60)
    block(pale, 108, 62, 112, 66)
    block(pale, 160, 62, 164, 66)
    block(pale, 36, 50, 38, 70)
    (line,) = find_lines(marks, pale, CELL, HEIGHT)
    assert line.left <= 26
    assert 112 <= line.right < 160


def test_pale_ink_alone_in_a_cell_is_a_line() -> None:
    pale = blank()
    block(pale, 140, 100, 158, 102)
    assert len(find_lines(blank(), pale, CELL, HEIGHT)) == 1
    assert find_lines(blank(), blank(), CELL, HEIGHT) == []


def test_dirt_on_a_ruling_is_no_line_and_a_dash_clear_of_it_is() -> None:
    marks = blank()
    block(marks, 60, 190, 80, 197)
    block(marks, 60, 3, 70, 8)
    assert find_lines(marks, marks, CELL, HEIGHT) == []
    block(marks, 140, 100, 158, 102)
    assert len(find_lines(marks, marks, CELL, HEIGHT)) == 1


def test_a_comma_may_begin_a_line_at_the_margin_of_the_others() -> None:
    marks = blank()
    block(marks, 40, 50, 200, 70)
    block(marks, 44, 96, 48, 101)
    block(marks, 66, 80, 200, 100)
    _, second = find_lines(marks, marks, CELL, HEIGHT)
    assert second.left <= 44
    marks[90:110, 40:50] = False
    block(marks, 20, 96, 24, 101)
    _, second = find_lines(marks, marks, CELL, HEIGHT)
    assert second.left > 50


def test_specks_beside_and_above_a_line_change_nothing_of_its_box() -> None:
    marks = blank()
    block(marks, 60, 80, 160, 100)
    alone = find_lines(marks, marks, CELL, HEIGHT)
    block(marks, 40, 88, 43, 91)
    block(marks, 182, 96, 186, 100)
    block(marks, 100, 72, 103, 75)
    assert find_lines(marks, marks, CELL, HEIGHT) == alone


def test_the_faint_ring_of_a_full_stop_stays_with_its_line() -> None:
    marks = blank()
    block(marks, 60, 80, 160, 100)
    block(marks, 173, 88, 178, 93)
    (line,) = find_lines(marks, marks, CELL, HEIGHT)
    assert line.right >= 178


def test_a_wide_gap_divides_a_line_into_two_readings() -> None:
    marks = blank()
    block(marks, 10, 50, 60, 70)
    block(marks, 200, 50, 260, 70)
    left, right = find_lines(marks, marks, CELL, HEIGHT)
    assert left.right < right.left


def test_an_empty_cell_has_no_lines() -> None:
    assert find_lines(blank(), blank(), CELL, HEIGHT) == []


def test_boxes_point_into_the_page_not_into_the_cell() -> None:
    marks = blank()
    block(marks, 150, 150, 200, 170)
    (line,) = find_lines(marks, marks, Box(140, 140, 290, 190), HEIGHT)
    assert line.left <= 150 < line.right - 50
    assert line.top <= 150 < line.bottom - 20


def test_text_height_is_the_usual_one_of_drawn_digits() -> None:
    page = np.zeros((200, 300), np.uint8)
    for y in (40, 90, 140):
        cv2.putText(page, "H8H8H8", (20, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255,), 2)
    assert text_height(page > 0, [CELL], 25) == pytest.approx(22, abs=3)
    assert text_height(blank(), [CELL], 25) == 25


def test_a_ruling_that_drifts_into_its_cell_is_erased_and_its_text_is_not() -> None:
    grey = np.full((200, 300), 255, np.uint8)
    grey[40:60, 60:200] = 0
    grey[100:120, 60:200] = 0
    clean = grey.copy()
    cv2.line(grey, (2, 0), (6, 199), (0,), 2)
    cv2.line(grey, (0, 196), (299, 193), (0,), 2)
    assert len(find_lines(ink(grey), ink(grey), CELL, HEIGHT)) == 1, "the ruling joins what it runs along"
    assert (without_rulings(grey, [CELL], HEIGHT)[2:-2, 2:-2] == clean[2:-2, 2:-2]).all()


def test_a_cell_without_an_inside_is_left_alone() -> None:
    grey = np.zeros((200, 300), np.uint8)
    assert (without_rulings(grey, [Box(50, 50, 53, 90), Box(500, 500, 600, 600)], HEIGHT) == grey).all()
