"""Pages drawn for the tests: a ruled form with rows of letters, and the ways in which it can get onto a picture."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Bgr, Grey, Points
from models.geometry import Box, Straightening
from models.page import PageImage
from models.reading import BLANK, Lattice, LineCrop

WIDTH, HEIGHT = 1000, 1400
LEFT, RIGHT, TOP, BOTTOM = 90, 910, 160, 1240
ROWS = tuple(range(TOP, BOTTOM + 1, 90))
COLUMNS = (90, 250, 470, 640, 910)

Warp: TypeAlias = Callable[[Points], Points]
"""Page points to the points of the drawing that they show."""


def form() -> Grey:
    """(1400, 1000) uint8: a title, a grid of 12 rows and 4 columns, a row of letters in most cells, some of two."""
    page = np.full((HEIGHT, WIDTH), 255, np.uint8)
    write(page, "LLLLLLLLLLLL", 340, 110, 1.1)
    for y in ROWS:
        cv2.line(page, (LEFT, y), (RIGHT, y), (0,), 2)
    for x in COLUMNS:
        cv2.line(page, (x, TOP), (x, BOTTOM), (0,), 2)
    for row, y in enumerate(ROWS[:-1]):
        for column, x in enumerate(COLUMNS[:-1]):
            if (row + column) % 4:
                write(page, "LLLLLL", x + 15, y + 38)
            if (row * column) % 3 == 1:
                write(page, "LLLLL", x + 15, y + 75)
    return page


def write(page: NDArray[np.uint8], text: str, x: int, y: int, size: float = 0.75) -> None:
    """Write onto ``page``, the baseline beginning at (x, y); size 0.75 gives letters 17 px high."""
    colour = (0,) * (1 if page.ndim == 2 else 3)
    cv2.putText(page, text, (x, y), cv2.FONT_HERSHEY_SIMPLEX, size, colour, 2, cv2.LINE_AA)


def turn(degrees: float, width: int = WIDTH, height: int = HEIGHT) -> Warp:
    """The drawing turned about its middle, its lines running down to the right."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    middle = np.array([width / 2, height / 2])
    return lambda page: (page - middle) @ np.array([[cos, -sin], [sin, cos]]) + middle


def photograph(corners: Sequence[tuple[float, float]], curl: float) -> Warp:
    """The drawing with its corners (from top left, clockwise) at ``corners`` of the picture, its rows bent by ``curl`` px."""
    sheet = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), sheet)

    def warp(page: Points) -> Points:
        homogeneous = np.column_stack([page, np.ones(len(page))]) @ matrix.T
        flat = homogeneous[:, :2] / homogeneous[:, 2:]
        return np.column_stack([flat[:, 0], flat[:, 1] + curl * np.sin(np.pi * flat[:, 0] / WIDTH) * (0.5 + flat[:, 1] / HEIGHT)])

    return warp


def picture(drawing: Grey, warp: Warp, width: int = WIDTH, height: int = HEIGHT, around: int = 255) -> Grey:
    """(height, width) uint8: ``drawing`` seen through ``warp``, ``around`` where it does not reach."""
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    places = (warp(np.column_stack([x.ravel(), y.ravel()])) - 0.5).astype(np.float32).reshape(height, width, 2)
    nothing = np.zeros((0, 0), np.float32)
    seen = cv2.remap(drawing, places, nothing, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(around,))
    return np.asarray(seen, np.uint8)


def as_page(pixels: NDArray[np.uint8], turns: int = 0, mirrored: bool = False) -> PageImage:
    """A page of grey or coloured pixels."""
    colour = pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2)
    return PageImage(1, np.array(colour, np.uint8, order="C"), 150.0, turns, mirrored)


def jpeg(pixels: Bgr, quality: int = 80) -> Bgr:
    """``pixels`` after JPEG with chroma at half resolution."""
    done, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    assert done
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def inverse(warp: Callable[[Points], Points], wanted: Points) -> Points:
    """Points that ``warp`` takes to ``wanted``, for warps that turn little."""
    points = wanted.copy()
    for _ in range(60):
        points = points + 0.7 * (wanted - warp(points))
    return points


def to_straight(straightening: Straightening, page: Points) -> Points:
    """Page points in the straight frame."""
    return inverse(straightening.points_to_page, page)


@dataclass
class LetterReader:
    """Reads rows of the letter L: surely where their feet are at the bottom, badly where they stand on their heads."""

    read: list[LineCrop] = field(default_factory=list)

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """One lattice for each crop."""
        self.read.extend(crops)
        return [self._lattice(crop) for crop in crops]

    def detect(self, page: int, image: Bgr) -> list[Box]:
        """Nothing here asks for it."""
        raise AssertionError(f"page {page} of {image.shape} was searched for text")

    def _lattice(self, crop: LineCrop) -> Lattice:
        ink = 255.0 - crop.pixels
        rows = np.flatnonzero(ink.sum(axis=1) > 0.05 * ink.sum(axis=1).max())
        profile = ink[rows[0] : rows[-1] + 1].sum(axis=1)
        upright = profile[len(profile) // 2 :].sum() > 1.2 * profile[: len(profile) // 2].sum()
        letters = max(1, round(crop.pixels.shape[1] / (rows[-1] - rows[0] + 1)))
        codes = np.array([[ord("L")], [BLANK]] * letters, np.int32)
        return Lattice(codes, np.full(codes.shape, np.log(0.99 if upright else 0.3), np.float32))
