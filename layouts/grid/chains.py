"""Pieces of one line: strokes that lie behind each other, whatever fell out between them."""

import numpy as np
from numpy.typing import NDArray

from layouts.grid.scale import Scale
from layouts.grid.strokes import Stroke

BREAK_MM = 8.0
"""A hole in a ruling is at most this long: several millimetres of dropped toner, less than most cells are wide."""
_ASIDE_MM = 0.2
"""Pieces of one line lie on one course to this much."""
_ASIDE_PX = 2
"""The same at the lowest resolutions."""


def root(parent: list[int], index: int) -> int:
    """The representative of ``index`` in a union-find forest."""
    while parent[index] != index:
        parent[index] = parent[parent[index]]
        index = parent[index]
    return index


def union(parent: list[int], a: int, b: int) -> None:
    """Put ``a`` and ``b`` into one tree."""
    parent[root(parent, a)] = root(parent, b)


def groups_of(parent: list[int]) -> list[list[int]]:
    """The members of each tree, in order."""
    groups: dict[int, list[int]] = {}
    for index in range(len(parent)):
        groups.setdefault(root(parent, index), []).append(index)
    return list(groups.values())


def followers(strokes: list[Stroke], scale: Scale) -> NDArray[np.int64]:
    """(P, 2) pairs (before, behind) of strokes that lie behind each other on one course, at most `BREAK_MM` apart."""
    if not strokes:
        return np.zeros((0, 2), np.int64)
    aside, gap = scale.px(_ASIDE_MM, _ASIDE_PX), scale.px(BREAK_MM)
    start, end = np.array([s.start for s in strokes]), np.array([s.end for s in strokes])
    first = np.array([s.low[0] + s.high[0] for s in strokes]) / 2
    last = np.array([s.low[-1] + s.high[-1] for s in strokes]) / 2
    before, behind = _level(last, first, aside)
    hole = start[behind] - end[before]
    follows = (np.abs(hole) <= gap) & (start[behind] > start[before]) & (end[behind] > end[before])
    return np.column_stack([before[follows], behind[follows]])


def _level(last: NDArray[np.float64], first: NDArray[np.float64], aside: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    # Pairs (i, j) with |last[i] - first[j]| <= aside. A page of text has two thousand strokes: all pairs of them would take 0.1 s.
    order = np.argsort(first, kind="stable")
    low = np.searchsorted(first[order], last - aside, side="left")
    high = np.searchsorted(first[order], last + aside, side="right")
    count = high - low
    before = np.repeat(np.arange(len(last)), count)
    offset = np.arange(len(before)) - np.repeat(np.cumsum(count) - count, count)
    return before, order[np.repeat(low, count) + offset]


def chains_of(strokes: list[Stroke], scale: Scale) -> list[list[Stroke]]:
    """Groups of strokes that follow each other, each in ascending order."""
    parent = list(range(len(strokes)))
    for before, behind in followers(strokes, scale):
        union(parent, int(before), int(behind))
    return [sorted((strokes[i] for i in group), key=lambda s: s.start) for group in groups_of(parent)]


def merged(strokes: list[Stroke]) -> Stroke:
    """One stroke with the course of all ``strokes``, from the first's start to the last's end; doubled pieces become one thick one."""
    if len(strokes) == 1:
        return strokes[0]
    nodes, where = np.unique(np.concatenate([s.nodes for s in strokes]), return_inverse=True)
    low, high = np.full(len(nodes), np.inf), np.full(len(nodes), -np.inf)
    np.minimum.at(low, where, np.concatenate([s.low for s in strokes]))
    np.maximum.at(high, where, np.concatenate([s.high for s in strokes]))
    return Stroke.along(min(s.start for s in strokes), max(s.end for s in strokes), nodes, low, high)
