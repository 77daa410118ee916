"""Fax streaks and other marks that run through a table without belonging to it.

A ruling line ends where the table ends. A streak runs on: over the table's edge and alone, for where a table is cut by a page break all of
its rulings end side by side. What is known of the streak outside of the table (course, darkness) is taken out of the contrast inside of it,
so that a ruling which the streak crosses or touches stays as long as it is the darker of the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from layouts.grid.chains import chains_of, merged
from layouts.grid.strokes import Plane, Stroke, outlines
from models.arrays import Grey

_OVERHANG_MM = 10.0
"""A stroke that runs on this far beyond the last line it meets has left the table; hand-drawn overshoot is 1 to 3 mm."""
_AGREE_MM = 2.5
"""Ends this close together are side by side: at a page break the samples' rulings end within 0.5 mm, before straightening within 2."""
_LONG_MM = 40.0
"""No streak is shorter: the scanner makes it as long as the page."""
_RIM_MM = 10.0
"""Print keeps this far from the edge of the paper; what ends there is no table."""
_MEETS_MM = 1.0
"""A stroke that ends this close to another meets it."""
_FAINTER = 1.5
"""Up to this multiple of the streak's own contrast a pixel near its track belongs to it; fax streaks vary by a third along the page."""
_BAND_MM = 0.8
"""Half width of the track taken out where the streak is fainter than the rulings: its course is known only this well."""
_DARK_SHARE = 0.6
"""A streak above this share of the rulings' contrast cannot be told from them by darkness (always so in black and white)."""


@dataclass(frozen=True, slots=True)
class Streak:
    """A straight mark, in its plane's frame.

    Attributes:
        slope: px across per px along.
        offset: position across at along = 0.
        contrast: typical, levels.
        halfwidth: px.
        extent: where it was seen, px along.
        free: stretches of it that lie outside of the table, px along.
        bordered: strokes of the other direction end on it, so a ruling lies beneath.
    """

    slope: float
    offset: float
    contrast: float
    halfwidth: float
    extent: tuple[int, int]
    free: tuple[tuple[int, int], ...]
    bordered: bool


@dataclass(frozen=True, slots=True)
class _Scene:
    """The lines of one direction, whole, and those that cross them; ``ending[i]`` crossing ones end on ``lines[i]``."""

    lines: list[Stroke]
    crossing: list[Stroke]
    ending: NDArray[np.int64]
    plane: Plane


def find_streaks(plane: Plane, strokes: Sequence[Stroke], others: Sequence[Stroke]) -> list[Streak]:
    """The marks among ``strokes`` (of ``plane``); ``others`` are the strokes of the other direction."""
    lines = [merged(chain) for chain in chains_of(list(strokes), plane.scale)]
    crossing = [merged(chain) for chain in chains_of(list(others), plane.scale)]
    scene = _Scene(lines, crossing, _ending(lines, crossing, plane.scale.px(_MEETS_MM)), plane)
    least = plane.scale.px(_LONG_MM)
    found = []
    for index, line in enumerate(lines):
        free = _free_stretches(index, scene) if line.length >= least else ()
        if free:
            found.append(_measured(line, free, bool(scene.ending[index] >= 2), plane))
    return found


def _ending(lines: list[Stroke], crossing: list[Stroke], reach: int) -> NDArray[np.int64]:
    own, other = outlines(lines)[:, None, :], outlines(crossing)[None, :, :]
    middle, level = np.array([s.middle for s in lines])[:, None], np.array([s.middle for s in crossing])[None, :]
    ends = np.minimum(np.abs(other[..., 0] - middle), np.abs(other[..., 1] - middle)) <= reach
    return np.asarray((ends & (own[..., 0] - reach <= level) & (level <= own[..., 1] + reach)).sum(axis=1), np.int64)


def without_streaks(plane: Plane, streaks: list[Streak], ruling_contrast: float) -> Grey:
    """The plane's contrast with ``streaks`` taken out; ``ruling_contrast`` is that of a typical ruling line, levels."""
    contrast = plane.contrast.copy()
    for streak in streaks:
        _take_out(contrast, streak, ruling_contrast, plane)
    return contrast


def typical_contrast(plane: Plane, strokes: Sequence[Stroke]) -> float:
    """Median contrast of ``strokes``, levels; 255 where there are none."""
    values = [_contrast_along(plane, stroke, stroke.start, stroke.end) for stroke in strokes]
    return float(np.median(values)) if values else 255.0


