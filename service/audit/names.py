"""Names of projects and units, so that print, width, brackets and years do not part what is one, and numerals never join what is two."""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from rapidfuzz.distance import Levenshtein

from postprocess.numerals import parse_digits, parse_numeral

_YEAR = re.compile(r"(?<![0-9.])((?:19|20)[0-9]{2})(?![0-9.])(?:年度|年)?")
_CHINESE_YEAR = re.compile(r"([一二][零〇○一二三四五六七八九]{3})(?=年)")
_ORDINAL = re.compile(r"第?([0-9]+|[一二三四五六七八九十]+|i{1,3}|iv|v|vi{1,3})(?=期|标段|批|阶段|版|包)")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}
_POINT = re.compile(r"(?<=[0-9])\.(?=[0-9])")
_KEPT_POINT = "\ue000"
"""Stands for a decimal point while punctuation is dropped."""

_NEUTRAL = "项目"
"""Says nothing: offices add it or not."""

DISTINGUISHING = frozenset("0123456789abcdefghijklmnopqrstuvwxyz〇零一二三四五六七八九十百千两甲乙丙丁戊东南西北新旧")
"""Characters that tell one of several like things from the next: 一期 and 二期, 东区 and 西区. Names that differ in one are two names."""

_RANKS = frozenset("省市县区镇乡村")
"""Characters that a misreading may not be blamed for either: 市级 is not 省级."""

CHARACTERS_A_SLIP = 6
"""Characters of a name for each one that a doubtful reading may have wrong; a name of up to eleven may have one."""

SHORTEST = 4
"""Characters below which two names are one only where they are equal."""

LONGEST_INSERTION = 6
"""Characters that another wording may add in all, e.g. the town before a unit or 经费 behind a project."""


class Difference(Enum):
    """How two keys differ."""

    NONE = "none"
    SLIP = "slip"
    """A character or two, as a misreading changes them."""
    WORDING = "wording"
    """One has words that the other leaves out."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name as forms print it, ready to be compared.

    Attributes:
        text: as read.
        key: what remains when width, spaces, punctuation, 项目 and years are set aside; empty where nothing remains.
        years: that the name carries, except the form's own year, which changes from form to form.
        read: the reading is accepted.
    """

    text: str
    key: str
    years: tuple[int, ...] = ()
    read: bool = True


def project_name(text: str, year: int | None, read: bool = True) -> Name:
    """The name of a project on a form of ``year``."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = _CHINESE_YEAR.sub(lambda found: parse_digits(found[1]) or found[1], re.sub(r"\s+", "", plain))
    years = tuple(sorted({int(found) for found in _YEAR.findall(plain)}))
    without = _ORDINAL.sub(lambda found: _arabic(found[1]), _YEAR.sub("", plain))
    key = _unmarked(without)
    return Name(text, key.replace(_NEUTRAL, "") or key, () if years == (year,) else years, read)


def without_year(text: str, year: int | None) -> str:
    """A project's name for all its years: ``text`` without the form's own year and without spaces."""
    plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("(", "（").replace(")", "）")
    shown = _YEAR.sub(lambda found: "" if int(found[1]) == year else found[0], plain).replace("（）", "")
    return shown or text


def unit_name(text: str, read: bool = True) -> Name:
    """The name of an office."""
    return Name(text, _unmarked(unicodedata.normalize("NFKC", text).casefold()), (), read)


def difference(one: str, other: str) -> Difference:
    """How two keys differ; what differs in a distinguishing character is `Difference.OTHER`."""
    if one == other:
        return Difference.NONE
    if min(len(one), len(other)) < SHORTEST:
        return Difference.OTHER
    steps = [step for step in Levenshtein.opcodes(one, other) if step.tag != "equal"]
    changed = {char for step in steps for char in one[step.src_start : step.src_end] + other[step.dest_start : step.dest_end]}
    if changed & DISTINGUISHING:
        return Difference.OTHER
    slips = Levenshtein.distance(one, other)
    if slips <= max(1, min(len(one), len(other)) // CHARACTERS_A_SLIP) and not changed & _RANKS and abs(len(one) - len(other)) <= 1:
        return Difference.SLIP
    one_sided = {step.tag for step in steps} in ({"insert"}, {"delete"})
    return Difference.WORDING if one_sided and slips <= LONGEST_INSERTION else Difference.OTHER


def similarity(one: str, other: str) -> float:
    """Of two keys, 0-1 (Levenshtein, normalized by the longer)."""
    return float(Levenshtein.normalized_similarity(one, other))


def distinguishing(key: str) -> str:
    """The distinguishing characters of a key in order: keys whose differ are never one name."""
    return "".join(char for char in key if char in DISTINGUISHING)


def _arabic(numeral: str) -> str:
    number = _ROMAN.get(numeral) or (int(numeral) if numeral.isascii() and numeral.isdigit() else parse_numeral(numeral))
    return numeral if number is None else str(number)


def _unmarked(text: str) -> str:
    kept = _POINT.sub(_KEPT_POINT, text)
    return "".join(char for char in kept if unicodedata.category(char)[0] in "LN" or char == _KEPT_POINT).replace(_KEPT_POINT, ".")
