"""Characters are laid over their ink, not over the dirt beside it."""

from itertools import pairwise

import numpy as np
import pytest

from models.arrays import Bgr
from models.geometry import Box, Size, Straightening
from service.export.searchable.laying import LaidLine, lay
from service.export.searchable.lines import Line

PAGE = Size(400, 60)
FRAME = Straightening(PAGE, PAGE)
TOP, HEIGHT = 10, 30
WIDE, NARROW = 27, 14
"""Px of ink of a Chinese character and of a digit."""
SPECK, STREAK, REMNANT = (20, 4, 4), (0, HEIGHT, 3), (4, HEIGHT - 8, 3)
"""Dirt: its top below that of the line, its height and its width, px."""


def _laid(text: str, starts: list[int], dirt: dict[int, tuple[int, int, int]], end: int) -> LaidLine:
    """A line whose characters begin at ``starts``, with ``dirt`` at the given places, cut out up to all of it."""
    pixels: Bgr = np.full((PAGE.height, PAGE.width, 3), 255, np.uint8)
    places = []
    for character, start in zip(text, starts, strict=True):
        width = NARROW if character.isascii() else WIDE
        places.append(start + width / 2)
        if not character.isspace():
            pixels[TOP : TOP + HEIGHT, start : start + width] = 0
    for x, (down, tall, width) in dirt.items():
        pixels[TOP + down : TOP + down + tall, x : x + width] = 0
    box = Box(min([*starts, *dirt]), TOP, end, TOP + HEIGHT)
    return lay(Line(box, text, tuple(places)), pixels, FRAME)


def _edges(line: LaidLine) -> list[tuple[str, float, float]]:
    return [(each.text, each.left, each.right) for each in line.characters]


@pytest.mark.parametrize("dirt", [SPECK, STREAK, REMNANT])
def test_dirt_at_the_ends_is_no_text(dirt: tuple[int, int, int]) -> None:
    line = _laid("预算数", [40, 72, 104], {27: dirt, 142: dirt}, 145)
    assert (line.characters[0].left, line.characters[-1].right) == (40, 131)


def test_a_mark_at_the_end_is_text() -> None:
    pixels: Bgr = np.full((PAGE.height, PAGE.width, 3), 255, np.uint8)
    for start in (40, 72):
        pixels[TOP : TOP + HEIGHT, start : start + WIDE] = 0
    pixels[TOP + 24 : TOP + HEIGHT, 106:111] = 0
    line = lay(Line(Box(40, TOP, 111, TOP + HEIGHT), "预算。", (53, 85, 108)), pixels, FRAME)
    assert [character.text for character in line.characters] == ["预", "算", "。"]
    assert line.characters[-1].right == 111


def test_a_dash_that_faded_to_dots_is_text() -> None:
    pixels: Bgr = np.full((PAGE.height, PAGE.width, 3), 255, np.uint8)
    for start in range(40, 70, 7):
        pixels[TOP + 14 : TOP + 16, start : start + 2] = 0
    line = lay(Line(Box(40, TOP, 70, TOP + HEIGHT), "—", (55,)), pixels, FRAME)
    assert _edges(line) == [("—", 40, 70)]


def test_characters_meet_in_the_middle_of_a_gap_and_a_space_fills_it() -> None:
    assert _edges(_laid("预算", [40, 70], {}, 97)) == [("预", 40, 68.5), ("算", 68.5, 97)]
    assert _edges(_laid("预 9", [40, 68, 78], {}, 92)) == [("预", 40, 67), (" ", 67, 78), ("9", 78, 92)]


def test_a_wide_gap_parts_a_line() -> None:
    line = _laid("预算数", [40, 72, 160], {}, 187)
    assert [round(after.left - before.right) for before, after in pairwise(line.characters)] == [0, 61]


def test_ink_that_the_reading_cut_through_is_laid_over_whole() -> None:
    pixels: Bgr = np.full((PAGE.height, PAGE.width, 3), 255, np.uint8)
    pixels[TOP : TOP + HEIGHT, 40:67] = 0
    assert _edges(lay(Line(Box(43, TOP, 64, TOP + HEIGHT), "预", (53,)), pixels, FRAME)) == [("预", 40, 67)]


def test_without_ink_the_line_is_laid_where_it_was_read() -> None:
    pixels: Bgr = np.full((PAGE.height, PAGE.width, 3), 255, np.uint8)
    line = lay(Line(Box(40, TOP, 100, TOP + HEIGHT), "预算", (55, 85)), pixels, FRAME)
    assert (line.characters[0].left, line.characters[-1].right) == (40, 100)
