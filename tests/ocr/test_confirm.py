"""A page as recognized, and the text that its file carries: which lines become the file's, which are disputed."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.content import PageContent
from models.geometry import Box, Size, Straightening
from models.grid import Cell, Grid
from models.page import PageImage
from models.reading import CellText, GridText, Lattice, Reading, certain
from models.textlayer import TextLayer
from ocr.confirm import confirm
from ocr.ctc import best_path

SIZE = Size(400, 200)
STEP = 20
"""Px from one character to the next; all are 16 px high and wide."""

CELLS = (Box(0, 0, 200, 100), Box(200, 0, 400, 100))
Line = tuple[str, float, float]
"""Characters, and where the first one's box begins, px."""


def seen(*lines: Line, turns: int = 0, inked: Sequence[Line] = ()) -> tuple[PageContent, PageImage]:
    """A page of two cells with ``lines`` as recognized, sure of every character, and ink there and where ``inked`` says."""
    stored = SIZE if turns % 2 == 0 else Size(SIZE.height, SIZE.width)
    frame = Straightening(stored, SIZE, turns)
    grey = np.full((SIZE.height, SIZE.width), 255, np.uint8)
    for text, left, top in (*lines, *inked):
        grey[int(top) + 4 : int(top) + 12, int(left) + 4 : int(left) + len(text) * STEP - 8] = 0
    readings = [
        Reading(Box(left - 2, top - 2, left + STEP * len(text), top + 18), text, (0.99,) * len(text), certain(text, 8))
        for text, left, top in lines
    ]
    cells = tuple(Cell(0, column, 1, 1, box) for column, box in enumerate(CELLS))
    grid = Grid(Box(0, 0, 400, 100), (0, 100), (0, 200, 400), cells, ())
    texts = tuple(
        CellText(i, tuple(r for r in readings if box.left <= r.box.centre[0] < box.right and r.box.top < 100))
        for i, box in enumerate(CELLS)
    )
    loose = tuple(reading for reading in readings if reading.box.top >= 100)
    page = PageImage(1, np.repeat(np.rot90(grey, turns)[:, :, None], 3, axis=2), 200)
    return PageContent(1, frame, (GridText(grid, texts),), loose), page


def told(*lines: Line, drawn: bool = True) -> TextLayer:
    """The text layer that says ``lines`` of a page that is not turned."""
    places = [(left + STEP * index, top) for text, left, top in lines for index in range(len(text))]
    boxes = np.array([(x / SIZE.width, y / SIZE.height, (x + 16) / SIZE.width, (y + 16) / SIZE.height) for x, y in places]).reshape(-1, 4)
    return TextLayer("".join(text for text, *_ in lines), boxes, np.full(len(places), drawn, np.bool_))


def cell(content: PageContent, number: int) -> tuple[Reading, ...]:
    return content.grids[0].cells[number].readings


NAME, AMOUNT, TITLE = ("项目(一)", 10, 40), ("1,250.00", 210, 40), ("自评表", 100, 150)


def test_every_line_becomes_the_file_s_where_both_agree() -> None:
    content = confirm(*seen(NAME, AMOUNT, TITLE), told(("项目（一）", 10, 40), AMOUNT, TITLE))
    assert [reading.text for reading in (*cell(content, 0), *cell(content, 1), *content.loose)] == ["项目（一）", "1,250.00", "自评表"]
    assert content.from_text
    assert all(best_path(reading.lattice) == (reading.text, (1.0,) * len(reading.text)) for reading in cell(content, 0))


def test_the_characters_of_a_turned_page_are_found_in_their_lines() -> None:
    """The stored page lies on its side, a quarter turn clockwise makes it upright: its left edge becomes the top."""
    layer = told(NAME, AMOUNT, TITLE)
    left, top, right, bottom = layer.boxes.T
    lying = TextLayer(layer.characters, np.column_stack([top, 1 - right, bottom, 1 - left]), layer.drawn)
    assert confirm(*seen(NAME, AMOUNT, TITLE, turns=1), lying).from_text


def test_a_page_without_text_stays_as_it_was() -> None:
    content, page = seen(NAME, AMOUNT)
    assert confirm(content, page, TextLayer()) is content


def test_text_that_is_not_drawn_changes_nothing() -> None:
    content, page = seen(NAME, AMOUNT)
    assert confirm(content, page, told(NAME, ("7,250.00", 210, 40), drawn=False)) == content


def test_a_line_with_one_character_that_is_not_drawn_stays_as_it_was() -> None:
    content, page = seen(AMOUNT)
    layer = told(AMOUNT)
    drawn = layer.drawn.copy()
    drawn[3] = False
    assert confirm(content, page, TextLayer(layer.characters, layer.boxes, drawn)) == content


