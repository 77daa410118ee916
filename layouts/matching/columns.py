"""The columns of a table that goes on in another grid: on the next page it stands elsewhere, in another size, or shows fewer columns."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

NEAR = 0.012
"""Of the table's width: how far a ruling may lie from its place on the page before. Narrowest column of the forms built in: 0.04."""

_NARROWEST = 0.4
"""A continuing grid that shows less than this share of the table's width could lie anywhere."""


@dataclass(frozen=True, slots=True)
class Scale:
    """From px of a straight page to shares of the table's width: ``x * factor + offset``."""

    factor: float
    offset: float

    def __call__(self, x: float) -> float:
        """The place of ``x``."""
        return x * self.factor + self.offset


def first_scale(edges: Sequence[float]) -> Scale:
    """The scale that makes the whole width of a grid with these column ``edges`` (px, ascending) 1."""
    return _scale(edges, 0.0, 1.0)


def fit(edges: Sequence[float], places: Sequence[float], factor: float) -> tuple[Scale, float]:
    """The scale under which the column ``edges`` (px) best meet ``places``, and the share of its inner edges that do (1 where it has none).

    The grid may reach from side to side, or lack columns at one side.

    Args:
        edges: column edges of the continuing grid, ascending.
        places: column edges of the grid it continues, as shares of the table's width, ascending.
        factor: of the grid it continues; pages of one file are alike in size.
    """
    left, right = places[0], places[-1]
    spans = [(left, b) for b in places[1:] if b - left >= _NARROWEST] + [(a, right) for a in places[1:-1] if right - a >= _NARROWEST]
    scales = [_scale(edges, a, b) for a, b in spans or [(left, right)]]
    best = max(scales, key=lambda scale: _met(edges, places, scale) - abs(math.log(scale.factor / factor)))
    return best, _met(edges[1:-1], places, best) / (len(edges) - 2) if len(edges) > 2 else 1.0


def _scale(edges: Sequence[float], left: float, right: float) -> Scale:
    factor = max(1e-9, right - left) / max(1.0, edges[-1] - edges[0])
    return Scale(factor, left - edges[0] * factor)


def _met(edges: Sequence[float], places: Sequence[float], scale: Scale) -> int:
    """How many ``edges`` lie near one of ``places``."""
    known = np.asarray(places)
    at = np.asarray(edges) * scale.factor + scale.offset
    behind = np.clip(np.searchsorted(known, at), 1, len(known) - 1)
    return int((np.minimum(abs(at - known[behind - 1]), abs(at - known[behind])) <= NEAR).sum())
