"""Words that an office's own approved forms have taught: proposed to the person who must look, never taken by the machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from rapidfuzz.distance import Levenshtein

from models.form import Alternative, Field, Status
from models.look import look
from postprocess.evidence import MOST
from postprocess.vocabulary import CHARACTERS_AN_ERROR

SCHEMA: Final = "formtally/lexicon/1"

MOST_WORDS: Final = 50_000
"""Of one field: the projects of a province."""

LONGEST: Final = 100
"""Characters of a word; longer texts are prose, which does not come back."""

PROPOSED: Final = 2
"""Words that are proposed for one field at the most."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """By field (``department``) or table and column (``indicators.level3``), each word by its look."""

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


NO_WORDS: Final = Lexicon()


def with_proposals(read: Field, name: str, lexicon: Lexicon) -> Field:
    """``read`` with the words of ``lexicon`` that its text almost is among the alternatives, where a person must look anyway.

    They stand behind what the pixels offer, with confidence 0: that a word is usual says nothing of what is printed here. Text, value and
    status stay.
    """
    known, plain = lexicon.words.get(name), look(read.text)
    if read.status is not Status.DOUBTFUL or not known or not plain or plain in known:
        return read
    most = max(1, len(plain) // CHARACTERS_AN_ERROR)
    shown = {look(other.text) for other in read.alternatives}
    errors = {other: Levenshtein.distance(plain, other, score_cutoff=most) for other in known if abs(len(other) - len(plain)) <= most}
    near = sorted((count, other) for other, count in errors.items() if count <= most and other not in shown)[:PROPOSED]
    proposed = tuple(Alternative(known[other], 0.0) for _, other in near)
    return replace(read, alternatives=(*read.alternatives, *proposed)[:MOST])


def parse_lexicon(text: str) -> Lexicon:
    """A lexicon from the JSON that `print_lexicon` writes.

    Raises:
        ValueError: it is none, or larger than any archive makes it.
    """
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("schema") != SCHEMA or not isinstance(words := found.get("words"), dict):
        raise ValueError(f"its schema is not {SCHEMA}")
    for name, texts in words.items():
        if not isinstance(texts, list) or len(texts) > MOST_WORDS or not all(map(_is_word, texts)):
            raise ValueError(f"{name!r} is no list of at most {MOST_WORDS} words of at most {LONGEST} characters")
    return Lexicon({name: {look(word): word for word in reversed(texts)} for name, texts in words.items()})


def print_lexicon(words: Mapping[str, tuple[str, ...]], provenance: Mapping[str, object]) -> str:
    """JSON of ``words``, by field, with what they were taken from."""
    return json.dumps({"schema": SCHEMA, "taken_from": provenance, "words": words}, ensure_ascii=False, indent=1) + "\n"


def _is_word(text: object) -> bool:
    return isinstance(text, str) and 0 < len(text) <= LONGEST and text.isprintable()
