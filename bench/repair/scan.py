"""A sheet scanned, and spoilt step by step: blur, low resolution, a seal over the totals.

At every level the sheet is what a good office scanner stores (black ink, slightly cloudy paper, soft optics, grain, JPEG), at `DPI` unless
the resolution itself is the noise. Level 0 of blur is that and nothing more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.repair import sheet
from bench.repair.sheet import Sheet
from models.arrays import Bgr
from models.geometry import Box
from postprocess.places import Place
from tests.forms.contents import SelfEvaluation
from tests.forms.paper import clouds, grain, lit, pale, soften
from tests.forms.seal import Spot, stamp

DPI = 200
"""The most usual resolution of scanned archives, and of the scans of `tests.forms`."""

QUALITY = 80
"""Of the JPEG compression, with chroma at half resolution, as scanners store colour."""

cv2.setNumThreads(1)


@dataclass(frozen=True, slots=True)
class Scan:
    """``pixels`` (H, W, 3) uint8 BGR as stored, and the cell of each number, px, inside the blur of its ruling lines."""

    pixels: Bgr = field(compare=False, repr=False)
    cells: Mapping[Place, Box]
    dpi: float


def blur(form: SelfEvaluation, level: float, rng: np.random.Generator) -> Scan:
    """The numbers out of focus: a Gaussian of ``level`` px on top of what every scanner has."""
    return _scanned(sheet.whole(form, rng), DPI, level, rng)


def resolution(form: SelfEvaluation, level: float, rng: np.random.Generator) -> Scan:
    """The numbers seen at ``level`` dpi."""
    return _scanned(sheet.whole(form, rng), level, 0.0, rng)


def seal(form: SelfEvaluation, level: float, rng: np.random.Generator) -> Scan:
    """The totals and what stands above them under a seal whose paste hides the share ``level`` (0-1) of the ink beneath it."""
    drawn = sheet.totals(form, rng)
    x, y = drawn.cells[Place("total_score")].centre
    x, y = x - rng.uniform(-0.3, 1.0) * sheet.NARROW, y - rng.uniform(0, 2) * sheet.ROW
    spot = Spot(x / drawn.grey.shape[1], y / drawn.grey.shape[0])
    paper = _paper(_seen(drawn, DPI), rng)
    blank = np.full_like(paper, 255)
    stamped = stamp(rng, blank, form.implementing_unit, spot, DPI).astype(np.float32) / 255
    hidden = np.clip((1 - stamped.min(axis=2, keepdims=True)) / _STRONGEST, 0, 1) * np.float32(level)
    page = (stamped * (255 - (255 - paper.astype(np.float32)) * (1 - hidden))).astype(np.uint8)
    return _stored(page, drawn, DPI, 0.0, rng)


_STRONGEST = 0.85
"""Darkening by a full layer of the inks of `tests.forms.seal`, in the channel that they darken most."""


def _scanned(drawn: Sheet, dpi: float, sigma: float, rng: np.random.Generator) -> Scan:
    return _stored(_paper(_seen(drawn, dpi), rng), drawn, dpi, sigma, rng)


def _seen(drawn: Sheet, dpi: float) -> NDArray[np.uint8]:
    """(H, W) uint8: the sheet averaged over the scanner's px."""
    height, width = (round(side * dpi / sheet.DPI) for side in drawn.grey.shape)
    return np.asarray(cv2.resize(drawn.grey, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _paper(grey: NDArray[np.uint8], rng: np.random.Generator) -> Bgr:
    """Ink and paper: the better half of those of `tests.forms.scan.office`, so that the level alone decides what is hard to read."""
    light = clouds(rng, (grey.shape[0], grey.shape[1]), int(rng.uniform(30, 90)), rng.uniform(0.9, 0.96), 1.03)
    page = lit(pale(grey, rng.uniform(0.9, 1.0)), light)
    blue, red = rng.uniform(0.9, 1.0), rng.uniform(0.95, 1.0)
    return np.asarray(cv2.merge([np.asarray(page * np.float32(tone), np.uint8) for tone in (blue, (blue + red) / 2, red)]), np.uint8)


def _stored(page: Bgr, drawn: Sheet, dpi: float, sigma: float, rng: np.random.Generator) -> Scan:
    optics = float(np.hypot(rng.uniform(0.45, 0.8) * dpi / DPI, sigma))
    noisy = grain(rng, soften(page, optics), rng.uniform(1.5, 4.5))
    _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    pixels = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
    k = dpi / sheet.DPI
    return Scan(pixels, {place: box.scaled(k, k).grown(-sigma, -sigma) for place, box in drawn.cells.items()}, dpi)
