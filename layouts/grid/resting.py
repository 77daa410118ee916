"""Where strokes of one direction end on lines of the other, their *walls*."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layouts.grid.scale import Scale
from layouts.grid.strokes import Stroke

BESIDE_MM = 1.5
"""Where lines cross, the crossed one is interrupted by the thickness of the other and a little more."""
TOUCH_MM = 0.6
"""A stroke ends on a line if its end comes this close to it."""


def resting(chains: Sequence[Sequence[Stroke]], walls: Sequence[Stroke], scale: Scale) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the first and the last end of each of ``chains`` (ascending pieces of one line) rests on one of ``walls``, (N,) each."""
    level = np.array([chain[0].middle for chain in chains])
    starts, ends = np.array([chain[0].start for chain in chains]), np.array([max(s.end for s in chain) for chain in chains])
    return _touches(level, starts, walls, scale), _touches(level, ends, walls, scale)


def _touches(level: NDArray[np.float64], ends: NDArray[np.int64], walls: Sequence[Stroke], scale: Scale) -> NDArray[np.bool_]:
    touch, beside = scale.px(TOUCH_MM), scale.px(BESIDE_MM)
    spans = np.array([(w.start - beside, w.end + beside, w.low.min() - touch, w.high.max() + touch) for w in walls])
    level, ends = level[:, None], ends[:, None]
    return np.asarray(((spans[:, 0] <= level) & (level <= spans[:, 1]) & (spans[:, 2] <= ends) & (ends <= spans[:, 3])).any(axis=1))
