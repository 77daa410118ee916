"""Scanners in software: what office scanner, copier, fax and telephone make of a printed page.

Each kind is a function of a flat grey page and gives the page as that machine would store it. All chance comes from the generator that is
handed in; OpenCV runs on one thread.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from models.arrays import Bgr, Grey
from tests.forms.paper import clouds, grain, lit, pale, skewed, slope, soften
from tests.forms.phone import photograph
from tests.forms.seal import choose_spot, stamp

Stored: TypeAlias = NDArray[np.uint8] | NDArray[np.bool_]
"""(H, W, 3) uint8 BGR, (H, W) uint8 grey, or (H, W) bool with True for white."""

cv2.setNumThreads(1)

_THIN = 90  # percentile of grey inside of strokes: the faintest tenth are the hairlines of a font, which fade first
_FADED = (0.82, 0.98)  # weakest toner, as a multiple of what just keeps hairlines: below 0.75 amounts in AR PL UMing cannot be read by eye


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed page and what belongs to it.

    Attributes:
        page: (H, W) uint8, 0 black, at ``dpi``.
        reverse: what is printed on its back, same shape.
        dpi: of both.
        seal: name in the red seal, empty for none.
    """

    page: Grey
    reverse: Grey
    dpi: int
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """A way of scanning.

    Attributes:
        content: resolutions at which it sees the page, dpi.
        stored: resolution that its file claims, 0 for that of the content.
        work: makes the stored page.
        colour: keeps a red seal red.
    """

    content: tuple[int, ...]
    stored: int
    work: Callable[[np.random.Generator, Sheet], Stored]
    colour: bool


def _sealed(rng: np.random.Generator, sheet: Sheet, page: Bgr) -> Bgr:
    return stamp(rng, page, sheet.seal, choose_spot(rng, sheet.page), sheet.dpi) if sheet.seal else page


def _tone(rng: np.random.Generator, low: float) -> tuple[float, float, float]:
    """Factors for blue, green, red: white to warm, seldom cold."""
    blue, red = rng.uniform(low, 1.0), rng.uniform((1 + low) / 2, 1.0)
    return float(blue), float(np.clip((blue + red) / 2 + rng.normal(0, 0.012), 0.8, 1.0)), float(red)


def _tinted(grey: Grey, tone: Sequence[float]) -> Bgr:
    return np.asarray(cv2.merge([np.asarray(grey * np.float32(factor), np.uint8) for factor in tone]), np.uint8)


def clean(_: np.random.Generator, sheet: Sheet) -> Stored:
    """As printed: nothing added."""
    return sheet.page


def office(rng: np.random.Generator, sheet: Sheet) -> Stored:
    """Colour scanner: paper tone with clouds, a slight skew, soft optics."""
    scale = sheet.dpi / 200
    tone = _tone(rng, 0.90)
    paper = clouds(rng, sheet.page.shape, int(rng.uniform(30, 90) * scale), rng.uniform(0.84, 0.93), 1.03)
    page = _sealed(rng, sheet, _tinted(lit(pale(sheet.page, rng.uniform(0.78, 0.97)), paper), tone))
    shift = (rng.normal(0, 6) * scale, rng.normal(0, 6) * scale)
    page = skewed(page, float(np.clip(rng.normal(0, 0.6), -1.5, 1.5)), shift, (235, 238, 240))
    return grain(rng, soften(page, rng.uniform(0.45, 0.8) * scale), rng.uniform(1.5, 4.5))


def copier(rng: np.random.Generator, sheet: Sheet) -> Stored:
    """Photocopy in black and white: toner that fades in patches, specks, a dark edge, punch holes."""
    scale = sheet.dpi / 300
    soft = soften(sheet.page, 0.9 * scale)
    cut = rng.uniform(138, 156)
    thin = 255 - float(np.percentile(soft[sheet.page < 128], _THIN))
    weakest = (255 - cut) / thin * rng.uniform(*_FADED)
    toner = clouds(rng, sheet.page.shape, int(rng.uniform(110, 240) * scale), weakest, rng.uniform(1.1, 1.4))
    page = np.asarray(255 - np.clip((255 - soft.astype(np.float32)) * toner, 0, 255), np.uint8)
    page = skewed(page, float(np.clip(rng.normal(0, 1.5), -4, 4)), (rng.normal(0, 12) * scale, rng.normal(0, 12) * scale), (255, 255, 255))
    return np.asarray(_spoiled(rng, grain(rng, page, rng.uniform(10, 20)), scale) > cut, np.bool_)


