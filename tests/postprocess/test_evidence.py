"""Lines put together: text, probability, alternatives."""

from dataclasses import replace

import pytest

from models.geometry import Box
from models.matched import Piece, Slot
from models.reading import Reading
from models.template import ValueKind
from postprocess.evidence import MOST, weigh, weigh_number
from postprocess.grammar import grammar
from tests.postprocess.drawn import lattice, line, slot


def test_lines_are_joined_with_nothing_between_and_nothing_lost() -> None:
    assert weigh(slot("94,969,5", "97.00")).text == "94,969,597.00"
    assert weigh(slot("环保部CON", "TROL 系统")).text == "环保部CONTROL 系统"


def test_no_ink_is_an_empty_text_without_doubt() -> None:
    evidence = weigh(slot())
    assert (evidence.text, evidence.confidence, evidence.alternatives) == ("", 1.0, ())


def test_alternatives_come_best_first_with_their_probabilities() -> None:
    evidence = weigh(slot(line("980,710", {0: [("9", 0.6), ("8", 0.3), ("0", 0.08)]})))
    assert [other.text for other in evidence.alternatives] == ["880,710", "080,710"]
    assert [other.confidence for other in evidence.alternatives] == pytest.approx([0.3, 0.08], abs=0.01)
    assert evidence.confidence == pytest.approx(0.6, abs=0.01)


def test_a_character_passed_over_lowers_the_confidence() -> None:
    """Both characters are sure of themselves; that a point may stand between them shows in the blank alone."""
    steps = lattice([[("1", 1.0)], [("", 0.7), (".", 0.3)], [("2", 1.0)]])
    evidence = weigh(slot(Reading(Box(0, 0, 1, 1), "12", (1.0, 1.0), steps)))
    assert evidence.confidence == pytest.approx(0.7)
    assert [other.text for other in evidence.alternatives] == ["1.2"]


def test_what_print_cannot_tell_apart_is_one_reading() -> None:
    evidence = weigh(slot(line("980,710", {3: [(",", 0.55), ("，", 0.45)]})))
    assert evidence.confidence == pytest.approx(1.0, abs=0.01)
    assert evidence.alternatives == ()


def test_a_line_of_which_a_mark_was_passed_over_is_no_more_than_a_chance() -> None:
    reading = replace(line("停工六天后续"), passed_over=True)
    sure = weigh(slot(reading))
    assert sure.confidence <= 0.5
    seen = line("停工六天，后续").lattice
    again = weigh(slot(replace(reading, looks=(seen,) * 7)))
    assert (again.text, again.confidence > 0.9) == ("停工六天，后续", True)


def test_doubts_of_several_lines_multiply() -> None:
    one, two = line("10", {0: [("1", 0.8), ("7", 0.2)]}), line("20", {0: [("2", 0.9), ("3", 0.1)]})
    evidence = weigh(slot(one, two))
    assert evidence.confidence == pytest.approx(0.72, abs=0.01)
    assert [other.text for other in evidence.alternatives] == ["7020", "1030", "7030"]


def test_only_the_characters_of_the_value_count() -> None:
    reading = line("年度：2020", {0: [("年", 0.5), ("午", 0.5)], 6: [("0", 0.7), ("8", 0.3)]})
    evidence = weigh(Slot(1, Box(0, 0, 9, 9), (Piece(1, reading, 3, 7),)))
    assert evidence.text == "2020"
    assert evidence.confidence == pytest.approx(0.7, abs=0.01)
    assert [other.text for other in evidence.alternatives] == ["2028"]


def test_at_most_a_few_alternatives() -> None:
    digits = [(digit, 0.1) for digit in "1234567890"]
    assert len(weigh(slot(line("1", {0: digits}))).alternatives) == MOST


def test_without_a_lattice_the_characters_speak() -> None:
    reading = Reading(Box(0, 0, 1, 1), "12", (0.9, 0.5), lattice([]))
    assert weigh(slot(reading)).confidence == pytest.approx(0.45)


def test_ink_that_may_be_nothing_is_no_sure_blank() -> None:
    speck = Reading(Box(0, 0, 1, 1), "", (), lattice([[("", 0.6), (".", 0.4)]]))
    evidence = weigh(slot(speck))
    assert evidence.text == ""
    assert evidence.confidence == pytest.approx(0.6)


def test_a_word_in_the_cell_of_a_number_stays_a_word() -> None:
    """The pixels offer a digit for it, a ten-thousandth as probable."""
    rules = grammar(ValueKind.AMOUNT, "元")
    assert rules is not None
    word = slot(line("推", {0: [("推", 0.9), ("1", 1e-4)]}))
    found = weigh_number(word, weigh(word), rules, rules.accepts)
    assert found.text == "推"
    assert found.confidence == pytest.approx(0.9, abs=0.01)
