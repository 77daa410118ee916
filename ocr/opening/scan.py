"""The picture data of a scan as it lies in its file, for showing the page again without coding it anew.

Only data is handed over that was cut out by poppler or by the child process: nothing of it is looked into here.
"""

import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from models.errors import InputError
from models.geometry import Size
from models.limits import Limits
from ocr.opening.bounded import INPUT, Allowance, checked, python_child, run
from ocr.opening.poppler import Picture, page_box, pictures
from ocr.opening.raster import header_of_child
from ocr.opening.resolution import scan_resolution
from ocr.opening.sniff import JPEG, PDF, media_type
from ocr.opening.source import Source, opened

_STEM = "scan"
_PARAMETERS = re.compile(r"-(?:X (?P<columns>\d+)|(?P<flag>[124APWBM]))")
"""What pdfimages says of a fax, as options of fax2tiff."""


class Coding(Enum):
    """How picture data is coded, by the name of its filter in a PDF; the value is what poppler calls it."""

    DCTDecode = "jpeg"
    CCITTFaxDecode = "ccitt"
    JBIG2Decode = "jbig2"


@dataclass(frozen=True, slots=True)
class Fax:
    """Parameters of `Coding.CCITTFaxDecode`, as in a PDF.

    Attributes:
        k: negative for group 4, 0 for group 3 in one dimension, positive in two.
        aligned: each row begins with a byte.
        black_is_1: a black pixel comes out as 1.
    """

    k: int
    aligned: bool
    black_is_1: bool


@dataclass(frozen=True, slots=True)
class Scan:
    """Picture data of one page.

    Attributes:
        coding: of ``data``.
        size: of its raster, px; of a JPEG what itself says.
        colours: 1 grey, 3 red green blue.
        data: a JPEG carries no metadata (Exif, XMP, colour profile, comment, thumbnail) and nothing behind its end.
        fax: parameters of a fax, else None.
        common: JBIG2 segments beside ``data``.
    """

    coding: Coding
    size: Size
    colours: int
    data: bytes
    fax: Fax | None = None
    common: bytes = b""


def stored_scan(path: Path, number: int, limits: Limits) -> Scan | None:
    """The data of page ``number`` (1-based) where the file is a JPEG, or the page of a PDF one JPEG, CCITT fax or JBIG2 picture.

    Whether it shows what `open_page` shows is not said: a PDF may turn it, invert it, or draw over it.

    Args:
        path: any name at all.
        number: 1-based.
        limits: on bytes, memory and time.

    Returns:
        None where there is no such data, or it cannot be had.

    Raises:
        InstallationError: poppler is missing.
    """
    with suppress(InputError), opened(path, limits) as source:
        allowance = Allowance.of(limits)
        match media_type(source.head(), source.name):
            case kind if kind == JPEG:
                return _jpeg(source, allowance)
            case kind if kind == PDF:
                return _of_pdf(source, number, allowance)
    return None


def _of_pdf(source: Source, number: int, allowance: Allowance) -> Scan | None:
    drawn = pictures(source, number, allowance)
    if len(drawn) != 1 or drawn[0].coding not in {coding.value for coding in Coding}:
        return None
    if scan_resolution(page_box(source, number, allowance), drawn) is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        stem = str(Path(folder, _STEM))
        command = ["pdfimages", "-j", "-ccitt", "-jbig2", "-f", str(number), "-l", str(number), INPUT, stem]
        with run(command, source, allowance) as ended:
            checked(ended, source.name)
        return _cut_out(Path(folder), drawn[0], allowance)


def _cut_out(folder: Path, picture: Picture, allowance: Allowance) -> Scan | None:
    """The one picture that pdfimages wrote into ``folder``."""
    files = {path.suffix: path for path in folder.iterdir()}
    size = Size(picture.width, picture.height)
    if (jpeg := files.get(".jpg")) is not None:
        with opened(jpeg, allowance.limits) as source:
            return _jpeg(source, allowance)
    if (fax := files.get(".ccitt")) is not None and ".params" in files:
        return Scan(Coding.CCITTFaxDecode, size, 1, fax.read_bytes(), _fax(files[".params"].read_text("ascii"), size))
    if (page := files.get(".jb2e")) is not None:
        common = files[".jb2g"].read_bytes() if ".jb2g" in files else b""
        return Scan(Coding.JBIG2Decode, size, 1, page.read_bytes(), None, common)
    return None


def _jpeg(source: Source, allowance: Allowance) -> Scan:
    with run(python_child("bare"), source, allowance) as ended:
        said = header_of_child(checked(ended, source.name), source.name)
        width, height, colours = (int(str(said[key])) for key in ("width", "height", "channels"))
        return Scan(Coding.DCTDecode, Size(width, height), colours, ended.output.read())


def _fax(told: str, size: Size) -> Fax | None:
    found = list(_PARAMETERS.finditer(told))
    flags = {match["flag"] for match in found}
    columns = {int(match["columns"]) for match in found if match["columns"]}
    if columns != {size.width}:
        return None
    return Fax(-1 if "4" in flags else 1 if "2" in flags else 0, "A" in flags, "W" in flags)
