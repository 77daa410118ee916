"""Strokes of characters and pieces of lines, by what stands beside them."""

import numpy as np
import pytest

from layouts.grid.chains import chains_of
from layouts.grid.flanks import flanked_share, is_text
from layouts.grid.scale import Scale
from layouts.grid.strokes import planes_of, strokes_of
from models.arrays import Grey
from tests.layouts.grid.drawing import FONTS, Line, Print, draw, page_of


def shares(grey: Grey) -> list[float]:
    """Of each row of at least three horizontal strokes on the page."""
    plane, _ = planes_of(grey, Scale.of(page_of(grey).size))
    return [flanked_share(chain, plane) for chain in chains_of(strokes_of(plane), plane.scale) if len(chain) >= 3]


def dashed(*, twice: bool) -> Grey:
    """A broken line at 300 dpi, 3 px thick; printed twice, the copy is 4 px apart."""
    grey = np.full((3508, 2480), 250, np.uint8)
    for left in range(300, 2000, 130):
        grey[1000:1003, left : left + 70] = 40
        if twice:
            grey[1007:1010, left : left + 70] = 40
    return grey


@pytest.mark.parametrize("twice", [False, True])
def test_pieces_of_a_broken_line_have_paper_beside_them(twice: bool) -> None:
    assert max(shares(dashed(twice=twice))) < 0.1


def test_strokes_of_characters_are_met_by_others() -> None:
    page = draw([], np.random.default_rng(0), Print(300), [Line(200, 400, "直直直直直直直直重重重重清清清清", FONTS[1], 12)])
    found = shares(page)
    assert found
    assert min(found) > 0.25


def test_lines_that_cross_do_not_make_a_line_text() -> None:
    grey = dashed(twice=False)
    for x in range(350, 2000, 260):
        grey[800:1200, x : x + 3] = 40
    plane, _ = planes_of(grey, Scale.of(page_of(grey).size))
    assert not any(is_text(chain, plane) for chain in chains_of(strokes_of(plane), plane.scale))
