"""Words of an office, proposed where a person must look anyway."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import Alternative, Field, Status
from models.geometry import Box
from postprocess.evidence import MOST
from postprocess.proposals import LONGEST, MOST_WORDS, Lexicon, parse_lexicon, print_lexicon, with_proposals

WORDS = {"department": ("上海市水务局", "上海市环保局", "上海市教育委员会"), "indicators.level3": ("培训人数",)}
LEXICON = parse_lexicon(print_lexicon(WORDS, {}))


def field(text: str, status: Status = Status.DOUBTFUL, *others: str) -> Field:
    return Field(text, text or None, 1, Box(0, 0, 1, 1), 0.5, status, tuple(Alternative(other, 0.3) for other in others))


def proposed(read: Field, name: str = "department") -> list[str]:
    return [other.text for other in with_proposals(read, name, LEXICON).alternatives]


def test_a_doubtful_text_that_is_almost_a_word_has_it_behind_what_the_pixels_offer() -> None:
    after = with_proposals(field("上海市水各局", Status.DOUBTFUL, "上海市水名局"), "department", LEXICON)
    assert [(other.text, other.confidence) for other in after.alternatives] == [
        ("上海市水名局", 0.3),
        ("上海市水务局", 0.0),
        ("上海市环保局", 0.0),
    ]
    assert (after.text, after.value, after.status, after.confidence) == ("上海市水各局", "上海市水各局", Status.DOUBTFUL, 0.5)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.DOUBTFUL])
def test_what_was_accepted_is_left_alone(status: Status) -> None:
    assert proposed(field("上海市水各局", status)) == []


@pytest.mark.parametrize(
    ("text", "name"), [("上海市水务局", "department"), ("完全不同的单位名称", "department"), ("培训入数", "goal"), ("", "department")]
)
def test_a_word_itself_what_is_far_from_all_and_other_fields_get_none(text: str, name: str) -> None:
    assert proposed(field(text), name) == []


def test_nothing_is_proposed_twice_or_beyond_what_is_shown() -> None:
    assert proposed(field("上海市水各局", Status.DOUBTFUL, "上海市水务局")) == ["上海市水务局", "上海市环保局"]
    many = [f"上海市水{number}局" for number in range(MOST)]
    assert proposed(field("上海市水各局", Status.DOUBTFUL, *many)) == many


@given(
    st.dictionaries(
        st.sampled_from(["department", "project_name"]), st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20))
    )
)
def test_a_lexicon_is_written_and_read(words: dict[str, list[str]]) -> None:
    found = parse_lexicon(print_lexicon({name: tuple(texts) for name, texts in words.items()}, {"forms_at_least": 3}))
    assert {name: set(known.values()) <= set(words[name]) for name, known in found.words.items()} == dict.fromkeys(words, True)


@pytest.mark.parametrize(
    "words",
    [
        [],
        "甲",
        {"department": "甲"},
        {"department": [1]},
        {"department": ["长" * (LONGEST + 1)]},
        {"department": ["a\nb"]},
        {"department": [""]},
    ],
)
def test_what_is_no_lexicon_is_refused(words: object) -> None:
    with pytest.raises(ValueError, match=r"schema|word"):
        parse_lexicon(json.dumps({"schema": "formtally/lexicon/1", "words": words}))


def test_a_lexicon_of_another_schema_or_too_many_words_is_refused() -> None:
    with pytest.raises(ValueError, match="schema"):
        parse_lexicon(json.dumps({"schema": "formtally/lexicon/2", "words": {}}))
    with pytest.raises(ValueError, match="words"):
        parse_lexicon(json.dumps({"schema": "formtally/lexicon/1", "words": {"department": ["甲"] * (MOST_WORDS + 1)}}))
    assert Lexicon() == Lexicon({})
