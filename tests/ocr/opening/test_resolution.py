"""Resolutions are chosen from what poppler tells, whatever it tells."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.geometry import Size
from models.limits import Limits
from ocr.opening.estimate import believed_dpi
from ocr.opening.poppler import PageBox, Picture, Words
from ocr.opening.resolution import page_dpi, scan_resolution, within_pixels

_SIDES = st.integers(100, 12_000)
_POINTS = st.floats(1, 20_000)


def _scan(width: int, height: int, across: float, down: float, mask: bool = False) -> Picture:
    return Picture(mask, False, width, height, float(round(across)), float(round(down)))


@settings(deadline=None)
@given(_SIDES, _SIDES, st.floats(60, 1200), st.floats(0.95, 1.05))
def test_a_scan_that_fills_its_page_is_drawn_onto_just_its_pixels(width: int, height: int, dpi: float, squeeze: float) -> None:
    """Splash draws from floor(start) to floor(end) + 1."""
    down = dpi * squeeze
    page = PageBox(float(f"{width * 72 / dpi:g}"), float(f"{height * 72 / down:g}"))
    resolution = scan_resolution(page, (_scan(width, height, dpi, down), _scan(9, 9, 3, 3, mask=True)))
    assert resolution is not None
    for pixels, points, chosen in ((width, page.width, resolution.across), (height, page.height, resolution.down)):
        drawn = math.floor(points * chosen / 72) + 1
        rounded_to_whole_points = abs(points - round(points)) < 0.005
        assert drawn == pixels or (rounded_to_whole_points and pixels - pixels * 0.012 - 1 <= drawn <= pixels)


@settings(deadline=None)
@given(st.lists(st.tuples(_SIDES, _SIDES, st.floats(0, 2000), st.floats(0, 2000), st.booleans()), max_size=4), _POINTS, _POINTS)
def test_any_pictures_give_a_usable_resolution(pictures: list[tuple[int, int, float, float, bool]], width: float, height: float) -> None:
    page, drawn = PageBox(width, height), tuple(_scan(*picture) for picture in pictures)
    resolution = scan_resolution(page, drawn)
    assert resolution is None or min(resolution.across, resolution.down) > 0
    assert 150 <= page_dpi(page, drawn, Words((), ())) <= 400


@settings(deadline=None)
@given(_POINTS, _POINTS, st.floats(150, 400), st.integers(1, 200))
def test_the_pixel_limit_holds_for_every_page(width: float, height: float, dpi: float, megapixels: int) -> None:
    within = within_pixels(PageBox(width, height), dpi, Limits(megapixels=megapixels))
    assert within == 0 or 72 <= within <= dpi
    assert width * height * (int(within) / 72) ** 2 <= megapixels * 1_000_000


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 2000), st.integers(0, 50)), max_size=30))
def test_any_words_give_a_usable_dpi(words: list[tuple[float, int]]) -> None:
    told = Words(tuple(size for size, _ in words), tuple(length for _, length in words))
    assert 150 <= page_dpi(PageBox(595, 842), (), told) <= 400


def test_the_median_character_decides_and_not_the_title() -> None:
    words = Words((40.0, *[12.0] * 20), (10, *[4] * 20))
    assert page_dpi(PageBox(595, 842), (), words) == pytest.approx(36 * 72 / 12)


@settings(deadline=None)
@given(st.floats(), _SIDES, _SIDES)
def test_believed_dpi_is_always_that_of_a_sheet_of_paper(said: float, width: int, height: int) -> None:
    dpi = believed_dpi(said, Size(width, height))
    assert 4 <= max(width, height) / dpi <= 24
