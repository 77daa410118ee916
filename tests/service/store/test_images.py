"""Page images: as stored, made once, the least used gone first."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.errors import InputError, StoreDamagedError
from models.limits import Limits
from service.store.files import FolderFiles
from service.store.images import PageImages
from service.store.originals import Originals, digest_of

LIMITS = Limits()
_ORIENTATION = 0x0112


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    return Originals(FolderFiles(tmp_path / "home"))


def _keep(originals: Originals, tmp_path: Path, shade: int) -> str:
    """An original of 400 x 300 px, noise so that it does not shrink, turned by its EXIF; its SHA-256."""
    pixels = np.random.default_rng(shade).integers(0, 255, (300, 400, 3), np.uint8)
    exif = Image.Exif()
    exif[_ORIENTATION] = 6
    Image.fromarray(pixels).save(tmp_path / "a.png", dpi=(200, 200), exif=exif)
    with (tmp_path / "a.png").open("rb") as file:
        digest = digest_of(file)
        originals.add(file, digest)
    return digest.sha256


def test_a_page_comes_out_of_the_cache_as_it_went_in(originals: Originals, tmp_path: Path) -> None:
    images = PageImages(tmp_path / "cache", originals)
    sha256 = _keep(originals, tmp_path, 1)
    made, kept = (images.rasterized(sha256, 1, LIMITS) for _ in range(2))
    assert (made.number, made.size.width, made.size.height, made.turns, made.mirrored) == (1, 400, 300, 1, False)
    assert kept == made
    assert np.array_equal(kept.pixels, made.pixels)
    expected = np.random.default_rng(1).integers(0, 255, (300, 400, 3), np.uint8)
    assert np.array_equal(made.pixels[:, :, ::-1], expected)
    assert images.picture(sha256, 1, LIMITS).startswith(b"\x89PNG")


def test_the_original_is_asked_once(originals: Originals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    images = PageImages(tmp_path / "cache", originals)
    sha256 = _keep(originals, tmp_path, 1)
    first = images.picture(sha256, 1, LIMITS)
    monkeypatch.setattr("service.store.images.open_page", lambda *_: pytest.fail("opened again"))
    assert images.picture(sha256, 1, LIMITS) == first


def test_the_least_recently_used_goes_first(originals: Originals, tmp_path: Path) -> None:
    images = PageImages(tmp_path / "cache", originals, megabytes=1)
    first, second, third = (_keep(originals, tmp_path, shade) for shade in range(3))
    images.picture(first, 1, LIMITS)
    images.picture(second, 1, LIMITS)
    for age, path in enumerate((tmp_path / "cache").rglob("*.png")):
        os.utime(path, (age, age))
    images.picture(first, 1, LIMITS)
    images.picture(third, 1, LIMITS)
    assert {path.parent.name for path in (tmp_path / "cache").rglob("*.png")} == {first, third}


def test_a_page_that_is_not_there_is_the_inputs_fault_and_a_lost_original_the_stores(originals: Originals, tmp_path: Path) -> None:
    images = PageImages(tmp_path / "cache", originals)
    with pytest.raises(InputError):
        images.picture(_keep(originals, tmp_path, 1), 2, LIMITS)
    with pytest.raises(StoreDamagedError):
        images.picture("0" * 64, 1, LIMITS)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []
