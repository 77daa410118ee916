"""Cutting a text line out of a page."""

import cv2
import numpy as np

from models.arrays import Bgr, Grey
from models.geometry import Box, Size, Straightening
from ocr.lines import RULE_MARGIN

REACH = 3
"""Px around a point that bicubic interpolation looks at, and one to spare."""

_WHITE = (255, 255, 255)


def cut_line(grey: Grey, line: Box, cell: Box) -> Grey:
    """(h, w) uint8: the pixels of ``line``; what lies outside of ``cell``, such as its ruling lines, is paper.

    Args:
        grey: (H, W) uint8, the page in the straight frame.
        line: straight frame, px; may reach beyond the page.
        cell: straight frame, px.
    """
    crop = np.full((max(1, round(line.height)), max(1, round(line.width))), 255, np.uint8)
    seen = line.intersection(cell.grown(-RULE_MARGIN, -RULE_MARGIN))
    rows, columns = seen.slices(Size(grey.shape[1], grey.shape[0]))
    inner = grey[rows, columns]
    top, left = max(0, rows.start - round(line.top)), max(0, columns.start - round(line.left))
    inner = inner[: crop.shape[0] - top, : crop.shape[1] - left]
    crop[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return crop


def straight_crop(pixels: Bgr, straightening: Straightening, box: Box) -> Bgr:
    """(h, w, 3) uint8: ``box`` of the straight frame out of the page as stored, bicubic, white where that does not reach.

    Args:
        pixels: (H, W, 3) uint8 BGR, the page as stored.
        straightening: from the straight frame to that page.
        box: straight frame, px.
    """
    height, width = max(1, round(box.height)), max(1, round(box.width))
    x, y = np.meshgrid(box.left + np.arange(width) + 0.5, box.top + np.arange(height) + 0.5)
    places = straightening.points_to_page(np.column_stack([x.ravel(), y.ravel()])) - 0.5
    first = np.clip(np.floor(places.min(axis=0)).astype(int) - REACH, 0, None)
    last = np.ceil(places.max(axis=0)).astype(int) + REACH
    source = pixels[first[1] : max(first[1] + 1, last[1]), first[0] : max(first[0] + 1, last[0])]  # OpenCV maps sides below 32,767 px
    if source.size == 0:
        return np.full((height, width, 3), 255, np.uint8)
    where = np.ascontiguousarray((places - first).reshape(height, width, 2), np.float32)
    none = np.empty(0, np.float32)
    return np.asarray(cv2.remap(source, where, none, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=_WHITE), np.uint8)
