"""Which stretches of the lattice are ruled: the evidence of the pixels, stretch by stretch.

A *stretch* is the piece of an edge between two neighbouring crossings. A ruled stretch carries a line from one crossing to the other; what
is missing of it fell out at random, so that holes do not begin and end at crossings. A stretch that is not ruled carries at most text,
which stands clear of the lines around it and is crossed by strokes of its own.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layouts.grid.chains import BREAK_MM
from layouts.grid.lattice import Lattice, Ruling
from layouts.grid.scale import Scale
from layouts.grid.strokes import Plane

_WHOLE_SHARE = 0.9
"""A stretch with this share of line is ruled whatever stands around it; a dash that fills a narrow cell reaches 0.8."""
_CLEAR_SHARE = 0.75
"""So is one with this share that is wider than `_NARROW_MM`; a row of text, 目日田, reaches 0.4."""
_RULED_SHARE = 0.6
"""And one with this share beside a hole that goes on across a crossing."""
_TEXT_SHARE = 0.1
"""A hole with more ink than this in it is a cell with text, no hole."""
_NARROW_MM = 6.0
"""A character and its margins are narrower."""
_STUB_MM = 0.8
"""A piece of line that starts at a printed crossing is a broken line: text keeps clear of lines, and lines overshoot by up to 3 px."""
_STUB_PX = 4
"""The same at the lowest resolutions."""
_TOUCH_MM = 0.15
"""So close to the crossing a piece starts at it; text of the narrowest cells stays 4 px away."""
_TOUCH_PX = 2
"""The same at the lowest resolutions."""
_FLOATING_MM = 15.0
"""A piece this long is a line wherever it stands; three dashes in a row are 13 mm."""
_PAST_MM = 0.6
"""A hole that goes on behind the crossing by this much did not end there; an absent line ends within 2 px."""
_PAST_PX = 4
"""The same at the lowest resolutions."""
_SPECK_MM = 0.25
"""Holes up to this length within a piece, and pieces up to this length, are noise."""
_BESIDE_PX = 1
"""Ink so far beside an edge's course still lies on it: rulings wander by a pixel between two nodes."""
_CROSSING_PX = 3
"""So near to a crossing a line counts although it is crossed there."""
_AROUND_MM = 3.0
"""A crossing line is looked at this far to both sides, for it may be doubled on one of them only."""
_ROUNDS = 4
"""What is ruled tells where crossings are printed, and these what else is ruled: random tables needed three rounds at most."""


