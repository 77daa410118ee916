"""A round red seal: ring, name along the circle, star, sometimes a line below it; patchy as ink is."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from models.arrays import Bgr, Grey
from tests.forms.paper import clouds

_FONTS = (Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc"), Path("/usr/share/fonts/truetype/arphic/uming.ttc"))
_SIMPLIFIED = 2  # index of the simplified Chinese face in Noto's collection, of a Chinese one in the other
_DIAMETER_MM = (38.0, 43.0)  # official seals measure 38 to 42 mm


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a seal's middle lies, as fractions of the page's width and height."""

    x: float
    y: float


def choose_spot(rng: np.random.Generator, page: Grey) -> Spot:
    """Over the last rows (totals), over the upper rows (amounts), below the table, or anywhere on the table."""
    rows, columns = np.nonzero(page[::8, ::8] < 128)
    top, bottom = np.percentile(rows, (1, 99.5)) * 8 / page.shape[0]
    left, right = np.percentile(columns, (1, 99)) * 8 / page.shape[1]
    match rng.choice(["total", "amounts", "below", "anywhere"], p=[0.35, 0.2, 0.2, 0.25]):
        case "total":
            return Spot(left + (right - left) * rng.uniform(0.55, 0.95), max(0.1, bottom - rng.uniform(0.0, 0.09)))
        case "amounts":
            return Spot(left + (right - left) * rng.uniform(0.3, 0.9), top + rng.uniform(0.1, 0.3))
        case "below":
            return Spot(rng.uniform(0.6, 0.85), min(0.9, bottom + rng.uniform(0.06, 0.12)))
    return Spot(rng.uniform(left, right), rng.uniform(top, bottom))


def stamp(rng: np.random.Generator, page: Bgr, name: str, spot: Spot, dpi: int) -> Bgr:
    """``page`` with a seal of ``name`` multiplied into it; black strokes stay black beneath the ink."""
    mask = _ink(rng, name, int(rng.uniform(*_DIAMETER_MM) / 25.4 * dpi))
    height, width = mask.shape
    left, top = int(spot.x * page.shape[1] - width / 2), int(spot.y * page.shape[0] - height / 2)
    x, y = max(0, left), max(0, top)
    part = page[y : top + height, x : left + width]
    ink = mask[y - top : y - top + part.shape[0], x - left : x - left + part.shape[1], None]
    colour = np.array([rng.uniform(35, 75), rng.uniform(30, 65), rng.uniform(195, 228)], np.float32)
    out = page.copy()
    out[y : top + height, x : left + width] = (part * (1 - ink * (1 - colour / 255))).astype(np.uint8)
    return out


def _ink(rng: np.random.Generator, name: str, size: int) -> NDArray[np.float32]:
    """(size, size) float32, 0 none to 1 full ink."""
    drawn = _drawing(name, int(rng.integers(len(_FONTS))), bool(rng.random() < 0.3))
    turned = drawn.rotate(float(rng.uniform(-28, 28)), Image.Resampling.BICUBIC).resize((size, size), Image.Resampling.LANCZOS)
    patches = np.clip(clouds(rng, (size, size), size // 5, 0.7, 1.15) * clouds(rng, (size, size), max(2, size // 60), 0.85, 1.1), 0, 1)
    ink = cv2.GaussianBlur(np.asarray(turned, np.float32) / 255, (0, 0), size / 600)
    return np.asarray(ink * patches * np.float32(rng.uniform(0.6, 0.97)), np.float32)


@lru_cache(maxsize=32)
def _drawing(name: str, font: int, with_line: bool) -> Image.Image:
    """An upright seal, 720 px in square, white on black."""
    size, middle, radius = 720, 360.0, 340.0
    image = Image.new("L", (size, size))
    pen = ImageDraw.Draw(image)
    pen.ellipse((middle - radius, middle - radius, middle + radius, middle + radius), outline=255, width=20)
    pen.polygon([(middle + r * np.sin(a), middle - r * np.cos(a)) for a, r in _star(112.0)], fill=255)
    face = ImageFont.truetype(str(_FONTS[font]), 84, index=_SIMPLIFIED if font == 0 else 0)
    step = min(26.0, 250.0 / len(name))
    for i, character in enumerate(name):
        angle = (i - (len(name) - 1) / 2) * step
        image.paste(255, (0, 0), _on_circle(character, face, angle, size, radius - 76))
    if with_line:
        small = ImageFont.truetype(str(_FONTS[font]), 58, index=_SIMPLIFIED if font == 0 else 0)
        pen.text((middle, middle + 190), "财务专用章", fill=255, font=small, anchor="mm")
    return image


def _star(radius: float) -> list[tuple[float, float]]:
    """(angle in radians, radius) of the ten corners of a five-pointed star."""
    return [(i * np.pi / 5, radius if i % 2 == 0 else radius * 0.382) for i in range(10)]


def _on_circle(character: str, face: ImageFont.FreeTypeFont, angle: float, size: int, radius: float) -> Image.Image:
    """One character upright at the top of the circle, then turned clockwise by ``angle`` degrees."""
    layer = Image.new("L", (size, size))
    ImageDraw.Draw(layer).text((size / 2, size / 2 - radius), character, fill=255, font=face, anchor="mm")
    return layer.rotate(-angle, Image.Resampling.BICUBIC)
