"""What counts as the ink of a word."""

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.searchable import ink_of, marks_of
from models.geometry import Box

WORD = Box(40, 10, 100, 40)
NONE = np.zeros((0, 4))


def _page(*marks: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """A page with ink at ``marks`` (left, top, right, bottom)."""
    dark = np.zeros((60, 200), np.uint8)
    for left, top, right, bottom in marks:
        dark[top:bottom, left:right] = 255
    return dark


CHARACTERS = ((40, 11, 66, 39), (70, 11, 96, 39))


@pytest.mark.parametrize(
    ("others", "marks", "right"),
    [
        pytest.param(NONE, (), 96, id="characters"),
        pytest.param(NONE, ((96 + 10, 30, 96 + 13, 33),), 96, id="a speck is no ink"),
        pytest.param(NONE, ((98, 30, 100, 33),), 100, id="but as the dot of a character"),
        pytest.param(NONE, tuple((x, 24, x + 2, 26) for x in range(97, 112, 4)), 111, id="dots in a row are a stroke"),
        pytest.param(NONE, ((98, 11, 105, 39),), 105, id="ink that stands out counts"),
        pytest.param(np.array([(101.0, 10.0, 160.0, 40.0)]), ((99, 11, 112, 39),), 96, id="unless it lies in the next word"),
    ],
)
def test_the_ink_of_a_word(others: NDArray[np.float64], marks: tuple[tuple[int, int, int, int], ...], right: int) -> None:
    found = ink_of(WORD, marks_of(_page(*CHARACTERS, *marks)), others)
    assert found is not None
    assert (found.left, found.top, found.bottom) == (40, 11, 39)
    assert found.right == right


def test_a_word_on_bare_paper_has_no_ink() -> None:
    assert ink_of(WORD, marks_of(_page()), NONE) is None
