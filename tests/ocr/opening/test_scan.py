"""Data of scans: a JPEG without anything but its picture, and nothing where there is no such data."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.geometry import Size
from models.limits import Limits
from ocr.opening import Coding, stored_scan
from tests.hostile.images import encoded
from tests.hostile.pdf_bytes import one_picture, picture

_PIXELS = np.random.default_rng(5).integers(0, 256, (60, 90, 3), np.uint8)
_PLAIN = encoded(Image.fromarray(_PIXELS), "JPEG")
_JPEG = b"/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode"


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[270] = "SECRET"
    return exif


def _scan_of(folder: Path, data: bytes, name: str = "a.jpg") -> bytes | None:
    (folder / name).write_bytes(data)
    scan = stored_scan(folder / name, 1, Limits())
    return None if scan is None else scan.data


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_loses_all_that_is_not_its_picture(tmp_path: Path, *, progressive: bool) -> None:
    clean = encoded(Image.fromarray(_PIXELS), "JPEG", progressive=progressive)
    told = encoded(
        Image.fromarray(_PIXELS), "JPEG", progressive=progressive, exif=_exif(), comment=b"SECRET", icc_profile=b"SECRET", xmp=b"SECRET"
    )
    assert told.count(b"SECRET") == 4
    assert _scan_of(tmp_path, told + b"PK SECRET") == clean == _scan_of(tmp_path, clean)


def test_fill_bytes_before_a_marker_are_none(tmp_path: Path) -> None:
    place = _PLAIN.index(b"\xff\xdb")
    assert _scan_of(tmp_path, _PLAIN[:place] + b"\xff\xff\xff" + _PLAIN[place:]) == _PLAIN


def test_what_it_says_of_itself(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(encoded(Image.fromarray(_PIXELS[..., 0]), "JPEG"))
    scan = stored_scan(tmp_path / "a.jpg", 1, Limits())
    assert scan is not None
    assert (scan.coding, scan.size, scan.colours) == (Coding.DCTDecode, Size(90, 60), 1)


@pytest.mark.parametrize(
    "data",
    [
        _PLAIN[:-300],
        _PLAIN[:40],
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe0\x00\x00" * 9,
        _PLAIN.replace(b"\xff\xdb", b"\x00\xdb", 1),
        encoded(Image.fromarray(_PIXELS).convert("CMYK"), "JPEG"),
    ],
    ids=["cut off", "a head", "a marker", "segments of no length", "no marker", "four colours"],
)
def test_other_jpegs_have_no_data_to_hand_over(tmp_path: Path, data: bytes) -> None:
    assert _scan_of(tmp_path, data) is None


def test_a_small_picture_on_a_page_is_no_scan(tmp_path: Path) -> None:
    assert _scan_of(tmp_path, one_picture(picture(90, 60, _JPEG, _PLAIN), (300, 200), b"90 0 0 60 9 9"), "a.pdf") is None


def test_a_file_that_is_not_there_has_none(tmp_path: Path) -> None:
    assert stored_scan(tmp_path / "none.pdf", 1, Limits()) is None
