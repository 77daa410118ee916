"""A mark between characters that none of them accounts for."""

import numpy as np
import pytest

from models.arrays import Grey
from models.reading import BLANK, Lattice
from ocr.unread import STEP, passes_over

SQUARE = 40
HEIGHT = 48


def drawn(text: str) -> Grey:
    """Each character a block in a square of its own; a comma a small one at the foot of its square."""
    pixels = np.full((HEIGHT, SQUARE * len(text)), 255, np.uint8)
    for index, character in enumerate(text):
        left = SQUARE * index
        if character in "，。":
            pixels[32:42, left + 5 : left + 13] = 0
        elif character != "　":
            pixels[4:44, left + 3 : left + 37] = 0
    return pixels


def read(text: str, missed: frozenset[int] = frozenset()) -> Lattice:
    """``text`` as the recognizer says it, a time step in the middle of each square, but for the ``missed`` characters."""
    steps = round(SQUARE * len(text) / (STEP * HEIGHT))
    codes = np.full((steps, 1), BLANK, np.int32)
    for index, character in enumerate(text):
        if index not in missed:
            codes[round((index + 0.5) * SQUARE / (STEP * HEIGHT))] = ord(character)
    return Lattice(codes, np.zeros((steps, 1), np.float32))


@pytest.mark.parametrize(
    ("text", "missed", "passed"),
    [
        ("停工六天，后续倒排工期", frozenset({4}), True),
        ("停工六天，后续倒排工期", frozenset(), False),
        ("后续倒排工期。", frozenset({6}), True),
        ("后续倒排工期。", frozenset(), False),
        ("停工六天　后续倒排工期", frozenset({4}), False),
        ("后续，", frozenset({2}), False),  # too few characters to know the square by
    ],
)
def test_a_mark_that_was_passed_over(text: str, missed: frozenset[int], passed: bool) -> None:
    assert passes_over(read(text, missed), drawn(text)) is passed


def test_an_empty_line_passes_over_nothing() -> None:
    assert not passes_over(Lattice(np.zeros((0, 1), np.int32), np.zeros((0, 1), np.float32)), np.full((48, 96), 255, np.uint8))
