"""Drawn pages become searchable PDF/A: the text is there, where the ink is, and nothing else is."""

import io
import re
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from models.content import PageContent
from models.errors import DamagedError
from models.limits import Limits
from ocr.opening import open_page
from service.export.searchable import Searchable
from tests.hostile.pdf_bytes import CATALOG, document, gray_picture, page, stream
from tests.service.export.searchable.drawn import Sheet, draw, jpeg, numbered, png, text_of, words_of, written
from tests.service.export.searchable.pdfa import faults

LINES = (
    ("财政项目支出绩效自评表", 400, 60),
    ("项目名称", 80, 200),
    ("上海市环境保护局信息化能力建设项目", 300, 200),
    ("1,088,156.00", 300, 300),
    ("90.13%", 900, 300),
    ("项目软硬件正常运维，及时排除故障。", 80, 400),
    ("𠮷㐂：偏差原因分析", 80, 500),
)
TEXTS = [text for text, _, _ in LINES]
NEAR = 3.0
"""Px at 200 dpi that a word may lie beside its ink."""


@pytest.fixture
def sheet() -> Sheet:
    return draw(LINES)


def _pdf(folder: Path, sheet: Sheet, name: str = "a.png") -> Path:
    original, target = folder / name, folder / "out.pdf"
    original.write_bytes(png(sheet.pixels) if name.endswith(".png") else jpeg(sheet.pixels))
    assert written(original, [sheet.content], target) == Searchable(1)
    return target


def test_pdftotext_gives_back_every_line(tmp_path: Path, sheet: Sheet) -> None:
    target = _pdf(tmp_path, sheet)
    assert text_of(target, "-raw") == [
        "财政项目支出绩效自评表",
        "项目名称 上海市环境保护局信息化能力建设项目",
        "1,088,156.00 90.13%",
        "项目软硬件正常运维，及时排除故障。",
        "𠮷㐂：偏差原因分析",
    ]


def test_a_browser_gives_back_every_line(tmp_path: Path, sheet: Sheet) -> None:
    with pypdfium2.PdfDocument(_pdf(tmp_path, sheet)) as pdf:
        found = pdf[0].get_textpage().get_text_range()
    assert [text for text in TEXTS if text not in found] == []


CELL = (
    "系统2020年11月完成建设，12369、12345热线联网，（2020.10—2020.11）",
    "完成验收：汇聚1,088,156.00条数据；90.13%、99.94%的排放口，实现执法（3）",
    "全流程监管，通过对接2019、2020年国家平台中11个企业许可证，核发",
    "11,111条监测数据；环境监管、执法与监测任务数据（1）、（2）。",
)


@pytest.mark.parametrize("degrees", [0.0, 1.0, -1.5, 2.5])
def test_a_browser_finds_and_copies_the_lines_of_a_cell_in_order_on_a_page_askew(tmp_path: Path, degrees: float) -> None:
    sheet = draw([(text, 80, 200 + 42 * row) for row, text in enumerate(CELL)], 0, degrees)
    with pypdfium2.PdfDocument(_pdf(tmp_path, sheet)) as pdf:
        page = pdf[0].get_textpage()
        assert "".join(page.get_text_range().split()) == "".join(CELL)
        words = {word for text in CELL for word in re.findall("(?=([一-鿿]{2}))", text)}  # PDFium's search parts 11条 and seeks 11 alone
        assert words
        assert [word for word in words if page.search(word).get_next() is None] == []


@pytest.mark.parametrize("degrees", [0.0, 1.5, -2.0])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_words_lie_on_their_ink(tmp_path: Path, turns: int, degrees: float) -> None:
    short = tuple((text, left, top) for text, left, top in LINES if len(text) <= 4)
    sheet = draw(short if degrees else LINES, turns, degrees)
    target = _pdf(tmp_path, sheet)
    found = words_of(target)
    shown = open_page(target, 1, Limits())
    upright = draw(short if degrees else LINES, 0, degrees)
    assert np.array_equal(shown.pixels, upright.pixels)
    for text, ink in upright.ink.items():
        off = [found[text].left - ink.left, found[text].right - ink.right, ink.top - found[text].top, found[text].bottom - ink.bottom]
        assert max(map(abs, off[:2])) <= NEAR, (text, off)
        assert min(off[2:]) >= -NEAR, (text, off)
        assert max(off[2:]) <= NEAR + ink.height * 0.2 + abs(degrees) * 4, (text, off)


@pytest.mark.parametrize("name", ["a.png", "a.jpg"])
def test_it_is_pdf_a(tmp_path: Path, sheet: Sheet, name: str) -> None:
    assert faults(_pdf(tmp_path, sheet, name)) == []


def test_the_checker_of_pdf_a_sees_what_it_should(tmp_path: Path, sheet: Sheet) -> None:
    target = _pdf(tmp_path, sheet)
    with pikepdf.open(target, allow_overwriting_input=True) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.pages[0].obj.Contents = pdf.make_indirect(pikepdf.Stream(pdf, b"BT /F 1 Tf [<0001>] TJ ET /X gs"))
        pdf.save(target)
    found = faults(target)
    assert any("/OpenAction" in fault for fault in found)
    assert any("/JS" in fault for fault in found)
    assert any("6.2.11.8" in fault for fault in found)
    assert any("operator gs" in fault for fault in found)


def test_the_same_again_is_the_same_bytes(tmp_path: Path, sheet: Sheet) -> None:
    assert _pdf(tmp_path, sheet).read_bytes() == _pdf(tmp_path, sheet).read_bytes()