@dataclass(frozen=True, slots=True)
class Borders:
    """For each stretch of the lattice, whether a line is printed there.

    Attributes:
        rows: (R + 1, C) bool, edge r lies above row r.
        columns: (R, C + 1) bool, edge c lies left of column c.
        row_share: (R + 1, C) float64, share of the stretch that looks like a line, 0-1.
        column_share: (R, C + 1) float64.
    """

    rows: NDArray[np.bool_] = field(compare=False)
    columns: NDArray[np.bool_] = field(compare=False)
    row_share: NDArray[np.float64] = field(compare=False)
    column_share: NDArray[np.float64] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Evidence between two crossings, px along.

    Attributes:
        start: behind the first crossing.
        end: before the second.
        runs: pieces of line (start, end), ascending.
        share: of the stretch that is line, 0-1.
        text: share that is ink, but crossed by other strokes.
    """

    start: int
    end: int
    runs: tuple[tuple[int, int], ...]
    share: float
    text: float

    @property
    def length(self) -> int:
        """Extent along."""
        return max(0, self.end - self.start)

    @property
    def missing_before(self) -> int:
        """How far from the start the first piece of line begins."""
        return self.runs[0][0] - self.start if self.runs else self.length

    @property
    def missing_behind(self) -> int:
        """How far from the end the last piece of line ends."""
        return self.end - self.runs[-1][1] if self.runs else self.length


@dataclass(frozen=True, slots=True)
class EdgeEvidence:
    """The stretches of one edge; ``sure`` where the edge itself is beyond doubt."""

    stretches: tuple[Stretch, ...]
    sure: bool
    scale: Scale


def borders_of(lattice: Lattice, horizontal: Plane, vertical: Plane) -> Borders:
    """Judge every stretch of the lattice by the ink of both planes."""
    rows = [evidence_of(edge, lattice.columns, horizontal) for edge in lattice.rows]
    columns = [evidence_of(edge, lattice.rows, vertical) for edge in lattice.columns]
    row_ruled, column_ruled = _first(rows), _first(columns)
    for _ in range(_ROUNDS):
        row_ruled, column_ruled = _anchored(row_ruled, column_ruled), _anchored(column_ruled, row_ruled)
        row_ruled, column_ruled = _again(rows, row_ruled, column_ruled), _again(columns, column_ruled, row_ruled)
    row_share, column_share = (np.array([[s.share for s in edge.stretches] for edge in edges]) for edges in (rows, columns))
    return Borders(row_ruled, column_ruled.T, row_share, column_share.T)


def _first(edges: list[EdgeEvidence]) -> NDArray[np.bool_]:
    return np.array([[_ruled_itself(stretch, edge) for stretch in edge.stretches] for edge in edges], np.bool_)


def _anchored(ruled: NDArray[np.bool_], crossing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    # A line begins or ends at another line or at the table's edge; what does neither stands inside of a cell.
    result = ruled.copy()
    for e, stretches in enumerate(ruled):
        printed = _printed(crossing, e)
        printed[[0, -1]] = True
        for start, end in _runs(stretches, 0, 0):
            if not (printed[start] or printed[end]):
                result[e, start:end] = False
    return result


def _again(edges: list[EdgeEvidence], ruled: NDArray[np.bool_], crossing: NDArray[np.bool_]) -> NDArray[np.bool_]:
    result = ruled.copy()
    for e, edge in enumerate(edges):
        printed = _printed(crossing, e)
        for i in np.flatnonzero(~ruled[e]):
            result[e, i] = _ruled_between(edge, int(i), ruled[e], printed)
    return result


def _printed(crossing: NDArray[np.bool_], edge: int) -> NDArray[np.bool_]:
    # ``crossing`` (edges across, stretches) tells where lines of the other direction are printed: to one side of ``edge``, or to the other.
    none = np.zeros(len(crossing), np.bool_)
    return (crossing[:, edge - 1] if edge > 0 else none) | (crossing[:, edge] if edge < crossing.shape[1] else none)


def _ruled_itself(stretch: Stretch, edge: EdgeEvidence) -> bool:
    if stretch.share >= _WHOLE_SHARE:
        return True
    clear = stretch.share >= _CLEAR_SHARE and stretch.length >= edge.scale.px(_NARROW_MM)
    return edge.sure and (clear or any(b - a >= edge.scale.px(_FLOATING_MM) for a, b in stretch.runs))


def _ruled_between(edge: EdgeEvidence, index: int, ruled: NDArray[np.bool_], printed: NDArray[np.bool_]) -> bool:
    stretch = edge.stretches[index]
    touch = edge.scale.px(_TOUCH_MM, _TOUCH_PX)
    at_start = bool(printed[index]) and bool(stretch.runs) and stretch.missing_before <= touch
    at_end = bool(printed[index + 1]) and bool(stretch.runs) and stretch.missing_behind <= touch
    if not edge.sure:
        return stretch.share >= _RULED_SHARE and at_start and at_end
    lengths = [b - a for a, b in stretch.runs]
    goes_on = index > 0 and bool(ruled[index - 1]), index + 1 < len(ruled) and bool(ruled[index + 1])
    if (at_start and lengths[0] >= _stub(edge, goes_on[0])) or (at_end and lengths[-1] >= _stub(edge, goes_on[1])):
        return True
    past = _past(edge, index, ruled, printed)
    return past and (stretch.share >= _RULED_SHARE or _swallowed(edge, index, ruled))


def _stub(edge: EdgeEvidence, goes_on: bool) -> int:
    # A line that comes from the other side of the crossing may overshoot it a little.
    return edge.scale.px(_STUB_MM, _STUB_PX) if goes_on else _STUB_PX - 1


def _past(edge: EdgeEvidence, index: int, ruled: NDArray[np.bool_], printed: NDArray[np.bool_]) -> bool:
    # A hole at the stretch's start or end that goes on across the crossing, into a neighbour that is ruled.
    least = edge.scale.px(_PAST_MM, _PAST_PX)
    before = printed[index] and index > 0 and ruled[index - 1] and edge.stretches[index - 1].missing_behind >= least
    behind = printed[index + 1] and index + 1 < len(ruled) and ruled[index + 1] and edge.stretches[index + 1].missing_before >= least
    return bool(before or behind)


def _swallowed(edge: EdgeEvidence, index: int, ruled: NDArray[np.bool_]) -> bool:
    # A hole that takes in the whole stretch, between two neighbours that are ruled.
    if not 0 < index < len(ruled) - 1 or not (ruled[index - 1] and ruled[index + 1]) or edge.stretches[index].text > _TEXT_SHARE:
        return False
    before, behind = edge.stretches[index - 1], edge.stretches[index + 1]
    return before.missing_behind + (behind.start - before.end) + behind.missing_before <= edge.scale.px(BREAK_MM)


def evidence_of(edge: Ruling, crossing: tuple[Ruling, ...], plane: Plane) -> EdgeEvidence:
    """What the plane shows along ``edge``, from one of the ``crossing`` edges to the next."""
    line, text = _along(edge, plane) if edge.printed else _nothing(plane)
    stretches = tuple(_stretch(line, text, a, b, plane.scale) for a, b in _bounds(edge, crossing, plane.scale))
    whole = any(stretch.share >= _WHOLE_SHARE for stretch in stretches)
    return EdgeEvidence(stretches, edge.sure or whole, plane.scale)


def _nothing(plane: Plane) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    nothing = np.zeros(plane.ink.shape[1], np.bool_)
    return nothing, nothing


def _along(edge: Ruling, plane: Plane) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    # (L,) along the plane: ink on the edge's course that nothing crosses, as a line's; and ink that is crossed, as a letter's.
    along = np.arange(plane.ink.shape[1])
    places = along.astype(np.float64)
    centre = np.floor((edge.low_at(places) + edge.high_at(places)) / 2).astype(int)
    reach = int(np.ceil(edge.course.thickness / 2)) + _BESIDE_PX
    rows = np.clip(centre[None, :] + np.arange(-reach, reach + 1)[:, None], 0, plane.ink.shape[0] - 1)
    columns = along.astype(np.int64)[None, :]
    line = (plane.plain[rows, columns] > 0).any(axis=0)
    ink = (plane.ink[rows, columns] > 0).any(axis=0)
    return np.asarray(line), np.asarray(ink & ~line)


def _bounds(edge: Ruling, crossing: tuple[Ruling, ...], scale: Scale) -> list[tuple[int, int]]:
    # Beside the crossing as well: a line that is doubled on one side of the edge only would look like a stub on the other.
    at = edge.middle + np.array([-1.0, 0.0, 1.0]) * scale.px(_AROUND_MM)
    return [(int(np.ceil(a.high_at(at).max())), int(np.floor(b.low_at(at).min()))) for a, b in pairwise(crossing)]


def _stretch(line: NDArray[np.bool_], text: NDArray[np.bool_], start: int, end: int, scale: Scale) -> Stretch:
    if end <= start:
        return Stretch(start, start, (), 0.0, 0.0)
    # Beside a crossing the line is not plain, being crossed there.
    inner = line[start:end].copy()
    inner[:_CROSSING_PX] |= text[start : min(end, start + _CROSSING_PX)]
    inner[-_CROSSING_PX:] |= text[max(start, end - _CROSSING_PX) : end]
    return Stretch(start, end, _runs(inner, start, scale.px(_SPECK_MM)), float(inner.mean()), float(text[start:end].mean()))


def _runs(line: NDArray[np.bool_], offset: int, speck: int) -> tuple[tuple[int, int], ...]:
    # Pieces of line, with holes up to ``speck`` bridged and pieces no longer than it dropped.
    change = np.diff(np.concatenate([[False], line, [False]]).astype(np.int8))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    if len(starts) == 0:
        return ()
    apart = starts[1:] - ends[:-1] > speck
    starts, ends = starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]
    return tuple((int(a) + offset, int(b) + offset) for a, b in zip(starts, ends, strict=True) if b - a > speck)
