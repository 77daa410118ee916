"""Photocopies have two levels, scans have greys."""

import cv2
import numpy as np

from models.arrays import Bgr
from ocr.cleaning.contrast import is_bilevel


def page(blurred: bool) -> Bgr:
    """Characters as blocks, black on white; a scanner blurs their rims."""
    pixels = np.full((300, 300, 3), 255, np.uint8)
    for left in range(20, 270, 31):
        for top in range(20, 270, 31):
            pixels[top : top + 18, left : left + 18] = 0
    return np.asarray(cv2.GaussianBlur(pixels, (5, 5), 1), np.uint8) if blurred else pixels


def test_rims_of_strokes_tell_a_scan_from_a_copy() -> None:
    assert is_bilevel(page(blurred=False))
    assert not is_bilevel(page(blurred=True))


def test_an_empty_page_has_no_levels_to_miss() -> None:
    assert not is_bilevel(np.full((60, 60, 3), 255, np.uint8))