def test_what_a_camera_turned_and_mirrored_is_shown_upright(tmp_path: Path, sheet: Sheet) -> None:
    exif = Image.Exif()
    exif[274] = 5  # mirrored, then turned
    stored = np.ascontiguousarray(np.rot90(sheet.pixels, 3)[:, ::-1])
    original, target = tmp_path / "a.jpg", tmp_path / "out.pdf"
    original.write_bytes(jpeg(stored, exif=exif))
    assert open_page(original, 1, Limits()).mirrored
    written(original, [], target)
    shown = open_page(target, 1, Limits()).pixels.astype(int)
    assert shown.shape == sheet.pixels.shape
    assert np.abs(shown - sheet.pixels).mean() < 3


def test_nothing_of_a_strangers_file_is_carried_over(tmp_path: Path, sheet: Sheet) -> None:
    exif = Image.Exif()
    exif[270] = "SECRET"
    data = jpeg(sheet.pixels, exif=exif, comment=b"SECRET", icc_profile=b"SECRET") + b"SECRET"
    height, width = sheet.pixels.shape[:2]
    size = width * 72 / 200, height * 72 / 200
    picture = stream(
        b"/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode" % (width, height), data
    )
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    link = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Border[0 0 0]/A<</S/URI/URI(http://SECRET)>>>>]"
    drawn = stream(b"", b"q %g 0 0 %g 0 0 cm /I Do Q" % size)
    original, target = tmp_path / "a.pdf", tmp_path / "out.pdf"
    root = CATALOG[:-2] + b"/OpenAction<</S/JavaScript/JS(SECRET)>>>>"
    original.write_bytes(document([root, pages, page(size, 4, b"/I 5 0 R", link), drawn, picture], b"/Info<</Title(SECRET)>>"))
    written(original, [sheet.content], target)
    with pikepdf.open(target) as pdf:
        stored = pdf.pages[0].obj.Resources.XObject["/Page"]
        assert stored.Filter == pikepdf.Name.DCTDecode
        kept = stored.read_raw_bytes()
    assert b"SECRET" not in target.read_bytes()
    scan = data[data.index(b"\xff\xda") : data.index(b"\xff\xd9", data.index(b"\xff\xda")) + 2]
    assert kept.endswith(scan)
    assert faults(target) == []


def test_a_page_that_cannot_be_opened_is_blank_and_named(tmp_path: Path, sheet: Sheet) -> None:
    original, target = tmp_path / "a.pdf", tmp_path / "out.pdf"
    _pages_of(original, sheet, broken=2)
    assert written(original, [sheet.content, numbered(sheet.content, 3)], target) == Searchable(3, (2,))
    with pikepdf.open(target) as pdf:
        assert ["/XObject" in page.obj.Resources for page in pdf.pages] == [True, False, True]
    assert len(text_of(target, "-raw", "-f", "2", "-l", "2")) == 0
    assert "项目名称" in "".join(text_of(target, "-f", "3"))
    assert faults(target) == []


def test_where_no_page_can_be_opened_the_fault_is_raised(tmp_path: Path) -> None:
    original = tmp_path / "a.png"
    original.write_bytes(png(np.full((40, 40, 3), 255, np.uint8))[:-30])
    with pytest.raises(DamagedError):
        written(original, [], tmp_path / "out.pdf")


def test_a_page_that_was_not_read_is_shown_without_text(tmp_path: Path, sheet: Sheet) -> None:
    original, target = tmp_path / "a.png", tmp_path / "out.pdf"
    original.write_bytes(png(sheet.pixels))
    written(original, [], target)
    assert text_of(target) == []
    assert np.array_equal(open_page(target, 1, Limits()).pixels, sheet.pixels)


def test_a_page_of_many_forms_of_text_stays_small(tmp_path: Path, sheet: Sheet) -> None:
    original = tmp_path / "a.jpg"
    original.write_bytes(jpeg(sheet.pixels))
    assert _pdf(tmp_path, sheet, "a.jpg").stat().st_size < original.stat().st_size + 8_000


def _pages_of(original: Path, sheet: Sheet, broken: int) -> None:
    """A PDF of three pages of one picture each, that of page ``broken`` cut off."""
    height, width = sheet.pixels.shape[:2]
    size = width * 72 / 200, height * 72 / 200
    rows = np.ascontiguousarray(sheet.pixels[..., 0]).tobytes()
    objects = [CATALOG, b"<</Type/Pages/Kids[3 0 R 6 0 R 9 0 R]/Count 3>>"]
    for number in (1, 2, 3):
        first = 3 * number
        picture = gray_picture(rows[:1000] if number == broken else rows, width, height)
        if number == broken:
            picture = picture.replace(b"/FlateDecode", b"/NoSuchDecode")
        objects += [page(size, first + 1, b"/I %d 0 R" % (first + 2)), stream(b"", b"q %g 0 0 %g 0 0 cm /I Do Q" % size), picture]
    original.write_bytes(document(objects))
    assert io.BytesIO(original.read_bytes()).read(4) == b"%PDF"


def test_a_content_of_another_page_is_no_text_of_this_one(tmp_path: Path, sheet: Sheet) -> None:
    original, target = tmp_path / "a.png", tmp_path / "out.pdf"
    original.write_bytes(png(sheet.pixels))
    other: PageContent = numbered(sheet.content, 7)
    written(original, [other], target)
    assert text_of(target) == []
