"""Boxes and frames: the one place where geometry is scaled, clipped, turned and taken back to the page as stored.

Two frames exist. The *stored* frame is the page as it lies in the file (px, origin top left, before any turn). The *straight* frame is
the upright, flattened page that every later stage works in. `Straightening` leads from the second to the first.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.arrays import Points, frozen


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of an image, px."""

    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle, half open, origin top left; px unless said otherwise."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Horizontal extent."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Vertical extent."""
        return self.bottom - self.top

    @property
    def area(self) -> float:
        """Width times height; 0 for an empty or inverted box."""
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def centre(self) -> tuple[float, float]:
        """The middle point (x, y)."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def intersection(self, other: "Box") -> "Box":
        """The common part; an empty box (area 0) where there is none."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        return Box(left, top, max(left, min(self.right, other.right)), max(top, min(self.bottom, other.bottom)))

    def union(self, other: "Box") -> "Box":
        """The smallest box that holds both."""
        return Box(min(self.left, other.left), min(self.top, other.top), max(self.right, other.right), max(self.bottom, other.bottom))

    def covered_by(self, other: "Box") -> float:
        """The share of this box's area that lies in ``other``, 0-1; 0 for an empty box."""
        return self.intersection(other).area / self.area if self.area > 0 else 0.0

    def grown(self, dx: float, dy: float) -> "Box":
        """Moved outward by ``dx`` at left and right and ``dy`` at top and bottom (inward where negative)."""
        return Box(self.left - dx, self.top - dy, self.right + dx, self.bottom + dy)

    def moved(self, dx: float, dy: float) -> "Box":
        """Shifted by (``dx``, ``dy``)."""
        return Box(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def scaled(self, sx: float, sy: float) -> "Box":
        """Every x multiplied by ``sx``, every y by ``sy``."""
        return Box(self.left * sx, self.top * sy, self.right * sx, self.bottom * sy)

    def clipped(self, size: Size) -> "Box":
        """The part inside an image of ``size``."""
        return self.intersection(Box(0, 0, size.width, size.height))

    def fractions(self, size: Size) -> "Box":
        """As fractions (0-1) of a page of ``size``, clipped to it."""
        return self.clipped(size).scaled(1 / size.width, 1 / size.height)

    def slices(self, size: Size) -> tuple[slice, slice]:
        """(rows, columns) that cut the box out of an array of ``size``; bounds are rounded to whole pixels and clipped."""
        clip = self.clipped(size)
        return slice(round(clip.top), round(clip.bottom)), slice(round(clip.left), round(clip.right))


def bounding(boxes: "list[Box] | tuple[Box, ...]") -> Box:
    """The smallest box that holds all ``boxes``.

    Raises:
        ValueError: if there is none.
    """
    if not boxes:
        raise ValueError("no boxes to bound")
    result = boxes[0]
    for box in boxes[1:]:
        result = result.union(box)
    return result


_NO_MESH = np.zeros((0, 0, 2), np.float32)
frozen(_NO_MESH)
_IDENTITY = np.eye(3)
frozen(_IDENTITY)

_ROUNDS = 8
"""Of the fixed-point iteration that inverts a curl. It changes by less than a third of a pixel from one pixel to the next, so that each
round leaves less than a third of the error: a curl of 100 px is found to a fiftieth of a pixel."""


@dataclass(frozen=True, slots=True)
class Straightening:
    """How the straight frame lies on the page as stored.

    A straight point p goes back in four steps: ``p + mesh(p)`` (curl, px), then the homography ``matrix``, then ``turns`` quarter turns
    are undone, then a mirroring.

    Attributes:
        stored: size of the page as stored.
        straight: size of the straight frame.
        turns: quarter turns clockwise (0-3) that made the stored page upright.
        matrix: (3, 3) float64, straight to turned-but-not-yet-flattened.
        mesh: (h, w, 2) float32 displacement (dx, dy) in px at nodes spread evenly over the straight frame, corners included; empty
            (0, 0, 2) where there is no curl. Between nodes bilinear.
        mirrored: the stored page was mirrored left to right before it was turned.
    """

    stored: Size
    straight: Size
    turns: int = 0
    matrix: NDArray[np.float64] = field(default_factory=lambda: _IDENTITY, compare=False, repr=False)
    mesh: NDArray[np.float32] = field(default_factory=lambda: _NO_MESH, compare=False, repr=False)
    mirrored: bool = False

    def points_to_page(self, points: Points) -> Points:
        """(N, 2) straight points as (N, 2) points of the page as stored, px."""
        moved = points + self._displacement(points)
        homogeneous = np.column_stack([moved, np.ones(len(moved))]) @ self.matrix.T
        upright = homogeneous[:, :2] / homogeneous[:, 2:]
        page = self._turned_back(upright)
        return np.column_stack([self.stored.width - page[:, 0], page[:, 1]]) if self.mirrored else page

    def points_from_page(self, points: Points) -> Points:
        """(N, 2) points of the page as stored as (N, 2) straight points, px; the inverse of `points_to_page` within the straight frame."""
        page = np.column_stack([self.stored.width - points[:, 0], points[:, 1]]) if self.mirrored else points
        upright = self._turned(page)
        homogeneous = np.column_stack([upright, np.ones(len(upright))]) @ np.linalg.inv(self.matrix).T
        flat = np.asarray(homogeneous[:, :2] / homogeneous[:, 2:], np.float64)
        found = flat
        for _ in range(_ROUNDS if self.mesh.size else 0):
            found = flat - self._displacement(found)
        return found

    def to_page(self, box: Box) -> Box:
        """The bounding box on the page as stored of a straight ``box``, clipped to the page."""
        steps = np.linspace(0.0, 1.0, 5)
        xs, ys = box.left + steps * box.width, box.top + steps * box.height
        rim = [(x, y) for x in xs for y in (box.top, box.bottom)] + [(x, y) for x in (box.left, box.right) for y in ys]
        found = self.points_to_page(np.array(rim, np.float64))
        (left, top), (right, bottom) = found.min(axis=0), found.max(axis=0)
        return Box(float(left), float(top), float(right), float(bottom)).clipped(self.stored)

    def from_page(self, box: Box) -> Box:
        """The straight box whose sides run through the middles of those of ``box`` on the page as stored, clipped to the straight frame.

        On a page that is askew it is as high and wide as ``box``, where a bounding box would reach into the lines above and below.
        """
        (x, y), across, down = box.centre, box.width / 2, box.height / 2
        ends = self.points_from_page(np.array([(x - across, y), (x + across, y), (x, y - down), (x, y + down)], np.float64))
        level, upright = (ends[2:], ends[:2]) if self.turns % 2 else (ends[:2], ends[2:])
        (left, right), (top, bottom) = sorted(level[:, 0].tolist()), sorted(upright[:, 1].tolist())
        return Box(left, top, right, bottom).clipped(self.straight)

    def _displacement(self, points: Points) -> Points:
        if self.mesh.size == 0:
            return np.zeros_like(points)
        rows, columns = self.mesh.shape[:2]
        x = np.clip(points[:, 0] / max(1, self.straight.width - 1) * (columns - 1), 0, columns - 1)
        y = np.clip(points[:, 1] / max(1, self.straight.height - 1) * (rows - 1), 0, rows - 1)
        x0, y0 = np.minimum(x.astype(int), columns - 2), np.minimum(y.astype(int), rows - 2)
        fx, fy = (x - x0)[:, None], (y - y0)[:, None]
        top = self.mesh[y0, x0] * (1 - fx) + self.mesh[y0, x0 + 1] * fx
        bottom = self.mesh[y0 + 1, x0] * (1 - fx) + self.mesh[y0 + 1, x0 + 1] * fx
        return np.asarray(top * (1 - fy) + bottom * fy, np.float64)

    def _turned(self, points: Points) -> Points:
        x, y = points[:, 0], points[:, 1]
        width, height = self.stored.width, self.stored.height
        match self.turns % 4:
            case 0:
                return points
            case 1:
                return np.column_stack([height - y, x])
            case 2:
                return np.column_stack([width - x, height - y])
            case _:
                return np.column_stack([y, width - x])

    def _turned_back(self, points: Points) -> Points:
        x, y = points[:, 0], points[:, 1]
        width, height = self.stored.width, self.stored.height
        match self.turns % 4:
            case 0:
                return points
            case 1:  # stored turned 90 degrees clockwise: upright x = height - stored y, upright y = stored x
                return np.column_stack([y, height - x])
            case 2:
                return np.column_stack([width - x, height - y])
            case _:
                return np.column_stack([width - y, x])
