"""Marks that say nothing, and the one width of marks that have two."""

import re

from models.look import DASHES

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5, 0xFE6A: 0x25}

_NOTHING = re.compile(rf"[{DASHES}]*|[/\\]")
_MISTAKEN = re.compile(
    r"(?<=[0-9年月日])一(?=[0-9])"  # a dash: 2018年10月一12月
    r"|[0-9][%％][0oO]"  # per mille: 3%0
    r"|[，。；].*[\u4e00-\u9fff）)”]0$"  # a full stop: …，科学测算0
)
_BRACKETS = (("（(", "）)"), ("〔[［【", "〕]］】"), ("《", "》"), ("“", "”"))
"""What opens and what closes, alike where print cannot tell them apart. A closing round one alone numbers a list: 1）."""

_APART = re.compile(r"[0-9]\s+[0-9]")


def half_width(text: str) -> str:
    """Full-width ASCII, the ideographic space, full-width yen and small percent sign in their usual forms; the rest as it is."""
    return text.translate(_HALF_WIDTH)


def tight(text: str) -> str:
    """Half width without spaces; a space between two digits can only be a thousands separator and becomes a comma."""
    return re.sub(r"\s+", "", re.sub(r"(?<=[0-9])\s+(?=[0-9])", ",", half_width(text)))


def digits_apart(text: str) -> bool:
    """Whether a space stands between two digits: it may part two numbers."""
    return _APART.search(text) is not None


def is_nothing(text: str) -> bool:
    """Whether ``text`` says that there is no value: it is empty, or nothing but dashes, or one slash.

    A lone 一 is a dash as recognizers read it: no form writes the number one like that in a cell.
    """
    return _NOTHING.fullmatch(tight(text)) is not None


def is_mistaken(text: str) -> bool:
    """Whether ``text`` says what a recognizer makes of a dash, of per mille or of a full stop, or has lost a bracket.

    It is sure of these: of 28 such texts in 170 files each was wrong, and 10 had been accepted on their pixels; of 17 without their other
    bracket each was wrong, and 2 had been accepted.
    """
    return _MISTAKEN.search(text) is not None or _lacks_bracket(text)


def _lacks_bracket(text: str) -> bool:
    for opening, closing in _BRACKETS:
        open_ones, closed = (sum(text.count(mark) for mark in marks) for marks in (opening, closing))
        if open_ones > closed or (closed > open_ones and "(" not in opening):
            return True
    return False