def _spoiled(rng: np.random.Generator, page: Grey, scale: float) -> Grey:
    height, width = page.shape
    for _ in range(int(rng.uniform(80, 420))):
        point = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(page, point, int(rng.integers(0, 3) * scale), (0,) if rng.random() < 0.75 else (255,), -1)
    if rng.random() < 0.75:
        edge = (rng.uniform(4, 26) + 5 * clouds(rng, (height, 1), 40, -1, 1)[:, 0]) * scale
        dark = np.arange(width)[None, :] < edge[:, None]
        page[dark if rng.random() < 0.6 else dark[:, ::-1]] = 0
    if rng.random() < 0.6:
        x, middle, apart = rng.uniform(60, 100) * scale, height * rng.uniform(0.46, 0.54), 40 / 25.4 * 300 * scale
        for y in rng.choice([-1, 1], 2, replace=False) * apart + middle:
            cv2.circle(page, (int(x), int(y)), int(rng.uniform(26, 34) * scale), (0,), -1)
    return page


def fax(rng: np.random.Generator, sheet: Sheet) -> Stored:
    """Fax, grey: coarse content enlarged, the reverse side showing through, streaks along the feed."""
    height, width = sheet.page.shape
    mirrored = np.ascontiguousarray(sheet.reverse[:, ::-1])
    through = skewed(mirrored, rng.normal(0, 0.8), (rng.normal(0, 14), rng.normal(10, 14)), (255, 255, 255))
    through = pale(soften(through, rng.uniform(0.8, 1.5)), rng.uniform(0.05, 0.13))
    page = np.minimum(pale(sheet.page, rng.uniform(0.82, 1.0)), through)
    page = skewed(page, float(np.clip(rng.normal(0, 0.9), -2.5, 2.5)), (rng.normal(0, 5), rng.normal(0, 5)), (252, 252, 252))
    page = grain(rng, lit(soften(page, rng.uniform(0.4, 0.65)), _streaks(rng, (height, width))), rng.uniform(4, 8))
    size = (round(width * 200 / sheet.dpi), round(height * 200 / sheet.dpi))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _streaks(rng: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float32]:
    light = np.full(shape, rng.uniform(0.975, 1.0), np.float32)
    for _ in range(int(rng.integers(3, 12))):
        x = int(rng.integers(shape[1]))
        light[:, x : x + int(rng.integers(1, 4))] *= np.float32(rng.uniform(0.86, 1.1))
    return light


def phone(rng: np.random.Generator, sheet: Sheet) -> Stored:
    """Photograph on a desk: paper tone and seal, perspective and curl, uneven light, soft lens."""
    scale = sheet.dpi / 200
    paper = clouds(rng, sheet.page.shape, int(rng.uniform(40, 110) * scale), rng.uniform(0.88, 0.94), 1.02)
    page = _sealed(rng, sheet, _tinted(lit(pale(sheet.page, rng.uniform(0.82, 0.97)), paper), (1.0, 1.0, 1.0)))
    picture = photograph(rng, page, scale)
    shape = picture.shape[:2]
    shades = clouds(rng, shape, int(rng.uniform(300, 700) * scale), rng.uniform(0.8, 0.92), 1.04)
    picture = lit(
        np.asarray(picture * np.array(_tone(rng, 0.84), np.float32), np.uint8), slope(rng, shape, rng.uniform(0.62, 0.85)) * shades
    )
    return grain(rng, soften(picture, rng.uniform(0.55, 0.95) * scale), rng.uniform(1.5, 4))


MACHINES: Mapping[str, Machine] = {
    "office": Machine((150, 200, 200, 240, 300), 0, office, colour=True),
    "copier": Machine((300,), 0, copier, colour=False),
    "fax": Machine((150,), 200, fax, colour=False),
    "phone": Machine((170, 200, 200, 240), 0, phone, colour=True),
    "clean": Machine((150, 200, 300), 0, clean, colour=False),
}
"""Every kind of scan by its name in truth files."""
