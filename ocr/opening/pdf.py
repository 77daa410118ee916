"""Pages of a PDF as images: one embedded scan pixel for pixel, everything else through pdf2image; pages that lost something are refused."""

import re
import tempfile
from pathlib import Path

from models.arrays import Bgr
from models.errors import DamagedError, InstallationError, TooLargeError
from models.geometry import Size
from models.page import PageImage
from ocr.opening.bounded import INPUT, Allowance, checked, python_child, run
from ocr.opening.estimate import believed_dpi
from ocr.opening.poppler import POINTS_AN_INCH, PageBox, Picture, Words, page_box, pictures, words
from ocr.opening.raster import pixels_of_child, pixels_of_ppm
from ocr.opening.resolution import Resolution, is_sharp, page_dpi, scan_resolution, within_pixels
from ocr.opening.source import Source

_LOST = re.compile(
    r"in flate stream|LZW stream|jpeg data|Corrupt JPEG data: (?!\d+ extraneous)|DCT stream|DCT data|JBIG2|opening JPX Stream\."
    r"|code .*in CCITTFax|Invalid CCITTFax|Unknown filter|XObject '.*' is unknown|Bad image parameters"
)
"""What poppler and libjpeg say where picture data is lost. Poppler shows white in its place and ends well: a form that is half white must
not pass for one with empty fields. Harmless complaints (fonts, rows of wrong length, repaired cross references) are not among these."""
_NO_CJK = re.compile(r"Missing language pack")
_ROUNDING_PIXELS = 2
"""Poppler rounds up, and tells a page's size to six digits: at 10,000 px that is a tenth of a pixel."""
_JPEG_END = b"\xff\xd9"
_JPEG_PADDING_BYTES = 1024
"""Scanners pad a JPEG behind its end marker, to 4, 512 or 1024 bytes. (One without any end marker is refused as Pillow refuses it.)"""


def open_pdf_page(source: Source, number: int, allowance: Allowance) -> PageImage:
    """Page ``number`` (1-based) as a viewer shows it.

    Raises:
        InputError: the named fault of this page.
        InstallationError: poppler or its data is missing.
    """
    page, drawn = page_box(source, number, allowance), pictures(source, number, allowance)
    _check_pixels(source.name, number, drawn, allowance)
    scan = scan_resolution(page, drawn)
    text = Words((), ()) if scan is not None and is_sharp(scan) else words(source, number, allowance)
    if scan is not None and not text.lengths:
        _check_whole(source, number, drawn, allowance)
        pixels = _drawn(source, number, page, scan, allowance)
        size = Size(pixels.shape[1], pixels.shape[0])
        return PageImage(number, pixels, believed_dpi(size.width * POINTS_AN_INCH / page.width, size))
    dpi = int(within_pixels(page, page_dpi(page, drawn, text), allowance.limits))
    if dpi == 0:
        raise _too_large(source.name, number, f"{page.width / POINTS_AN_INCH:.0f} x {page.height / POINTS_AN_INCH:.0f} inches")
    return PageImage(number, _rendered(source, number, page, dpi, allowance), dpi)


def _check_pixels(name: str, number: int, drawn: tuple[Picture, ...], allowance: Allowance) -> None:
    """Refuse before anything is decoded."""
    for picture in drawn:
        if picture.width * picture.height > allowance.limits.megapixels * 1_000_000:
            raise _too_large(name, number, f"an image of {picture.width} x {picture.height} pixels")


def _check_whole(source: Source, number: int, drawn: tuple[Picture, ...], allowance: Allowance) -> None:
    """Make sure that a JPEG scan is not cut off: libjpeg fills the rest up and tells nobody.

    Only for pages of one picture: a page may draw one picture a thousand times, and each would be a file.
    """
    if not any(picture.jpeg for picture in drawn):
        return
    with tempfile.TemporaryDirectory() as folder:
        stem = str(Path(folder, "scan"))
        with run(["pdfimages", "-j", "-f", str(number), "-l", str(number), INPUT, stem], source, allowance) as ended:
            checked(ended, source.name)
        for path in Path(folder).glob("*.jpg"):
            if _JPEG_END not in path.read_bytes()[-_JPEG_PADDING_BYTES:]:
                raise DamagedError(f"Page {number} of {source.name!r} is a JPEG that was cut off.", "Scan or copy it again.")


def _drawn(source: Source, number: int, page: PageBox, resolution: Resolution, allowance: Allowance) -> Bgr:
    """By pdftoppm itself: pdf2image knows no resolution that differs between rows and columns."""
    only = ["-f", str(number), "-l", str(number), "-cropbox"]
    command = ["pdftoppm", *only, "-rx", f"{resolution.across:.6f}", "-ry", f"{resolution.down:.6f}", INPUT]
    with run(command, source, allowance) as ended:
        pixels = pixels_of_ppm(checked(ended, source.name), source.name)
    _check_nothing_lost(ended.complaint, pixels, page, resolution, f"Page {number} of {source.name!r}")
    return pixels


def _rendered(source: Source, number: int, page: PageBox, dpi: int, allowance: Allowance) -> Bgr:
    with run(python_child("render", str(number), str(dpi)), source, allowance) as ended:
        pixels = pixels_of_child(checked(ended, source.name), source.name)
    _check_nothing_lost(ended.complaint, pixels, page, Resolution(dpi, dpi), f"Page {number} of {source.name!r}")
    return pixels


def _check_nothing_lost(complaint: str, pixels: Bgr, page: PageBox, resolution: Resolution, name: str) -> None:
    if _NO_CJK.search(complaint):
        raise InstallationError("The character maps for Chinese PDFs are missing.", "Install them: sudo apt-get install poppler-data")
    lost = _LOST.search(complaint)
    if lost is not None:
        raise DamagedError(f"{name} has lost a part ({lost[0]}).", "Scan or copy it again.")
    height, width = pixels.shape[:2]
    wanted = page.width * resolution.across / POINTS_AN_INCH, page.height * resolution.down / POINTS_AN_INCH
    if abs(width - wanted[0]) > _ROUNDING_PIXELS or abs(height - wanted[1]) > _ROUNDING_PIXELS:
        raise DamagedError(f"{name} came out as {width} x {height} pixels.", "Scan or copy it again.")
    errors = {line for line in complaint.splitlines() if "Error" in line}
    if errors - page.grumbles and pixels.min() == 255:
        raise DamagedError(f"{name} comes out blank for its faults.", "Scan or copy it again.")


def _too_large(name: str, number: int, what: str) -> TooLargeError:
    return TooLargeError(
        f"Page {number} of {name!r} has {what}, more than the limit.", "Scan it at 300 dpi, or raise the limit on megapixels."
    )
