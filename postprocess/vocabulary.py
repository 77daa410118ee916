"""Closed vocabularies: a word that is almost one of the usual ones."""

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from postprocess.marks import look

CHARACTERS_AN_ERROR = 3
"""A word is almost another where one character differs, or at most one in this many: so close are 74 of the 86 misread texts among the
4,136 drawn ones of `postprocess.evidence`. Usual words that are close to each other (数量, 质量) are told apart because both are usual."""


def nearest(text: str, choices: Sequence[str]) -> str:
    """The usual word that ``text`` almost is; empty where it is one of them, is far from all, or says nothing."""
    looks = {look(choice): choice for choice in choices}
    word = look(text)
    if not word or word in looks:
        return ""
    errors = {choice: Levenshtein.distance(word, plain) for plain, choice in looks.items()}
    near = {choice: count for choice, count in errors.items() if count <= max(1, len(choice) // CHARACTERS_AN_ERROR)}
    return min(near, key=lambda choice: (near[choice], choice), default="")
