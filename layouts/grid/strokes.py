"""Straight strokes of ink: everything that may be a piece of a ruling line.

One code serves both directions. A `Plane` looks at the page along one of them: *along* is its second axis, *across* its first; the plane of
the vertical strokes is the page transposed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from layouts.grid.scale import Scale
from models.arrays import Grey

_THICKEST_MM = 1.9
"""Strokes up to this thick are lines: 6 px at 150 dpi is 1.0 mm, and two such lines side by side leave no hole; a punch hole is 5 mm."""
_LEAST_CONTRAST = 20
"""Darker than the paper beside it by this many levels is ink. Right borders of the sample scans, the faintest rulings seen, differ by 55
and more, the reverse side showing through a fax by 5 to 15."""
_NOISE_FACTOR = 5
"""On grainy paper the contrast must exceed this multiple of the page's median contrast, which is noise: 0 on copies, 1 to 2 elsewhere."""
_SAMPLED = 7
"""Every so many-th pixel is enough for a median over a page."""
_CROSSING_MM = 1.0
"""A run this long in the other direction is a stroke that crosses: those of characters are longer, rulings are thinner."""
_SPECK_MM = 0.4
"""Holes this short are grains of dropped toner in a thin line; bridging more would chain characters to lines."""
_SHORTEST_MM = 2.2
"""No shorter run is a stroke: the lowest cell, one line of text, is 3.5 mm high."""
_STRAIGHT_MM = 6.0
"""A shorter stroke is taken as level: 0.5 degrees over its length are 0.05 mm."""
_WANDER = 0.04
"""A stroke that leaves its direction by more than this share of its length is no line of a straightened page: the ring of a seal, 40 mm
across, leaves it by 0.07 on 10 mm; 1.5 degrees of skew are 0.026."""
_JITTER_PX = 1.5
"""Less than this is the jitter of pixels."""
_STEADY_SHARE = 0.6
"""A line keeps both its sides within 1 px of its course in this share of its columns: lines 0.73 to 1.0, rows of characters 0.3 to 0.5."""
_FILLED_SHARE = 0.65
"""A short piece of line fills its bounding box; the rests of characters are slanted or ragged."""
_NODE_MM = 3.0
"""A stroke's course is sampled this often: enough for the curl that flattening leaves, long enough to average over noise."""

Bits = NDArray[np.uint8]
"""(H, W) uint8, 0 or 255."""
_Course = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]
"""Nodes, low and high of a stroke, and the share of its columns that keep to them."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight run of ink in its plane's frame, px.

    Attributes:
        start: first pixel along.
        end: one past the last pixel along.
        nodes: (N,) positions along at which the course is known, ascending, at the middles of the plane's node steps.
        low: (N,) first ink pixel across at each node.
        high: (N,) one past the last ink pixel across.
        middle: typical position across.
        thickness: typical extent across.
    """

    start: int
    end: int
    nodes: NDArray[np.float64] = field(compare=False, repr=False)
    low: NDArray[np.float64] = field(compare=False, repr=False)
    high: NDArray[np.float64] = field(compare=False, repr=False)
    middle: float
    thickness: float

    @classmethod
    def along(cls, start: int, end: int, nodes: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]) -> "Stroke":
        """A stroke with this course."""
        return cls(start, end, nodes, low, high, _median_of(low + high) / 2, _median_of(high - low))

    @property
    def length(self) -> int:
        """Extent along."""
        return self.end - self.start

    def position(self, along: float) -> float:
        """Where the stroke's middle lies across, at ``along``; beyond its ends as at the end."""
        if len(self.nodes) == 1:
            return self.middle
        return float(np.interp(along, self.nodes, (self.low + self.high) / 2))


@dataclass(frozen=True, slots=True)
class Plane:
    """The page seen along one direction.

    Attributes:
        contrast: (across, along) uint8, how much darker a pixel is than the paper across it.
        ink: same shape, 255 where that is enough to be ink.
        plain: the ink that no stroke of the other direction crosses: rulings between their crossings, and little of any character.
        marks: the ink of both directions.
        scale: px per mm.
    """

    contrast: Grey = field(repr=False)
    ink: Bits = field(repr=False)
    plain: Bits = field(repr=False)
    marks: Bits = field(repr=False)
    scale: Scale


def planes_of(grey: Grey, scale: Scale) -> tuple[Plane, Plane]:
    """The plane of the horizontal and that of the vertical strokes of a page ((H, W) uint8, ink dark)."""
    return planes_of_contrast(_contrast(grey, scale), _contrast(turned(grey), scale), scale)


def planes_of_contrast(horizontal: Grey, vertical: Grey, scale: Scale) -> tuple[Plane, Plane]:
    """Both planes from their contrast images; ``vertical`` is transposed."""
    across, down = _ink(horizontal), _ink(vertical)
    plain_across, plain_down = _plain(across, down, scale), _plain(down, across, scale)
    marks = np.asarray(cv2.bitwise_or(across, turned(down)), np.uint8)
    return Plane(horizontal, across, plain_across, marks, scale), Plane(vertical, down, plain_down, turned(marks), scale)


