"""What was wrong with a reading: which character was taken for which, and of what kind the change was."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from rapidfuzz.distance import Levenshtein

from models.look import look

NOTHING: Final = "∅"
"""Stands for a character that was lost, or made up."""

MOST_SLIPS: Final = 3
"""A text with more characters wrong was not misread but replaced: which character became which says nothing then."""

_MARKS: Final = frozenset("，。、；：？！,.;:?!·…“”\"'‘’（）()【】[]《》<>-—%％")


class Slip(StrEnum):
    """Kind of a change, the first that fits."""

    MISSED = "missed"
    """The machine saw no such row."""
    NO_ROW = "no_row"
    """It saw a row where none is."""
    LOST = "lost"
    """It read nothing where something stands."""
    MADE_UP = "made_up"
    """It read something where nothing stands."""
    DIGITS = "digits"
    """Digits alone differ."""
    MARKS = "marks"
    """Points, commas, signs and other marks alone differ."""
    CHARACTERS = "characters"
    """Up to `MOST_SLIPS` characters differ."""
    WORDS = "words"
    """More does."""


def slip_of(read: str | None, approved: str | None) -> Slip:
    """How ``read`` differs from ``approved``; None where there was no such row."""
    if read is None:
        return Slip.MISSED
    if approved is None:
        return Slip.NO_ROW
    before, after = look(read), look(approved)
    if not before or not after:
        return Slip.MADE_UP if before else Slip.LOST
    pairs = tuple(_pairs(before, after))
    touched = {character for pair in pairs for character in pair if character != NOTHING}
    if all(character.isdecimal() for character in touched):
        return Slip.DIGITS
    if touched <= _MARKS:
        return Slip.MARKS
    return Slip.CHARACTERS if len(pairs) <= MOST_SLIPS else Slip.WORDS


def confusions(read: str, approved: str) -> tuple[tuple[str, str], ...]:
    """Which character was read for which, `NOTHING` for one that was lost or made up; none where the text was replaced."""
    pairs = tuple(_pairs(look(read), look(approved)))
    return pairs if len(pairs) <= MOST_SLIPS else ()


def _pairs(read: str, approved: str) -> Iterator[tuple[str, str]]:
    """The fewest changes that make ``approved`` of ``read`` (Levenshtein, 1966)."""
    for edit in Levenshtein.editops(read, approved):
        before = NOTHING if edit.tag == "insert" else read[edit.src_pos]
        after = NOTHING if edit.tag == "delete" else approved[edit.dest_pos]
        yield before, after
