"""Lines of text as operators of a content stream: invisible, each laid along its baseline over its ink."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import Points
from models.geometry import Size, Straightening
from models.page import PageImage
from service.export.searchable.glyphless import DESCENT, EM, Glyphless
from service.export.searchable.laying import LaidLine
from service.export.searchable.matrix import Matrix, written

POINTS_AN_INCH = 72
_DIGITS = 4
FONT = "/F"
"""What a page calls its font."""

_BENT = 0.08
"""Text heights by which a line may lie beside its ink in the middle: 2 px at 200 dpi. Lines parted oftener are mixed (see `glyphless`)."""
_LEAST_MOVE = 25
"""Units of the font from which the pen is moved to where a character begins: characters that meet do so within half of it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the new PDF.

    Attributes:
        size: of its raster as stored, px.
        dpi: of that raster.
        mirrored: the raster is shown mirrored left to right.
    """

    size: Size
    dpi: float
    mirrored: bool

    @classmethod
    def of(cls, page: PageImage) -> "Sheet":
        """The sheet that ``page`` is shown on."""
        return cls(page.size, page.dpi, page.mirrored)

    @property
    def scale(self) -> float:
        """Points a px."""
        return POINTS_AN_INCH / self.dpi

    @property
    def sides(self) -> tuple[float, float]:
        """Width and height, points, as they are written: a picture larger than its page by a rounding is smoothed by poppler."""
        return round(self.size.width * self.scale, _DIGITS), round(self.size.height * self.scale, _DIGITS)

    def points(self, stored: Points) -> Points:
        """(N, 2) px of the page as stored as (N, 2) points of the sheet, origin bottom left."""
        x = self.size.width - stored[:, 0] if self.mirrored else stored[:, 0]
        return np.column_stack([x, self.size.height - stored[:, 1]]) * self.scale


def overlay(lines: Iterable[LaidLine], frame: Straightening, sheet: Sheet, font: Glyphless) -> bytes:
    """Operators that write ``lines`` (straight frame of ``frame``) on ``sheet``: a string for each, or more where the paper is curled."""
    pieces = (piece for line in lines if line.characters for piece in _straight(line, frame))
    shown = [f"{written(_matrix(piece, frame, sheet))} Tm [{_string(piece, font)}] TJ" for piece in pieces]
    return "\n".join(["BT", f"{FONT} 1 Tf 3 Tr", *shown, "ET"]).encode("ascii") if shown else b""


def _straight(line: LaidLine, frame: Straightening) -> Iterator[LaidLine]:
    """``line``, parted where it is bent most until no part is bent by more than `_BENT`."""
    characters = line.characters
    lefts = np.array([(each.left, line.bottom) for each in characters] + [(characters[-1].right, line.bottom)], np.float64)
    places = frame.points_to_page(lefts)
    along = places[-1] - places[0]
    aside = np.abs((places - places[0]) @ np.array([-along[1], along[0]])) / (float(np.hypot(*along)) or 1.0)
    bend = int(aside.argmax())
    if aside[bend] <= _BENT * line.height:
        yield line
        return
    yield from _straight(replace(line, characters=characters[:bend]), frame)
    yield from _straight(replace(line, characters=characters[bend:]), frame)


def _string(line: LaidLine, font: Glyphless) -> str:
    """The operand of TJ: characters in hexadecimal, and between them the gaps, as numbers that are taken away."""
    unit = line.height / EM
    parts, pen = [], 0.0
    for character in line.characters:
        left, right = ((x - line.characters[0].left) / unit for x in (character.left, character.right))
        if abs(left - pen) > _LEAST_MOVE:
            parts.append(f"> {round(pen - left)} <")
            pen += round(left - pen)
        code, wide = font.encode(character.text, right - pen)
        parts.append(code.hex().upper())
        pen += wide
    return f"<{''.join(parts)}>"


def _matrix(line: LaidLine, frame: Straightening, sheet: Sheet) -> Matrix:
    """Turned along the bottom of the line's ink, an em as high and as long as its ink is high."""
    left, right = line.characters[0].left, line.characters[-1].right
    middle = (left + right) / 2
    rim = [(left, line.bottom), (right, line.bottom), (middle, line.bottom), (middle, line.top)]
    (x, y), (end_x, end_y), low, high = sheet.points(frame.points_to_page(np.array(rim, np.float64))).tolist()
    ems = (right - left) / line.height
    along = (end_x - x) / ems, (end_y - y) / ems
    length = math.hypot(*along) or 1.0
    height = math.hypot(high[0] - low[0], high[1] - low[1])
    up = -along[1] / length * height, along[0] / length * height
    baseline = -DESCENT / EM
    return *along, *up, x + baseline * up[0], y + baseline * up[1]
