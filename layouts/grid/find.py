"""The stage: a clean page in, its grids out, with everything that was found on the way."""

from dataclasses import dataclass, field

from layouts.grid.assemble import grid_of, large
from layouts.grid.lattice import Cluster, clusters_of, lattice_of
from layouts.grid.scale import Scale
from layouts.grid.sheet import Sheet, sheet_of
from layouts.grid.strokes import Stroke, turned
from models.arrays import Mask, frozen
from models.geometry import Box
from models.grid import Grid, RulingLine
from models.page import CleanPage

_OVERLAP_MM = 1.5
"""Tables beside or above each other do not overlap; skewed rulings may by this much."""


@dataclass(frozen=True, slots=True)
class GridTrace:
    """Every intermediate of one page, for one picture.

    Attributes:
        ink: (H, W) bool, thin ink of either direction.
        horizontal_strokes: (H, W) bool, ink thin across y that no vertical stroke crosses.
        vertical_strokes: (H, W) bool, ink thin across x that no horizontal stroke crosses.
        segments: straight pieces that may belong to ruling lines.
        lines: the ruling lines of all tables.
        grids: from top to bottom.
    """

    ink: Mask = field(compare=False, repr=False)
    horizontal_strokes: Mask = field(compare=False, repr=False)
    vertical_strokes: Mask = field(compare=False, repr=False)
    segments: tuple[RulingLine, ...]
    lines: tuple[RulingLine, ...]
    grids: tuple[Grid, ...]

    def __post_init__(self) -> None:
        """Forbid writing."""
        for mask in (self.ink, self.horizontal_strokes, self.vertical_strokes):
            frozen(mask)


def find_grids(page: CleanPage) -> tuple[Grid, ...]:
    """All tables of a page, from top to bottom."""
    return _grids(sheet_of(page.grey, Scale.of(page.size)))


def trace_grids(page: CleanPage) -> GridTrace:
    """`find_grids` with its intermediates."""
    sheet = sheet_of(page.grey, Scale.of(page.size))
    grids = _grids(sheet)
    across, down = sheet.horizontal.plane, sheet.vertical.plane
    return GridTrace(
        ink=(across.ink | turned(down.ink)) > 0,
        horizontal_strokes=across.plain > 0,
        vertical_strokes=turned(down.plain) > 0,
        segments=_segments(sheet.horizontal.strokes, horizontal=True) + _segments(sheet.vertical.strokes, horizontal=False),
        lines=tuple(line for grid in grids for line in grid.lines),
        grids=grids,
    )


def _segments(strokes: tuple[Stroke, ...], *, horizontal: bool) -> tuple[RulingLine, ...]:
    return tuple(RulingLine(horizontal, s.middle, s.start, s.end, s.thickness) for s in strokes)


def _grids(sheet: Sheet) -> tuple[Grid, ...]:
    found = [grid for cluster in _joined(clusters_of(sheet), sheet.scale) if (grid := grid_of(cluster, sheet)) is not None]
    return tuple(sorted(found, key=lambda grid: (grid.box.top, grid.box.left)))


def _joined(clusters: list[Cluster], scale: Scale) -> list[Cluster]:
    # Pieces of one table that lost touch overlap; a bare frame around them (the edge of the paper) is none of theirs.
    # What is smaller than any grid is text.
    waiting = sorted((c for c in clusters if large(c.bounds, scale)), key=lambda c: c.bounds.area)
    done: list[Cluster] = []
    while waiting:
        cluster = waiting.pop()
        inside = [other for other in waiting if _overlap(cluster.bounds, other.bounds, scale)]
        if inside and _bare(cluster, scale):
            continue
        if not inside:
            done.append(cluster)
            continue
        waiting = [other for other in waiting if all(other is not one for one in inside)]
        waiting.append(Cluster.of([cluster, *inside]))
    return done


def _overlap(a: Box, b: Box, scale: Scale) -> bool:
    common = a.intersection(b)
    return min(common.width, common.height) > scale.px(_OVERLAP_MM)


def _bare(cluster: Cluster, scale: Scale) -> bool:
    lattice = lattice_of(cluster, scale)
    return lattice is None or (len(lattice.rows) == 2 and len(lattice.columns) == 2)
