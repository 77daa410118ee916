"""Printed labels against what was read: the same in spite of misread characters, and never the wrong one.

Similarity is that of Levenshtein (Levenshtein 1966: insertions, deletions, substitutions), over the length of the longer text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from layouts.matching.script import Script, compact

SLACK = 2
"""Characters a misread label may be longer or shorter than the printed one."""

CLOSED = 0.1
"""What a colon, a bracketed unit or the end of the line behind a label adds to its similarity, and text that goes on takes away."""

SHORT = 4
"""Characters up to which a label without colon must be exact: 项目名单 may begin any text."""

_TRAILING = re.compile(r"\([^()]{1,4}\)?:?$")
_NO_WORD = re.compile(r"[\W_]+")
_DIGIT = re.compile(r"\d")
# Brackets are misread more often than what is in them.
_BEHIND = re.compile(
    r"(?P<unit>\([^()]{1,3}\)|[(\[{〔【<C](?:万?元|%)[)\]}〕】>]?|(?:万?元|%)[)\]}〕】>])?"
    r"(?P<colon>[:;.,·]{0,2})"
)


@lru_cache(maxsize=2048)
def key(text: str) -> str:
    """``text`` for comparing labels as a whole.

    Half-width, without spaces, punctuation, quotes and a bracketed unit at its end, and with every digit the same: 2020年绩效目标 is to be
    found on the forms of any year.
    """
    return _DIGIT.sub("0", _NO_WORD.sub("", _TRAILING.sub("", compact(text))))


def words(text: str) -> str:
    """``text`` without spaces and punctuation."""
    return _NO_WORD.sub("", text)


def similarity(label: str, text: str) -> float:
    """How alike two keys are, 0-1."""
    return Levenshtein.normalized_similarity(label, text)


def edits_allowed(length: int) -> int:
    """How many misread characters leave a label of ``length`` recognizable by itself.

    Values are farther away: of the 206 different ones on the samples the most label-like (效果目标, 项目总目标) is alike to 0.4, an
    accepted label to at least 0.67. Labels are nearer to each other: 1 edit (分值, 得分; 一级指标, 二级指标) or 2 (全年预算数, 全年执行数).
    They are told apart by assigning all at once: headings by their order, other labels at the highest total similarity.
    """
    return 0 if length < 3 else max(1, int(0.3 * length))


def alike(label: str, text: str) -> bool:
    """Whether the key ``text`` is ``label`` by itself, no context asked."""
    allowed = edits_allowed(len(label))
    return no_longer(label, text) and Levenshtein.distance(label, text, score_cutoff=allowed) <= allowed


def no_longer(label: str, text: str) -> bool:
    """Whether the key ``text`` can be a misread ``label`` and no more; a value or a note behind it would make it longer."""
    return len(text) <= len(label) + SLACK


@dataclass(frozen=True, slots=True)
class Prefix:
    """A label at the beginning of a text.

    Attributes:
        similarity: of label and beginning, 0-1.
        end: index in the text behind label, unit and colon.
        closed: a colon or unit follows, or the line ends.
    """

    similarity: float
    end: int
    closed: bool

    @property
    def rank(self) -> float:
        """For choosing between cells: similarity and whether the label ends where it should."""
        return self.similarity + (CLOSED if self.closed else -CLOSED)


_NONE = Prefix(0.0, 0, closed=False)


def begins(label: str, script: Script, start: int = 0) -> Prefix | None:
    """``label`` (compact) at ``script.text[start:]``, if it is recognizable by itself there; an unclosed one must be long or exact."""
    allowed = edits_allowed(len(label))
    near = allowed + SLACK
    if Levenshtein.distance(label, script.text[start : start + len(label)], score_cutoff=near) > near:
        return None
    found = prefix(label, script, start)
    least = 1 - allowed / len(label) if found.closed or len(label) > SHORT else 1.0
    return found if found.similarity >= least - 1e-9 else None


def prefix(label: str, script: Script, start: int = 0) -> Prefix:
    """The best match of ``label`` (compact) with the beginning of ``script.text[start:]``; its ``end`` counts from 0.

    Every length near the label's is compared, so that a lost or an additional character in the label does not cut or spoil the value.
    """
    line_ends = {*script.starts, len(script.text)}
    longest = min(len(script.text), start + len(label) + SLACK)
    found = [_candidate(label, script.text, start, end, line_ends) for end in range(start + max(1, len(label) - SLACK), longest + 1)]
    return max(found, key=lambda candidate: candidate.rank, default=_NONE)


def _candidate(label: str, text: str, start: int, end: int, line_ends: set[int]) -> Prefix:
    behind = _BEHIND.match(text, end)
    stop = behind.end() if behind is not None else end
    return Prefix(similarity(label, text[start:end]), stop, stop > end or end in line_ends)
