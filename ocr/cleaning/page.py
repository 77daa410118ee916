"""From a page as stored to a clean page: the order of the steps."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from models.arrays import Bgr, Grey, Mask
from models.geometry import Box, Size, Straightening
from models.page import CleanPage, PageImage
from models.reading import Engine
from ocr.cleaning.contrast import drop_faint, is_bilevel, measure_levels, stretch
from ocr.cleaning.flatten import find_bend
from ocr.cleaning.frame import frame_around, resample, straightening_of
from ocr.cleaning.orient import find_quarter_turns
from ocr.cleaning.seal import find_seals, lift_seal
from ocr.cleaning.skew import find_skew
from ocr.cleaning.specks import find_specks
from ocr.cleaning.streaks import lighten_streaks
from ocr.cleaning.surroundings import find_desk, find_holes, whiten, whiten_edges
from ocr.cleaning.tone import TONE_SIDE, Planes, divide_tone, paper_tone, reduced

_TRACE_SIDE = 1200
"""Long side of the picture that lines and text are looked for on, px: about 100 dpi for A4, where ruling lines are 0.5 to 2 px thick and
characters 12 to 15 px high."""

_SMALLEST = 64
"""A page with a side shorter than this, px, holds no line of text with its margins, and is left as it is."""

_COLOURED = 15
"""Difference of a channel from green (0-255) from which on a reduced picture is one in colour; the paper tone of the office samples
reaches 14."""

_INK = 60
"""Darkness (0-255) of a reduced px that must stay within the frame."""


@dataclass(frozen=True, slots=True)
class Developed:
    """Ink on white paper, not yet straight.

    Attributes:
        grey: (H, W) uint8.
        seal: (H, W) bool, where seal ink lay.
        paper: bounds of the paper, px.
    """

    grey: Grey = field(compare=False, repr=False)
    seal: Mask = field(compare=False, repr=False)
    paper: Box


def clean(page: PageImage, engine: Engine, turns: int | None = None) -> CleanPage:
    """Turn upright, flatten, light evenly, take off seals, specks and surroundings.

    Args:
        page: as stored.
        engine: reads some rows of text to tell upright from upside down.
        turns: quarter turns clockwise (0-3) that make the page as stored upright (behind a mirroring), where somebody has said so.

    Returns:
        The clean page; its grey was resampled once where the page was askew or bent, else not at all.
    """
    begun = page.turns if turns is None else turns
    upright = np.ascontiguousarray(np.rot90(page.pixels[:, ::-1] if page.mirrored else page.pixels, -begun))
    if min(upright.shape[:2]) < _SMALLEST:
        grey = np.asarray(cv2.cvtColor(upright, cv2.COLOR_BGR2GRAY), np.uint8)
        return CleanPage(page.number, grey, grey < 0, Straightening(page.size, _size(grey), begun, mirrored=page.mirrored))
    developed = develop(upright)
    small, _ = reduced(developed.grey, _TRACE_SIDE)
    darkness = 255 - small
    angle = find_skew(darkness)
    quarters = find_quarter_turns(developed.grey, darkness, angle, page.number, engine) if turns is None else 0
    grey, seal, straight = straighten(turned(developed, quarters), angle)
    darkness, k = reduced(255 - grey, _TRACE_SIDE)
    whiten(grey, find_specks(darkness), k)
    back = replace(straight, stored=page.size, turns=(begun + quarters) % 4, mirrored=page.mirrored)
    return CleanPage(page.number, grey, seal, back, is_bilevel(page.pixels))


def develop(pixels: Bgr) -> Developed:
    """Even light, no surroundings, no seal, no streaks, black on white; no px moves.

    Args:
        pixels: (H, W, 3) uint8 BGR.
    """
    planes = pixels if _is_coloured(reduced(pixels, TONE_SIDE)[0]) else np.ascontiguousarray(pixels[..., 1])
    small, k = reduced(planes, TONE_SIDE)
    desk = find_desk(small)
    outside = desk | find_holes(small, desk)
    tone = paper_tone(small, outside)
    even = divide_tone(planes, tone, k)
    seals = find_seals(divide_tone(small, tone, 1), outside, k, _size(even)) if even.ndim == 3 else []
    grey, seal = _lift(even, seals)
    whiten(grey, outside, k)
    whiten_edges(grey)
    levels = measure_levels(grey)
    lighten_streaks(grey, levels.paper)
    grey = stretch(grey, levels)
    drop_faint(grey)
    return Developed(grey, seal, _paper(desk, k, _size(grey)))


def _lift(even: Planes, seals: list[Box]) -> tuple[Grey, Mask]:
    """Grey without ``seals``, and where their ink lay."""
    grey = even if even.ndim == 2 else np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2GRAY), np.uint8)
    seal, visited = np.zeros(grey.shape, np.bool_), np.zeros(grey.shape, np.bool_)
    for box in seals:
        place = box.slices(_size(grey))
        lifted = lift_seal(even[place])
        grey[place] = np.where(visited[place], np.maximum(grey[place], lifted.grey), lifted.grey)
        seal[place] |= lifted.ink
        visited[place] = True
    return grey, seal


def _paper(desk: Mask, k: int, size: Size) -> Box:
    """Bounds of what is not ``desk`` (reduced by ``k``), full px."""
    rows, columns = np.flatnonzero(~desk.all(axis=1)), np.flatnonzero(~desk.all(axis=0))
    if not desk.any() or len(rows) == 0:
        return Box(0, 0, size.width, size.height)
    return Box(columns[0], rows[0], columns[-1] + 1, rows[-1] + 1).scaled(k, k).clipped(size)


def _is_coloured(small: Bgr) -> bool:
    blue, green, red = cv2.split(small)
    return bool(max(int(cv2.absdiff(blue, green).max()), int(cv2.absdiff(red, green).max())) > _COLOURED)


def _size(planes: Planes) -> Size:
    return Size(planes.shape[1], planes.shape[0])


def turned(developed: Developed, quarters: int) -> Developed:
    """Turned clockwise by quarters, exactly."""
    grey, seal, paper = developed.grey, developed.seal, developed.paper
    if quarters == 0:
        return developed
    for _ in range(quarters):
        height = grey.shape[0]
        paper = Box(height - paper.bottom, paper.left, height - paper.top, paper.right)
        grey, seal = np.rot90(grey, -1), np.rot90(seal, -1)
    return Developed(np.ascontiguousarray(grey), np.ascontiguousarray(seal), paper)


def straighten(developed: Developed, angle: float) -> tuple[Grey, Mask, Straightening]:
    """Flatten an upright page.

    Args:
        developed: upright.
        angle: its skew, degrees.

    Returns:
        Grey and seal in the straight frame, and the model that takes points of it back.
    """
    size = _size(developed.grey)
    small, k = reduced(developed.grey, _TRACE_SIDE)
    darkness = 255 - small
    bend = find_bend(darkness, angle)
    if bend is None:
        return developed.grey, developed.seal, Straightening(size, size)
    rows, columns = np.nonzero(darkness > _INK)
    frame = frame_around(bend, k, developed.paper, np.column_stack([columns, rows]).astype(np.float64) + 0.5)
    model = straightening_of(bend, k, frame, size)
    return *resample(developed.grey, developed.seal, model), model
