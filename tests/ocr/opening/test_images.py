"""Image files: every mode becomes blue green red, the raster stays as stored, orientation and dpi are told."""

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from models.arrays import Bgr
from models.errors import DamagedError, TooLargeError
from models.limits import Limits
from models.page import PageImage
from ocr.opening import inspect, open_page, rasterize

_NOISE = np.random.default_rng(7).integers(0, 256, (60, 40, 3), np.uint8)
"""(60, 40, 3) RGB."""


def _opened(tmp_path: Path, image: Image.Image, kind: str, **options: object) -> PageImage:
    path = tmp_path / "image"
    image.save(path, kind, **options)
    return open_page(path, 1, Limits())


def _grey(plane: Bgr) -> Bgr:
    return np.dstack([plane] * 3)


def test_rgb_comes_as_bgr(tmp_path: Path) -> None:
    for kind in ("PNG", "TIFF"):
        page = _opened(tmp_path, Image.fromarray(_NOISE), kind)
        assert np.array_equal(page.pixels, _NOISE[:, :, ::-1])
        assert page.pixels.dtype == np.uint8
        assert not page.pixels.flags.writeable


def test_a_jpeg_is_decoded_as_its_library_decodes_it(tmp_path: Path) -> None:
    page = _opened(tmp_path, Image.fromarray(_NOISE), "JPEG")
    with Image.open(tmp_path / "image") as expected:
        assert np.array_equal(page.pixels, np.asarray(expected)[:, :, ::-1])


def test_grey_and_black_and_white_come_as_they_are(tmp_path: Path) -> None:
    plane = _NOISE[:, :, 0]
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(_opened(tmp_path, Image.fromarray(plane), kind).pixels, _grey(plane))
        bits = np.where(plane > 127, 255, 0).astype(np.uint8)
        assert np.array_equal(_opened(tmp_path, Image.fromarray(plane > 127), kind).pixels, _grey(bits))


def test_group_4_fax_comes_as_it_is(tmp_path: Path) -> None:
    bits = _NOISE[:, :, 0] > 127
    page = _opened(tmp_path, Image.fromarray(bits), "TIFF", compression="group4")
    assert np.array_equal(page.pixels, _grey(np.where(bits, 255, 0).astype(np.uint8)))


def test_sixteen_bits_keep_their_upper_eight(tmp_path: Path) -> None:
    deep = np.random.default_rng(8).integers(0, 65536, (60, 40), np.uint16)
    expected = _grey((deep >> 8).astype(np.uint8))
    for kind in ("PNG", "TIFF"):
        assert np.array_equal(_opened(tmp_path, Image.fromarray(deep), kind).pixels, expected)


def test_sixteen_bit_colour_keeps_its_upper_eight(tmp_path: Path) -> None:
    deep = np.random.default_rng(9).integers(0, 65536, (60, 40, 3), np.uint16)
    assert cv2.imwrite(str(tmp_path / "image.png"), deep)
    assert np.array_equal(open_page(tmp_path / "image.png", 1, Limits()).pixels, (deep >> 8).astype(np.uint8))


def test_palettes_are_looked_up(tmp_path: Path) -> None:
    palette = Image.fromarray(_NOISE).quantize(64)
    expected = np.asarray(palette.convert("RGB"))[:, :, ::-1]
    assert np.array_equal(_opened(tmp_path, palette, "PNG").pixels, expected)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_lies_on_white(tmp_path: Path, mode: str) -> None:
    image = Image.new(mode, (40, 60), (0,) * len(mode))
    image.paste((0,) * (len(mode) - 1) + (255,), (0, 0, 20, 60))
    page = _opened(tmp_path, image, "PNG")
    assert page.pixels[:, :20].max() == 0
    assert page.pixels[:, 20:].min() == 255


def test_a_transparent_colour_of_a_palette_lies_on_white(tmp_path: Path) -> None:
    image = Image.new("P", (40, 60), 1)
    image.putpalette([9, 9, 9, 50, 60, 70])
    image.paste(0, (0, 0, 20, 60))
    page = _opened(tmp_path, image, "PNG", transparency=0)
    assert page.pixels[:, :20].min() == 255
    assert page.pixels[0, 30].tolist() == [70, 60, 50]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_ink_on_white(tmp_path: Path, kind: str) -> None:
    image = Image.new("CMYK", (48, 64))
    image.paste((0, 0, 0, 255), (0, 0, 16, 64))
    image.paste((0, 255, 255, 0), (16, 0, 32, 64))
    page = _opened(tmp_path, image, kind)
    for x, colour in ((8, (0, 0, 0)), (24, (0, 0, 255)), (40, (255, 255, 255))):
        assert np.abs(page.pixels[32, x].astype(int) - colour).max() <= 3


def test_floating_point_is_scaled(tmp_path: Path) -> None:
    plane = _NOISE[:, :, 0].astype(np.float32)
    assert np.array_equal(_opened(tmp_path, Image.fromarray(plane), "TIFF").pixels[:, :, 0], _NOISE[:, :, 0])
    unit = np.linspace(0, 1, 256, dtype=np.float32).reshape(16, 16)
    assert _opened(tmp_path, Image.fromarray(unit), "TIFF").pixels[:, :, 0].max() == 255


