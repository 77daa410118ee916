"""Closed vocabularies: a word that is almost one of the usual ones, or several of them run together."""

from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from models.look import look

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


def run_together(text: str, choices: Sequence[str], printed: Iterable[str]) -> bool:
    """Whether ``text``, none of the usual words, is nothing but two or more of those ``printed`` on the form: cells were taken for one.

    Words of one character make up too many others.
    """
    word = look(text)
    if not word or word in map(look, choices):
        return False
    parts = {plain for other in printed if len(plain := look(other)) > 1 and plain != word}
    reached = {0}
    for end in range(1, len(word) + 1):
        if any(word[start:end] in parts for start in reached):
            reached.add(end)
    return len(word) in reached
