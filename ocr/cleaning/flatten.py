"""Finds the bend of a page: skew first, then ruling lines, or rows of text where nothing is ruled."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from models.arrays import Grey
from ocr.cleaning.bend import Bend, fit_bend
from ocr.cleaning.rulings import Strokes, trace_horizontal, trace_vertical
from ocr.cleaning.text import trace_text

_STRAIGHT = 0.4
"""Departure of ruling lines from straight, reduced px, below which a page is left as it is: 0.8 px at 200 dpi. Straight drawn lines,
traced, depart by 0.02-0.05."""

_LEVEL = 0.1
"""Skew that the profiles cannot tell from none, degrees."""

_OBLIQUE = 20.0
"""Movement by one fit, reduced px, from which on some line may have been too oblique to be traced before it: a slope of 1 in 30 over half a
page, where tracing ends at 1 in 20."""

_ROUNDS = 4
"""Fits at most, each on the page as flattened by the last: a strong perspective hides some lines from the first."""

_ENOUGH_RULED = 1.0
"""Ruled length, in page widths, from which on rows of text are not asked."""

_WORST = 90
"""Percentile of a stroke's points that counts as its departure; the rest may be crossings and breaks."""


@dataclass(frozen=True, slots=True)
class Lines:
    """What must become straight, points on the reduced page, px."""

    horizontal: Strokes = field(compare=False, repr=False)
    vertical: Strokes = field(compare=False, repr=False)


def find_bend(darkness: Grey, angle: float) -> Bend | None:
    """The bend of an upright page; None where the page is straight already.

    Args:
        darkness: (h, w) uint8 reduced picture, ink 255, about 100 dpi.
        angle: its skew in degrees (`find_skew`).
    """
    height, width = darkness.shape
    centre = (width / 2, height / 2)
    level = Bend(0.0, centre)
    best = level if abs(angle) < _LEVEL else Bend(float(np.radians(angle)), centre)
    lines = _trace(darkness, best)
    least = departure(lines, best)
    if best is level and least <= _STRAIGHT:
        return None
    for _ in range(_ROUNDS):
        bend = fit_bend(best, lines.horizontal, lines.vertical, max(height, width) / 2)
        found = departure(lines, bend)
        if found >= least:
            break
        settled = found <= _STRAIGHT and _movement(lines, best, bend) < _OBLIQUE
        best, least = bend, found
        if settled:
            break
        lines = _trace(darkness, best)
        least = departure(lines, best)
    return None if best is level or departure(lines, level) <= max(_STRAIGHT, least) else best


def departure(lines: Lines, bend: Bend) -> float:
    """How far strokes depart from straight under a bend, reduced px: mean over the strokes by length; 0 where there are none."""
    across = [(lines.horizontal, 1), (lines.vertical, 0)]
    worst: list[float] = []
    lengths: list[int] = []
    for strokes, axis in across:
        if strokes.count == 0:
            continue
        places = bend.to_straight(strokes.points)[:, axis]
        order = np.argsort(strokes.line, kind="stable")
        for part in np.split(places[order], np.cumsum(np.bincount(strokes.line))[:-1]):
            worst.append(float(np.percentile(np.abs(part - np.median(part)), _WORST)))
            lengths.append(len(part))
    return float(np.average(worst, weights=lengths)) if worst else 0.0


def _movement(lines: Lines, before: Bend, after: Bend) -> float:
    """How far the points of the lines move at most from one bend to another, reduced px."""
    points = np.vstack([lines.horizontal.points, lines.vertical.points])
    return float(np.abs(after.to_straight(points) - before.to_straight(points)).max(initial=0.0))


def flattened(darkness: Grey, bend: Bend) -> Grey:
    """The reduced picture under ``bend``, same size, straight origin in its middle."""
    height, width = darkness.shape
    if bend.is_turn:
        shift = bend.axes @ np.array([0.5 - width / 2, 0.5 - height / 2]) + bend.centre - 0.5
        matrix = np.column_stack([bend.axes, shift])
        return np.asarray(cv2.warpAffine(darkness, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), np.uint8)
    step = 16
    x, y = np.meshgrid((np.arange(-(-width // step) + 2) - 0.5) * step, (np.arange(-(-height // step) + 2) - 0.5) * step)
    page = bend.to_page(np.column_stack([x.ravel() - width / 2, y.ravel() - height / 2])) - 0.5
    tiles = page.reshape(*x.shape, 2).astype(np.float32)
    wide = cv2.resize(tiles, (x.shape[1] * step, x.shape[0] * step), interpolation=cv2.INTER_LINEAR)
    places = np.ascontiguousarray(wide[step : step + height, step : step + width])
    return np.asarray(cv2.remap(darkness, places, np.zeros((0, 0), np.float32), cv2.INTER_LINEAR), np.uint8)


def _trace(darkness: Grey, bend: Bend) -> Lines:
    straight = flattened(darkness, bend)
    horizontal, vertical = trace_horizontal(straight), trace_vertical(straight)
    if _ruled(horizontal) < _ENOUGH_RULED * darkness.shape[1]:
        horizontal = _both(horizontal, trace_text(straight))
    middle = np.array([darkness.shape[1] / 2, darkness.shape[0] / 2])
    return Lines(*(Strokes(found.line, bend.to_page(found.points - middle)) for found in (horizontal, vertical)))


def _ruled(strokes: Strokes) -> float:
    """Length of all strokes together, reduced px."""
    if strokes.count == 0:
        return 0.0
    x = strokes.points[:, 0]
    low, high = np.full(strokes.count, np.inf), np.full(strokes.count, -np.inf)
    np.minimum.at(low, strokes.line, x)
    np.maximum.at(high, strokes.line, x)
    return float((high - low).sum())


def _both(first: Strokes, second: Strokes) -> Strokes:
    return Strokes(np.append(first.line, second.line + first.count), np.vstack([first.points, second.points]))
