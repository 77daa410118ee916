"""Pages of a PDF that are more than one scan: dpi by text or pictures, within the pixel limit, shown as a viewer shows them."""

import zlib
from pathlib import Path

import numpy as np
import pytest

from models.errors import DamagedError, TooLargeError
from models.limits import Limits
from models.page import PageImage
from ocr.opening import inspect, open_page, rasterize
from tests.hostile.pdf_bytes import CATALOG, document, gray_picture, one_page, stream
from tests.hostile.pdf_cases import PDF_RECIPES

_A4 = (595.28, 841.89)
_LINE = "Expenditure of the project in the year and what came of it"


def _open(tmp_path: Path, data: bytes, limits: Limits | None = None) -> PageImage:
    path = tmp_path / "page.pdf"
    path.write_bytes(data)
    return open_page(path, 1, Limits() if limits is None else limits)


def _text_page(points: float, size: tuple[float, float] = _A4, more: bytes = b"", picture: bytes = b"", drawn: bytes = b"") -> bytes:
    """Twenty lines of Helvetica of ``points``, over ``picture`` ``drawn`` with the operators given."""
    lines = b"".join(b"1 0 0 1 60 %g Tm (%b) Tj " % (size[1] - 60 - row * 1.8 * points, _LINE.encode()) for row in range(20))
    resources = b"<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/XObject<</I 5 0 R>>>>"
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Contents 4 0 R/Resources%b%b>>" % (*size, resources, more)
    contents = stream(b"", drawn + b" BT /F %g Tf %b ET" % (points, lines))
    return document([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, contents, picture or b"null"])


def _ink_rows(page: PageImage) -> list[int]:
    """Heights of the text lines, px."""
    inked = (page.pixels[:, :, 0] < 128).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(int)))
    return [int(height) for height in edges[1::2] - edges[::2]]


@pytest.mark.parametrize("points", [7.5, 9, 10.5, 12, 14, 16])
def test_text_comes_out_about_equally_high_whatever_its_size(tmp_path: Path, points: float) -> None:
    """A line of ink, ascenders to descenders, is 0.93 of Helvetica's size."""
    page = _open(tmp_path, _text_page(points))
    heights = _ink_rows(page)
    assert len(heights) == 20
    assert 25 <= np.median(heights) <= 37
    assert 150 <= page.dpi <= 400


def test_chinese_text_is_as_large_as_its_characters_are_wide(tmp_path: Path) -> None:
    """A font whose box is far higher than its type, as print drivers make them (Type 3)."""
    glyph = stream(b"", b"1000 0 0 0 1000 1000 d1 100 100 800 800 re f")
    named = b"/ToUnicode 6 0 R"
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 -900 1000 1700]/FontMatrix[0.001 0 0 0.001 0 0]/CharProcs<</g 7 0 R>>"
        b"/Encoding<</Differences[65/g]>>/FirstChar 65/LastChar 65/Widths[1000]%b>>" % named
    )
    to_unicode = stream(b"", b"1 begincodespacerange<00><ff>endcodespacerange 1 beginbfchar<41><8868>endbfchar")
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>"
    contents = stream(b"", b"BT /F 10.5 Tf 60 700 Td (%b) Tj ET" % (b"A" * 30))
    data = document([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, contents, font, to_unicode, glyph])
    assert _open(tmp_path, data).dpi == int(36 * 72 / 10.5)


def test_very_large_and_very_small_text_stay_within_the_bounds(tmp_path: Path) -> None:
    assert _open(tmp_path, _text_page(40, (1600, 1600))).dpi == 150
    assert _open(tmp_path, _text_page(4.5)).dpi == 400


def test_a_page_without_text_comes_at_300(tmp_path: Path) -> None:
    page = _open(tmp_path, one_page(b"0 0 300 400 re f", size=_A4))
    assert page.dpi == 300
    assert (page.size.width, page.size.height) == (2481, 3508)


def test_a_poor_background_does_not_decide_about_the_text_over_it(tmp_path: Path) -> None:
    """96 dpi over the whole page: at its own resolution 10 point text would be 13 px high."""
    across, down = 794, 1123
    background = gray_picture(np.full((down, across), 250, np.uint8).tobytes(), across, down)
    page = _open(tmp_path, _text_page(10, picture=background, drawn=b"q %g 0 0 %g 0 0 cm /I Do Q" % _A4))
    assert 150 <= page.dpi <= 400
    assert np.median(_ink_rows(page)) >= 25


