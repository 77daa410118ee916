"""What the pixels of a line and the text that its file carries say of each other, stretch by stretch, and who is believed."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from models.look import look

UNSURE = 0.9
"""Probability of a character below which the pixels leave a word to the file: nobody draws it so that just this recognizer wavers."""

DISPUTABLE = 0.25
"""Share of a line's characters that may be disputed words; with more it is another text."""

_UNITS = frozenset("元")
"""What changes an amount besides its figures; 十, 百, 千, 万 and 亿 are numeric by Unicode."""
_RADICALS = ("\u2e80", "\u2fdf")
"""Kangxi radicals and their supplement, which many programs write for characters that are drawn alike (⻚ for 页). No text means them."""
_COMPATIBLE = ("\uf900", "\ufaff")
"""CJK compatibility ideographs: second codes of characters that have one."""
_RATES = frozenset("%％‰")
"""Drawn so much alike in some fonts that a person must tell them apart, yet no figure."""
_RING = "。"
"""What a recognizer takes for a nought where nothing stands beside it."""
_FRAMED = re.compile(r"[-–—][0-9]+[-–—]")
"""A page number. Its dashes are no sign of a number."""
_SPELT = {"‰": ("%o", "%0", "%。"), "…": ("···", "。。。")}
"""What a recognizer makes of a character that is drawn as several."""


class Verdict(Enum):
    """Who is believed of a line."""

    TOLD = "the file"
    DISPUTED = "the file, but a person must look"
    CONTRADICTED = "the pixels, but a person must look"


@dataclass(frozen=True, slots=True)
class Stretch:
    """What both say at one place, spaces left out: one character each, or several where they cannot be paired.

    Attributes:
        seen: by the recognizer.
        sure: probability of each character ``seen`` (0-1).
        told: by the file.
        spaced: a space stands before it in what the file says; between two digits also where the pixels alone say so.
        beside_digit: a digit stands next to it in what either says.
    """

    seen: str
    sure: tuple[float, ...]
    told: str
    spaced: bool = False
    beside_digit: bool = False

    @property
    def written(self) -> str:
        """What stands there where the file is believed; a radical is what the pixels say it stands for."""
        return " " * self.spaced + (self.seen if _radical(self.told) and len(self.seen) == 1 else self.told)

    @property
    def verdict(self) -> Verdict:
        """Who is believed of this stretch alone.

        A figure, and a mark beside one, is never taken against the pixels. Marks among words are the file's: the pixels lose commas
        without a doubt. Of words the file is believed where the pixels are unsure.
        """
        both = self.seen + self.told
        paired = len(self.seen) == len(self.told) == 1
        if self.told and (look(self.seen) == look(self.told) or self.seen in _SPELT.get(self.told, ())):
            return Verdict.TOLD
        marks = not any(character.isalnum() or _radical(character) for character in both)
        if paired and self.told in _RATES and self.seen in _RATES:
            return Verdict.DISPUTED
        if paired and self.told == _RING and self.sure[0] < UNSURE and not self.beside_digit:
            return Verdict.TOLD
        if any(character.isnumeric() or character in _UNITS for character in both) or (marks and self.beside_digit):
            return Verdict.CONTRADICTED
        if marks or (paired and (self.sure[0] < UNSURE or _radical(self.told))):
            return Verdict.TOLD
        return Verdict.DISPUTED if paired else Verdict.CONTRADICTED


def judged(stretches: Sequence[Stretch]) -> Verdict:
    """Who is believed of a whole line."""
    verdicts = [stretch.verdict for stretch in stretches]
    disputed = verdicts.count(Verdict.DISPUTED)
    if Verdict.CONTRADICTED in verdicts or disputed > max(1, DISPUTABLE * len(stretches)):
        return Verdict.CONTRADICTED
    return Verdict.DISPUTED if disputed else Verdict.TOLD


def compared(seen: str, sure: Sequence[float], told: str) -> tuple[Stretch, ...]:
    """The line ``seen`` (each character with its probability, 0-1) and the line ``told``, stretch by stretch from left to right."""
    ours, theirs = _Letters(seen, sure), _Letters(unified(told), (1.0,) * len(told))
    framed = _FRAMED.fullmatch(theirs.text) is not None
    return tuple(
        Stretch(
            ours.text[a:b],
            tuple(ours.sure[a:b]),
            theirs.text[c:d],
            d > c and (theirs.spaced[c] or (b > a and ours.spaced[a] and theirs.between_digits(c))),
            not framed and (ours.digit_beside(a, b) or theirs.digit_beside(c, d)),
        )
        for a, b, c, d in _paired(ours.text, theirs.text)
    )


def unified(text: str) -> str:
    """``text`` of as many characters, radicals and compatible ideographs in their usual codes as far as Unicode names one."""
    return "".join(_usual(character) for character in text)


class _Letters:
    """A text without its spaces."""

    def __init__(self, text: str, sure: Sequence[float]) -> None:
        """Note before which characters a space stood."""
        kept = [index for index, character in enumerate(text) if not character.isspace()]
        self.text = "".join(text[index] for index in kept)
        self.sure = [sure[index] for index in kept]
        self.spaced = [index > 0 and text[index - 1].isspace() for index in kept]

    def between_digits(self, place: int) -> bool:
        """Whether the characters at ``place`` and before it are digits."""
        return self.text[max(0, place - 1) : place + 1].isdecimal() and place > 0

    def digit_beside(self, start: int, end: int) -> bool:
        """Whether a digit stands just before ``start`` or at ``end``."""
        return any(character.isdecimal() for character in self.text[max(0, start - 1) : start] + self.text[end : end + 1])


def _paired(seen: str, told: str) -> Iterator[tuple[int, int, int, int]]:
    """Start and end in either text of each stretch: what is alike one by one, and so what differs but is as long."""
    alike = SequenceMatcher(None, [look(character) for character in seen], [look(character) for character in told], autojunk=False)
    for _, a, b, c, d in alike.get_opcodes():
        if b - a == d - c:
            yield from ((a + step, a + step + 1, c + step, c + step + 1) for step in range(b - a))
        else:
            yield a, b, c, d


def _usual(character: str) -> str:
    usual = unicodedata.normalize("NFKC", character)
    return usual if len(usual) == 1 and (_radical(character) or _COMPATIBLE[0] <= character <= _COMPATIBLE[1]) else character


def _radical(text: str) -> bool:
    return len(text) == 1 and _RADICALS[0] <= text <= _RADICALS[1]
