"""What a well-formed number looks like on paper, as an automaton that a search through a lattice can ask.

A comma that lost its tail to a photocopier is a point to any recognizer; only the grammar knows that 2.643.200 is 2,643,200. The automaton
is a regular expression; `regex` answers for a beginning whether it can still become a whole ("partial match"), which is what a state
of the automaton is.
"""

from dataclasses import dataclass
from functools import cache

import regex

from models.template import ValueKind

MOST_DECIMALS = {"元": 2, "万元": 6, "": 2}
"""Decimals of an amount down to the cent, by its unit; where no unit is known, cents."""

_SIGN = "[-−]?"
_POINT = "[.．]"
_WHOLE = "(?:0|[1-9][0-9]*)"
_GROUPED = "[1-9][0-9]{0,2}(?:[,，][0-9]{3})+"
_MONTH = "(?:0?[1-9]|1[0-2])"
_DAY = "(?:0?[1-9]|[12][0-9]|3[01])"
_YEAR = "(?:19|20)[0-9]{2}"

_PATTERNS = {
    ValueKind.AMOUNT: f"{_SIGN}[¥￥]?(?:{_GROUPED}|{_WHOLE})(?:{_POINT}[0-9]{{1,%d}})?(?:万?元)?",
    ValueKind.PERCENT: f"{_SIGN}[0-9]{{1,3}}(?:{_POINT}[0-9]{{1,4}})?[%％]?",
    ValueKind.NUMBER: f"{_SIGN}[0-9]{{1,3}}(?:{_POINT}[0-9]{{1,4}})?分?",
    ValueKind.YEAR: f"{_YEAR}(?:年度?)?",
    ValueKind.DATE: f"{_YEAR}(?:(?P<mark>[-/.]){_MONTH}(?P=mark){_DAY}|年{_MONTH}月{_DAY}日)",
}

_NOTHING = r"[‐‑‒–—―−─━ー一﹣-]*|[/\\\\]"
"""Marks that say that there is no value, as `postprocess.marks.is_nothing` knows them."""

ALPHABET = frozenset("0123456789,，.．-−/¥￥%％元万分年度月日‐‑‒–—―─━ー一﹣\\")
"""Every character that a well-formed value, or a mark for none, may hold; asking the automaton about another one is wasted."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The automaton of one kind of value."""

    pattern: "regex.Pattern[str]"

    def admits(self, beginning: str) -> bool:
        """Whether ``beginning`` can still become, or is, a well-formed value."""
        return self.pattern.fullmatch(beginning, partial=True) is not None

    def accepts(self, text: str) -> bool:
        """Whether ``text`` is a well-formed value."""
        return self.pattern.fullmatch(text) is not None


@cache
def grammar_or_nothing(kind: ValueKind, unit: str) -> Grammar | None:
    """The automaton of `grammar` that also accepts the marks for no value, and blank."""
    known = grammar(kind, unit)
    return None if known is None else Grammar(regex.compile(f"{known.pattern.pattern}|{_NOTHING}"))


@cache
def grammar(kind: ValueKind, unit: str) -> Grammar | None:
    """The automaton of ``kind``; None for text, which may be anything.

    Args:
        kind: of the value.
        unit: of an amount: 元, 万元, or empty where unknown.
    """
    pattern = _PATTERNS.get(kind)
    if pattern is None:
        return None
    return Grammar(regex.compile(pattern % MOST_DECIMALS.get(unit, MOST_DECIMALS[""]) if kind is ValueKind.AMOUNT else pattern))