def turned(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """``image`` transposed, contiguous."""
    return np.asarray(cv2.transpose(image), np.uint8)


def _contrast(grey: Grey, scale: Scale) -> Grey:
    # A black top hat across the stroke: whatever is thinner than the kernel stands out, however dark the paper around it is.
    kernel = np.ones((scale.odd(_THICKEST_MM), 1), np.uint8)
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel), np.uint8)


def _ink(contrast: Grey) -> Bits:
    level = max(_LEAST_CONTRAST, _NOISE_FACTOR * _level(contrast))
    return np.asarray(cv2.threshold(contrast, min(level, 255) - 1, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _level(contrast: Grey) -> int:
    sample = contrast[::_SAMPLED, ::_SAMPLED].ravel()
    return int(np.partition(sample, len(sample) // 2)[len(sample) // 2])


def _plain(ink: Bits, other: Bits, scale: Scale) -> Bits:
    crossing = cv2.morphologyEx(other, cv2.MORPH_OPEN, np.ones((1, scale.odd(_CROSSING_MM)), np.uint8))
    grown = cv2.dilate(turned(np.asarray(crossing, np.uint8)), np.ones((3, 3), np.uint8))
    return np.asarray(cv2.bitwise_and(ink, cv2.bitwise_not(grown)), np.uint8)


def strokes_of(plane: Plane) -> list[Stroke]:
    """All straight runs of plain ink of at least `_SHORTEST_MM`."""
    # One pixel of fattening across: a thin line that steps from one pixel row to the next is still one run.
    fat = cv2.dilate(plane.plain, np.ones((3, 1), np.uint8))
    closed = cv2.morphologyEx(fat, cv2.MORPH_CLOSE, np.ones((1, plane.scale.odd(_SPECK_MM)), np.uint8))
    runs = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, plane.scale.odd(_SHORTEST_MM)), np.uint8))
    contours, hierarchy = cv2.findContours(runs, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    outer = [contour for contour, kin in zip(contours, hierarchy[0], strict=True) if kin[3] < 0] if contours else []
    least = plane.scale.px(_STRAIGHT_MM)
    boxes = [(cv2.boundingRect(contour), np.asarray(contour, np.int32)) for contour in outer]
    traced = (_traced(plane, *box) for box, contour in boxes if box[2] >= least or _filled(box, contour))
    return [stroke for stroke in traced if stroke is not None]


def _filled(box: Sequence[int], contour: NDArray[np.int32]) -> bool:
    # A contour runs through the middles of its pixels, half a pixel inside on every side.
    return cv2.contourArea(contour) >= _FILLED_SHARE * (box[2] - 1) * (box[3] - 1)


def _traced(plane: Plane, left: int, top: int, width: int, height: int) -> Stroke | None:
    if width < plane.scale.px(_STRAIGHT_MM):
        return _flat(left, top + 1, width, height - 2, plane.scale.px(_NODE_MM, 8))
    own = plane.plain[top : top + height, left : left + width] > 0
    inked = np.flatnonzero(own.any(axis=0))
    if len(inked) == 0:
        return None
    low = own.argmax(axis=0)[inked] + top
    high = top + height - own[::-1].argmax(axis=0)[inked]
    nodes, lows, highs, steady = _course(left + inked, low, high, plane.scale.px(_NODE_MM, 8))
    # A doubled stretch moves one side only.
    wander = min(float(np.ptp(lows)), float(np.ptp(highs)))
    if wander > max(_JITTER_PX, _WANDER * width) or steady < _STEADY_SHARE:
        return None
    return Stroke.along(left + int(inked[0]), left + int(inked[-1]) + 1, nodes, lows, highs)


def _flat(left: int, top: int, width: int, height: int, step: int) -> Stroke:
    nodes = (np.arange(left // step, (left + width - 1) // step + 1, dtype=np.float64) + 0.5) * step
    low, high = np.full(len(nodes), float(top)), np.full(len(nodes), float(top + height))
    return Stroke(left, left + width, nodes, low, high, top + height / 2, height)


def _course(along: NDArray[np.int64], low: NDArray[np.int64], high: NDArray[np.int64], step: int) -> _Course:
    # Medians: a character that touches the line moves a few columns, not the course.
    bins = along // step
    edges = np.concatenate([[0], np.flatnonzero(np.diff(bins)) + 1, [len(along)]])
    middles = (edges[:-1] + edges[1:]) // 2
    nodes = np.asarray((bins[edges[:-1]] + 0.5) * step, np.float64)
    lows, highs = (values[np.lexsort((values, bins))][middles].astype(np.float64) for values in (low, high))
    count = np.diff(edges)
    steady = (np.abs(low - np.repeat(lows, count)) <= 1) & (np.abs(high - np.repeat(highs, count)) <= 1)
    # At its ends a line melts into the one it meets: a node of few columns there tells nothing of its course.
    full = count >= min(step // 2, count.max())
    return nodes[full], lows[full], highs[full], float(steady.mean())


def _median_of(values: NDArray[np.float64]) -> float:
    # np.median takes five times as long on a dozen numbers, and there are thousands of dozens.
    return float(np.partition(values, len(values) // 2)[len(values) // 2])


def outlines(strokes: Sequence[Stroke]) -> NDArray[np.float64]:
    """(N, 4) start, end, lowest and highest ink across, to compare many strokes at once."""
    return np.array([(s.start, s.end, s.low.min(), s.high.max()) for s in strokes], np.float64).reshape(-1, 4)
