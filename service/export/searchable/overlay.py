"""Runs of text as operators of a content stream: invisible, each laid along its baseline over its ink."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from models.arrays import Points
from models.geometry import Size, Straightening
from models.page import PageImage
from service.export.searchable.glyphless import DESCENT, EM, Glyphless, width
from service.export.searchable.matrix import Matrix, written
from service.export.searchable.runs import Run

POINTS_AN_INCH = 72
_DIGITS = 4
FONT = "/F"
"""What a page calls its font."""


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


def overlay(runs: Iterable[Run], frame: Straightening, sheet: Sheet, font: Glyphless) -> bytes:
    """Operators that write ``runs`` (straight frame of ``frame``) on ``sheet``."""
    shown = [f"{written(_matrix(run, frame, sheet))} Tm <{font.encode(run.text).hex().upper()}> Tj" for run in runs]
    return "\n".join(["BT", f"{FONT} 1 Tf 3 Tr", *shown, "ET"]).encode("ascii") if shown else b""


def _matrix(run: Run, frame: Straightening, sheet: Sheet) -> Matrix:
    """Turned along the bottom of the run's ink, stretched to its length, as high as its ink."""
    box = run.box
    middle = (box.left + box.right) / 2
    rim = [(box.left, box.bottom), (box.right, box.bottom), (middle, box.bottom), (middle, box.top)]
    (x, y), (end_x, end_y), low, high = sheet.points(frame.points_to_page(np.array(rim, np.float64))).tolist()
    ems = sum(width(character) for character in run.text) / EM
    along = (end_x - x) / ems, (end_y - y) / ems
    length = math.hypot(*along) or 1.0
    height = math.hypot(high[0] - low[0], high[1] - low[1])
    up = -along[1] / length * height, along[0] / length * height
    baseline = -DESCENT / EM
    return *along, *up, x + baseline * up[0], y + baseline * up[1]
