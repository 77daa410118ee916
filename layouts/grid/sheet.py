"""From pixels to the strokes of one page that may be ruling lines, in both directions."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from layouts.grid.chains import chains_of
from layouts.grid.scale import Scale
from layouts.grid.streaks import find_streaks, typical_contrast, without_streaks
from layouts.grid.strokes import Plane, Stroke, planes_of, planes_of_contrast, strokes_of
from models.arrays import Grey

_LONG_MM = 10.0
"""A stroke of this length is no part of a character: titles are up to 8 mm high. Dashes and underlines can be; they meet no other line."""
_CHAIN_MM = 16.0
"""Shorter pieces behind each other are a broken line from this much ink on."""
_RESTING_MM = 8.0
"""And from this much on if one end rests on a long line."""
_AGREE_MM = 0.6
"""Ends of rulings cut by one page break stand this level, and at least three of them."""
_INKED_SHARE = 0.55
"""A broken line has at least this share of its length left; strokes of a text line that happen to stand at one height cover less."""
_BESIDE_MM = 1.5
"""Where lines cross, the crossed one is interrupted by the thickness of the other and a little more."""
_TOUCH_MM = 0.6
"""A short stroke is a line only if its ends come this close to long ones of the other direction; what lies between is judged later."""


@dataclass(frozen=True, slots=True)
class Side:
    """One direction of a page: its plane, and the strokes that may be lines, ``long`` ones and ``short`` ones between two long ones."""

    plane: Plane
    long: tuple[Stroke, ...] = field(compare=False)
    short: tuple[Stroke, ...] = field(compare=False)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """All of them."""
        return self.long + self.short


@dataclass(frozen=True, slots=True)
class Sheet:
    """Both directions of a page; ``vertical`` lives in the transposed frame (along is y, across is x)."""

    horizontal: Side
    vertical: Side
    scale: Scale


def sheet_of(grey: Grey, scale: Scale) -> Sheet:
    """Find the strokes of a page ((H, W) uint8, straight frame)."""
    sheet = _selected(planes_of(grey, scale), scale)
    planes = _without_streaks(sheet)
    return sheet if planes is None else _selected(planes, scale)


def _selected(planes: tuple[Plane, Plane], scale: Scale) -> Sheet:
    long_across, rest_across = _long(strokes_of(planes[0]), scale)
    long_down, rest_down = _long(strokes_of(planes[1]), scale)
    down = _between(rest_down, long_across, scale)
    across = _between(rest_across, long_down + down, scale)
    down = _between(rest_down, long_across + across, scale)
    down += _beyond(rest_down, long_down + down, long_across, scale)
    across += _beyond(rest_across, long_across + across, long_down, scale)
    return Sheet(Side(planes[0], tuple(long_across), tuple(across)), Side(planes[1], tuple(long_down), tuple(down)), scale)


def _without_streaks(sheet: Sheet) -> tuple[Plane, Plane] | None:
    contrasts, changed = [], False
    for one, other in ((sheet.horizontal, sheet.vertical), (sheet.vertical, sheet.horizontal)):
        streaks = find_streaks(one.plane, one.strokes, other.strokes)
        changed |= bool(streaks)
        contrasts.append(without_streaks(one.plane, streaks, typical_contrast(other.plane, other.long)) if streaks else one.plane.contrast)
    return planes_of_contrast(contrasts[0], contrasts[1], sheet.scale) if changed else None


def _long(strokes: list[Stroke], scale: Scale) -> tuple[list[Stroke], list[Stroke]]:
    least = scale.px(_LONG_MM)
    proven = {id(stroke) for chain in chains_of(strokes, scale) if _inked(chain, scale.px(_CHAIN_MM)) for stroke in chain}
    proven |= {id(stroke) for stroke in strokes if stroke.length >= least}
    return [s for s in strokes if id(s) in proven], [s for s in strokes if id(s) not in proven]


def _inked(chain: list[Stroke], least: int) -> bool:
    inked = sum(stroke.length for stroke in chain)
    whole = max(s.end for s in chain) - min(s.start for s in chain)
    return inked >= least and inked >= _INKED_SHARE * whole


def _between(strokes: list[Stroke], walls: list[Stroke], scale: Scale) -> list[Stroke]:
    # Alone or with what follows it: text may stand behind a line on the same course.
    if not walls or not strokes:
        return []
    chains = [[stroke] for stroke in strokes] + [chain for chain in chains_of(strokes, scale) if len(chain) > 1]
    first, last = _resting(chains, walls, scale)
    taken = {id(s) for i, chain in enumerate(chains) if _bounded(chain, bool(first[i]), bool(last[i]), scale) for s in chain}
    return [stroke for stroke in strokes if id(stroke) in taken]


def _bounded(chain: list[Stroke], first: bool, last: bool, scale: Scale) -> bool:
    return (first and last) or ((first or last) and _inked(chain, scale.px(_RESTING_MM)))


def _beyond(strokes: list[Stroke], lines: list[Stroke], walls: list[Stroke], scale: Scale) -> list[Stroke]:
    # A low row that the page break leaves open: its rulings rest on a line at one end, the other ends stand side by side.
    if not walls or not strokes:
        return []
    known = {id(line) for line in lines}
    rest = [s for s in strokes if id(s) not in known]
    both = lines + rest
    first, last = _resting([[s] for s in both], walls, scale)
    loose = np.array([s.start if last[i] else s.end for i, s in enumerate(both) if first[i] != last[i]])
    agree = scale.px(_AGREE_MM)
    return [
        s
        for i, s in enumerate(both)
        if i >= len(lines) and first[i] != last[i] and np.sum(np.abs(loose - (s.start if last[i] else s.end)) <= agree) > 2
    ]


def _resting(chains: list[list[Stroke]], walls: list[Stroke], scale: Scale) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    level = np.array([chain[0].middle for chain in chains])
    starts, ends = np.array([chain[0].start for chain in chains]), np.array([max(s.end for s in chain) for chain in chains])
    return _touches(level, starts, walls, scale), _touches(level, ends, walls, scale)


def _touches(level: NDArray[np.float64], ends: NDArray[np.int64], walls: list[Stroke], scale: Scale) -> NDArray[np.bool_]:
    touch = scale.px(_TOUCH_MM)
    beside = scale.px(_BESIDE_MM)
    spans = np.array([(w.start - beside, w.end + beside, w.low.min() - touch, w.high.max() + touch) for w in walls])
    level, ends = level[:, None], ends[:, None]
    return np.asarray(((spans[:, 0] <= level) & (level <= spans[:, 1]) & (spans[:, 2] <= ends) & (ends <= spans[:, 3])).any(axis=1))
