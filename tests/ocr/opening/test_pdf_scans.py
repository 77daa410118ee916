"""A page that is one embedded scan comes out pixel for pixel, however the PDF stores and places it."""

import io
import zlib
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.arrays import Bgr, Grey
from models.errors import DamagedError
from models.limits import Limits
from models.page import PageImage
from ocr.opening import open_page
from tests.hostile.images import encoded, fax_strip
from tests.hostile.pdf_bytes import document, gray_picture, one_page, one_picture, page, picture, stream

_WIDTH, _HEIGHT, _DPI = 497, 701, 150
_SIZE = (_WIDTH * 72 / _DPI, _HEIGHT * 72 / _DPI)
"""Points."""
_NOISE = np.random.default_rng(1).integers(0, 256, (_HEIGHT, _WIDTH), np.uint8)
"""Every pixel differs from its neighbours, so that any smoothing shows."""
_BITS = _NOISE > 127
_ONE_BIT = b"/ColorSpace/DeviceGray/BitsPerComponent 1"
_FLATE = b"/Filter/FlateDecode"


def _open(tmp_path: Path, data: bytes) -> PageImage:
    path = tmp_path / "scan.pdf"
    path.write_bytes(data)
    return open_page(path, 1, Limits())


def _grey(plane: Grey) -> Bgr:
    return np.dstack([plane] * 3)


