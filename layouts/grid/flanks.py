"""Strokes of characters told from lines by what stands beside them.

A line has paper on both sides: what crosses it is a few hair's breadths of its length, and text keeps clear of it. A stroke of a character
is met by the character's other strokes every millimetre or two, so that a row of strokes at one height, as long text in a wide cell has
them, is no line however even it is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from layouts.grid.strokes import Bits, Plane, Stroke

_BESIDE_MM = 0.3
"""So far beside a stroke is looked: characters' strokes stand closer together, text stands off its cell's borders by more."""
_BLUR_PX = 2
"""The blurred rim of the stroke itself."""
_ALONGSIDE_MM = 3.0
"""Ink that runs beside a stroke for longer is the same line printed twice; the strokes of characters of 10 to 16 pt are shorter."""
_FLANKED_SHARE = 0.22
"""Pieces with ink beside this share of their length are characters'. Pieces of broken rulings have it beside up to 0.15 (random tables,
doubled and with gaps), rows of characters' strokes in cells of long text beside 0.30 to 0.85."""


def is_text(strokes: Sequence[Stroke], plane: Plane) -> bool:
    """Whether ``strokes`` (pieces of one line of ``plane``, or of a row of characters) are characters' by the ink that meets them."""
    return flanked_share(strokes, plane) > _FLANKED_SHARE


def flanked_share(strokes: Sequence[Stroke], plane: Plane) -> float:
    """Share of the columns of ``strokes`` with ink close beside them on either side, 0-1."""
    beside = [_flanked(stroke, plane) for stroke in strokes]
    return float(np.concatenate(beside).mean()) if beside else 0.0


def _flanked(stroke: Stroke, plane: Plane) -> NDArray[np.bool_]:
    along = np.arange(stroke.start, stroke.end)
    out = np.arange(plane.scale.px(_BESIDE_MM))[:, None] + _BLUR_PX
    low = np.floor(np.interp(along, stroke.nodes, stroke.low)).astype(np.int64) - 1
    high = np.ceil(np.interp(along, stroke.nodes, stroke.high)).astype(np.int64)
    longest = plane.scale.px(_ALONGSIDE_MM)
    return _meeting(plane.marks, low - out, along, longest) | _meeting(plane.marks, high + out, along, longest)


def _meeting(marks: Bits, rows: NDArray[np.int64], along: NDArray[np.int64], longest: int) -> NDArray[np.bool_]:
    # (L,) where there is ink in ``rows``, (K, L), that is no longer along than ``longest``.
    inked: NDArray[np.bool_] = np.asarray((marks[np.clip(rows, 0, marks.shape[0] - 1), along] > 0).any(axis=0))
    change = np.diff(np.concatenate([[0], inked.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    for start, end in zip(starts, ends, strict=True):
        if end - start > longest:
            inked[start:end] = False
    return inked
