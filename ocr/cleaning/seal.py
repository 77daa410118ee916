"""Stamped seals: found by shape and colour, and taken off the strokes they cover.

Every pixel under a seal is bare paper, seal ink, black ink or both. The seal's colour is measured on the page. From the chroma of a pixel
follows how much seal ink lies there, and from that how light the pixel would be without any black: what is darker, is stroke (a background
division in which the seal is the background). Three things make it hold on scans:

* JPEG keeps chroma at half resolution. So the coverage is widened by a pixel, and luminance alone, which stays sharp, decides what is
  stroke.
* Thin seal strokes lose chroma to their surroundings. A blur keeps sums: where the chroma of a neighbourhood accounts for its whole
  darkness, there is no stroke.
* Opaque paste turns black strokes into darker red. Where no pixel inside solid seal ink is black, the contrast there is stretched to what
  is left of it.
"""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Bgr, Grey, Mask
from models.geometry import Box, Size
from ocr.cleaning.tone import Planes

_CHROMATIC = 30
"""Spread of the channels of a tone-free reduced picture (0-255) that is ink of a colour: the seals of the samples have 110 in the median,
everything else on them 15 at most."""

_TOGETHER = 11
"""Gaps bridged between parts of one seal, reduced px: 5 mm, more than between ring, letters and star."""

_SMALLEST, _LARGEST = 0.035, 0.45
"""Side of a seal in shares of the page's shorter side: name seals measure 10 mm, official ones 38 to 58 mm of 210 mm."""

_SQUATTEST = 0.4
"""Shorter to longer side; a line of coloured writing is flatter, a seal cut by the page's edge is not."""

_RING = 0.7
"""Share of the seal's sides that one connected stroke spans (the ring), asked of colours in which people also write."""

_MARGIN = 6
"""Surroundings looked at along with a seal, reduced px."""

_SOLID_CHROMA = 0.6
"""Chroma, in shares of the strongest, from which on a pixel shows the seal's own colour."""

_LUMA = np.array([0.114, 0.587, 0.299], np.float32)
"""Weights of blue, green and red in luminance (BT.601, as JPEG has them)."""

_WINDOW = 5
"""Side of the neighbourhood over which chroma and darkness are summed, px: chroma of 4:2:0 JPEG spreads over 3 to 4 px."""

_ALL_SEAL, _MIXED = 0.85, 0.6
"""Share of the darkness that the chroma accounts for: from the first on there is no stroke, below the second it stays as it is.
Rows of digits crossed by drawn translucent seals (150-300 dpi, lossless and JPEG 60-80): 895 of 900 read right; without seal 900, of the
red channel 888, of luminance 820."""

_ALL_SEAL_OPAQUE, _MIXED_OPAQUE = 0.97, 0.82
"""The same for opaque paste, under which a stroke keeps chroma: 597 of 600 rows read right, of the red channel 565."""

_BLACK, _STROKE = 0.35, 0.75
"""Lightness against the seal's own: darker than the first is black, than the second a stroke."""

_OPAQUE_BLACK_SHARE = 0.03
"""Under opaque paste fewer of the stroke px than this are black: in 27 drawn seals 0-2.2 % opaque, 4.3-46 % translucent."""

