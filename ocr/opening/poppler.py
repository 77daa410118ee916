"""What poppler's tools say about a PDF: pages, the box of a page, the images on it, the size of its text."""

import re
from dataclasses import dataclass
from html import unescape
from unicodedata import east_asian_width

from models.errors import DamagedError, NoPagesError
from ocr.opening.bounded import INPUT, Allowance, Ended, checked, run
from ocr.opening.source import Source

POINTS_AN_INCH = 72

_MOST_TEXT_BYTES = 4_000_000
"""How much of a tool's answer is read: one page's words or images; a page of dense Chinese text gives 0.3 MB."""
_PAGES = re.compile(rb"^Pages:\s+(-?\d+)$", re.MULTILINE)
_SIZE = re.compile(rb"^Page\s+\d+ size:\s+(\S+) x (\S+) pts", re.MULTILINE)
_TURN = re.compile(rb"^Page\s+\d+ rot:\s+(-?\d+)$", re.MULTILINE)
_WORD = re.compile(rb'<word xMin="([-\d.]+)" yMin="[-\d.]+" xMax="([-\d.]+)" yMax="[-\d.]+">([^<]+)<')
_PICTURE_ROW = re.compile(rb"^\s*\d+\s+\d+ (image|stencil|mask|smask)\s+(\d+)\s+(\d+)\s.*\s(\S+)\s+(\S+)\s+\S+\s+\S+$", re.MULTILINE)
_NO_PAGES_STATUS = 99
"""How poppler's tools end where the page asked for does not exist."""


@dataclass(frozen=True, slots=True)
class PageBox:
    """A page as a viewer shows it, turned by its ``/Rotate`` and cut to its crop box.

    Attributes:
        width: points (1/72 inch).
        height: points.
        grumbles: what poppler complains of before it draws anything: faults of the document, not of what is on this page.
    """

    width: float
    height: float
    grumbles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Picture:
    """An image drawn on a page.

    Attributes:
        mask: it only masks another image.
        jpeg: it lies in the file as a JPEG.
        width: of its raster, px.
        height: of its raster, px.
        across: px an inch along its rows as drawn, rounded to whole numbers by poppler.
        down: px an inch along its columns.
        coding: as poppler calls it: jpeg, jp2, jbig2, ccitt, or image for all else.
    """

    mask: bool
    jpeg: bool
    width: int
    height: int
    across: float
    down: float
    coding: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a page's text.

    Attributes:
        sizes: size of type of each, points, by its width: the heights that poppler tells are those of the font's box, which is 2.6 times as
            high as the type for Noto Serif CJK printed by Chromium.
        lengths: characters in each.
    """

    sizes: tuple[float, ...]
    lengths: tuple[int, ...]


def page_count(source: Source, allowance: Allowance) -> int:
    """How many pages the document says it has.

    Raises:
        NoPagesError: none.
        EncryptedError: a password is needed.
        DamagedError: there is no telling.
    """
    with run(["pdfinfo", INPUT], source, allowance) as ended:
        if ended.status == _NO_PAGES_STATUS and "Invalid page count" in ended.complaint:
            raise NoPagesError(f"{source.name!r} has no pages.", "Scan or export it again.")
        # the document's own title may say "Pages: 7" in a line of its own; poppler's line comes after it
        found = _PAGES.findall(_answer(checked(ended, source.name)))
    if not found:
        raise DamagedError(f"{source.name!r} does not say how many pages it has.", "Scan or export it again.")
    return int(found[-1])


def page_box(source: Source, number: int, allowance: Allowance) -> PageBox:
    """The box of page ``number`` (1-based).

    Raises:
        DamagedError: the document counts this page, and yet it is not there.
    """
    with run(["pdfinfo", "-f", str(number), "-l", str(number), INPUT], source, allowance) as ended:
        answer = _answer(checked(ended, source.name))
    sizes, turns = _SIZE.findall(answer), _TURN.findall(answer)
    width, height = (_number(side) for side in sizes[-1]) if sizes else (0.0, 0.0)
    if width <= 0 or height <= 0:
        raise DamagedError(f"Page {number} of {source.name!r} is missing in the document.", "Scan or export it again.")
    if turns and int(turns[-1]) % 180 == 90:
        width, height = height, width
    return PageBox(width, height, frozenset(ended.complaint.splitlines()))


def pictures(source: Source, number: int, allowance: Allowance) -> tuple[Picture, ...]:
    """The images drawn on page ``number`` (1-based), in drawing order.

    Raises:
        InputError: the named fault.
    """
    with run(["pdfimages", "-list", "-f", str(number), "-l", str(number), INPUT], source, allowance) as ended:
        answer = _answer(checked(ended, source.name))
    return tuple(
        Picture(kind in (b"mask", b"smask"), b" jpeg " in row, int(width), int(height), _number(across), _number(down), _coding(row))
        for match in _PICTURE_ROW.finditer(answer)
        for row, (kind, width, height, across, down) in [(match[0], match.groups())]
    )


def words(source: Source, number: int, allowance: Allowance) -> Words:
    """The words of page ``number`` (1-based), as far as the PDF carries text, visible or not.

    Raises:
        InputError: the named fault.
    """
    with run(["pdftotext", "-bbox", "-cropbox", "-f", str(number), "-l", str(number), INPUT, "-"], source, allowance) as ended:
        found = _WORD.findall(_answer(checked(ended, source.name)))
    texts = [unescape(text.decode("utf-8", "replace")) for *_, text in found]
    widths = [_number(right) - _number(left) for left, right, _ in found]
    return Words(tuple(width / _ems(text) for width, text in zip(widths, texts, strict=True)), tuple(map(len, texts)))


def _ems(text: str) -> float:
    """How wide ``text`` is about, in sizes of its type: Chinese characters one each, digits and letters half."""
    return sum(1.0 if east_asian_width(character) in "WF" else 0.5 for character in text)


def _answer(ended: Ended) -> bytes:
    return ended.output.read(_MOST_TEXT_BYTES)


def _coding(row: bytes) -> str:
    """The ninth column: page, number, type, width, height, colour, components, bits, coding."""
    columns = row.split()
    return columns[8].decode("ascii", "replace") if len(columns) > 8 else ""


def _number(text: bytes) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
