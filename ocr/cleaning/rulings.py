"""Long ruling strokes of a page that is not flat yet, traced as points."""

from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Grey, Points

_INK = 50
"""Darkness (0-255) of a stroke px in the reduced picture; hairlines of half a px reach 100."""

_GAP = 5
"""Breaks along a stroke that are bridged, reduced px: 1.3 mm, what faded toner leaves out."""

_SLOPE_ROOM = 3
"""Strokes are thickened to this across before long runs are looked for, reduced px, so that a run may climb 1 px in 20."""

_RUN = 40
"""Shortest straight run, reduced px: 10 mm; strokes of characters measure 4 mm at most, titles included 8."""

_SHORTEST = 60
"""Shortest stroke, reduced px: 15 mm."""

_THICKEST = 7.5
"""Thickest stroke after thickening, reduced px: a frame of 1.2 mm. Ruling lines of the samples have 3 to 5, runs through rows of
characters mostly more than 7.5."""

_CHUNK = 8
"""Length that one traced point stands for, reduced px."""

_ALONE_WITHIN = 13
"""Height of the band around a stroke, reduced px, in which little else may lie: half a character to each side."""

_ALONE_ALONG = 0.8
"""Share of that band's ink that is the stroke itself, in half of its length and more (the rest is crossed or written close to): 405 of 406
long horizontal ruling lines of the samples have more, of 1300 runs through rows of characters 45, all short."""

_ALONE_ACROSS = 0.5
"""The same for vertical strokes: characters of several rows do not run together, but flush text stands close to a line all along."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """Traced strokes of one direction.

    Attributes:
        line: (N,) int64, which stroke each point belongs to, 0-based without gaps.
        points: (N, 2) float64, reduced px, px centres at .5.
    """

    line: NDArray[np.int64] = field(compare=False, repr=False)
    points: Points = field(compare=False, repr=False)

    @property
    def count(self) -> int:
        """Number of strokes."""
        return int(self.line.max()) + 1 if len(self.line) else 0


def trace_horizontal(darkness: Grey) -> Strokes:
    """Strokes within some 3 degrees of the horizontal.

    Args:
        darkness: (h, w) uint8, ink 255, about 100 dpi, rows of text horizontal.
    """
    return _trace(darkness, _ALONE_ALONG)


def trace_vertical(darkness: Grey) -> Strokes:
    """The same for strokes near the vertical; points stay (x, y) of ``darkness``."""
    found = _trace(np.ascontiguousarray(darkness.T), _ALONE_ACROSS)
    return Strokes(found.line, np.ascontiguousarray(found.points[:, ::-1]))


def _trace(darkness: Grey, alone: float) -> Strokes:
    mask = long_runs(darkness)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    width, area = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_AREA]
    good = (width >= _SHORTEST) & (area <= _THICKEST * width)
    good[0] = False
    rows, columns = np.nonzero(good[labels])
    return _centres(darkness, np.column_stack([labels[rows, columns], rows, columns]).astype(np.int64), count, alone)


def long_runs(darkness: Grey) -> NDArray[np.uint8]:
    """(h, w) uint8, 1 where a long horizontal run of ink lies, thickened across."""
    thick = cv2.dilate((darkness > _INK).view(np.uint8), np.ones((_SLOPE_ROOM, 1), np.uint8))
    joined = cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    return np.asarray(cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, _RUN), np.uint8)), np.uint8)


def _centres(darkness: Grey, inked: NDArray[np.int64], count: int, alone: float) -> Strokes:
    """Centres of the ink, weighted by darkness, of every chunk of every stroke that stands alone; numbered anew.

    Args:
        darkness: (h, w) uint8.
        inked: (N, 3) stroke, row and column of each px.
        count: one more than the highest stroke.
        alone: share of the ink around that must be the stroke's own.
    """
    labels, rows, columns = inked.T
    chunks = darkness.shape[1] // _CHUNK + 1
    keys = labels * chunks + columns // _CHUNK
    weights = darkness[rows, columns].astype(np.float64)
    total = np.bincount(keys, weights, count * chunks)
    used = np.flatnonzero(total > 0)
    x = np.bincount(keys, weights * columns, count * chunks)[used] / total[used]
    y = np.bincount(keys, weights * rows, count * chunks)[used] / total[used]
    band = cv2.blur(darkness, (_CHUNK, _ALONE_WITHIN), borderType=cv2.BORDER_REPLICATE)[np.rint(y).astype(int), np.rint(x).astype(int)]
    stroke = used // chunks
    lonely = total[used] >= alone * band * float(_CHUNK * _ALONE_WITHIN)
    kept = (2 * np.bincount(stroke, lonely, count) >= np.bincount(stroke, minlength=count))[stroke]
    _, line = np.unique(stroke[kept], return_inverse=True)
    return Strokes(line.astype(np.int64), np.column_stack([x, y])[kept] + 0.5)