_ENOUGH_STROKE = 30
"""Fewer stroke px than this do not tell translucent from opaque."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """What is left when a seal is taken off: ``grey`` (h, w) uint8, and ``ink`` (h, w) bool where the seal lay."""

    grey: Grey = field(compare=False, repr=False)
    ink: Mask = field(compare=False, repr=False)


def find_seals(small: Planes, outside: Mask, k: int, size: Size) -> list[Box]:
    """Where seals lie.

    Args:
        small: (h, w, 3) uint8 reduced picture, its paper white.
        outside: (h, w) bool, what is no paper.
        k: full px per reduced px.
        size: of the full picture.

    Returns:
        Boxes on the full picture, px, each with some margin.
    """
    blue, green, red = cv2.split(small)
    spread = cv2.subtract(cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red))
    coloured = ((spread > _CHROMATIC) & ~outside).astype(np.uint8)
    if not coloured.any():
        return []
    near = cv2.morphologyEx(np.pad(coloured, _TOGETHER), cv2.MORPH_CLOSE, _disc(_TOGETHER))[_TOGETHER:-_TOGETHER, _TOGETHER:-_TOGETHER]
    count, labels, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    found = []
    for index in range(1, count):
        left, top, width, height = (int(value) for value in stats[index, :4])
        part = (slice(top, top + height), slice(left, left + width))
        ink = coloured[part] * (labels[part] == index).astype(np.uint8)
        if _looks_like_a_seal(small[part], ink, min(small.shape[:2])):
            box = Box(left, top, left + width, top + height).grown(_MARGIN, _MARGIN).scaled(k, k)
            found.append(box.clipped(size))
    return _merged(found)


def _merged(boxes: list[Box]) -> list[Box]:
    """Boxes that lie mostly in one another (a star within its ring) as one."""
    result: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.area):
        host = next((index for index, other in enumerate(result) if box.covered_by(other) > 0.5), None)
        if host is None:
            result.append(box)
        else:
            result[host] = result[host].union(box)
    return result


def _looks_like_a_seal(pixels: Bgr, ink: NDArray[np.uint8], page_side: int) -> bool:
    height, width = ink.shape
    longer, shorter = max(height, width), min(height, width)
    if not _SMALLEST * page_side <= longer <= _LARGEST * page_side or shorter < _SQUATTEST * longer:
        return False
    blue, green, red = pixels[ink > 0].mean(axis=0)
    return bool(red > 1.2 * max(green, blue)) or _has_ring(ink)


def _has_ring(ink: NDArray[np.uint8]) -> bool:
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    height, width = ink.shape
    return bool(((stats[1:, cv2.CC_STAT_WIDTH] >= _RING * width) & (stats[1:, cv2.CC_STAT_HEIGHT] >= _RING * height)).any())


def lift_seal(pixels: Bgr) -> Lifted:
    """Take the seal off.

    Args:
        pixels: (h, w, 3) uint8 BGR around one seal, the paper white.
    """
    shares = pixels.astype(np.float32) / np.float32(255)
    colour = _seal_colour(shares)
    chroma = _chroma(shares, colour)
    seal_luma = float(_LUMA @ colour)
    luma = shares @ _LUMA
    coverage = cv2.dilate(chroma, np.ones((3, 3), np.uint8))
    light = np.clip(luma / (1 - coverage * (1 - seal_luma)), 0, 1)
    accounted = cv2.blur(chroma, (_WINDOW, _WINDOW)) * (1 - seal_luma) / np.maximum(cv2.blur(1 - luma, (_WINDOW, _WINDOW)), 0.02)
    solid = cv2.erode(cv2.morphologyEx((chroma > _SOLID_CHROMA).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5))), np.ones((5, 5)))
    remaining = _remaining_contrast(light[solid > 0])
    all_seal, mixed = (_ALL_SEAL, _MIXED) if remaining == 1 else (_ALL_SEAL_OPAQUE, _MIXED_OPAQUE)
    dark = (1 - light) * np.clip((all_seal - accounted) / (all_seal - mixed), 0, 1)
    if remaining < 1:
        dark = np.where(cv2.dilate(solid, np.ones((5, 5))) > 0, np.minimum(dark / remaining, 1), dark)
    ink = cv2.morphologyEx((coverage > 0.3).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
    return Lifted(np.rint(255 * (1 - dark)).astype(np.uint8), ink)


def _seal_colour(shares: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colour of the seal at full strength, (3,) in shares of the paper's."""
    spread = shares.max(axis=2) - shares.min(axis=2)
    strong = np.percentile(spread[spread > _CHROMATIC / 255], 90) if (spread > _CHROMATIC / 255).any() else 1.0
    chosen = shares[spread >= _SOLID_CHROMA * strong]
    return np.asarray(np.median(chosen, axis=0) if len(chosen) else np.ones(3), np.float32)


def _chroma(shares: NDArray[np.float32], colour: NDArray[np.float32]) -> NDArray[np.float32]:
    """How much of the seal's own chroma each px has, 0-1: projection on its direction in the plane without grey."""
    direction = colour - colour.mean()
    strength = float(direction @ colour)
    if strength <= 0:
        return np.zeros(shares.shape[:2], np.float32)
    return np.asarray(np.clip(shares @ (direction / strength), 0, 1), np.float32)


def _remaining_contrast(light: NDArray[np.float32]) -> float:
    """Darkness that black strokes keep under solid seal ink: 1 where the ink is translucent, less where it is opaque."""
    black, stroke = int((light < _BLACK).sum()), int((light < _STROKE).sum())
    if stroke < _ENOUGH_STROKE or black >= _OPAQUE_BLACK_SHARE * stroke:
        return 1.0
    return 1.0 - float(np.median(light[light < _STROKE]))


def _disc(side: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)), np.uint8)
