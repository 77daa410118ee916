"""From pixels to the strokes of one page that may be ruling lines, in both directions."""

from dataclasses import dataclass, field

from layouts.grid.chains import chains_of
from layouts.grid.flanks import is_text
from layouts.grid.open_rows import standing_open
from layouts.grid.resting import resting
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
_INKED_SHARE = 0.55
"""A broken line has at least this share of its length left; strokes of a text line that happen to stand at one height cover less."""


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
    long_across, rest_across = _long(planes[0])
    long_down, rest_down = _long(planes[1])
    down = _between(rest_down, long_across, scale)
    across = _between(rest_across, long_down + down, scale)
    down = _between(rest_down, long_across + across, scale)
    down += standing_open(_without(rest_down, down), long_down + down, long_across, scale)
    across += standing_open(_without(rest_across, across), long_across + across, long_down, scale)
    return Sheet(Side(planes[0], tuple(long_across), tuple(across)), Side(planes[1], tuple(long_down), tuple(down)), scale)


def _without(strokes: list[Stroke], taken: list[Stroke]) -> list[Stroke]:
    known = {id(stroke) for stroke in taken}
    return [stroke for stroke in strokes if id(stroke) not in known]


def _without_streaks(sheet: Sheet) -> tuple[Plane, Plane] | None:
    contrasts, changed = [], False
    for one, other in ((sheet.horizontal, sheet.vertical), (sheet.vertical, sheet.horizontal)):
        streaks = find_streaks(one.plane, one.strokes, other.strokes)
        changed |= bool(streaks)
        contrasts.append(without_streaks(one.plane, streaks, typical_contrast(other.plane, other.long)) if streaks else one.plane.contrast)
    return planes_of_contrast(contrasts[0], contrasts[1], sheet.scale) if changed else None


def _long(plane: Plane) -> tuple[list[Stroke], list[Stroke]]:
    strokes, scale = strokes_of(plane), plane.scale
    whole = [stroke for stroke in strokes if stroke.length >= scale.px(_LONG_MM)]
    broken = [stroke for chain in chains_of(strokes, scale) if _inked(chain, scale.px(_CHAIN_MM)) for stroke in _pieces(chain, plane)]
    proven = {id(stroke) for stroke in whole + broken}
    return [s for s in strokes if id(s) in proven], [s for s in strokes if id(s) not in proven]


def _pieces(chain: list[Stroke], plane: Plane) -> list[Stroke]:
    # Looked at without the long ones: text may stand behind a line on the same course.
    pieces = [stroke for stroke in chain if stroke.length < plane.scale.px(_LONG_MM)]
    return pieces if pieces and not is_text(pieces, plane) else []


def _inked(chain: list[Stroke], least: int) -> bool:
    inked = sum(stroke.length for stroke in chain)
    whole = max(s.end for s in chain) - min(s.start for s in chain)
    return inked >= least and inked >= _INKED_SHARE * whole


def _between(strokes: list[Stroke], walls: list[Stroke], scale: Scale) -> list[Stroke]:
    # A short stroke is a line only if its ends come close to long ones of the other direction; what lies between is judged later.
    # Alone or with what follows it: text may stand behind a line on the same course.
    if not walls or not strokes:
        return []
    chains = [[stroke] for stroke in strokes] + [chain for chain in chains_of(strokes, scale) if len(chain) > 1]
    first, last = resting(chains, walls, scale)
    taken = {id(s) for i, chain in enumerate(chains) if _bounded(chain, bool(first[i]), bool(last[i]), scale) for s in chain}
    return [stroke for stroke in strokes if id(stroke) in taken]


def _bounded(chain: list[Stroke], first: bool, last: bool, scale: Scale) -> bool:
    return (first and last) or ((first or last) and _inked(chain, scale.px(_RESTING_MM)))
