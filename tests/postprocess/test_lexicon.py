"""Usual words are decoded from the lattice; a word of the office's own stays what it is."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import Alternative, Field, Status
from models.geometry import Box
from models.reading import Reading
from postprocess.evidence import Evidence, weigh
from postprocess.lexicon import CLEAR, rivalled, weigh_word, weighed
from postprocess.support import Support
from postprocess.views import views
from tests.postprocess.drawn import Step, line, slot

WORDS = ("产出指标", "效益指标", "数量指标", "质量指标", "服务对象满意度指标", "其中：当年财政拨款", "数量", "质量")


def decoded(*lines: Reading | str, words: tuple[str, ...] = WORDS) -> Evidence:
    cell = slot(*lines)
    return weigh_word(weigh(cell), views(cell.pieces), words)


def field(evidence: Evidence) -> Field:
    box = Box(0, 0, 1, 1)
    told, others = evidence.confidence, evidence.alternatives
    return Field(evidence.text, evidence.text, 1, box, told, Status.READ, others, certainty=evidence.certainty)


def misread(word: str, index: int, right: str, share: float) -> Reading:
    """A line that reads ``word``, whose character at ``index`` may also be ``right``."""
    return line(word, {index: [(word[index], 1 - share), (right, share)]})


@pytest.mark.parametrize("word", WORDS)
def test_a_usual_word_is_returned_as_read(word: str) -> None:
    assert decoded(word) == weigh(slot(word))


def test_a_character_misread_from_weak_pixels_is_put_right() -> None:
    found = decoded(misread("产岀指标", 1, "出", 0.3))
    assert (found.text, found.confidence > CLEAR) == ("产出指标", True)
    assert [other.text for other in found.alternatives] == ["产岀指标"]
    assert not rivalled(field(found), WORDS)


def test_what_was_read_stays_among_the_alternatives_however_improbable() -> None:
    found = decoded(misread("产岀指标", 1, "出", 0.49), words=("产出指标",))
    assert ("产岀指标", True) in [(other.text, other.confidence < 0.02) for other in found.alternatives]


def test_where_it_is_not_clear_the_text_stays_and_a_person_decides() -> None:
    found = decoded(misread("产岀指标", 1, "出", 0.02))
    assert found.text == "产岀指标"
    assert found.alternatives[0].text == "产出指标"
    assert found.confidence + found.alternatives[0].confidence <= 1
    assert rivalled(field(found), WORDS)


@pytest.mark.parametrize("share", [1e-3, 1e-4])
def test_what_is_almost_a_usual_word_is_offered_as_one(share: float) -> None:
    found = decoded(misread("产岀指标", 1, "出", share))
    assert found.text == "产岀指标"
    assert "产出指标" in [other.text for other in found.alternatives]
    assert rivalled(field(found), WORDS)


@pytest.mark.parametrize("own", ["数量指标1", "产出数量指标", "服务对象满意度", "产岀指标", "过程指标", "其中当年财政拨款", "数"])
def test_another_word_in_clear_print_is_never_changed(own: str) -> None:
    found = decoded(own)
    assert found.text == own
    assert found.confidence == pytest.approx(weigh(slot(own)).confidence, abs=1e-2)


def test_far_from_all_usual_words_nobody_is_asked() -> None:
    assert not rivalled(field(decoded("绿色采购占比")), WORDS)


hanzi = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@given(st.text(hanzi, min_size=1, max_size=10), st.integers(0, 9), hanzi)
def test_no_text_in_clear_print_is_changed(own: str, index: int, usual: str) -> None:
    """Nor where a usual word differs from it in a single character."""
    near = own[: index % len(own)] + usual + own[index % len(own) + 1 :]
    assert decoded(own, words=(*WORDS, near)).text == own


def test_two_usual_words_are_told_apart_by_their_pixels_alone() -> None:
    assert decoded(line("数量", {0: [("数", 0.55), ("质", 0.45)]})).text == "数量"
    unclear = decoded(line("数量", {0: [("数", 0.9), ("质", 0.1)]}))
    assert [other.text for other in unclear.alternatives] == ["质量"]
    assert rivalled(field(unclear), WORDS)
    clear = decoded(line("数量", {0: [("数", 0.99), ("质", 0.01)]}))
    assert not rivalled(field(clear), WORDS)


def test_a_weak_character_of_a_usual_word_is_no_doubt_where_nothing_else_is_usual() -> None:
    found = decoded(line("效益指标", {1: [("益", 0.6), ("盖", 0.4)]}))
    assert found.text == "效益指标"
    assert found.confidence > 0.99


def test_lines_are_put_together() -> None:
    first, second = misread("服务对像满", 3, "象", 0.4), misread("意废指标", 1, "度", 0.4)
    found = decoded(first, second)
    assert found.text == "服务对象满意度指标"


def test_further_views_are_weighed_with_the_first() -> None:
    first = misread("产岀指标", 1, "出", 0.04)
    assert decoded(first).text == "产岀指标"
    sure = replace(first, looks=(misread("产岀指标", 1, "出", 0.4).lattice, line("产出指标", {1: [("出", 0.8), ("岀", 0.2)]}).lattice))
    found = decoded(sure)
    assert (found.text, found.confidence > CLEAR) == ("产出指标", True)
    against = replace(first, looks=(line("产岀指标").lattice,) * 2)
    assert decoded(against).text == "产岀指标"


def test_the_spelling_that_was_read_stays() -> None:
    found = decoded(line("其中:当年财政拨款", {3: [("当", 0.7), ("尚", 0.3)]}))
    assert found.text == "其中:当年财政拨款"
    assert found.confidence > 0.99


def test_without_a_lattice_the_readings_tell() -> None:
    read = Evidence("产岀指标", 0.6, (Alternative("产出指标", 0.4),))
    assert weigh_word(read, [], WORDS).text == "产出指标"
    assert weigh_word(replace(read, alternatives=()), [], WORDS).alternatives == (Alternative("产出指标", 0.0),)
    known = Evidence("产出指标", 0.6, ())
    assert weigh_word(known, [], WORDS).confidence > 0.99


def test_no_words_or_no_ink_change_nothing() -> None:
    assert decoded("产岀指标", words=()) == weigh(slot("产岀指标"))
    assert decoded() == weigh(slot())


@st.composite
def cells(draw: st.DrawFn) -> tuple[Evidence, list[Support]]:
    """A cell that reads no usual word, and what the words share of the rest."""
    parts = [draw(st.integers(0, 1000)) for _ in WORDS]
    total = sum(parts) + draw(st.integers(1, 1000))
    most = [min(1.0, part / total + draw(st.sampled_from([0.0, 1e-6, 0.01, 0.5]))) for part in parts]
    left = 1 - sum(parts) / total
    read = Evidence("产岀指标", left * 0.6, (Alternative("户出指标", left * 0.4),))
    return read, [Support(part / total, high) for part, high in zip(parts, most, strict=True)]


@given(cells())
def test_probabilities_sum_to_one_at_most(cell: tuple[Evidence, list[Support]]) -> None:
    told = weighed(cell[0], WORDS, cell[1])
    assert told.confidence + sum(other.confidence for other in told.alternatives) <= 1 + 1e-9
    assert told.text not in [other.text for other in told.alternatives]


@given(cells(), st.permutations(range(len(WORDS))))
def test_the_order_of_words_does_not_matter(cell: tuple[Evidence, list[Support]], order: list[int]) -> None:
    read, found = cell
    told = weighed(read, WORDS, found)
    other = weighed(read, [WORDS[index] for index in order], [found[index] for index in order])
    assert (other.text, [each.text for each in other.alternatives]) == (told.text, [each.text for each in told.alternatives])
    assert other.confidence == pytest.approx(told.confidence)


def test_a_word_given_twice_counts_once() -> None:
    steps: Step = [("岀", 0.7), ("出", 0.3)]
    reading = line("产岀指标", {1: steps})
    assert decoded(reading, words=("产出指标", "产出指标")) == decoded(reading, words=("产出指标",))
