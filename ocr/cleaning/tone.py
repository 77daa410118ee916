"""The tone of the bare paper, estimated on a reduced picture and divided out of the full one."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Mask

Planes: TypeAlias = NDArray[np.uint8]
"""(H, W) grey or (H, W, 3) BGR, uint8."""

TONE_SIDE = 600
"""Long side of the picture the tone is estimated on, px: about 50 dpi for A4, where a character is 7 px high and noise is averaged over
16 px and more."""

_GAP = 15
"""Window that holds some bare paper wherever there is text, reduced px: two characters. Bold titles are 15 px high, but hollow."""

_PAPERISH = 0.92
"""Paper is what reaches this share of the brightest tone around it; ink blurred into its ground stays below."""

_COLOURLESS = 0.12
"""Largest spread of the channels, in shares of the page's paper colour, that still is paper: bare paper of the samples spreads by 0.06 at
most, their seals by 0.4."""

_SMOOTH = 4.0
"""Standard deviation of the blur that carries the tone over text, reduced px: half a row of text, so that blotches of a centimetre are
followed."""

_NEAR = 0.2
"""Where less than this share of the blur's weight lies on paper, the coarser tone is mixed in."""

_COARSEST = 24
"""A picture with a side below this many px is not reduced again."""

_STRIP = 512
"""Rows divided at a time, so that no full page of the tone is held."""


def reduced(planes: Planes, long_side: int) -> tuple[Planes, int]:
    """``planes`` averaged over blocks of k x k px, so that the long side is about ``long_side``.

    Incomplete blocks at the right and at the bottom are left out.

    Returns:
        The reduced picture and k. Reduced px i covers full px i*k to (i+1)*k.
    """
    height, width = planes.shape[:2]
    k = max(1, min(round(max(height, width) / long_side), height, width))
    rows, columns = height // k, width // k
    cut = planes[: rows * k, : columns * k]
    return (cut if k == 1 else np.asarray(cv2.resize(cut, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)), k


def brightest_around(small: Planes) -> Planes:
    """(h, w) uint8: the lightness of the paper around each px of a reduced picture, text closed away."""
    lightness = small if small.ndim == 2 else cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.morphologyEx(lightness, cv2.MORPH_CLOSE, np.ones((_GAP, _GAP), np.uint8)), np.uint8)


def paper_tone(small: Planes, outside: Mask) -> Planes:
    """The tone of the bare paper at every px of a reduced picture, as if nothing were printed or stamped on it.

    Args:
        small: reduced picture.
        outside: (h, w) bool, what is no paper.

    Returns:
        Same shape and dtype as ``small``.
    """
    lightness = small if small.ndim == 2 else np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    paper = (lightness >= _PAPERISH * brightest_around(small)) & ~outside
    if small.ndim == 3:
        paper &= _colourless(small, paper)
    if not paper.any():
        return np.full_like(small, 255)
    return _spread(small, paper)


def _colourless(small: Planes, paper: Mask) -> Mask:
    if not paper.any():
        return paper
    colour = np.array(cv2.mean(small, paper.astype(np.uint8))[:3])
    blue, green, red = (
        cv2.convertScaleAbs(plane, alpha=200 / max(1.0, level)) for plane, level in zip(cv2.split(small), colour, strict=True)
    )
    spread = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    return np.asarray(spread < _COLOURLESS * 200, np.bool_)


def _spread(small: Planes, paper: Mask) -> Planes:
    """Blur over paper px only; where these are far away, take the blur of a coarser picture."""
    weight = paper.astype(np.float32)
    planes = small.astype(np.float32) * (weight if small.ndim == 2 else weight[..., None])
    tone = _levels(planes, weight, planes.sum(axis=(0, 1)) / weight.sum())
    return np.clip(tone + 0.5, 1, 255).astype(np.uint8)


def _levels(planes: NDArray[np.float32], weight: NDArray[np.float32], everywhere: NDArray[np.float32]) -> NDArray[np.float32]:
    height, width = weight.shape
    if min(height, width) < _COARSEST:
        coarser = np.broadcast_to(everywhere, planes.shape)
    else:
        half = (width // 4, height // 4)
        below = _levels(
            np.asarray(cv2.resize(planes, half, interpolation=cv2.INTER_AREA), np.float32),
            np.asarray(cv2.resize(weight, half, interpolation=cv2.INTER_AREA), np.float32),
            everywhere,
        )
        coarser = np.asarray(cv2.resize(below, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    near = cv2.GaussianBlur(weight, (0, 0), _SMOOTH)
    share = np.clip(near / _NEAR, 0, 1)
    mean = cv2.GaussianBlur(planes, (0, 0), _SMOOTH)
    if planes.ndim == 3:
        near, share = near[..., None], share[..., None]
    return np.asarray(share * (mean / np.maximum(near, 1e-6) - coarser) + coarser, np.float32)


def divide_tone(planes: Planes, tone: Planes, k: int) -> Planes:
    """``planes`` with the paper made white: 255 * planes / tone, rounded and clipped to uint8.

    Args:
        planes: the full picture, or rows of it that begin at its top.
        tone: of `paper_tone`, reduced by ``k``.
        k: full px per reduced px.

    Returns:
        Same shape as ``planes``, uint8.
    """
    result = np.empty_like(planes)
    step = max(1, _STRIP // k) * k
    for top in range(0, planes.shape[0], step):
        rows = planes[top : top + step]
        result[top : top + step] = cv2.divide(rows, tone_at(tone, k, top, rows.shape[0], planes.shape[1]), scale=255)
    return result


def tone_at(tone: Planes, k: int, top: int, rows: int, columns: int) -> Planes:
    """The tone of ``rows`` full rows from ``top`` (a multiple of ``k``) on, uint8, bilinear between the reduced px."""
    first = top // k - 1
    wanted = np.arange(first, first + -(-rows // k) + 2)
    part = tone[np.clip(wanted, 0, tone.shape[0] - 1)]
    across = np.clip(np.arange(-1, -(-columns // k) + 1), 0, tone.shape[1] - 1)
    part = part[:, across]
    wide = cv2.resize(part, (part.shape[1] * k, part.shape[0] * k), interpolation=cv2.INTER_LINEAR)
    return np.asarray(wide[k : k + rows, k : k + columns], np.uint8)
