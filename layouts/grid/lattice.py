"""Ruling lines and the lattice of one table.

Strokes that lie on one line make one `Ruling`, however many gaps or doublings it has; the rulings of both directions that hang together
make the `Lattice` of one table, closed by edges where its rulings end without one (a page break, a border that was not printed).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from layouts.grid.chains import followers, groups_of, merged, union
from layouts.grid.scale import Scale
from layouts.grid.sheet import Sheet
from layouts.grid.strokes import Stroke, outlines
from models.geometry import Box, bounding

_REACH_MM = 1.0
"""Strokes of different direction meet across a gap this wide; stacked tables stand 2 mm apart or more."""
_DOUBLED_PX = 6
"""Strokes of one direction with no more paper than this between them are one ruling, doubled or stepping aside; no cell is that low."""
_OPEN_MM = 3.0
"""Rulings that run on this far beyond the last crossing one bound another row of cells, left open; the lowest cell is 3.5 mm high."""
_AGREE_MM = 2.5
"""Open ends that differ by no more belong to one edge."""
_TALL_MM = 30.0
"""Strokes of one direction alone make a table only if they are this long and stand side by side: a cell that fills the whole page."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """One edge of a table in the frame of its direction.

    Attributes:
        course: its strokes put together.
        printed: False for an edge that only closes what is open.
        sure: a long stroke belongs to it; else it is short and was found between two lines only.
    """

    course: Stroke
    printed: bool
    sure: bool

    @property
    def middle(self) -> float:
        """Typical position across, px."""
        return self.course.middle

    def low_at(self, along: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """First ink pixel across, at ``along``."""
        return np.asarray(np.interp(along, self.course.nodes, self.course.low))

    def high_at(self, along: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """One past the last ink pixel across, at ``along``."""
        return np.asarray(np.interp(along, self.course.nodes, self.course.high))


@dataclass(frozen=True, slots=True)
class Lattice:
    """The lines of one table: ``rows`` horizontal from top to bottom, ``columns`` vertical (transposed frame) from left to right."""

    rows: tuple[Ruling, ...]
    columns: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """Strokes that hang together.

    Attributes:
        horizontals: along x.
        verticals: along y, in the transposed frame.
        long: identities of those that are long, and so beyond doubt.
    """

    horizontals: tuple[Stroke, ...]
    verticals: tuple[Stroke, ...]
    long: frozenset[int]

    @classmethod
    def of(cls, parts: list["Cluster"]) -> "Cluster":
        """All strokes of ``parts`` together."""
        horizontals = tuple(s for part in parts for s in part.horizontals)
        return cls(horizontals, tuple(s for part in parts for s in part.verticals), parts[0].long)

    @property
    def bounds(self) -> Box:
        """What they cover, px."""
        boxes = [Box(left, top, right, bottom) for left, right, top, bottom in outlines(self.horizontals)]
        return bounding(boxes + [Box(left, top, right, bottom) for top, bottom, left, right in outlines(self.verticals)])


def clusters_of(sheet: Sheet) -> list[Cluster]:
    """Strokes that meet, directly or through others, in groups; strokes that meet none are left out."""
    horizontals, verticals = list(sheet.horizontal.strokes), list(sheet.vertical.strokes)
    count = len(horizontals)
    parent = list(range(count + len(verticals)))
    for i, j in _meetings(horizontals, verticals, sheet.scale):
        union(parent, i, count + j)
    # Long strokes come first on either side, so their numbers are the same among all.
    for i, j in _continued(list(sheet.horizontal.long), verticals, sheet.scale):
        union(parent, i, j)
    for i, j in _continued(list(sheet.vertical.long), horizontals, sheet.scale) + _tall(verticals, sheet.scale):
        union(parent, count + i, count + j)
    long = frozenset(id(s) for s in sheet.horizontal.long + sheet.vertical.long)
    groups = [([horizontals[i] for i in g if i < count], [verticals[i - count] for i in g if i >= count]) for g in groups_of(parent)]
    return [Cluster(tuple(h), tuple(v), long) for h, v in groups if len(h) + len(v) > 1]


def _meetings(horizontals: list[Stroke], verticals: list[Stroke], scale: Scale) -> list[tuple[int, int]]:
    reach = scale.px(_REACH_MM)
    h, v = outlines(horizontals)[:, None, :], outlines(verticals)[None, :, :]
    beside = (h[..., 0] - reach <= v[..., 3]) & (v[..., 2] <= h[..., 1] + reach)
    meet = beside & (v[..., 0] - reach <= h[..., 3]) & (h[..., 2] <= v[..., 1] + reach)
    return [(int(i), int(j)) for i, j in np.argwhere(meet)]


def _continued(strokes: list[Stroke], others: list[Stroke], scale: Scale) -> list[tuple[int, int]]:
    # Where both facing ends rest on a line, nothing fell out between them: two tables, or a cell that spans.
    at_start, at_end = _resting(strokes, others, scale)
    return [(int(a), int(b)) for a, b in followers(strokes, scale) if not (at_end[a] and at_start[b])]


def _resting(strokes: list[Stroke], others: list[Stroke], scale: Scale) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    reach = scale.px(_REACH_MM)
    own, walls = outlines(strokes)[:, None, :], outlines(others)[None, :, :]
    level = np.array([s.middle for s in strokes])[:, None]
    beside = (walls[..., 0] - reach <= level) & (level <= walls[..., 1] + reach)
    at_start, at_end = (beside & (walls[..., 2] - reach <= own[..., end]) & (own[..., end] <= walls[..., 3] + reach) for end in (0, 1))
    return np.asarray(at_start.any(axis=1)), np.asarray(at_end.any(axis=1))


def _tall(strokes: list[Stroke], scale: Scale) -> list[tuple[int, int]]:
    agree, tall = scale.px(_AGREE_MM), [(i, s) for i, s in enumerate(strokes) if s.length >= scale.px(_TALL_MM)]
    return [(i, j) for i, a in tall for j, b in tall if j < i and abs(a.start - b.start) <= agree and abs(a.end - b.end) <= agree]


def lattice_of(cluster: Cluster, scale: Scale) -> Lattice | None:
    """The rulings of one table, closed at open ends; None where they enclose nothing."""
    rows = _rulings(cluster.horizontals, cluster.long)
    columns = _rulings(cluster.verticals, cluster.long)
    rows, columns = _closed(rows, columns, scale), _closed(columns, rows, scale)
    if len(rows) < 2 or len(columns) < 2:
        return None
    return Lattice(tuple(rows), tuple(columns))


def _rulings(strokes: tuple[Stroke, ...], long: frozenset[int]) -> list[Ruling]:
    parent = list(range(len(strokes)))
    _, _, low, high = outlines(strokes).T
    near = np.maximum(low[:, None], low[None, :]) - np.minimum(high[:, None], high[None, :]) <= _DOUBLED_PX
    for i, j in np.argwhere(np.triu(near, 1)):
        if _apart(strokes[i], strokes[j]) <= _DOUBLED_PX:
            union(parent, int(i), int(j))
    groups = [[strokes[i] for i in group] for group in groups_of(parent)]
    return sorted((_ruling(group, any(id(s) in long for s in group)) for group in groups), key=lambda r: r.middle)


def _apart(a: Stroke, b: Stroke) -> float:
    # Paper between both, where they run side by side or come nearest.
    at = (max(a.start, b.start) + min(a.end, b.end)) / 2
    return abs(a.position(at) - b.position(at)) - (a.thickness + b.thickness) / 2


def _ruling(strokes: list[Stroke], sure: bool) -> Ruling:
    return Ruling(merged(strokes), printed=True, sure=sure)


def _closed(edges: list[Ruling], crossing: list[Ruling], scale: Scale) -> list[Ruling]:
    # Edges are the rulings of one direction; the crossing ones tell how far the table goes beyond them.
    if not crossing:
        return edges
    far, agree = scale.px(_OPEN_MM), scale.px(_AGREE_MM)
    first = edges[0].middle if edges else float("inf")
    last = edges[-1].middle if edges else float("-inf")
    begin = _agreed([-c.course.start for c in crossing if c.course.start < first - far], agree)
    finish = _agreed([c.course.end for c in crossing if c.course.end > last + far], agree)
    before = [_edge(-begin, crossing)] if begin is not None else []
    behind = [_edge(finish, crossing)] if finish is not None else []
    return before + edges + behind


def _agreed(ends: list[float], agree: int) -> float | None:
    ordered = sorted(ends, reverse=True)
    return next((a for a, b in pairwise(ordered) if a - b <= agree), None)


def _edge(position: float, crossing: list[Ruling]) -> Ruling:
    start, end = crossing[0].middle, crossing[-1].middle
    at = np.array([position])
    return Ruling(Stroke.along(round(start), round(end), np.array([(start + end) / 2]), at, at), printed=False, sure=True)
