"""A slash that was read as 1 is a slash, a 1 stays a 1."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from models.arrays import Grey
from models.reading import Lattice
from ocr.ctc import best_path
from ocr.slash import tell_slash


def drawn(text: str, size: int) -> Grey:
    """``text`` black on white."""
    image = Image.new("L", (3 * size, 2 * size), 255)
    ImageDraw.Draw(image).text((size, size // 2), text, font=ImageFont.load_default(size), fill=0)
    return np.asarray(image, np.uint8).copy()


def one(*before: str) -> Lattice:
    """A lattice that reads a 1 which may be a slash, behind ``before``."""
    steps = [[ord(character), ord("x")] for character in before] + [[ord("1"), ord("/")]]
    return Lattice(np.array(steps, np.int32), np.log(np.tile(np.array([0.7, 0.2], np.float32), (len(steps), 1))))


@pytest.mark.parametrize("size", [20, 30, 48])
def test_the_slant_of_a_lone_stroke_decides(size: int) -> None:
    assert best_path(tell_slash(one(), drawn("/", size), 150))[0] == "/"
    assert best_path(tell_slash(one(), drawn("1", size), 150))[0] == "1"


def test_a_one_among_others_is_left_alone() -> None:
    assert best_path(tell_slash(one("3"), drawn("/", 30), 150))[0] == "31"


def test_no_ink_tells_nothing() -> None:
    assert best_path(tell_slash(one(), np.full((30, 30), 255, np.uint8), 150))[0] == "1"
