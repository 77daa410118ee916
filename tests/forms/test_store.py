"""Files hold what was scanned."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.forms.generate import seeded
from tests.forms.scan import Stored
from tests.forms.store import choose_suffix, store

BLACK_AND_WHITE = np.zeros((90, 60), np.bool_)
COLOUR = np.full((90, 60, 3), 200, np.uint8)


@pytest.mark.parametrize(
    ("scan", "pages", "suffix"),
    [
        (BLACK_AND_WHITE, 3, ".pdf"),
        (BLACK_AND_WHITE, 3, ".tif"),
        (BLACK_AND_WHITE, 1, ".png"),
        (COLOUR, 3, ".pdf"),
        (COLOUR, 3, ".tif"),
        (COLOUR, 1, ".png"),
        (COLOUR, 1, ".jpg"),
    ],
)
def test_every_page_is_stored_in_its_size(tmp_path: Path, scan: Stored, pages: int, suffix: str) -> None:
    path = store([scan] * pages, tmp_path / f"a{suffix}", 150, 80)
    if path.suffix == ".pdf":
        data = path.read_bytes()
        assert data.count(b"/Subtype /Image") == pages
        assert data.count(b"/Width 60") == pages
        assert b"/Font" not in data
    else:
        with Image.open(path) as image:
            assert image.size == (60, 90)
            assert getattr(image, "n_frames", 1) == pages


def test_blue_stays_blue(tmp_path: Path) -> None:
    scan = np.zeros((40, 40, 3), np.uint8)
    scan[..., 0] = 255
    with Image.open(store([scan], tmp_path / "blue.png", 150, 80)) as image:
        assert image.getpixel((20, 20)) == (0, 0, 255)


def test_only_single_pages_become_pictures_and_only_grey_or_colour_becomes_jpeg() -> None:
    rng = seeded("suffix")
    assert {choose_suffix(rng, [COLOUR] * 2) for _ in range(60)} == {".pdf", ".tif"}
    assert {choose_suffix(rng, [COLOUR]) for _ in range(60)} == {".pdf", ".png", ".jpg"}
    assert {choose_suffix(rng, [BLACK_AND_WHITE]) for _ in range(60)} == {".pdf", ".tif", ".png"}


def test_pages_are_never_lost_in_a_picture(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="2 pages do not fit"):
        store([COLOUR] * 2, tmp_path / "a.jpg", 150, 80)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_camera_says_how_it_was_held(tmp_path: Path, turn: int) -> None:
    upright = np.full((60, 90, 3), 255, np.uint8)
    upright[:20, :30] = 0
    stored = np.ascontiguousarray(np.rot90(upright, -turn // 90))
    with Image.open(store([stored], tmp_path / "a.jpg", 150, 90, undone=turn)) as image:
        shown = np.asarray(ImageOps.exif_transpose(image), np.uint8)
    assert shown.shape == upright.shape
    assert np.abs(shown.astype(int) - upright).mean() < 8
