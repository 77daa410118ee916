"""The picture of a page as an object of a PDF: the data of the scan where they show the page as it is, else its pixels without loss.

Whether a scan's data show the page is not concluded from what the stranger's file says about them (turned, inverted, indexed, drawn over)
but looked at: a PDF of nothing but the picture is opened as the original was, and both are compared pixel by pixel.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

from models.arrays import Bgr
from models.errors import InputError
from models.geometry import Size
from models.limits import Limits
from models.page import PageImage
from ocr.opening import open_page, stored_scan
from service.export.searchable.lossless import Coded, coded_pixels, coded_scan
from service.export.searchable.matrix import Matrix, turning, written
from service.export.searchable.overlay import Sheet

NAME = "/Page"
"""What a page calls its picture."""

_ALIKE = 8
"""Grey levels by which a pixel may differ: decoders of JPEG may round differently (Pillow's and poppler's agree within 3 on the sample)."""
_ROWS_COMPARED = 512
"""At a time, so that no second copy of a large page is needed."""


def picture_file(original: Path, page: PageImage, limits: Limits, file: Path) -> Matrix:
    """Write a PDF of one page, the picture of ``page``, as ``file``.

    Args:
        original: that ``page`` comes from.
        page: as opened.
        limits: on opening pages.
        file: to be written; anew where the first try does not show the page.

    Returns:
        how the unit square of the picture is turned on the page.

    Raises:
        OSError: ``file`` cannot be written.
    """
    scan = stored_scan(original, page.number, limits)
    if scan is not None and {scan.size.width, scan.size.height} == {page.size.width, page.size.height}:
        for coded in (coded_scan(scan), replace(coded_scan(scan), inverted=True)):
            if coded.inverted and coded.bits == 8:
                break
            _write(coded, page.dpi, file)
            turned = _turning(file, page, limits)
            if turned is not None:
                return turned
    _write(coded_pixels(page.pixels), page.dpi, file)
    return turning(0, mirrored=False)


def _write(coded: Coded, dpi: float, file: Path) -> None:
    pdf = Pdf.new()
    width, height = Sheet(coded.size, dpi, mirrored=False).sides
    picture = Stream(
        pdf,
        coded.data,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=coded.size.width,
        Height=coded.size.height,
        ColorSpace=coded.space,
        BitsPerComponent=coded.bits,
        Filter=Name(f"/{coded.filter}"),
    )
    if coded.parameters:
        picture["/DecodeParms"] = coded.decode_parameters
    if coded.common:
        picture["/DecodeParms"] = Dictionary(JBIG2Globals=pdf.make_indirect(Stream(pdf, coded.common)))
    if coded.inverted:
        picture["/Decode"] = Array([1, 0])
    content = Stream(pdf, f"q {written((width, 0, 0, height, 0, 0))} cm {NAME} Do Q".encode("ascii"))
    resources = Dictionary(XObject=Dictionary({NAME: pdf.make_indirect(picture)}))
    box = Array([0, 0, width, height])
    pdf.pages.append(Page(Dictionary(Type=Name.Page, MediaBox=box, Resources=resources, Contents=pdf.make_indirect(content))))
    pdf.save(file)


def _turning(file: Path, page: PageImage, limits: Limits) -> Matrix | None:
    """How the picture in ``file`` must be turned to show ``page``; None where it does not."""
    try:
        shown = open_page(file, 1, limits).pixels
    except InputError:
        return None
    for mirrored in (False, True):
        for quarters in range(4):
            if _alike(np.rot90(shown[:, ::-1] if mirrored else shown, quarters), page.pixels):
                return turning(quarters, mirrored=mirrored)
    return None


def _alike(one: NDArray[np.uint8], other: Bgr) -> bool:
    if one.shape != other.shape:
        return False
    strips = (slice(top, top + _ROWS_COMPARED) for top in range(0, Size(one.shape[1], one.shape[0]).height, _ROWS_COMPARED))
    return all(int(np.abs(one[rows].astype(np.int16) - other[rows]).max()) <= _ALIKE for rows in strips)
