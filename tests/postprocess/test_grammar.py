"""Well-formed numbers: what the automata admit, and what they make of a lattice that is no number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.matched import Slot
from models.template import ValueKind
from postprocess.evidence import weigh, weigh_number
from postprocess.grammar import Grammar, grammar
from postprocess.values import parse_value
from tests.postprocess.drawn import line, slot


def automaton(kind: ValueKind, unit: str = "元") -> Grammar:
    """The grammar of a kind that has one."""
    found = grammar(kind, unit)
    assert found is not None
    return found


def read(where: Slot, kind: ValueKind = ValueKind.AMOUNT, unit: str = "元") -> str:
    """The text of ``where`` with its grammar."""
    rules = automaton(kind, unit)
    return weigh_number(where, weigh(where), rules, rules.accepts).text


@pytest.mark.parametrize("text", ["0", "980,710", "1088156.00", "1,721,494.3", "10,000元", "-5", "0.50"])
def test_amounts_of_the_genuine_forms_are_well_formed(text: str) -> None:
    assert automaton(ValueKind.AMOUNT).accepts(text)


@pytest.mark.parametrize("text", ["2.643.200", "302.900", "12,34", "1,0881", "1,000.", "0980", ",5", "1O"])
def test_what_no_office_prints_is_not(text: str) -> None:
    assert not automaton(ValueKind.AMOUNT).accepts(text)


def test_ten_thousands_have_more_decimals() -> None:
    assert automaton(ValueKind.AMOUNT, "万元").accepts("172.149430")
    assert grammar(ValueKind.TEXT, "元") is None


@given(st.integers(0, 10**12), st.integers(0, 2), st.booleans())
def test_every_beginning_of_a_printed_amount_is_admitted(cents: int, decimals: int, grouped: bool) -> None:
    text = f"{cents / 100:{',' if grouped else ''}.{decimals}f}"
    rules = automaton(ValueKind.AMOUNT)
    assert rules.accepts(text)
    assert all(rules.admits(text[:end]) for end in range(len(text)))
    assert parse_value(text, ValueKind.AMOUNT) is not None


@pytest.mark.parametrize("misread", ["2.643.200", "2,643.200", "2.643,200", "2，643．200"])
def test_commas_that_lost_their_tails_are_commas(misread: str) -> None:
    assert read(slot(misread)).replace("，", ",") == "2,643,200"


def test_a_letter_gives_way_to_a_digit_that_the_pixels_offer() -> None:
    assert read(slot(line("1O", {1: [("O", 0.7), ("0", 0.2)]})), ValueKind.NUMBER) == "10"


def test_no_digit_is_ever_made_up() -> None:
    assert read(slot("1O"), ValueKind.NUMBER) == "1O"


def test_a_number_on_two_lines_is_one_number() -> None:
    assert read(slot("94.969,5", "97.00")) == "94,969,597.00"


@pytest.mark.parametrize(("text", "sure"), [("2.643.200", True), ("980.710", False), ("98,07", False)])
def test_the_first_text_stays_among_the_alternatives_and_the_doubt_is_told(text: str, sure: bool) -> None:
    """Commas lose their tails together; a single point may part decimals in another unit, and no point becomes a comma."""
    rules = automaton(ValueKind.AMOUNT)
    found = weigh_number(slot(text), weigh(slot(text)), rules, rules.accepts)
    assert text in [other.text for other in found.alternatives]
    assert (found.confidence > 0.99) is sure


def test_a_number_that_is_understood_is_left_alone() -> None:
    rules = automaton(ValueKind.PERCENT)
    assert weigh_number(slot("90.13%"), weigh(slot("90.13%")), rules, rules.accepts).text == "90.13%"
