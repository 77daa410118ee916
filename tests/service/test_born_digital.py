"""PDFs that carry text, honest and not, through the whole reading of a page with the real recognizer."""

import json
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from models.content import PageContent
from models.form import Source, Status
from models.limits import Limits
from models.reading import Engine
from ocr.opening import inspect, open_page
from ocr.paddle import load_engine
from postprocess.calibration import TARGET_ERROR, trust
from service.pipeline import assemble, look_again, read_page
from tests.forms import contents
from tests.forms.generate import papers
from tests.forms.print import print_pdf
from tests.forms.sheet import sheets
from tests.forms.style import style
from tests.hostile.pdf_bytes import gray_picture
from tests.hostile.pdf_text import line, text_page, to_unicode
from tests.truth import compare

pytestmark = pytest.mark.engine

SIZE = (400, 300)
GRID = b"1 w 20 20 360 260 re 20 150 m 380 150 l 200 20 m 200 280 l S\n"
"""Two rows and two columns."""

PLACES = ((50, 210), (230, 210), (50, 80), (230, 80))
"""Where the text of the cells begins, in reading order, points."""

NUMBERS = ("1,250.00", "980.71", "36", "90.13%")


def table(*texts: str, mode: int = 0) -> bytes:
    """The grid with ``texts`` in its cells."""
    return GRID + b"".join(line(text, *place, points=18, mode=mode) for text, place in zip(texts, PLACES, strict=True))


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine(1)


Read = Callable[[bytes], PageContent]


@pytest.fixture
def read(tmp_path: Path, engine: Engine) -> Read:
    """Reads page 1 of a PDF."""

    def page(data: bytes) -> PageContent:
        path = tmp_path / "page.pdf"
        path.write_bytes(data)
        return read_page(path, 1, engine, Limits())

    return page


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The table as a picture (6 0 R)."""
    path = tmp_path_factory.mktemp("scan") / "page.pdf"
    path.write_bytes(text_page(table(*NUMBERS), size=SIZE))
    grey = open_page(path, 1, Limits()).pixels[:, :, 0]
    return gray_picture(grey.tobytes(), grey.shape[1], grey.shape[0])


NAMED = b"/XObject<</I 6 0 R>>"


def texts(content: PageContent) -> list[str]:
    return ["".join(reading.text for reading in cell.readings) for grid in content.grids for cell in grid.cells]


def disputed(content: PageContent) -> list[bool]:
    return [any(reading.disputed for reading in cell.readings) for grid in content.grids for cell in grid.cells]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_text_is_taken_from_the_file_however_the_page_is_turned(read: Read, turn: int) -> None:
    content = read(text_page(table(*NUMBERS), page=b"/Rotate %d" % turn))
    assert sorted(texts(content)) == sorted(NUMBERS)
    assert content.from_text
    assert all(set(reading.confidences) == {1.0} for grid in content.grids for cell in grid.cells for reading in cell.readings)


def test_a_sandwich_is_recognized_anew(read: Read, scan: bytes) -> None:
    wrong = table("7,250.00", "980.77", "86", "90.73%", mode=3)
    content = read(text_page(b"q 400 0 0 300 0 0 cm /I Do Q " + wrong, scan, resources=NAMED))
    assert texts(content) == list(NUMBERS)
    assert not content.from_text
    assert not any(disputed(content))


CLEAR = b"/ExtGState<</G<</ca 0>>>>"


@pytest.mark.parametrize("drawn", [b"%b q 400 0 0 300 0 0 cm /I Do Q", b"q 400 0 0 300 0 0 cm /I Do Q /G gs %b"])
def test_a_sandwich_whose_text_is_painted_is_recognized_anew(read: Read, scan: bytes, drawn: bytes) -> None:
    """Beneath the picture, or over it in a colour that lets all through."""
    wrong = table("7,250.00", "980.77", "86", "90.73%").removeprefix(GRID)
    content = read(text_page(drawn % wrong, scan, resources=NAMED + CLEAR))
    assert texts(content) == list(NUMBERS)
    assert not content.from_text
    assert not any(disputed(content))


@pytest.mark.parametrize(
    "hidden",
    [
        b"1 g " + line("9", 40, 210, 18),  # white, before 1,250.00
        b"/G gs " + line("9", 40, 210, 18),  # transparent
        line("9", 40, 210, 18) + b"1 g 38 205 11 20 re f",  # beneath a white rectangle
        b"q 0 0 5 5 re W n " + line("9", 40, 210, 18) + b" Q",  # clipped away
    ],
)
def test_a_hidden_digit_leaves_the_number_as_seen_to_a_person(read: Read, hidden: bytes) -> None:
    content = read(text_page(table(*NUMBERS) + hidden, resources=CLEAR))
    assert texts(content) == list(NUMBERS)
    assert disputed(content) == [True, False, False, False]
    assert not content.from_text


def test_a_hidden_number_in_an_empty_cell_does_not_enter_the_record(read: Read) -> None:
    content = read(text_page(table("1,250.00", "", "36", "90.13%") + b"1 g " + line("980.71", *PLACES[1], points=18)))
    assert texts(content) == ["1,250.00", "", "36", "90.13%"]
    assert disputed(content) == [False, True, False, False]


def test_a_number_written_over_another_that_is_covered_is_read(read: Read) -> None:
    """A correction as an editor of PDFs makes it."""
    corrected = b"1 g 225 75 120 30 re f 0 g " + line("86.00%", *PLACES[3], points=18)
    content = read(text_page(table(*NUMBERS) + corrected))
    assert texts(content) == [*NUMBERS[:3], "86.00%"]
    assert disputed(content) == [False, False, False, True]


def test_digits_that_say_they_are_others_are_recognized_anew(read: Read) -> None:
    lie = to_unicode({"0": "9", "9": "0", "1": "7"})
    content = read(text_page(table(*NUMBERS), lie, font=b"/ToUnicode 6 0 R"))
    assert texts(content) == list(NUMBERS)
    assert disputed(content) == [True, True, False, True]
    assert not content.from_text


def test_a_page_half_scanned_is_read_from_both(read: Read, scan: bytes) -> None:
    upper = b"q 0 0 400 300 re 0 300 m W n Q " + line("Budget", 50, 560, 18)
    content = read(text_page(b"q 400 0 0 300 0 0 cm /I Do Q " + upper, scan, size=(400, 600), resources=NAMED))
    assert texts(content) == list(NUMBERS)
    assert [(reading.text, reading.confidences) for reading in content.loose] == [("Budget", (1.0,) * 6)]
    assert not content.from_text


@pytest.mark.parametrize("kind", ["self", "target"])
def test_a_printed_form_is_exact_in_every_field(tmp_path: Path, engine: Engine, kind: str) -> None:
    chance = random.Random(f"born digital/{kind}")  # noqa: S311
    forms = papers(chance, kind, 1, planted=0.0)
    path = print_pdf(sheets(forms, style(chance, forms)), tmp_path / "form.pdf")
    count = inspect(path, Limits()).pages
    pages = [read_page(path, number, engine, Limits()) for number in range(1, count + 1)]
    look = partial(look_again, path, engine, Limits(), pages)
    document = assemble(pages, Source(path.name, "0" * 64, count), (), look, trust(TARGET_ERROR))
    assert document.source.text_pages == tuple(range(1, count + 1))
    (form,) = document.forms
    reads = compare(form, json.loads(json.dumps(contents.truth(forms[0]))))
    assert [read for read in reads if read.text != read.truth] == []
    assert np.mean([read.status is not Status.DOUBTFUL for read in reads]) > 0.95