@pytest.mark.parametrize(("kind", "compression"), [("JPEG", None), ("PNG", None), ("TIFF", None), ("TIFF", "tiff_lzw"), ("TIFF", "jpeg")])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_raster_as_stored_with_turns_and_mirror_that_make_it_upright(
    tmp_path: Path, kind: str, compression: str | None, orientation: int
) -> None:
    stored = Image.fromarray(np.kron(_NOISE[:6, :4, 0], np.ones((16, 16), np.uint8)))
    exif = Image.Exif()
    exif[274] = orientation
    page = _opened(tmp_path, stored, kind, exif=exif, **({} if compression is None else {"compression": compression}))
    assert (page.size.width, page.size.height) == stored.size
    lossy = "JPEG" in (kind, str(compression).upper())
    assert np.abs(page.pixels[:, :, 0].astype(int) - np.asarray(stored)).max() <= 24 * lossy
    told = Image.fromarray(page.pixels)
    told.getexif()[274] = orientation
    mirrored = page.pixels[:, ::-1] if page.mirrored else page.pixels
    assert np.array_equal(np.rot90(mirrored, -page.turns), np.asarray(ImageOps.exif_transpose(told)))


def test_every_frame_of_a_tiff_is_a_page_in_order(tmp_path: Path) -> None:
    frames = [Image.new("L", (20 + shade, 30), shade) for shade in (10, 90, 200)]
    path = tmp_path / "frames.tif"
    frames[0].save(path, save_all=True, append_images=frames[1:])
    assert inspect(path, Limits()).pages == 3
    pages = list(rasterize(path, Limits()))
    assert [(page.number, page.size.width, int(page.pixels[0, 0, 0])) for page in pages] == [(1, 30, 10), (2, 110, 90), (3, 220, 200)]
    with pytest.raises(DamagedError):
        open_page(path, 4, Limits())
    with pytest.raises(ValueError, match="from 1"):
        open_page(path, 0, Limits())


def test_thumbnails_and_masks_in_a_tiff_are_no_pages(tmp_path: Path) -> None:
    page, thumbnail, mask = Image.new("L", (80, 90), 77), Image.new("L", (8, 9), 1), Image.new("1", (80, 90))
    thumbnail.encoderinfo, mask.encoderinfo = {"tiffinfo": {254: 1}}, {"tiffinfo": {254: 4}}
    path = tmp_path / "frames.tif"
    page.save(path, save_all=True, append_images=[thumbnail, mask, page])
    assert inspect(path, Limits()).pages == 2
    assert open_page(path, 2, Limits()).pixels[0, 0, 0] == 77


def test_the_animation_of_a_png_is_one_page(tmp_path: Path) -> None:
    path = tmp_path / "moving.png"
    Image.new("L", (8, 9), 50).save(path, save_all=True, append_images=[Image.new("L", (8, 9), 99)])
    assert inspect(path, Limits()).pages == 1
    assert open_page(path, 1, Limits()).pixels[0, 0, 0] == 50


@pytest.mark.parametrize(
    ("said", "size", "expected"),
    [
        ((300, 300), (2480, 3508), 300),
        ((200, 200), (1654, 2339), 200),
        ((72, 72), (3024, 4032), 4032 / 11.69),
        ((0, 0), (1240, 1754), 1754 / 11.69),
        ((9999, 9999), (2480, 3508), 3508 / 11.69),
    ],
)
def test_dpi_is_believed_where_such_a_page_can_be(tmp_path: Path, said: tuple[int, int], size: tuple[int, int], expected: float) -> None:
    page = _opened(tmp_path, Image.new("1", size), "PNG", dpi=said)
    assert page.dpi == pytest.approx(expected, rel=1e-3)


def test_the_low_pixels_of_standard_fax_are_made_square(tmp_path: Path) -> None:
    lines = np.full((1078, 1728), 255, np.uint8)
    lines[500:510] = 0
    page = _opened(tmp_path, Image.fromarray(lines), "TIFF", dpi=(204, 98))
    assert (page.size.width, page.size.height) == (1728, round(1078 * 204 / 98))
    assert page.dpi == pytest.approx(204)
    assert 18 <= int((page.pixels[:, 800, 0] < 128).sum()) <= 23


def test_pixels_are_counted_before_anything_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("1", (1100, 1000)).save(path)
    with pytest.raises(TooLargeError):
        inspect(path, Limits(megapixels=1))
    Image.new("1", (1000, 1000)).save(path)
    assert open_page(path, 1, Limits(megapixels=1)).size.width == 1000


def test_a_large_frame_behind_small_ones_is_refused_alone(tmp_path: Path) -> None:
    path = tmp_path / "frames.tif"
    Image.new("L", (10, 10)).save(path, save_all=True, append_images=[Image.new("1", (1100, 1000)), Image.new("L", (10, 10))])
    limits = Limits(megapixels=1)
    assert inspect(path, limits).pages == 3
    with pytest.raises(TooLargeError):
        open_page(path, 2, limits)
    assert open_page(path, 3, limits).size.width == 10


def test_a_cut_image_is_damaged_wherever_it_is_cut(tmp_path: Path) -> None:
    for kind in ("PNG", "JPEG", "TIFF"):
        whole = io.BytesIO()
        Image.fromarray(_NOISE).save(whole, kind)
        data = whole.getvalue()
        for share in (0.2, 0.5, 0.9):
            (tmp_path / "cut").write_bytes(data[: int(len(data) * share)])
            with pytest.raises(DamagedError):
                open_page(tmp_path / "cut", 1, Limits())
