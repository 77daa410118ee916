"""Image files: pages counted and decoded by Pillow in a child process; and raw pixels taken over from any child."""

import json
import mmap
from collections.abc import Mapping

import cv2
import numpy as np

from models.arrays import Bgr
from models.errors import DamagedError
from models.geometry import Size
from models.page import PageImage
from ocr.opening.bounded import Allowance, Ended, checked, python_child, run
from ocr.opening.estimate import believed_dpi
from ocr.opening.sniff import JPEG, PNG, TIFF
from ocr.opening.source import Source

_FORMATS = {PNG: "PNG", JPEG: "JPEG", TIFF: "TIFF"}
"""Pillow's name of each type. No other decoder of Pillow is ever asked."""
_MOST_HEADER_BYTES = 1024
"""The child's line of JSON has about 100."""

_TURNS = {1: (0, False), 2: (0, True), 3: (2, False), 4: (2, True), 5: (3, True), 6: (1, False), 7: (1, True), 8: (3, False)}
"""EXIF orientation as quarter turns clockwise after a mirroring left to right (CIPA DC-008, Orientation)."""


def count_image_pages(source: Source, kind: str, allowance: Allowance) -> int:
    """How many pages an image file has: frames of a TIFF (thumbnails and masks apart), else 1; `Limits.pages` + 1 stands for too many.

    Raises:
        InputError: the named fault.
    """
    limits = allowance.limits
    command = python_child("count", _FORMATS[kind], str(limits.pages), str(limits.megapixels))
    with run(command, source, allowance) as ended:
        pages = header_of_child(checked(ended, source.name), source.name).get("pages")
        if not isinstance(pages, int):
            raise _garbled(source.name)
        return pages


def open_image_page(source: Source, kind: str, number: int, allowance: Allowance) -> PageImage:
    """Page ``number`` (1-based) of an image file, 8 bits a channel, transparency on white, its EXIF orientation noted and not applied.

    The raster is that of the file, except where its pixels are far from square (standard fax): those are made square.

    Raises:
        InputError: the named fault.
    """
    command = python_child("decode", _FORMATS[kind], str(number), str(allowance.limits.megapixels))
    with run(command, source, allowance) as ended:
        said = header_of_child(checked(ended, source.name), source.name)
        pixels = _pixels(ended, said, source.name)
    turns, mirrored = _TURNS[_orientation(said)]
    return PageImage(number, pixels, believed_dpi(_dpi(said), Size(pixels.shape[1], pixels.shape[0])), turns, mirrored)


def pixels_of_child(ended: Ended, name: str) -> Bgr:
    """What ``child.py`` handed over, (H, W, 3) uint8 BGR.

    Raises:
        DamagedError: if it is not all there.
    """
    return _pixels(ended, header_of_child(ended, name), name)


def header_of_child(ended: Ended, name: str) -> Mapping[str, object]:
    """What ``child.py`` said in its line of JSON; the bytes behind it are next to be read.

    Raises:
        DamagedError: there is none.
    """
    line = ended.output.readline(_MOST_HEADER_BYTES)
    try:
        said = json.loads(line)
    except ValueError as error:
        raise _garbled(name) from error
    if not isinstance(said, dict):
        raise _garbled(name)
    return said


def pixels_of_ppm(ended: Ended, name: str) -> Bgr:
    """The one picture (binary PPM or PGM, 8 bits) that poppler wrote, (H, W, 3) uint8 BGR.

    Raises:
        DamagedError: if it is not all there.
    """
    magic, size, most = (ended.output.readline(_MOST_HEADER_BYTES).split() for _ in range(3))
    if magic not in ([b"P6"], [b"P5"]) or most != [b"255"] or len(size) != 2 or not all(number.isdigit() for number in size):
        raise _garbled(name)
    width, height = (int(number) for number in size)
    raster = _raster(ended, (height, width, 3 if magic == [b"P6"] else 1), name)
    return np.asarray(cv2.cvtColor(raster, cv2.COLOR_RGB2BGR if raster.shape[2] == 3 else cv2.COLOR_GRAY2BGR), np.uint8)


def _pixels(ended: Ended, said: Mapping[str, object], name: str) -> Bgr:
    width, height, channels = (said.get(key) for key in ("width", "height", "channels"))
    if not (isinstance(width, int) and isinstance(height, int) and isinstance(channels, int)):
        raise _garbled(name)
    raster = _raster(ended, (height, width, channels), name)
    return np.asarray(cv2.cvtColor(raster, cv2.COLOR_GRAY2BGR), np.uint8) if channels == 1 else raster.copy()


def _raster(ended: Ended, shape: tuple[int, int, int], name: str) -> Bgr:
    """The bytes behind the header as an array over the child's output itself; copy it before the output goes."""
    start, wanted = ended.output.tell(), shape[0] * shape[1] * shape[2]
    view = mmap.mmap(ended.output.fileno(), 0, access=mmap.ACCESS_READ)
    if wanted == 0 or len(view) - start < wanted:
        raise _garbled(name)
    return np.frombuffer(view, np.uint8, wanted, start).reshape(shape)


def _orientation(said: Mapping[str, object]) -> int:
    value = said.get("orientation")
    return value if isinstance(value, int) and value in _TURNS else 1


def _dpi(said: Mapping[str, object]) -> float:
    """The finer of both axes: coarser pixels were stretched to it, or differ little."""
    value = said.get("dpi")
    return max((float(dots) for dots in value if isinstance(dots, int | float)), default=0.0) if isinstance(value, list) else 0.0


def _garbled(name: str) -> DamagedError:
    return DamagedError(f"{name!r} gave no complete page.", "Scan or copy it again.")