def test_a_figure_in_a_text_leaves_the_decision_to_the_text(tmp_path: Path) -> None:
    figure = gray_picture(bytes(90_000), 300, 300)
    plain = _open(tmp_path, _text_page(10))
    assert _open(tmp_path, _text_page(10, picture=figure, drawn=b"q 200 0 0 200 300 100 cm /I Do Q")).dpi == plain.dpi


def test_a_scan_in_strips_comes_at_the_dpi_of_the_strips(tmp_path: Path) -> None:
    strip = gray_picture(np.full((585, 1654), 128, np.uint8).tobytes(), 1654, 585)
    strips = b"".join(b"q 595.44 0 0 210.6 0 %g cm /I Do Q " % (row * 210.6) for row in range(4))
    page = _open(tmp_path, one_page(strips, strip, size=(595.44, 842.4)))
    assert page.dpi == 200
    assert page.pixels.mean() == pytest.approx(128, abs=3)


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
def test_a_page_is_turned_as_a_viewer_turns_it(tmp_path: Path, rotate: int) -> None:
    """A black square in the lower left corner of the page as written."""
    page = _open(tmp_path, one_page(b"0 0 200 200 re f", size=_A4, more=b"/Rotate %d" % rotate))
    height, width = page.pixels.shape[:2]
    assert (width > height) == (rotate % 180 == 90)
    corners = [page.pixels[row, column, 0] for row, column in ((-9, 8), (8, 8), (8, -9), (-9, -9))]
    assert [int(corner) for corner in corners].index(0) == rotate // 90 % 4


def test_a_page_is_cut_to_its_crop_box(tmp_path: Path) -> None:
    page = _open(tmp_path, one_page(b"0 0 200 200 re f", size=_A4, more=b"/CropBox[100 100 300 400]"))
    assert (page.size.width, page.size.height) == (834, 1250)
    assert page.pixels[-9, 8].tolist() == [0, 0, 0]
    assert page.pixels[-9, 500].tolist() == [255, 255, 255]


def test_colours_come_as_blue_green_red(tmp_path: Path) -> None:
    assert _open(tmp_path, one_page(b"1 0 0 rg 0 0 600 900 re f", size=_A4)).pixels[9, 9].tolist() == [0, 0, 255]


def test_a_very_large_page_comes_at_fewer_dpi_within_the_limit(tmp_path: Path) -> None:
    poster = (2384, 3370)
    page = _open(tmp_path, _text_page(10, poster), Limits(megapixels=20))
    assert page.size.width * page.size.height <= 20_000_000
    assert 72 <= page.dpi < 150
    with pytest.raises(TooLargeError, match="33 x 47 inches"):
        _open(tmp_path, _text_page(10, poster), Limits(megapixels=5))


def test_one_damaged_page_does_not_lose_the_others(tmp_path: Path) -> None:
    path = tmp_path / "three.pdf"
    path.write_bytes(next(recipe.make for recipe in PDF_RECIPES if recipe.name == "second_page_cut.pdf")())
    assert inspect(path, Limits()).pages == 3
    assert open_page(path, 1, Limits()).number == 1
    with pytest.raises(DamagedError, match="Page 2"):
        open_page(path, 2, Limits())
    assert open_page(path, 3, Limits()).number == 3
    pages = rasterize(path, Limits())
    assert next(pages).number == 1
    with pytest.raises(DamagedError):
        next(pages)


def test_a_page_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(one_page(b""))
    with pytest.raises(DamagedError):
        open_page(path, 2, Limits())


def test_an_empty_page_is_sound_even_where_the_document_is_not(tmp_path: Path) -> None:
    """The back of a sheet: white, and the cross reference had to be repaired."""
    page = _open(tmp_path, one_page(b"").replace(b"startxref\n", b"startxref\n9"))
    assert page.pixels.min() == 255


def test_empty_pages_with_compressed_contents_are_sound(tmp_path: Path) -> None:
    data = zlib.compress(b"q Q")
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    packed = document([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", leaf, stream(b"/Filter/FlateDecode", data)])
    assert _open(tmp_path, packed).pixels.min() == 255
