"""Pages drawn with the text that is said to be read on them."""

import io
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.arrays import Bgr, Grey
from models.content import PageContent
from models.form import Document, Form, Source
from models.geometry import Box, Size, Straightening
from models.limits import Limits
from models.reading import Lattice, Reading
from ocr.opening import inspect
from service.export.searchable import Searchable, searchable_pdf
from tests.layouts.grid.drawing import FONTS

SHA256 = "0123456789abcdef" * 4
DPI = 200
SIZE = Size(1240, 877)
"""Of a page, straight: A5 lying at `DPI`."""
PX = 30
"""Size of type."""
MARGIN = 0.18
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)<')


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as stored, what was read on it, and where the ink of each line lies on it, by its text (px as stored)."""

    pixels: Bgr
    content: PageContent
    ink: dict[str, Box]


def draw(lines: Sequence[tuple[str, int, int]], turns: int = 0, degrees: float = 0.0) -> Sheet:
    """A page with ``lines`` (text, left, top; px, straight), scanned ``degrees`` askew and turned by quarters counterclockwise."""
    font = ImageFont.truetype(FONTS[1], PX)
    grey, readings, inks = np.full((SIZE.height, SIZE.width), 255, np.uint8), [], {}
    frame = _frame(turns, degrees)
    for text, left, top in lines:
        alone = Image.new("L", (SIZE.width, SIZE.height), 255)
        ImageDraw.Draw(alone).text((left, top), text, font=font, fill=0)
        line = np.asarray(alone)
        grey = np.minimum(grey, line)
        box = _bounds(line)
        readings.append(_reading(text, box))
        inks[text] = _bounds(_stored(line, turns, degrees))
    stored = _stored(grey, turns, degrees)
    return Sheet(np.dstack([stored] * 3), PageContent(1, frame, (), tuple(readings)), inks)


def numbered(content: PageContent, number: int) -> PageContent:
    return replace(content, number=number)


def written(original: Path, contents: Sequence[PageContent], target: Path, forms: tuple[Form, ...] = ()) -> Searchable:
    """The searchable PDF of ``original`` in ``target``."""
    document = Document(Source(original.name, SHA256, inspect(original, Limits()).pages), forms)
    with target.open("wb") as file:
        return searchable_pdf(original, contents, document, Limits(), file)


def png(pixels: Bgr) -> bytes:
    return _saved(pixels, "PNG", dpi=(DPI, DPI))


def jpeg(pixels: Bgr, **options: object) -> bytes:
    return _saved(pixels, "JPEG", dpi=(DPI, DPI), quality=90, **options)


def text_of(file: Path, *options: str) -> list[str]:
    """Lines of pdftotext that are not blank."""
    told = subprocess.run(["pdftotext", *options, str(file), "-"], check=True, capture_output=True).stdout.decode()
    return [line.strip() for line in told.replace("\f", "\n").splitlines() if line.strip()]


def words_of(file: Path) -> dict[str, Box]:
    """Where pdftotext finds each word of the first page, px at `DPI`, the page as shown."""
    told = subprocess.run(["pdftotext", "-bbox", str(file), "-"], check=True, capture_output=True).stdout.decode()
    return {unescape(match[4]): Box(*(float(edge) * DPI / 72 for edge in match[:4])) for match in _WORD.findall(told)}


def _saved(pixels: Bgr, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[..., ::-1])).save(file, kind, **options)
    return file.getvalue()


def _frame(turns: int, degrees: float) -> Straightening:
    stored = SIZE if turns % 2 == 0 else Size(SIZE.height, SIZE.width)
    return Straightening(stored, SIZE, turns, _askew(degrees))


def _askew(degrees: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.vstack([cv2.getRotationMatrix2D((SIZE.width / 2, SIZE.height / 2), degrees, 1.0), [0.0, 0.0, 1.0]])


def _stored(straight: Grey, turns: int, degrees: float) -> Grey:
    askew = cv2.warpPerspective(straight, _askew(degrees), (SIZE.width, SIZE.height), borderValue=(255,)) if degrees else straight
    return np.ascontiguousarray(np.rot90(askew, turns)).astype(np.uint8)


def _bounds(grey: Grey) -> Box:
    rows, columns = np.flatnonzero((grey < 128).any(axis=1)), np.flatnonzero((grey < 128).any(axis=0))
    return Box(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))


def _reading(text: str, ink: Box) -> Reading:
    """As `ocr.lines` would cut it out and the recognizer read it: a time step for every 8 px of 48 px of height."""
    box = ink.grown(MARGIN * ink.height, MARGIN * ink.height)
    steps = round(box.width * 48 / box.height / 8)
    codes = np.zeros((steps, 1), np.int32)
    for index, character in enumerate(text):
        middle = MARGIN * ink.height + (index + 0.5) / len(text) * ink.width
        codes[min(steps - 1, int(middle / box.width * steps))] = ord(character)
    return Reading(box, text, (0.99,) * len(text), Lattice(codes, np.zeros((steps, 1), np.float32)))
