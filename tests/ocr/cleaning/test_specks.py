"""Specks go where they are alone; points, commas, dashes and faded strokes stay."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.arrays import Grey
from ocr.cleaning import clean
from tests.ocr.cleaning.drawing import ROWS, LetterReader, as_page, form, write


def cleaned(page: Grey) -> Grey:
    """The grey of the clean page; the drawing is straight, so nothing moves."""
    return clean(as_page(page), LetterReader()).grey


@settings(max_examples=15, deadline=None)
@given(st.integers(710, 890), st.integers(1285, 1370), st.integers(0, 2))
def test_a_dot_alone_goes(x: int, y: int, radius: int) -> None:
    page = form()
    cv2.circle(page, (x, y), radius, (0,), -1)
    assert (cleaned(page)[1270:1390, 690:910] == 255).all()


def test_dots_in_an_empty_cell_go() -> None:
    page = form()
    x, y = 700, ROWS[1] + 50
    for dx, dy in ((0, 0), (70, -20), (150, 12)):
        cv2.circle(page, (x + dx, y + dy), 2, (0,), -1)
    assert (cleaned(page)[ROWS[1] + 12 : ROWS[2] - 8, 655:895] == 255).all()


@pytest.mark.parametrize("text", ["98.09", "1,721,494.3", "L.", "11.11", "0.5"])
def test_points_and_commas_in_numbers_stay(text: str) -> None:
    page = form()
    write(page, text, 700, 1320)
    done = cleaned(page)
    assert (done[page < 30] < 60).all()


@pytest.mark.parametrize(("width", "height"), [(12, 2), (20, 2), (3, 14)])
def test_dashes_alone_stay(width: int, height: int) -> None:
    page = form()
    cv2.rectangle(page, (760, 1310), (760 + width - 1, 1310 + height - 1), (0,), -1)
    assert (cleaned(page)[1310 : 1310 + height, 760 : 760 + width] < 60).all()


def test_fragments_of_a_faded_letter_stay() -> None:
    page = form()
    letter = np.full((30, 30), 255, np.uint8)
    write(letter, "E", 5, 24)
    letter[::4] = 255
    letter[:, ::5] = 255
    page[1300:1330, 760:790] = letter
    done = cleaned(page)
    assert (done[1300:1330, 760:790][letter < 30] < 60).mean() > 0.9
