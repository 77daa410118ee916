"""The text that a PDF carries: every character with its place, and what is not to be trusted of it."""

import io
import json
import time
from pathlib import Path

import pytest

from models.errors import InputError, NotFoundError
from models.limits import Limits
from models.textlayer import TextLayer
from ocr.opening import open_page, text_layer, textlayer
from ocr.opening.textlayer import MOST_CHARACTERS, MOST_PICTURES, _parsed
from tests.hostile.pdf_bytes import gray_picture, stream
from tests.hostile.pdf_cases import PDF_RECIPES
from tests.hostile.pdf_text import line, text_page, to_unicode
from tests.hostile.recipe import Recipe

SAMPLES = Path(__file__).resolve().parents[3] / "samples"


SONG = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000"
    b"/FontDescriptor 7 0 R>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120"
    b"/CapHeight 880/StemV 93>>",
)
"""A Chinese font that every reader of PDF is expected to have (ISO 32000-1, 9.7.5.2), with its parts 6 and 7."""


def read(tmp_path: Path, data: bytes) -> TextLayer:
    path = tmp_path / "page.pdf"
    path.write_bytes(data)
    return text_layer(path, 1, Limits())


def middle(layer: TextLayer, character: str) -> tuple[float, float]:
    left, top, right, bottom = layer.boxes[layer.characters.index(character)].tolist()
    return (left + right) / 2, (top + bottom) / 2


def test_every_character_comes_with_its_place(tmp_path: Path) -> None:
    layer = read(tmp_path, text_page(line("A", 100, 225) + line("9", 300, 75)))
    assert sorted(layer.characters) == ["9", "A"]
    assert middle(layer, "A") == pytest.approx((0.26, 0.23), abs=0.01)
    assert middle(layer, "9") == pytest.approx((0.76, 0.73), abs=0.01)
    assert layer.drawn.all()


@pytest.mark.parametrize(("turn", "place"), [(90, (0.77, 0.26)), (180, (0.74, 0.77)), (270, (0.23, 0.74))])
def test_places_are_those_of_the_page_as_viewed(tmp_path: Path, turn: int, place: tuple[float, float]) -> None:
    layer = read(tmp_path, text_page(line("A", 100, 225), page=b"/Rotate %d" % turn))
    assert middle(layer, "A") == pytest.approx(place, abs=0.01)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_characters_lie_on_their_ink_whatever_the_page_says_of_itself(tmp_path: Path, turn: int) -> None:
    (tmp_path / "page.pdf").write_bytes(text_page(line("A", 100, 225), page=b"/Rotate %d/CropBox[40 30 300 280]/UserUnit 2" % turn))
    pixels = open_page(tmp_path / "page.pdf", 1, Limits()).pixels.min(axis=2) < 128
    layer = text_layer(tmp_path / "page.pdf", 1, Limits())
    left, top, right, bottom = (layer.boxes[0] * ([pixels.shape[1], pixels.shape[0]] * 2)).round().astype(int)
    assert pixels[top - 1 : bottom + 1, left - 1 : right + 1].sum() > 0.99 * pixels.sum() > 0


def test_chinese_text_whose_font_is_not_in_the_file_stands_about_where_it_is_drawn(tmp_path: Path) -> None:
    """Each program takes a font of its own for it; the squares of the characters agree, the marks within them need not."""
    text = "项目名称：道路养护（万元）"
    shown = b"BT /F 14 Tf 20 200 Td <%b> Tj ET" % "".join(f"{ord(character):04x}" for character in text).encode()
    layer = read(tmp_path, text_page(shown, *SONG[1:], font_object=SONG[0]))
    assert layer.characters == text
    assert layer.drawn.all()
    lefts = [20 / 400 + 14 / 400 * place for place in range(len(text))]
    assert all(left <= (box[0] + box[2]) / 2 <= left + 14 / 400 for left, box in zip(lefts, layer.boxes.tolist(), strict=True))


@pytest.mark.parametrize("mode", [3, 7])
def test_invisible_text_is_not_drawn(tmp_path: Path, mode: int) -> None:
    layer = read(tmp_path, text_page(line("125", 100, 200) + line("7", 300, 100, mode=mode)))
    assert dict(zip(layer.characters, layer.drawn.tolist(), strict=True)) == {"1": True, "2": True, "5": True, "7": False}


PICTURE = gray_picture(bytes(16), 4, 4)
DRAWN = b"q 200 0 0 100 0 0 cm /I Do Q "
NAMED = b"/XObject<</I 6 0 R>>"


@pytest.mark.parametrize("contents", [DRAWN + line("7", 50, 50), line("7", 50, 50) + DRAWN])
def test_text_on_or_beneath_a_picture_is_not_drawn(tmp_path: Path, contents: bytes) -> None:
    layer = read(tmp_path, text_page(contents + line("8", 300, 200), PICTURE, resources=NAMED))
    assert dict(zip(layer.characters, layer.drawn.tolist(), strict=True)) == {"7": False, "8": True}