def _packed(bits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> bytes:
    return zlib.compress(np.packbits(bits, axis=1).tobytes(), 1)


def _merged(opened: PageImage) -> tuple[int, int]:
    """How many rows and columns of a page of black and white noise have greys: those that were merged. Smoothing makes all of them grey."""
    grey = (opened.pixels[:, :, 0] > 0) & (opened.pixels[:, :, 0] < 255)
    return int((grey.mean(axis=1) > 0.1).sum()), int((grey.mean(axis=0) > 0.1).sum())


def _jbig2() -> bytes:
    """A page and one generic region in MMR coding, which is group 4 (ITU-T T.88, 7.4.6 and 7.4.8)."""
    size = _WIDTH.to_bytes(4, "big") + _HEIGHT.to_bytes(4, "big")
    region = size + bytes(8) + b"\0" + b"\1" + fax_strip(Image.fromarray(~_BITS))
    segments = ((0, 48, size + bytes(8) + b"\0\0\0"), (1, 38, region))
    heads = [number.to_bytes(4, "big") + bytes([kind, 0, 1]) + len(data).to_bytes(4, "big") for number, kind, data in segments]
    return b"".join(head + data for head, (_, _, data) in zip(heads, segments, strict=True))


def _shown(entries: bytes, data: bytes) -> bytes:
    return one_picture(picture(_WIDTH, _HEIGHT, entries, data), size=_SIZE)


_BLACK_WHITE = np.where(_BITS, 255, 0).astype(np.uint8)
_COLOUR = np.random.default_rng(2).integers(0, 256, (_HEIGHT, _WIDTH, 3), np.uint8)
_PALETTE = np.random.default_rng(3).integers(0, 256, (256, 3), np.uint8)
_FAX = b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 497/Rows 701/BlackIs1 %b>>"
_STORED: dict[str, tuple[bytes, bytes, Bgr]] = {
    "grey": (b"/ColorSpace/DeviceGray/BitsPerComponent 8" + _FLATE, zlib.compress(_NOISE.tobytes(), 1), _grey(_NOISE)),
    "grey, smoothing asked for": (
        b"/ColorSpace/DeviceGray/BitsPerComponent 8/Interpolate true" + _FLATE,
        zlib.compress(_NOISE.tobytes(), 1),
        _grey(_NOISE),
    ),
    "grey of 16 bits": (
        b"/ColorSpace/DeviceGray/BitsPerComponent 16" + _FLATE,
        zlib.compress(np.dstack([_NOISE, _NOISE[::-1]]).tobytes(), 1),
        _grey(_NOISE),
    ),
    "black and white": (_ONE_BIT + _FLATE, _packed(_BITS), _grey(_BLACK_WHITE)),
    "black and white, inverted": (_ONE_BIT + b"/Decode[1 0]" + _FLATE, _packed(~_BITS), _grey(_BLACK_WHITE)),
    "stencil": (b"/ImageMask true/BitsPerComponent 1" + _FLATE, _packed(_BITS), _grey(_BLACK_WHITE)),
    "stencil, inverted": (b"/ImageMask true/BitsPerComponent 1/Decode[1 0]" + _FLATE, _packed(~_BITS), _grey(_BLACK_WHITE)),
    "colour": (b"/ColorSpace/DeviceRGB/BitsPerComponent 8" + _FLATE, zlib.compress(_COLOUR.tobytes(), 1), _COLOUR[:, :, ::-1]),
    "palette": (
        b"/ColorSpace[/Indexed/DeviceRGB 255<%b>]/BitsPerComponent 8" % _PALETTE.tobytes().hex().encode() + _FLATE,
        zlib.compress(_NOISE.tobytes(), 1),
        _PALETTE[_NOISE][:, :, ::-1],
    ),
    "group 4": (_ONE_BIT + _FAX % b"true", fax_strip(Image.fromarray(_BITS)), _grey(_BLACK_WHITE)),
    "JBIG2": (_ONE_BIT + b"/Filter/JBIG2Decode", _jbig2(), _grey(_BLACK_WHITE)),
    "JPEG 2000, lossless": (
        b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/JPXDecode",
        encoded(Image.fromarray(_NOISE), "JPEG2000"),
        _grey(_NOISE),
    ),
    "JPEG 2000, bare codestream": (
        b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/JPXDecode",
        encoded(Image.fromarray(_NOISE), "JPEG2000", no_jp2=True),
        _grey(_NOISE),
    ),
    "group 4, inverted": (_ONE_BIT + _FAX % b"false", fax_strip(Image.fromarray(~_BITS)), _grey(_BLACK_WHITE)),
}


@pytest.mark.parametrize("stored", _STORED)
def test_every_way_of_storing(tmp_path: Path, stored: str) -> None:
    entries, data, expected = _STORED[stored]
    opened = _open(tmp_path, _shown(entries, data))
    assert np.array_equal(opened.pixels, expected)
    assert opened.dpi == pytest.approx(_DPI)
    assert (opened.turns, opened.mirrored) == (0, False)


@pytest.mark.parametrize("space", [b"/DeviceGray", b"/DeviceRGB"])
def test_a_jpeg_comes_as_its_library_decodes_it(tmp_path: Path, space: bytes) -> None:
    data = encoded(Image.fromarray(_NOISE if space == b"/DeviceGray" else _COLOUR), "JPEG", quality=90)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(image.convert("RGB"))[:, :, ::-1].astype(int)
    opened = _open(tmp_path, _shown(b"/ColorSpace%b/BitsPerComponent 8/Filter/DCTDecode" % space, data))
    # poppler's libjpeg may smooth coarser colour samples in another way than Pillow's
    assert np.abs(opened.pixels.astype(int) - expected).max() <= (0 if space == b"/DeviceGray" else 3)


def test_a_padded_jpeg_is_whole_and_a_cut_one_is_not(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(_NOISE), "JPEG")
    entries = b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode"
    whole = _open(tmp_path, _shown(entries, data)).pixels
    assert np.array_equal(_open(tmp_path, _shown(entries, data + bytes(400))).pixels, whole)
    with pytest.raises(DamagedError):
        _open(tmp_path, _shown(entries, data[: len(data) // 2]))


def test_cmyk_is_ink_on_white(tmp_path: Path) -> None:
    inks = np.zeros((_HEIGHT, _WIDTH, 4), np.uint8)
    inks[:, :100, 3] = 255
    inks[:, 100:200, 1:3] = 255
    opened = _open(tmp_path, _shown(b"/ColorSpace/DeviceCMYK/BitsPerComponent 8" + _FLATE, zlib.compress(inks.tobytes(), 1)))
    assert (opened.size.width, opened.size.height) == (_WIDTH, _HEIGHT)
    assert opened.pixels[:, :100].max() < 60
    assert opened.pixels[:, 200:].min() == 255
    blue, green, red = opened.pixels[5, 150].tolist()
    assert red > 200
    assert max(blue, green) < 100


_W, _H = (f"{side:.4f}" for side in _SIZE)
_MATRICES = {
    f"{_W} 0 0 {_H} 0 0": (0, False),
    f"-{_W} 0 0 {_H} {_W} 0": (0, True),
    f"{_W} 0 0 -{_H} 0 {_H}": (2, True),
    f"-{_W} 0 0 -{_H} {_W} {_H}": (2, False),
    f"0 {_W} -{_H} 0 {_H} 0": (3, False),
    f"0 -{_W} {_H} 0 0 {_W}": (1, False),
    f"0 {_W} {_H} 0 0 0": (1, True),
    f"0 -{_W} -{_H} 0 {_H} {_W}": (3, True),
}
"""Matrix that fills the page: quarter turns clockwise of the picture as shown, after mirroring left to right."""


@pytest.mark.parametrize(("matrix", "rotate"), list(product(_MATRICES, (0, 90, 180, 270))))
def test_every_way_of_placing(tmp_path: Path, matrix: str, rotate: int) -> None:
    turns, mirrored = _MATRICES[matrix]
    size = _SIZE if turns % 2 == 0 else _SIZE[::-1]
    xobject = gray_picture(_NOISE.tobytes(), _WIDTH, _HEIGHT)
    opened = _open(tmp_path, one_picture(xobject, size, matrix.encode(), b"/Rotate %d" % rotate))
    assert (opened.turns, opened.mirrored) == (0, False)
    assert np.array_equal(opened.pixels[:, :, 0], np.rot90(_NOISE[:, ::-1] if mirrored else _NOISE, -turns - rotate // 90))


@pytest.mark.parametrize("dpi", [72, 96, 150, 200, 204.5, 300, 400, 600])
def test_every_resolution(tmp_path: Path, dpi: float) -> None:
    size = (_WIDTH * 72 / dpi, _HEIGHT * 72 / dpi)
    opened = _open(tmp_path, one_picture(gray_picture(_NOISE.tobytes(), _WIDTH, _HEIGHT), size))
    assert np.array_equal(opened.pixels[:, :, 0], _NOISE)


@pytest.mark.parametrize("extra", [(0.0, 0.0), (0.3, 0.0), (0.0, 0.4), (0.49, 0.49)])
def test_fine_fax_pixels_and_stretched_ones_stay(tmp_path: Path, extra: tuple[float, float]) -> None:
    """204 x 196 dpi, and a box to which the program that wrote it rounded."""
    size = (_WIDTH * 72 / 204 + extra[0], _HEIGHT * 72 / 196 + extra[1])
    opened = _open(tmp_path, one_picture(gray_picture(_NOISE.tobytes(), _WIDTH, _HEIGHT), size))
    assert np.array_equal(opened.pixels[:, :, 0], _NOISE)


def test_low_pixels_of_standard_fax_are_made_square(tmp_path: Path) -> None:
    size = (_WIDTH * 72 / 204, _HEIGHT * 72 / 98)
    opened = _open(tmp_path, one_picture(gray_picture(_NOISE.tobytes(), _WIDTH, _HEIGHT), size))
    assert abs(opened.size.width - _WIDTH) <= 2
    assert abs(opened.size.height - _HEIGHT * 204 / 98) <= 3


@pytest.mark.parametrize("drawn", [(595.0, 842.0), (595.2, 841.92)])
def test_a_box_in_whole_points_never_smooths(tmp_path: Path, drawn: tuple[float, float]) -> None:
    """A4 at 300 dpi in a box of 595 x 842 points, stretched to it or hanging over."""
    bits = np.random.default_rng(5).integers(0, 2, (3508, 2480), np.uint8).astype(bool)
    xobject = picture(2480, 3508, _ONE_BIT + _FLATE, _packed(bits))
    opened = _open(tmp_path, one_picture(xobject, (595, 842), b"%g 0 0 %g 0 0" % drawn))
    assert abs(opened.size.width - 2480) <= 1
    assert abs(opened.size.height - 3508) <= 1
    assert _merged(opened) == (0, 1) or _merged(opened) == (0, 0)


def test_hidden_text_does_not_make_a_scan_a_text_page(tmp_path: Path) -> None:
    words = b"BT 3 Tr /F 8 Tf 20 20 Td (recognized by another program, invisible) Tj ET"
    contents = b"q %g 0 0 %g 0 0 cm /I Do Q " % _SIZE + words
    opened = _open(tmp_path, one_page(contents, gray_picture(_NOISE.tobytes(), _WIDTH, _HEIGHT), size=_SIZE))
    assert np.array_equal(opened.pixels[:, :, 0], _NOISE)


def test_what_is_drawn_over_a_scan_is_kept_in_its_colour(tmp_path: Path) -> None:
    """An electronic seal on a grey scan."""
    contents = b"q %g 0 0 %g 0 0 cm /I Do Q 1 0 0 rg 36 36 36 36 re f" % _SIZE
    opened = _open(tmp_path, one_page(contents, gray_picture(_NOISE.tobytes(), _WIDTH, _HEIGHT), size=_SIZE))
    assert opened.pixels[_HEIGHT - 110, 110].tolist() == [0, 0, 255]
    assert np.array_equal(opened.pixels[: _HEIGHT - 155, :, 0], _NOISE[: _HEIGHT - 155])


def test_a_soft_mask_belongs_to_its_scan(tmp_path: Path) -> None:
    mask = np.full((_HEIGHT, _WIDTH), 255, np.uint8)
    mask[:, :100] = 0
    scan = picture(
        _WIDTH,
        _HEIGHT,
        b"/ColorSpace/DeviceGray/BitsPerComponent 8/SMask 6 0 R" + _FLATE,
        zlib.compress(_NOISE.tobytes(), 1),
    )
    contents = b"q %g 0 0 %g 0 0 cm /I Do Q" % _SIZE
    opened = _open(tmp_path, one_page(contents, scan, gray_picture(mask.tobytes(), _WIDTH, _HEIGHT), size=_SIZE))
    assert opened.pixels[:, :100].min() == 255
    assert np.array_equal(opened.pixels[:, 100:, 0], _NOISE[:, 100:])


_NOISE_OBJECT = picture(_WIDTH, _HEIGHT, _ONE_BIT + _FLATE, _packed(_BITS))


@pytest.mark.parametrize("cut", [0, 3.7, 10])
def test_a_scan_cut_by_its_crop_box_is_not_smoothed(tmp_path: Path, cut: float) -> None:
    more = b"/CropBox[%g 0 %g %g]" % (cut, _SIZE[0], _SIZE[1] - 10)
    opened = _open(tmp_path, one_picture(_NOISE_OBJECT, _SIZE, more=more))
    assert abs(opened.size.width - (_WIDTH - cut * _DPI / 72)) <= 2
    assert max(_merged(opened)) <= 1


@pytest.mark.parametrize("margin", [1.1, 3.6, 4.8, 7.77])
@pytest.mark.parametrize("lying", [False, True])
def test_a_scan_with_a_margin_is_not_smoothed(tmp_path: Path, margin: float, lying: bool) -> None:
    paper = (_SIZE[0] + 2 * margin, _SIZE[1] + 2 * margin)
    matrix = b"%g 0 0 %g %g %g" % (*_SIZE, margin, margin)
    opened = _open(tmp_path, one_picture(_NOISE_OBJECT, paper, matrix, b"/Rotate 90" if lying else b""))
    wanted = [round(side * _DPI / 72) for side in (paper[::-1] if lying else paper)]
    assert abs(opened.size.width - wanted[0]) <= 2
    assert abs(opened.size.height - wanted[1]) <= 2
    assert max(_merged(opened)) <= 1


def test_pages_of_different_kinds_in_one_file(tmp_path: Path) -> None:
    second = page(_SIZE[::-1], 6, b"/I 7 0 R", b"/Rotate 90")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        page(_SIZE, 5, b"/I 7 0 R"),
        second,
        stream(b"", b"q %g 0 0 %g 0 0 cm /I Do Q" % _SIZE),
        stream(b"", b"q %g 0 0 %g 0 0 cm /I Do Q" % _SIZE[::-1]),
        gray_picture(_NOISE.tobytes(), _WIDTH, _HEIGHT),
    ]
    path = tmp_path / "two.pdf"
    path.write_bytes(document(objects))
    assert np.array_equal(open_page(path, 1, Limits()).pixels[:, :, 0], _NOISE)
    assert open_page(path, 2, Limits()).size.height > open_page(path, 2, Limits()).size.width
