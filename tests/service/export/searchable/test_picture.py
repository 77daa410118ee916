"""Pictures of pages: the scan's own data where they show the page, else the same pixels."""

import io
import zlib
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from PIL import Image

from models.arrays import Bgr
from models.limits import Limits
from ocr.opening import open_page
from service.export.searchable.matrix import then, turning
from tests.hostile.images import encoded, fax_strip
from tests.hostile.pdf_bytes import one_picture, picture
from tests.service.export.searchable.drawn import written
from tests.service.export.searchable.pdfa import faults

WIDTH, HEIGHT = 331, 468
SIZE = WIDTH * 72 / 200, HEIGHT * 72 / 200
_RNG = np.random.default_rng(7)
_COLOUR = np.repeat(np.repeat(_RNG.integers(0, 256, (HEIGHT // 9, WIDTH // 9 + 1, 3), np.uint8), 9, 0), 9, 1)[:HEIGHT, :WIDTH]
_BITS = np.repeat(np.repeat(_RNG.integers(0, 2, (HEIGHT // 9, WIDTH // 9 + 1)) > 0, 9, 0), 9, 1)[:HEIGHT, :WIDTH]
JPEG = encoded(Image.fromarray(_COLOUR), "JPEG", quality=90)
_EIGHT = b"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"
_ONE = b"/ColorSpace/DeviceGray/BitsPerComponent 1"
_FAX = _ONE + b"/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 331/Rows 468/BlackIs1 %b>>"


def _jbig2() -> bytes:
    """A page and one generic region in MMR coding, which is group 4 (ITU-T T.88, 7.4.6 and 7.4.8)."""
    size = WIDTH.to_bytes(4, "big") + len(_BITS).to_bytes(4, "big")
    region = size + bytes(8) + b"\0" + b"\1" + fax_strip(Image.fromarray(~_BITS))
    segments = ((0, 48, size + bytes(8) + b"\0\0\0"), (1, 38, region))
    return b"".join(n.to_bytes(4, "big") + bytes([kind, 0, 1]) + len(data).to_bytes(4, "big") + data for n, kind, data in segments)


FAX = fax_strip(Image.fromarray(_BITS))
ROWS = len(_BITS)
SCANS = {
    "JPEG": (_EIGHT, JPEG, "/DCTDecode"),
    "group 4": (_FAX % b"true", FAX, "/CCITTFaxDecode"),
    "group 4, inverted": (_FAX % b"false" + b"/Decode[1 0]", FAX, "/CCITTFaxDecode"),
    "JBIG2": (_ONE + b"/Filter/JBIG2Decode", _jbig2(), "/JBIG2Decode"),
}


def _shown(folder: Path, original: bytes, name: str = "a.pdf") -> tuple[Bgr, Bgr, pikepdf.Pdf]:
    """The page of ``original`` and that of its searchable PDF, and this."""
    source, target = folder / name, folder / "out.pdf"
    source.write_bytes(original)
    written(source, [], target)
    assert faults(target) == []
    return open_page(source, 1, Limits()).pixels, open_page(target, 1, Limits()).pixels, pikepdf.open(target)


def _stored(pdf: pikepdf.Pdf) -> tuple[str, bytes]:
    stored = pdf.pages[0].obj.Resources.XObject["/Page"]
    return str(stored.Filter), stored.read_raw_bytes()


@pytest.mark.parametrize("turn", [b"", b"/Rotate 90", b"/Rotate 180", b"/Rotate 270"])
@pytest.mark.parametrize("name", SCANS)
def test_the_data_of_a_scan_are_kept_byte_for_byte_however_it_is_turned(tmp_path: Path, name: str, turn: bytes) -> None:
    entries, data, coding = SCANS[name]
    before, after, pdf = _shown(tmp_path, one_picture(picture(WIDTH, ROWS, entries, data), (SIZE[0], ROWS * 72 / 200), more=turn))
    assert np.array_equal(before, after)
    assert _stored(pdf) == (coding, data)


def test_a_mirrored_scan_is_kept_and_mirrored(tmp_path: Path) -> None:
    matrix = b"%g 0 0 %g %g 0" % (-SIZE[0], SIZE[1], SIZE[0])
    before, after, pdf = _shown(tmp_path, one_picture(picture(WIDTH, HEIGHT, _EIGHT, JPEG), SIZE, matrix))
    assert np.array_equal(before, after)
    assert _stored(pdf) == ("/DCTDecode", JPEG)


def test_a_scan_that_something_is_drawn_over_becomes_pixels(tmp_path: Path) -> None:
    stamped = one_picture(picture(WIDTH, HEIGHT, _EIGHT, JPEG), SIZE).replace(b"/I Do Q", b"/I Do Q 1 0 0 rg 20 20 30 30 re f")
    stamped = stamped.replace(b"/Length %d>>stream\nq" % (len(b"q %g 0 0 %g 0 0 cm /I Do Q" % SIZE)), b"/Length 64>>stream\nq")
    before, after, pdf = _shown(tmp_path, stamped)
    assert np.array_equal(before, after)
    assert _stored(pdf)[0] == "/FlateDecode"


@pytest.mark.parametrize(
    ("pixels", "coding"),
    [
        (np.repeat(np.where(_BITS, 255, 0).astype(np.uint8)[..., None], 3, axis=2), "/CCITTFaxDecode"),
        (np.repeat(_COLOUR[..., :1], 3, axis=2), "/FlateDecode"),
        (_COLOUR, "/FlateDecode"),
        (np.zeros((HEIGHT, WIDTH, 3), np.uint8), "/CCITTFaxDecode"),
    ],
    ids=["black and white", "grey", "colour", "all black"],
)
def test_other_pages_keep_every_pixel(tmp_path: Path, pixels: Bgr, coding: str) -> None:
    before, after, pdf = _shown(tmp_path, encoded(Image.fromarray(pixels), "PNG", dpi=(200, 200)), "a.png")
    assert np.array_equal(before, pixels[..., ::-1])
    assert np.array_equal(before, after)
    assert _stored(pdf)[0] == coding


def test_a_palette_becomes_colours(tmp_path: Path) -> None:
    palette = _RNG.integers(0, 256, (256, 3), np.uint8).tobytes().hex().encode()
    entries = b"/ColorSpace[/Indexed/DeviceRGB 255<%b>]/BitsPerComponent 8/Filter/FlateDecode" % palette
    grey = np.ascontiguousarray(_COLOUR[..., 0])
    before, after, _ = _shown(tmp_path, one_picture(picture(WIDTH, HEIGHT, entries, zlib.compress(grey.tobytes())), SIZE))
    assert np.array_equal(before, after)


def test_a_jpeg_of_four_colours_becomes_pixels(tmp_path: Path) -> None:
    data = io.BytesIO()
    Image.fromarray(_COLOUR).convert("CMYK").save(data, "JPEG", dpi=(200, 200))
    before, after, pdf = _shown(tmp_path, data.getvalue(), "a.jpg")
    assert np.array_equal(before, after)
    assert _stored(pdf)[0] == "/FlateDecode"


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("quarters", range(4))
def test_a_turned_unit_square_is_the_unit_square(quarters: int, *, mirrored: bool) -> None:
    a, b, c, d, e, f = turning(quarters, mirrored=mirrored)
    corners = {(round(a * x + c * y + e), round(b * x + d * y + f)) for x in (0, 1) for y in (0, 1)}
    assert corners == {(0, 0), (0, 1), (1, 0), (1, 1)}
    back = turning(quarters, mirrored=True) if mirrored else turning(-quarters % 4, mirrored=False)
    assert then((a, b, c, d, e, f), back) == (1, 0, 0, 1, 0, 0)
