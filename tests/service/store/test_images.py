"""Page images: as stored, made once, the least used gone first."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.errors import InputError, StoreDamagedError
from models.limits import Limits
from models.page import PageImage
from ocr.opening import open_page
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


@pytest.mark.parametrize(
    ("size", "shown"), [((2479, 3508), (1240, 1755)), ((3508, 2479), (1755, 1240)), ((1240, 1754), (1240, 1754)), ((40, 3000), (40, 3000))]
)
def test_a_page_is_reduced_to_what_a_screen_shows(
    originals: Originals, tmp_path: Path, size: tuple[int, int], shown: tuple[int, int]
) -> None:
    images = PageImages(tmp_path / "cache", originals)
    Image.new("L", size, 200).save(tmp_path / "a.png")
    with (tmp_path / "a.png").open("rb") as file:
        digest = digest_of(file)
        originals.add(file, digest)
    with Image.open(io.BytesIO(images.reduced(digest.sha256, 1, LIMITS))) as image:
        assert (image.format, image.size) == ("JPEG", shown)
        assert image.getpixel((20, 20)) == (200, 200, 200)


def test_both_pictures_of_a_page_are_made_of_one_opening(originals: Originals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256 = _keep(originals, tmp_path, 1)
    opened: list[int] = []

    def counted(path: Path, number: int, limits: Limits) -> PageImage:
        opened.append(number)
        return open_page(path, number, limits)

    monkeypatch.setattr("service.store.images.open_page", counted)
    images = PageImages(tmp_path / "cache", originals)
    with ThreadPoolExecutor(4) as threads:  # a reviewer's browser asks for all of it at once
        asked = [threads.submit(make, sha256, 1, LIMITS) for make in (images.reduced, images.picture) * 4]
        made = {each.result() for each in asked}
    assert (len(made), opened) == (2, [1])
    (tmp_path / "cache").joinpath("images").rename(tmp_path / "emptied")
    PageImages(tmp_path / "cache", originals).picture(sha256, 1, LIMITS)
    PageImages(tmp_path / "cache", originals).reduced(sha256, 1, LIMITS)  # of the whole one that is kept
    assert opened == [1, 1]


def test_pages_that_are_at_hand_take_little_memory(originals: Originals, tmp_path: Path) -> None:
    images = PageImages(tmp_path / "cache", originals)
    for shade in range(3):
        Image.new("L", (3000, 3000 + shade), shade).save(tmp_path / "a.png")  # 27 MB as it is opened
        with (tmp_path / "a.png").open("rb") as file:
            digest = digest_of(file)
            originals.add(file, digest)
        images.reduced(digest.sha256, 1, LIMITS)
    assert sum(each.pixels.nbytes for each in images._fresh.values()) == 2 * 27_000_000 + 3 * 9_000


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
