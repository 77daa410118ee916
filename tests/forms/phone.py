"""The geometry of a photograph: a curled sheet on a desk, seen at an angle."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Bgr
from tests.forms.paper import clouds, grain, lit

_DESKS = ((38, 52, 66), (70, 78, 84), (48, 44, 40), (96, 118, 138), (120, 120, 116))  # BGR of wood, slate and laminate
_COARSE = 16  # the maps are smooth, so they are computed at every 16th pixel and enlarged


def photograph(rng: np.random.Generator, page: Bgr, scale: float) -> Bgr:
    """``page`` as a camera sees it, on a larger picture: margins of desk, perspective, a turn up to 3°, gentle curl, a shadow."""
    height, width = page.shape[:2]
    size = (int(width * rng.uniform(1.08, 1.16)), int(height * rng.uniform(1.06, 1.12)))
    x, y = _maps(rng, (width, height), size)
    seen = cv2.remap(page, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255))
    there = cv2.remap(np.full((height, width), 255, np.uint8), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0,))
    desk = _desk(rng, size, there, scale)
    alpha = cv2.merge([there] * 3).astype(np.float32) / 255
    return np.asarray(seen * alpha + desk * (1 - alpha), np.uint8)


def _desk(rng: np.random.Generator, size: tuple[int, int], there: NDArray[np.generic], scale: float) -> NDArray[np.uint8]:
    shape = (size[1], size[0])
    desk = np.full((*shape, 3), _DESKS[int(rng.integers(len(_DESKS)))], np.uint8)
    shadow = 1 - cv2.GaussianBlur(np.asarray(there, np.float32) / 255, (0, 0), 14 * scale) * np.float32(rng.uniform(0.1, 0.5))
    wood = clouds(rng, (shape[0], 1), 6, 0.9, 1.1) if rng.random() < 0.5 else clouds(rng, shape, 120, 0.9, 1.1)
    return grain(rng, lit(desk, np.asarray(wood * shadow, np.float32)), 3)


def _maps(rng: np.random.Generator, page: tuple[int, int], size: tuple[int, int]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each pixel of the picture the place on the page, px: inverse perspective, then the curl."""
    (width, height), (wide, high) = page, size
    corners = _corners(rng, page, size)
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, flat)
    columns, rows = np.meshgrid(np.arange(0, wide + _COARSE, _COARSE), np.arange(0, high + _COARSE, _COARSE))
    points = np.stack([columns, rows], -1).reshape(1, -1, 2).astype(np.float64)
    back = cv2.perspectiveTransform(points, matrix).reshape(*rows.shape, 2)
    u, v = back[..., 0] / width, back[..., 1] / height
    x = back[..., 0] + width * rng.normal(0, 0.002) * np.sin(np.pi * v * rng.uniform(0.8, 1.6))
    y = back[..., 1] + height * rng.normal(0, 0.0035) * np.sin(np.pi * u * rng.uniform(0.8, 1.8) + rng.uniform(0, 1))
    big = (rows.shape[1] * _COARSE, rows.shape[0] * _COARSE)
    full = (_enlarged(field, big)[:high, :wide] for field in (x, y))
    return next(full), next(full)


def _enlarged(field: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float32]:
    """Bilinear enlargement that keeps value (i, j) at pixel (i, j) · `_COARSE`."""
    matrix = np.array([[_COARSE, 0, 0], [0, _COARSE, 0]], np.float64)
    return np.asarray(
        cv2.warpAffine(field.astype(np.float32), matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32
    )


def _corners(rng: np.random.Generator, page: tuple[int, int], size: tuple[int, int]) -> NDArray[np.float32]:
    """Where the sheet's corners lie in the picture, clockwise from the top left."""
    (width, height), (wide, high) = page, size
    margin = np.array([(wide - width) / 2, (high - height) / 2])
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float64) - (width / 2, height / 2)
    corners *= rng.uniform(0.94, 1.0) + rng.uniform(-0.018, 0.018, (4, 2))
    angle = np.deg2rad(np.clip(rng.normal(0, 0.9), -3, 3))
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(corners @ turn + (width / 2, height / 2) + margin, np.float32)
