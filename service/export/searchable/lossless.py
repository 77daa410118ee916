"""Pixels coded without loss for a PDF: black and white as a group 4 fax, all else as differences of rows, deflated."""

import io
import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from pikepdf import Dictionary, Name, Object
from PIL import Image

from models.arrays import Bgr, Grey
from models.geometry import Size
from ocr.opening import Coding, Scan

_STRIP_ROWS, _STRIP_OFFSETS, _STRIP_BYTES = 278, 273, 279
"""Tags of TIFF 6.0."""
_UP = 2
"""Predictor of PNG: each row is written as its difference from the one above."""


@dataclass(frozen=True, slots=True)
class Coded:
    """Picture data ready for a PDF.

    Attributes:
        size: px.
        bits: of one colour of a pixel, 1 or 8.
        colours: 1 grey, 3 red green blue.
        filter: name of the PDF filter.
        parameters: of the filter; empty where it needs none.
        data: coded.
        common: JBIG2 segments beside ``data``.
        inverted: 0 means white.
    """

    size: Size
    bits: int
    colours: int
    filter: str
    parameters: dict[str, Object | int | bool] = field(default_factory=dict)
    data: bytes = b""
    common: bytes = b""
    inverted: bool = False

    @property
    def space(self) -> Object:
        """Its colour space."""
        return Name.DeviceGray if self.colours == 1 else Name.DeviceRGB

    @property
    def decode_parameters(self) -> Object:
        """``parameters`` as a dictionary of a PDF."""
        return Dictionary({f"/{key}": value for key, value in self.parameters.items()})


def coded_pixels(pixels: Bgr) -> Coded:
    """(H, W, 3) uint8 BGR, exactly."""
    size = Size(pixels.shape[1], pixels.shape[0])
    grey = pixels[..., 1]
    if not (np.array_equal(grey, pixels[..., 0]) and np.array_equal(grey, pixels[..., 2])):
        return _deflated(np.ascontiguousarray(pixels[..., ::-1]), size, 3)
    if np.isin(grey, (0, 255)).all():
        parameters: dict[str, Object | int | bool] = {"K": -1, "Columns": size.width, "Rows": size.height}
        return Coded(size, 1, 1, Coding.CCITTFaxDecode.name, parameters, _group_4(grey))
    return _deflated(np.ascontiguousarray(grey)[..., None], size, 1)


def coded_scan(scan: Scan) -> Coded:
    """The data of ``scan`` as they are."""
    bits = 8 if scan.coding is Coding.DCTDecode else 1
    parameters: dict[str, Object | int | bool] = {}
    if scan.fax is not None:
        parameters = {"K": scan.fax.k, "EncodedByteAlign": scan.fax.aligned, "BlackIs1": scan.fax.black_is_1}
        parameters |= {"Columns": scan.size.width, "Rows": scan.size.height}
    return Coded(scan.size, bits, scan.colours, scan.coding.name, parameters, scan.data, scan.common)


def _deflated(pixels: NDArray[np.uint8], size: Size, colours: int) -> Coded:
    """(H, W, ``colours``) uint8."""
    rows = pixels.reshape(size.height, -1)
    packer = zlib.compressobj(6)
    above = np.zeros(rows.shape[1], np.uint8)
    parts = []
    for row in rows:
        parts.append(packer.compress(bytes((_UP,)) + (row - above).tobytes()))
        above = row
    parts.append(packer.flush())
    parameters: dict[str, Object | int | bool] = {"Predictor": 15, "Colors": colours, "BitsPerComponent": 8, "Columns": size.width}
    return Coded(size, 8, colours, "FlateDecode", parameters, b"".join(parts))


def _group_4(grey: Grey) -> bytes:
    """(H, W) uint8 of 0 and 255, coded by libtiff as one strip of black runs on white."""
    file = io.BytesIO()
    Image.fromarray(grey < 255).save(file, "TIFF", compression="group4", tiffinfo={_STRIP_ROWS: grey.shape[0]})
    tags = Image.open(file).tag_v2  # type: ignore[attr-defined]
    (offset,), (count,) = tags[_STRIP_OFFSETS], tags[_STRIP_BYTES]
    return file.getvalue()[offset : offset + count]
