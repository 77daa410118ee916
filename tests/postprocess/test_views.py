"""Which time steps belong to a value, in the first reading of its line and in later looks at it."""

from dataclasses import replace

import pytest

from models.geometry import Box
from models.matched import Piece
from models.reading import Reading
from postprocess.beam import best_readings
from postprocess.views import views, window
from tests.postprocess.drawn import lattice, line


def best(piece: Piece) -> list[str]:
    """The best text of each view."""
    return [best_readings(view)[0].text.strip() for view in views([piece])]


def test_the_window_of_a_piece_reads_its_characters_alone() -> None:
    reading = line("项目名称：环保热线", {6: [("保", 0.6), ("呆", 0.4)]})
    (view,) = views([Piece(1, reading, 5, 9)])
    found = best_readings(view)
    assert [entry.text for entry in found[:2]] == ["环保热线", "环呆热线"]
    assert found[1].probability == pytest.approx(0.4, abs=0.01)


def test_spaces_at_the_ends_of_a_line_move_no_window() -> None:
    drawn = lattice([[(" ", 1.0)], [("1", 1.0)], [("", 1.0)], [("2", 1.0)], [(" ", 1.0)]])
    assert best(Piece(1, Reading(Box(0, 0, 1, 1), "12", (1.0, 1.0), drawn), 1, 2)) == ["2"]


def test_a_reading_that_its_lattice_does_not_say_has_no_window() -> None:
    other = Piece(1, Reading(Box(0, 0, 1, 1), "99", (1.0, 1.0), line("12").lattice), 0, 2)
    assert window(other) is None
    assert views([other]) == []
    assert window(Piece(1, Reading(Box(0, 0, 1, 1), "", (), lattice([])), 0, 0)) is None


def test_every_look_at_a_part_of_a_line_is_cut_where_it_says_the_rest() -> None:
    first = line("单位：环保局")
    looks = tuple(line(text).lattice for text in ("单位：环呆局", "单位:环保局", "单位：环保局处"))
    piece = Piece(1, replace(first, looks=looks), 3, 6)
    assert best(piece) == ["环保局", "环呆局", "环保局处"]
    assert best(Piece(1, replace(first, looks=looks), 0, 3)) == ["单位：", "单位:"]


def test_a_whole_line_is_whole_in_every_look() -> None:
    looks = tuple(line(text).lattice for text in ("9.8", "98", ""))
    assert best(Piece(1, replace(line("9.3"), looks=looks), 0, 3)) == ["9.3", "9.8", "98", ""]


def test_lines_are_joined_view_by_view_and_one_read_once_says_the_same_in_all() -> None:
    looked = replace(line("123"), looks=(line("128").lattice, line("129").lattice))
    seen = views([Piece(1, looked, 0, 3), Piece(1, line(",456"), 0, 4)])
    assert [best_readings(view)[0].text for view in seen] == ["123,456", "128,456", "129,456"]


def test_nothing_is_joined_to_nothing() -> None:
    assert views([]) == []
