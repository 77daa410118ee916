"""Chinese numerals: read strictly and written again, an inverse pair.

Three ways of writing a number occur on forms: by place (一百二十三万四千五百), the same in banker's capitals (壹佰贰拾叁), and digit by
digit (二〇二〇, years only). What no one would write (一二百, 百五, 一百二 for 120) is not understood: a guess would be a wrong number.
"""

import re

_DIGITS = "零一二三四五六七八九"
_PLACES = {"十": 10, "百": 100, "千": 1000}
_GROUPS = (("亿", 10**8), ("万", 10**4))

_PLAIN = str.maketrans("〇○◯壹弌贰貳两兩叁參肆伍陆陸柒捌玖拾佰仟萬億", "零零零一一二二二二三三四五六六七八九十百千万亿")
"""Capitals and variants; 两 is 二."""

_DIGIT_BY_DIGIT = str.maketrans("0OoＯｏ０", "零零零零零零")
"""How the round zero of 二〇二〇 is typed where the keyboard offers none."""

LARGEST = 10**16 - 1
"""Largest number written here: 九千九百九十九万亿 and what follows."""


def parse_numeral(text: str) -> int | None:
    """The number (0 to `LARGEST`) that ``text`` writes by place; None where it is not well formed.

    Writers differ in two things, and both ways are understood: 十 or 一十, and a zero or none before a group of four full places
    (一千二百三十万零四千).
    """
    plain = text.translate(_PLAIN)
    if not plain or not all(character in _DIGITS or character in "十百千万亿" for character in plain):
        return None
    number = _sum_of_places(plain)
    return number if number <= LARGEST and re.fullmatch(_spellings(number), plain) else None


def print_numeral(number: int) -> str:
    """``number`` by place, in plain characters.

    Raises:
        ValueError: the number is not between 0 and `LARGEST`.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"a numeral is written for 0 to {LARGEST}, got {number}")
    return _spellings(number).replace("一?", "一").replace("零?", "")


def parse_digits(text: str) -> str | None:
    """The ASCII digits that ``text`` writes digit by digit in Chinese (二〇二〇); None where another character stands among them."""
    plain = text.translate(_PLAIN).translate(_DIGIT_BY_DIGIT)
    if not plain or any(character not in _DIGITS for character in plain) or set(plain) == {"零"}:
        return None
    return "".join(str(_DIGITS.index(character)) for character in plain)


def _sum_of_places(plain: str) -> int:
    """What the characters add up to, whether or not anyone would write it like that."""
    total = section = digit = 0
    for character in plain:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in _PLACES:
            section, digit = section + max(digit, 1) * _PLACES[character], 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        else:
            total, section, digit = (total + section + digit) * 10**8, 0, 0
    return total + section + digit


def _spellings(number: int) -> str:
    """A regular expression of all accepted spellings."""
    for name, size in _GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            link = "零" if low < size // 10 else "零?"
            return _spellings(high) + name + (link + _spellings(low) if low else "")
    return _section(number) or "零"


def _section(number: int) -> str:
    """Spellings of 0 to 9999, empty for 0."""
    out, gap = "", ""
    for name, size in (("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit = number // size % 10
        if digit:
            out += gap + ("一?" if digit == 1 and name == "十" else _DIGITS[digit]) + name
        gap = "" if digit or not out else "零"
    return out
