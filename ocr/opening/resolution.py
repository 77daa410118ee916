"""At how many dots an inch a page of a PDF is rendered: a scan at its own, pixel for pixel; everything else by the size of its text.

Splash, poppler's renderer, draws an image onto floor(start) to floor(end) + 1 device pixels. A scan of 2480 px rendered "at 300 dpi" so
lands on 2481 px and is smoothed all over; rendered a quarter of a pixel smaller it lands on 2480 and every pixel comes out as stored, in
all eight orientations and under all four ``/Rotate`` (tests/ocr/opening/test_pdf_scans.py).
"""

import math
from dataclasses import dataclass
from statistics import median

from models.limits import Limits
from ocr.opening.poppler import POINTS_AN_INCH, PageBox, Picture, Words

_SHORT_PIXELS = 0.25
"""How much smaller than its raster a scan is rendered. Between 0.1 and 0.5 px every orientation was exact, at 0.75 most were not."""
_LOOSE_PIXELS = 1.02
"""The same for a scan that does not just fill its page (a margin, a crop box) and so starts anywhere within a pixel. With more than 1 it
never lands on more pixels than it has: nothing is smoothed, at worst one row or column is merged with the next."""
_SCAN_SHARE = 0.85
"""A picture that covers more of its page than this is a scan with at most a margin round it; a figure within text covers less."""
_COMPOSED_SHARE = 0.5
"""Pictures that cover more than this together (strips, layers of compressed scans) decide the dpi of their page."""
_MOST_SQUARE = 1.1
"""Pixels whose sides differ more are made square, as in image files (`child.squared`)."""
_PPI_ROUNDING = 0.6
"""Poppler tells px an inch rounded to whole numbers (0.5), of a page size rounded to six digits."""
_WHOLE_POINTS = 0.005
"""A page box this near to whole points was probably rounded to them by the program that wrote it."""
_SHARP_PPI = 150
"""Below this a picture over the whole page may be a mere background of text that is drawn over it."""

_USUAL_DPI = 300
"""Where neither text nor pictures say anything: what offices scan forms at."""
_LOW_DPI, _HIGH_DPI = 150, 400
"""Below the first, ruling lines of half a point get thinner than a pixel; the second gives type of 6.5 points its full size, and smaller
type is not read on paper either. An A4 page has 2 and 15 megapixels then."""
_LEAST_DPI = 72
"""A page so large that the pixel limit leaves fewer dpi is refused: 12 point text would be less than 12 px high."""
_TEXT_PIXELS = 36
"""Size wanted of body text, px. Of 1450 characters of two fonts, drawn at 14 / 18 / 22 px, the recognizer misread 7 / 6 / 6; at every size
from 26 to 48 px it misread the same 4. So 36 leaves a quarter for print smaller than the body."""
_FEWEST_CHARACTERS = 20
"""Less text than this (a page number, a stamp) says nothing about the body."""
_TEXT_POINTS = (4.0, 72.0)
"""Sizes that type can have, points."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """Dots an inch along the rows and columns of the page as viewed."""

    across: float
    down: float


def scan_resolution(page: PageBox, drawn: tuple[Picture, ...]) -> Resolution | None:
    """At what resolution the one scan on ``page`` comes out pixel for pixel; None where the page is not just one scan.

    Masks that belong to the scan do not count. Where the page's box was rounded to whole points it is unknown whether the scan was
    stretched to it; then the smaller resolution is taken, which at worst merges one row or column and never smooths.
    """
    pictures = [picture for picture in drawn if not picture.mask]
    if len(pictures) != 1 or _covered(page, pictures) < _SCAN_SHARE:
        return None
    scan = pictures[0]
    if max(scan.across, scan.down) > _MOST_SQUARE * min(scan.across, scan.down):
        return None
    upright, lying = _fitted(page, scan), _fitted(page, _turned(scan))
    if upright is not None or lying is not None:
        return upright if upright is not None else lying
    return Resolution(*(ppi * (1 - _LOOSE_PIXELS / pixels) for ppi, pixels in _axes(page, scan)))


def is_sharp(resolution: Resolution) -> bool:
    """Whether a scan of this resolution is more than a background."""
    return min(resolution.across, resolution.down) >= _SHARP_PPI - 1


def page_dpi(page: PageBox, drawn: tuple[Picture, ...], words: Words) -> float:
    """Dpi for a page that is not just one scan: the larger of what its text needs and what the pictures that cover most of it have."""
    wishes = []
    if sum(words.lengths) >= _FEWEST_CHARACTERS:
        wishes.append(_text_dpi(words))
    pictures = [picture for picture in drawn if not picture.mask]
    if _covered(page, pictures) >= _COMPOSED_SHARE:
        largest = max(pictures, key=lambda picture: picture.width * picture.height)
        wishes.append(max(largest.across, largest.down))
    return min(max(*wishes, _LOW_DPI), _HIGH_DPI) if wishes else _USUAL_DPI


def within_pixels(page: PageBox, dpi: float, limits: Limits) -> float:
    """``dpi``, lowered as far as the pixel limit demands; 0 where too little would be left to read anything."""
    square_inches = page.width * page.height / POINTS_AN_INCH**2
    most = math.sqrt(limits.megapixels * 1_000_000 / square_inches) * 0.999  # sides are rounded up to whole pixels
    return min(dpi, most) if most >= _LEAST_DPI else 0.0


def _axes(page: PageBox, scan: Picture) -> tuple[tuple[float, int], tuple[float, int]]:
    """Px an inch and px of ``scan`` along the rows and along the columns of the page; its longer side lies along the page's longer side."""
    rows, columns = (scan.across, scan.width), (scan.down, scan.height)
    return (rows, columns) if (page.width > page.height) == (scan.width / scan.across > scan.height / scan.down) else (columns, rows)


def _covered(page: PageBox, pictures: list[Picture]) -> float:
    """The share of the page's area that the pictures have together, as if none lay over another."""
    area = sum(
        (picture.width / picture.across) * (picture.height / picture.down)
        for picture in pictures
        if picture.across > 0 and picture.down > 0
    )
    return area * POINTS_AN_INCH**2 / (page.width * page.height)


def _fitted(page: PageBox, scan: Picture) -> Resolution | None:
    """The resolution at which ``scan`` fills the page, None where its own is another."""
    across, down = (_filling(scan.width, page.width, scan.across), _filling(scan.height, page.height, scan.down))
    return Resolution(across, down) if across > 0 and down > 0 else None


def _filling(pixels: int, points: float, ppi: float) -> float:
    """Dpi at which ``pixels`` fill ``points``; 0 where that is not the ``ppi`` told."""
    if abs(pixels * POINTS_AN_INCH / points - ppi) > _PPI_ROUNDING:
        return 0.0
    dpi = (pixels - _SHORT_PIXELS) * POINTS_AN_INCH / points
    rounded_box = abs(points - round(points)) < _WHOLE_POINTS
    return min(dpi, ppi * (1 - _SHORT_PIXELS / pixels)) if rounded_box and abs(pixels * POINTS_AN_INCH / ppi - points) <= 1 else dpi


def _turned(scan: Picture) -> Picture:
    return Picture(scan.mask, scan.jpeg, scan.height, scan.width, scan.down, scan.across)


def _text_dpi(words: Words) -> float:
    """Dpi at which the median character is `_TEXT_PIXELS` large."""
    low, high = _TEXT_POINTS
    sizes = [size for size, length in zip(words.sizes, words.lengths, strict=True) if low <= size <= high for _ in range(length)]
    return _TEXT_PIXELS * POINTS_AN_INCH / median(sizes) if sizes else _USUAL_DPI