def _free_stretches(index: int, scene: _Scene) -> tuple[tuple[int, int], ...]:
    line, least = scene.lines[index], scene.plane.scale.px(_OVERHANG_MM)
    met = _met(line, scene)
    if not met:
        alone = not all(_side_by_side(end, line, scene.lines, scene.plane) for end in (line.start, line.end))
        return ((line.start, line.end),) if alone else ()
    before, behind = (line.start, int(min(met))), (int(max(met)), line.end)
    ends = ((before, line.start), (behind, line.end))
    return tuple(part for part, end in ends if part[1] - part[0] >= least and not _closed(end, line, scene))


def _met(line: Stroke, scene: _Scene) -> list[float]:
    reach = scene.plane.scale.px(_MEETS_MM)
    met = [o.position(line.middle) for o in scene.crossing if o.start - reach <= line.middle <= o.end + reach]
    return [m for m in met if line.start - reach <= m <= line.end + reach]


def _closed(end: int, line: Stroke, scene: _Scene) -> bool:
    # The end lies inside of a table whose line there is broken, or at the height of another line, or beside ends of the table's own lines.
    reach, agree = scene.plane.scale.px(_MEETS_MM), scene.plane.scale.px(_AGREE_MM)
    outward = -1 if end == line.start else 1
    beyond = (o for o in scene.crossing if (o.middle - end) * outward > -reach)
    if any(o.start - reach <= line.middle <= o.end + reach for o in beyond) or any(abs(o.middle - end) <= agree for o in scene.crossing):
        return True
    return _side_by_side(end, line, [fellow for fellow, ending in zip(scene.lines, scene.ending, strict=True) if ending > 0], scene.plane)


def _side_by_side(end: int, line: Stroke, fellows: list[Stroke], plane: Plane) -> bool:
    agree, rim = plane.scale.px(_AGREE_MM), plane.scale.px(_RIM_MM)
    if not rim <= end <= plane.ink.shape[1] - rim:
        return False
    return any(f is not line and min(abs(f.start - end), abs(f.end - end)) <= agree for f in fellows)


def _measured(line: Stroke, free: tuple[tuple[int, int], ...], bordered: bool, plane: Plane) -> Streak:
    outside = np.zeros(len(line.nodes), np.bool_)
    for start, end in free:
        outside |= (line.nodes >= start) & (line.nodes < end)
    if outside.sum() < 2:
        outside[:] = True
    middles = (line.low + line.high)[outside] / 2
    slope, offset = np.polyfit(line.nodes[outside], middles, 1) if len(middles) > 1 else (0.0, middles[0])
    halfwidth = float(np.median((line.high - line.low)[outside])) / 2
    contrast = float(np.median([_contrast_along(plane, line, start, end) for start, end in free]))
    return Streak(float(slope), float(offset), contrast, halfwidth, (line.start, line.end), free, bordered)


def _contrast_along(plane: Plane, stroke: Stroke, start: int, end: int) -> float:
    nodes = stroke.nodes[(stroke.nodes >= start) & (stroke.nodes < end)].astype(int)
    nodes = nodes[nodes < plane.contrast.shape[1]]
    if len(nodes) == 0:
        return 255.0
    across = np.interp(nodes, stroke.nodes, (stroke.low + stroke.high) / 2)
    return float(np.median(_around(plane.contrast, across, nodes, 1).max(axis=0)))


def _around(image: NDArray[np.uint8], across: NDArray[np.float64], along: NDArray[np.int64], margin: int) -> NDArray[np.uint8]:
    rows = np.clip(np.floor(across).astype(int)[None, :] + np.arange(-margin, margin + 1)[:, None], 0, image.shape[0] - 1)
    return np.asarray(image[rows, along[None, :]], np.uint8)


def _take_out(contrast: NDArray[np.uint8], streak: Streak, ruling_contrast: float, plane: Plane) -> None:
    dark = streak.contrast > _DARK_SHARE * ruling_contrast
    margin = int(np.ceil(streak.halfwidth)) + 1 if dark else plane.scale.px(_BAND_MM)
    # A faint streak is taken out wherever it may go on, a dark one only where it was seen: it could be mistaken for a line.
    seen = streak.free if streak.bordered else (streak.extent,)
    stretches = seen if dark else ((0, contrast.shape[1]),)
    for start, end in stretches:
        along = np.arange(max(0, start), min(end, contrast.shape[1]))
        across = streak.offset + streak.slope * along
        rows = np.clip(np.floor(across).astype(int)[None, :] + np.arange(-margin, margin + 1)[:, None], 0, contrast.shape[0] - 1)
        values = contrast[rows, along[None, :]]
        contrast[rows, along[None, :]] = np.where(values <= _FAINTER * streak.contrast, 0, values)
