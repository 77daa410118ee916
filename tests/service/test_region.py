"""Boxes on a sample page, read by the real recognizer as the form has it."""

import pytest

from models.form import Field
from models.geometry import Box
from models.limits import Limits
from models.reading import Engine
from ocr.paddle import load_engine
from postprocess.calibration import TARGET_ERROR, trust
from postprocess.places import cells_of
from service.messages import Wanted
from service.region import PagesAtHand, read_value
from tests.service.kept import COPIER, FAX, OFFICE, PHONE, SAMPLES, kept

pytestmark = pytest.mark.engine

TRUST = trust(TARGET_ERROR)
LOOSE = 0.004
"""By how much a hand misses the edge of a cell, fractions of the page: 1 mm of A4."""


@pytest.fixture(scope="module")
def engine() -> Engine:
    return load_engine(1)


@pytest.fixture(scope="module")
def pages() -> PagesAtHand:
    return PagesAtHand()


def read(name: str, field: Field, path: str, pages: PagesAtHand, engine: Engine) -> Field:
    """What stands in a box drawn around ``field``, a little larger on two sides and smaller on none."""
    document, _ = kept(name)
    box, form = field.box, document.forms[0]
    drawn = Box(max(0, box.left - LOOSE), box.top, min(1, box.right + LOOSE / 2), min(1, box.bottom + LOOSE))
    unit = form.fields["currency_unit"].text if "currency_unit" in form.fields else ""
    page = pages.page(SAMPLES / name, field.page, None, engine, Limits())
    return read_value(page, drawn, Wanted(form.template, path, unit), engine, TRUST)


@pytest.mark.parametrize("name", [OFFICE, COPIER, PHONE, FAX])
def test_a_box_around_a_field_says_what_the_record_says(name: str, pages: PagesAtHand, engine: Engine) -> None:
    cells = {(place.name, cell.box): (place, cell) for place, cell in cells_of(kept(name)[0].forms[0]).items() if cell.page == 1}
    found = {str(place): (cell.text, read(name, cell, str(place), pages, engine).text) for place, cell in cells.values()}
    assert len(found) > 10
    assert {path: texts for path, texts in found.items() if texts[0] != texts[1] and path != "fields.title"} == {}
    assert any(len(text) > 40 for text, _ in found.values()), "a text of several lines is among them"


def test_a_part_of_a_cell_is_read_alone(pages: PagesAtHand, engine: Engine) -> None:
    places = cells_of(kept(OFFICE)[0].forms[0])
    long = max((cell for cell in places.values() if cell.page == 1), key=lambda cell: len(cell.text))
    upper = Box(long.box.left, long.box.top, long.box.right, (long.box.top + long.box.bottom) / 2)
    page = pages.page(SAMPLES / OFFICE, 1, None, engine, Limits())
    found = read_value(page, upper, Wanted(), engine, TRUST).text
    assert len(found) > 10
    assert long.text.startswith(found[:-2])
    assert len(found) < len(long.text)


def test_an_empty_box_says_nothing(pages: PagesAtHand, engine: Engine) -> None:
    page = pages.page(SAMPLES / OFFICE, 1, None, engine, Limits())
    found = read_value(page, Box(0.001, 0.001, 0.01, 0.01), Wanted(), engine, TRUST)
    assert (found.text, found.alternatives) == ("", ())
