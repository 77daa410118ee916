"""The seal is lifted, what it covers stays."""

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.arrays import Bgr
from ocr.cleaning.page import Developed, develop
from tests.ocr.cleaning.drawing import form, jpeg, write

RED, BLUE, PURPLE, ORANGE = (45, 48, 205), (190, 70, 50), (150, 40, 150), (40, 120, 230)
CREAM = np.array([225, 238, 243])
PLACE, RADIUS = (560, 700), 130
DIGITS = ("98.09", "1,721,494", "2020.00", "99.01", "857.36")


def printed() -> NDArray[np.uint8]:
    """(1400, 1000): a form with digits where the seal is going to be."""
    page = form()
    cv2.rectangle(page, (430, 570), (690, 830), (255,), -1)
    for row, digits in enumerate(DIGITS):
        write(page, digits, 450 + 20 * row, 600 + 50 * row)
    return page


def coverage() -> NDArray[np.float64]:
    """(1400, 1000) 0-1: a ring, a star (here a disc) and radial strokes."""
    ink = np.zeros((1400 * 2, 1000 * 2), np.uint8)
    x, y = PLACE[0] * 2, PLACE[1] * 2
    cv2.circle(ink, (x, y), RADIUS * 2, (255,), 14)
    cv2.circle(ink, (x, y), 70, (255,), -1)
    for angle in np.arange(0, 6.2, 0.35):
        inner, outer = ((int(x + r * np.cos(angle)), int(y + r * np.sin(angle))) for r in (150, 215))
        cv2.line(ink, inner, outer, (255,), 6)
    return np.asarray(cv2.resize(ink, (1000, 1400), interpolation=cv2.INTER_AREA), np.float64) / 255


def stamped(colour: tuple[int, int, int], opacity: float = 0.0) -> Bgr:
    """The form on cream paper, stamped: the ink multiplies what is below, and hides it by ``opacity``; stored as JPEG."""
    below = printed()[..., None] / 255 * CREAM
    ink = coverage()[..., None] * 0.95
    through = below * (1 - ink * (1 - np.array(colour) / 255))
    over = below * (1 - ink) + ink * np.array(colour)
    return jpeg(np.rint((1 - opacity) * through + opacity * over).astype(np.uint8))


def strokes() -> NDArray[np.bool_]:
    """Where digits are black and covered by seal ink."""
    black = printed()[570:830, 430:690] < 40
    whole = np.zeros((1400, 1000), np.bool_)
    whole[570:830, 430:690] = black
    return whole & (coverage() > 0.8)


def bare_seal() -> NDArray[np.bool_]:
    """Where seal ink lies on paper, 3 px away from black."""
    black = cv2.dilate((printed() < 200).astype(np.uint8), np.ones((7, 7))) > 0
    return (coverage() > 0.5) & ~black


@pytest.mark.parametrize("colour", [RED, BLUE, PURPLE, ORANGE])
def test_translucent_ink_goes_and_strokes_below_stay(colour: tuple[int, int, int]) -> None:
    done = develop(stamped(colour))
    assert np.median(done.grey[strokes()]) < 60
    assert (done.grey[strokes()] < 140).mean() > 0.9
    assert (done.grey[bare_seal()] > 215).mean() > 0.96


def test_strokes_below_opaque_paste_stay_readable() -> None:
    done = develop(stamped(RED, opacity=0.75))
    assert np.median(done.grey[strokes()]) < 130
    assert (done.grey[bare_seal()] > 215).mean() > 0.93


def test_the_mask_says_where_ink_lay() -> None:
    seal = develop(stamped(RED)).seal
    assert seal[coverage() > 0.8].mean() > 0.95
    near = cv2.dilate((coverage() > 0).astype(np.uint8), np.ones((9, 9))) > 0
    assert not seal[~near].any()


def test_away_from_the_seal_nothing_changes() -> None:
    with_seal, without = develop(stamped(RED)), develop(jpeg(np.rint(printed()[..., None] / 255 * CREAM).astype(np.uint8)))
    away = cv2.dilate((coverage() > 0).astype(np.uint8), np.ones((41, 41))) == 0
    difference = np.abs(with_seal.grey.astype(int) - without.grey)[away]
    assert (difference <= 12).mean() > 0.999


def test_writing_in_blue_is_no_seal() -> None:
    page = np.rint(printed()[..., None] / 255 * CREAM).astype(np.uint8)
    for row in range(3):
        cv2.putText(page, "20,875.50", (120, 1290 + 35 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, BLUE, 2, cv2.LINE_AA)
    done = develop(jpeg(page))
    written = page[1260:1380, 110:330].min(axis=2) < 80
    assert not done.seal.any()
    assert (done.grey[1260:1380, 110:330][written] < 150).mean() > 0.9


def test_a_grey_scan_has_no_seal() -> None:
    grey = cv2.cvtColor(stamped(RED), cv2.COLOR_BGR2GRAY)
    done = develop(np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2))
    assert isinstance(done, Developed)
    assert not done.seal.any()
    assert np.median(done.grey[strokes()]) < 90
