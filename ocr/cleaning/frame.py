"""From a bend to the exact model of the straight frame, and the one resampling that makes it."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Grey, Mask, Points
from models.geometry import Box, Size, Straightening
from ocr.cleaning.bend import Bend

_NODE = 48
"""Distance of mesh nodes, px. A curl of 30 px over a page at 200 dpi departs from the bilinear mesh by 0.05 px."""

_NO_CURL = 0.25
"""A mesh that moves nothing by more than this, px, is left out."""

_TILE = 16
"""Distance of the places at which the model is evaluated for resampling, px; between them it is bilinear, 0.01 px off at most."""

_ROUNDING = 1e-3
"""Fraction of a px for which a frame is not made a px larger."""

_STRIP = 512
"""Rows resampled at a time, so that no full map is held."""

_NO_SECOND_MAP = np.zeros((0, 0), np.float32)
"""OpenCV takes a map of two planes in one array, and then an empty second one."""


def frame_around(bend: Bend, k: int, paper: Box, ink: Points) -> Box:
    """The part of the straight plane that becomes the straight frame.

    It has the size of the paper and lies over it, and grows where ink would be cut off.

    Args:
        bend: of the reduced page.
        k: full px per reduced px.
        paper: on the page, full px.
        ink: (N, 2) places of ink on the reduced page.

    Returns:
        A box around the straight origin, full px, with whole numbers as sides.
    """
    xs, ys = np.linspace(paper.left, paper.right, 9), np.linspace(paper.top, paper.bottom, 9)
    rim = np.array([(x, y) for x in xs for y in (paper.top, paper.bottom)] + [(x, y) for y in ys for x in (paper.left, paper.right)])
    corners = bend.to_straight(rim / k) * k
    outer = Box(*corners.min(axis=0), *corners.max(axis=0))
    centre_x, centre_y = outer.centre
    box = Box(centre_x - paper.width / 2, centre_y - paper.height / 2, centre_x + paper.width / 2, centre_y + paper.height / 2)
    if len(ink):
        hull = np.asarray(cv2.convexHull(ink.astype(np.float32)), np.float64).reshape(-1, 2)
        reach = bend.to_straight(hull) * k
        box = box.union(Box(*reach.min(axis=0), *reach.max(axis=0)).grown(2 * k, 2 * k))
    box = box.intersection(outer)
    width, height = (max(1.0, float(np.ceil(side - _ROUNDING))) for side in (box.width, box.height))
    return Box(box.left, box.top, box.left + width, box.top + height)


def straightening_of(bend: Bend, k: int, frame: Box, turned: Size) -> Straightening:
    """The model of ``frame`` on the page, which is taken as stored upright.

    Args:
        bend: of the reduced page.
        k: full px per reduced px.
        frame: of `frame_around`.
        turned: size of the upright page, px.
    """
    size = Size(round(frame.width), round(frame.height))
    columns, rows = max(2, -(-size.width // _NODE) + 1), max(2, -(-size.height // _NODE) + 1)
    x, y = np.meshgrid(np.linspace(0, size.width - 1, columns), np.linspace(0, size.height - 1, rows))
    nodes = np.column_stack([x.ravel(), y.ravel()])
    page = bend.to_page((nodes + np.array([frame.left, frame.top])) / k) * k
    matrix = _homography(nodes, page)
    mesh = _through(np.asarray(np.linalg.inv(matrix), np.float64), page) - nodes
    if float(np.abs(mesh).max()) <= _NO_CURL:
        return Straightening(turned, size, 0, matrix)
    return Straightening(turned, size, 0, matrix, mesh.reshape(rows, columns, 2).astype(np.float32))


def resample(grey: Grey, seal: Mask, straightening: Straightening) -> tuple[Grey, Mask]:
    """Both planes in the straight frame: ``grey`` bicubic and white where the page does not reach, ``seal`` of the nearest px."""
    size = straightening.straight
    light = np.empty((size.height, size.width), np.uint8)
    stamped = np.zeros((size.height, size.width), np.uint8)
    stamped_rows = np.flatnonzero(seal.any(axis=1))
    for top in range(0, size.height, _STRIP):
        strip = slice(top, min(top + _STRIP, size.height))
        places = _places(straightening, top, strip.stop - top)
        light[strip] = cv2.remap(grey, places, _NO_SECOND_MAP, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,))
        if len(stamped_rows) and places[..., 1].min() <= stamped_rows[-1] + 1 and places[..., 1].max() >= stamped_rows[0] - 1:
            stamped[strip] = cv2.remap(seal.view(np.uint8), places, _NO_SECOND_MAP, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT)
    return light, stamped.view(np.bool_)


def _places(straightening: Straightening, top: int, rows: int) -> NDArray[np.float32]:
    """(rows, W, 2) float32: index of the page px (its centre) for each px of ``rows`` straight rows from ``top`` on."""
    width = straightening.straight.width
    across, down = -(-width // _TILE) + 2, -(-rows // _TILE) + 2
    x, y = np.meshgrid((np.arange(across) - 0.5) * _TILE, top + (np.arange(down) - 0.5) * _TILE)
    page = straightening.points_to_page(np.column_stack([x.ravel(), y.ravel()])) - 0.5
    tiles = page.reshape(down, across, 2).astype(np.float32)
    wide = cv2.resize(tiles, (across * _TILE, down * _TILE), interpolation=cv2.INTER_LINEAR)
    return np.ascontiguousarray(wide[_TILE : _TILE + rows, _TILE : _TILE + width], np.float32)


def _homography(straight: Points, page: Points) -> NDArray[np.float64]:
    """(3, 3) float64 that takes ``straight`` to ``page`` with least squares."""
    matrix, _ = cv2.findHomography(straight.astype(np.float64), page.astype(np.float64), 0)
    return np.asarray(matrix, np.float64)


def _through(matrix: NDArray[np.float64], points: Points) -> Points:
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:], np.float64)
