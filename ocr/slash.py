"""A lone stroke: 1 or /. The recognizer, which sees shapes drawn out to one height, calls both 1; the slant tells them apart."""

import numpy as np

from models.arrays import Grey, Mask
from models.reading import BLANK, Lattice
from ocr.ctc import with_lone_dash
from ocr.lines import INK

SLANTED = 0.15
"""Drift to the right, px a px upwards, from which a stroke is a slash. In 28 fonts a slash has 0.16 to 0.74, a 1 at most 0.14."""

THIN = 0.3
"""Largest width of a slash about its own slant, over its height: 0.05 to 0.17 in these fonts; a 1 with its serifs has 0.43 and more."""

_ONE, _SLASH = ord("1"), ord("/")


def lone_stroke(lattice: Lattice, pixels: Grey) -> Lattice:
    """``lattice`` of the only line in a cell: a single stroke there is a slash or a dash rather than the numbers 1 and 一."""
    return with_lone_dash(tell_slash(lattice, pixels, INK))


def tell_slash(lattice: Lattice, pixels: Grey, ink: int) -> Lattice:
    """``lattice``, with 1 and / exchanged where it reads a lone 1 and the line is one slanted stroke.

    Args:
        lattice: of the line.
        pixels: (h, w) uint8 of its crop.
        ink: grey below which a pixel is ink.
    """
    best = lattice.codes[:, 0]
    if set(best[best != BLANK].tolist()) != {_ONE} or not _is_slanted_stroke(np.less(pixels, ink)):
        return lattice
    codes = lattice.codes.copy()
    codes[lattice.codes == _ONE], codes[lattice.codes == _SLASH] = _SLASH, _ONE
    return Lattice(codes, lattice.log_probabilities.copy())


def _is_slanted_stroke(ink: Mask) -> bool:
    rows, columns = np.nonzero(ink)
    if len(rows) == 0 or np.ptp(rows) == 0:
        return False
    slope, start = np.polyfit(rows.astype(np.float64), columns.astype(np.float64), 1)
    spread = float(np.abs(columns - (slope * rows + start)).max())
    return bool(-slope >= SLANTED and 2 * spread <= THIN * float(np.ptp(rows)))