def test_a_picture_within_turned_forms_covers_its_text_too(tmp_path: Path) -> None:
    """The outer form turns all by a quarter, the inner one doubles it: the picture covers x 100 to 200, y 0 to 100 in the end."""
    inner = b"/Type/XObject/Subtype/Form/BBox[0 0 999 999]/Matrix[2 0 0 2 0 0]/Resources<</XObject<</I 8 0 R>>>>"
    outer = b"/Type/XObject/Subtype/Form/BBox[0 0 999 999]/Matrix[0 1 -1 0 200 0]/Resources<</XObject<</I 7 0 R>>>>"
    forms = (stream(outer, b"/I Do"), stream(inner, b"q 50 0 0 50 0 0 cm /I Do Q"), PICTURE)
    data = text_page(line("7", 150, 50) + line("8", 50, 50) + line("9", 150, 150) + b"/I Do", *forms, resources=NAMED)
    layer = read(tmp_path, data)
    assert dict(zip(layer.characters, layer.drawn.tolist(), strict=True)) == {"7": False, "8": True, "9": True}


@pytest.mark.parametrize("told", ["\ue000", "\ufffd", "\u200b", "\u0007"])
def test_what_is_no_character_is_not_trusted(tmp_path: Path, told: str) -> None:
    layer = read(tmp_path, text_page(line("125", 100, 200), to_unicode({"2": told}), font=b"/ToUnicode 6 0 R"))
    assert not layer.drawn.all()
    assert told == "\ufffd" or told not in layer.characters


def test_more_text_than_a_page_can_hold_is_none(tmp_path: Path) -> None:
    many = b"".join(line("7" * 1000, 9, 9 + 5 * row, 0.5) for row in range(1 + MOST_CHARACTERS // 1000))
    assert read(tmp_path, text_page(many)).characters == ""


def test_more_pictures_than_a_page_can_hold_leave_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, text_page(line("7", 50, 50) + DRAWN * (MOST_PICTURES + 1), PICTURE, resources=NAMED)).characters == ""


def test_forms_that_hold_themselves_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFium unfolds them, each within the other, until its time is up."""
    monkeypatch.setattr(textlayer, "SECONDS", 1)
    form = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</I 6 0 R>>>>", b"/I Do /I Do")
    begun = time.monotonic()
    assert read(tmp_path, text_page(line("7", 50, 50) + b"/I Do", form, resources=NAMED)).characters == ""
    assert time.monotonic() - begun < 3


def test_text_that_takes_too_long_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textlayer, "SECONDS", 0)
    assert read(tmp_path, text_page(line("7", 50, 50))).characters == ""


def test_an_image_file_carries_no_text() -> None:
    assert text_layer(SAMPLES / "self_evaluation_phone.jpg", 1, Limits()).characters == ""


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        text_layer(tmp_path / "none.pdf", 1, Limits())


@pytest.mark.parametrize("recipe", PDF_RECIPES, ids=lambda recipe: recipe.name)
def test_no_hostile_pdf_does_worse_than_to_carry_no_text(tmp_path: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(textlayer, "SECONDS", 1)
    found, failed = TextLayer(), ""
    try:
        found = read(tmp_path, recipe.make())
    except InputError as error:
        failed = error.code
    assert failed in ("", recipe.expected)
    assert len(found.characters) <= MOST_CHARACTERS


def answer(body: bytes = b"", **facts: object) -> io.BytesIO:
    return io.BytesIO(json.dumps(facts).encode() + b"\n" + body)


@pytest.mark.parametrize(
    "said",
    [
        io.BytesIO(b""),
        io.BytesIO(b"[" * 100_000),
        io.BytesIO(b"null\n"),
        answer(characters="many", pictures=0),
        answer(characters=-1, pictures=0),
        answer(characters=1, pictures=0),
        answer(bytes(20), characters=1, pictures=0),
        answer(bytes(22), characters=1, pictures=0),
        answer(bytes(21), characters=1, pictures=-1),
        answer(bytes(21), characters=1, pictures=MOST_PICTURES + 1),
        answer(bytes(21 * (MOST_CHARACTERS + 1)), characters=MOST_CHARACTERS + 1, pictures=0),
    ],
)
def test_an_answer_that_does_not_add_up_is_no_text(said: io.BytesIO) -> None:
    assert _parsed(said) == TextLayer()


def test_codes_beyond_unicode_are_no_characters() -> None:
    layer = _parsed(answer(b"\xff" * 4 + bytes(16) + b"\x01", characters=1, pictures=0))
    assert (layer.characters, layer.drawn.tolist()) == ("\ufffd", [False])
