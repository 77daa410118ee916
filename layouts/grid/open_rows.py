"""Rulings of a low row that the page break leaves open.

They rest on a line at one end, and their other ends stand side by side. So do the strokes of text that stands close under a table, all on
one baseline; but none of them goes on with the table's own borders, and a row without borders is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layouts.grid.resting import BESIDE_MM, TOUCH_MM, resting
from layouts.grid.scale import Scale
from layouts.grid.strokes import Stroke, outlines

_AGREE_MM = 0.6
"""Ends of rulings cut by one page break stand this level."""
_FELLOWS = 3
"""And there are at least so many of them."""
_CORNER_MM = 0.25
"""A border goes on in the next row to this much; the first stroke of a character stands in from the edge of its text by 0.5 mm."""
_CORNER_PX = 2
"""The same at the lowest resolutions."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """Outlines (N, 4: start, end, lowest and highest ink across) of sure lines, of other strokes, and of what they rest on."""

    lines: NDArray[np.float64]
    strokes: NDArray[np.float64]
    walls: NDArray[np.float64]
    scale: Scale


def standing_open(strokes: Sequence[Stroke], lines: Sequence[Stroke], walls: Sequence[Stroke], scale: Scale) -> list[Stroke]:
    """Those of ``strokes`` that are rulings of open rows; ``lines`` are sure, and so are ``walls``, which run in the other direction."""
    if not walls or not strokes:
        return []
    scene = _Scene(outlines(lines), outlines(strokes), outlines(walls), scale)
    first, last = resting([[s] for s in (*strokes, *lines)], walls, scale)
    loose = np.concatenate([scene.strokes, scene.lines])[first != last]
    loose = np.where(last[first != last], loose[:, 0], loose[:, 1])
    found = []
    for i in np.flatnonzero((first != last)[: len(strokes)]):
        rest, end = scene.strokes[i, [0, 1] if first[i] else [1, 0]]
        if np.sum(np.abs(loose - end) <= scale.px(_AGREE_MM)) >= _FELLOWS and _bordered(rest, end, scene):
            found.append(strokes[i])
    return found


def _bordered(rest: float, end: float, scene: _Scene) -> bool:
    # A sure line may step in from the table's side by as much as doubled borders do; any other stroke has to go on with it.
    first, last = _sides(rest, end, scene)
    inward = np.repeat([scene.scale.px(BESIDE_MM), scene.scale.px(_CORNER_MM, _CORNER_PX)], [len(scene.lines), len(scene.strokes)])
    every = np.concatenate([scene.lines, scene.strokes])
    agree, beside = scene.scale.px(_AGREE_MM), scene.scale.px(BESIDE_MM)
    reaching = (every[:, 0] - agree <= end) & (end <= every[:, 1] + agree)
    within = every[:, 2] - first, last - every[:, 3]
    return all(bool((reaching & (-beside <= depth) & (depth <= inward)).any()) for depth in within)


def _sides(rest: float, end: float, scene: _Scene) -> tuple[float, float]:
    # First and last ink of the table across, at the wall: of the wall itself and of the lines that come to it from the other side.
    touch, beside, lines, walls = scene.scale.px(TOUCH_MM), scene.scale.px(BESIDE_MM), scene.lines, scene.walls
    near = walls[(walls[:, 2] - touch <= rest) & (rest <= walls[:, 3] + touch)]
    near = walls[(walls[:, 2] <= near[:, 3].max()) & (near[:, 2].min() <= walls[:, 3])]
    first, last = near[:, 0].min(), near[:, 1].max()
    behind = rest + np.copysign(beside, rest - end)
    come = lines[(lines[:, 0] <= behind) & (behind <= lines[:, 1]) & (lines[:, 2] >= first - beside) & (lines[:, 3] <= last + beside)]
    return float(come[:, 2].min(initial=first)), float(come[:, 3].max(initial=last))
