"""Paper becomes white and ink black; surroundings, streaks and the reverse side go; no stroke is lost."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.arrays import Grey
from ocr.cleaning import clean
from ocr.cleaning.page import develop
from ocr.cleaning.tone import divide_tone, paper_tone, reduced
from tests.ocr.cleaning.drawing import HEIGHT, WIDTH, LetterReader, as_page, form, photograph, picture, write


def developed(grey: NDArray[np.floating] | Grey) -> Grey:
    """What `develop` makes of a grey picture."""
    return develop(as_page(np.clip(np.rint(grey), 0, 255).astype(np.uint8)).pixels).grey


def noise(deviation: float) -> NDArray[np.float64]:
    """The same noise each time, (1400, 1000)."""
    return np.random.default_rng(1).normal(0, deviation, (HEIGHT, WIDTH))


INK = form() < 30
PAPER = cv2.erode(form(), np.ones((9, 9))) == 255


def test_uneven_light_and_a_fold_become_white() -> None:
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    light = (1 - 0.4 * x / WIDTH) * (1 - 0.2 * y / HEIGHT) * (1 - 0.25 * np.exp(-(((y - 760) / 30) ** 2)))
    done = developed(0.9 * form() * light + noise(2))
    assert (done[PAPER] >= 250).mean() > 0.999
    assert (done[INK] < 60).mean() > 0.99


def test_anti_aliased_rims_are_kept_grey() -> None:
    drawing = np.asarray(cv2.GaussianBlur(form(), (0, 0), 0.8), np.uint8)
    rim = (drawing > 90) & (drawing < 170)
    assert len(np.unique(developed(drawing)[rim])) > 40


def test_pale_print_becomes_black() -> None:
    done = developed(255 - 0.35 * (255 - form().astype(np.float64)) + noise(1.5))
    assert (done[INK] < 100).mean() > 0.97


def test_the_reverse_side_goes_and_hairlines_stay() -> None:
    front = form()
    cv2.line(front, (300, 1300), (330, 1300), (150,), 1)
    back = cv2.GaussianBlur(np.roll(form()[:, ::-1], 40, axis=0), (0, 0), 1.2).astype(np.float64)
    done = developed(front * (1 - 0.15 * (1 - back / 255)) * 0.97 + noise(2.5))
    assert (done[:1280][PAPER[:1280]] >= 250).mean() > 0.999
    assert (done[1300, 300:331] < 180).all()


@pytest.mark.parametrize("turned", [False, True])
def test_streaks_go_and_ruling_lines_stay(turned: bool) -> None:
    page = form() * 0.98 + noise(2)
    streaks = [203, 401, 402, 777]
    page[:, streaks] *= 0.65
    done = developed(page.T if turned else page)
    done = done.T if turned else done
    bare = PAPER[:, streaks]
    assert (done[:, streaks][bare] >= 250).mean() > 0.99
    assert (done[INK] < 60).mean() > 0.99


def test_dark_edges_and_punch_holes_become_white() -> None:
    page = form()
    page[:, :14] = 0
    page[-9:] = 0
    page[3, 300:340] = 0
    for y in (420, 980):
        cv2.circle(page, (45, y), 17, (0,), -1)
    done = developed(page)
    assert (done[:, :80] == 255).mean() > 0.999
    assert (done[-30:] == 255).all()
    assert (done[INK] < 60).mean() > 0.99


def test_a_line_of_text_at_the_rim_is_no_dark_edge() -> None:
    page = form()
    write(page, "LLL LLL LLL", 300, 22)
    done = developed(page)
    assert (done[:30][page[:30] < 30] < 60).all()


def test_the_desk_becomes_white_and_is_cut_off() -> None:
    warp = photograph([(100, 90), (1110, 100), (1100, 1500), (95, 1510)], 0)
    desk = np.random.default_rng(2).normal(70, 6, (1600, 1200))
    seen = picture(form(), warp, 1200, 1600, around=0).astype(np.float64)
    paper = picture(np.full((HEIGHT, WIDTH), 255, np.uint8), warp, 1200, 1600, around=0) > 128
    page = clean(as_page(np.where(paper, seen * 0.85, desk).clip(0, 255).astype(np.uint8)), LetterReader())
    assert abs(page.size.width - 1010) < 40
    assert abs(page.size.height - 1405) < 40
    assert (page.grey[:40] == 255).all()
    assert (page.grey[:, :40] == 255).all()
    assert (page.grey[:, -40:] == 255).all()


def test_dividing_by_the_tone_makes_paper_white_everywhere() -> None:
    x = np.linspace(120, 250, WIDTH)
    page = np.repeat(np.tile(x, (HEIGHT, 1))[..., None], 3, axis=2).astype(np.uint8)
    small, k = reduced(page, 600)
    even = divide_tone(page, paper_tone(small, np.zeros(small.shape[:2], np.bool_)), k)
    assert even.min() >= 250