def test_another_figure_leaves_what_is_seen_to_a_person() -> None:
    content = confirm(*seen(NAME, AMOUNT), told(NAME, ("7,250.00", 210, 40)))
    (amount,) = cell(content, 1)
    assert (amount.text, amount.disputed) == ("1,250.00", True)
    assert not cell(content, 0)[0].disputed
    assert not content.from_text


def test_another_word_is_offered_beside_the_file_s() -> None:
    content = confirm(*seen(("朱鹤野化放归", 10, 40)), told(("朱鹮野化放归", 10, 40)))
    (name,) = cell(content, 0)
    assert (name.text, name.disputed) == ("朱鹮野化放归", True)
    assert [chr(code) for code in name.lattice.codes[2, :2]] == ["鹮", "鹤"]
    assert np.exp(name.lattice.log_probabilities[2, :2]).tolist() == [0.5, 0.5]


def test_figures_that_stand_nowhere_dispute_their_cell() -> None:
    """White on white, or too faint to be seen."""
    content = confirm(*seen(NAME), told(NAME, AMOUNT))
    assert [(reading.text, reading.disputed) for reading in cell(content, 1)] == [("", True)]
    assert not content.from_text


def test_a_figure_above_the_line_disputes_it_too() -> None:
    content = confirm(*seen(AMOUNT), told(AMOUNT, ("9", 210, 5)))
    assert [(reading.text, reading.disputed) for reading in cell(content, 1)] == [("", True), ("1,250.00", False)]


def test_a_mark_too_small_for_a_line_is_read_where_there_is_ink() -> None:
    stop, dash = ("。", 10, 70), ("-", 300, 40)
    content = confirm(*seen(NAME, inked=(stop, dash)), told(NAME, stop, dash))
    assert [reading.text for reading in cell(content, 0)] == ["项目(一)", "。"]
    assert [reading.text for reading in cell(content, 1)] == ["-"]
    last = ("次", 10, 80)
    between = confirm(*seen(NAME, last, inked=(("。", 10, 60),)), told(NAME, ("。", 10, 60), last))
    assert [reading.text for reading in cell(between, 0)] == ["项目(一)", "。", "次"]


def test_a_mark_without_ink_disputes_a_text_and_fills_no_blank() -> None:
    content = confirm(*seen(NAME), told(NAME, ("。", 10, 70), ("-", 300, 40)))
    assert [(reading.text, reading.disputed) for reading in cell(content, 0)] == [("项目(一)", False), ("", True)]
    assert cell(content, 1) == ()


def test_a_mark_before_a_figure_is_never_added_to_it_but_disputes_it() -> None:
    """A minus that stands apart from its digits."""
    content = confirm(*seen(("250", 250, 40), inked=(("-", 210, 40),)), told(("250", 250, 40), ("-", 210, 40)))
    assert [(reading.text, reading.disputed) for reading in cell(content, 1)] == [("", True), ("250", False)]
    assert not content.from_text


@pytest.mark.parametrize(("before", "behind", "expected"), [("区域", "收到", ["区域", "，", "收到"]), ("12", "345", ["12", "", "345"])])
def test_a_comma_apart_from_its_line_parts_words_but_no_digits(before: str, behind: str, expected: list[str]) -> None:
    """It begins the second line, further from it than the lines of a cell are looked for."""
    first, comma, second = (before, 10, 5), ("，", 10, 40), (behind, 60, 40)
    content = confirm(*seen(first, second, inked=(comma,)), told(first, comma, second))
    assert [reading.text for reading in cell(content, 0)] == expected
    assert content.from_text == ("，" in expected)


def test_a_page_half_scanned_is_read_from_both() -> None:
    content = confirm(*seen(NAME, AMOUNT), told(("项目（一）", 10, 40)))
    assert cell(content, 0)[0].text == "项目（一）"
    assert cell(content, 1)[0].text == "1,250.00"
    assert not cell(content, 1)[0].disputed
    assert not content.from_text


def test_a_lattice_of_one_character_a_step_is_no_obstacle() -> None:
    content, page = seen(NAME)
    thin = Lattice(np.array([[ord("项")]], np.int32), np.zeros((1, 1), np.float32))
    line = Reading(Box(8, 38, 30, 58), "项", (0.5,), thin)
    (grid,) = content.grids
    one = PageContent(1, content.straightening, (GridText(grid.grid, (CellText(0, (line,)), CellText(1, ()))),), ())
    assert cell(confirm(one, page, told(("项", 10, 40))), 0)[0].confidences == (1.0,)
