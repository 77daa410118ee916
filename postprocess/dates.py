"""Dates as forms print them."""

import re
from datetime import date

from postprocess.marks import tight
from postprocess.numerals import parse_digits, parse_numeral

_PRINTED = re.compile(r"(\d{4})(?:(?P<mark>[-–—−./])(\d{1,2})(?P=mark)(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号])", re.ASCII)
_CHINESE = re.compile(r"([^\W\d年月日号]{4})年([^\W\d年月日号]{1,3})月([^\W\d年月日号]{1,3})[日号]")

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""No form names a year outside of these; such a year is a misreading."""


def parse_date(text: str) -> date | None:
    """The day that ``text`` names (2020-01-01, 2020.1.1, 2020/01/01, 2020年1月1日, 二〇二〇年一月一日, full width as well).

    None where it names no whole day (2020年12月 has none, and choosing one would invent it), a day that does not exist, a year outside of
    `FIRST_YEAR` to `LAST_YEAR`, or uses two different marks.
    """
    plain = tight(text)
    found = _PRINTED.fullmatch(plain)
    if found is not None:
        year, month, day = (int(part) for part in found.groups() if part is not None and part.isdigit())
        return _day(year, month, day)
    chinese = _CHINESE.fullmatch(plain)
    if chinese is None:
        return None
    digits, month_numeral, day_numeral = parse_digits(chinese[1]), parse_numeral(chinese[2]), parse_numeral(chinese[3])
    if digits is None or month_numeral is None or day_numeral is None:
        return None
    return _day(int(digits), month_numeral, day_numeral)


def _day(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
