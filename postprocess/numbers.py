"""Numbers as forms print them: amounts, percents, weights and scores, years.

Parsing is strict. A comma may be a decimal point on paper, and a thousands separator may be read as a dot: 980,71 and 1.088.156 have no
value.
"""

import re
from decimal import Decimal

from postprocess.dates import FIRST_YEAR, LAST_YEAR
from postprocess.marks import digits_apart, tight
from postprocess.numerals import parse_digits, parse_numeral

WHOLE_DIGITS = 18
"""Most digits before the point: the budgets of a country have 15, more is two numbers run together."""

DECIMALS = 8
"""Most digits behind the point: 万元 to the cent have six."""

_NUMBER = re.compile(
    rf"[-−﹣]?(?:0|[1-9][0-9]{{0,{WHOLE_DIGITS - 1}}}|[1-9][0-9]{{0,2}}(?:,[0-9]{{3}}){{1,5}})(?:\.[0-9]{{1,{DECIMALS}}})?"
)
_UNIT = re.compile(r"(?<=[0-9])(万?元)整?$")
_COINS = re.compile(r"(?P<whole>[^元圆角分点整正]+)[元圆](?:(?P<tenths>[^角分整正零])角)?零?(?:(?P<hundredths>[^角分整正零])分)?[整正]?")
_YEAR = re.compile(r"(.{4})(?:年度?)?")


def parse_number(text: str) -> Decimal | None:
    """The number in ASCII or full-width digits, or in Chinese (壹佰贰拾叁, 九十点一三); None where it is not one beyond doubt.

    Commas and spaces between digits must stand at every third digit; no zero leads. The digits behind the point are kept: 1.50 is not 1.5.
    """
    plain = tight(text)
    if _NUMBER.fullmatch(plain) is None:
        return _chinese_number(plain)
    return Decimal(plain.replace(",", "").replace("−", "-").replace("﹣", "-"))


def parse_points(text: str) -> Decimal | None:
    """A weight (分值) or a score (得分); 10分 is 10."""
    return None if digits_apart(text) else parse_number(tight(text).removesuffix("分"))


def parse_percent(text: str) -> Decimal | None:
    """The number before the percent sign, which may be missing, or behind 百分之."""
    return None if digits_apart(text) else parse_number(tight(text).removesuffix("%").removeprefix("百分之"))


def parse_amount(text: str) -> Decimal | None:
    """Money as printed, without its sign (¥, 人民币) and unit: 98.07万元 is 98.07. 一百二十三万四千五百元 is 1234500."""
    plain = tight(text).removeprefix("人民币").removeprefix("¥")
    number = parse_number(_UNIT.sub("", plain))
    return number if number is not None else _coins(plain)


def parse_year(text: str) -> Decimal | None:
    """A year of four digits (2020, ２０２０年度, 二〇二〇年) that a form can name; None otherwise."""
    found = _YEAR.fullmatch(tight(text))
    if found is None:
        return None
    digits = found[1] if re.fullmatch("[0-9]{4}", found[1]) else parse_digits(found[1])
    return Decimal(digits) if digits is not None and FIRST_YEAR <= int(digits) <= LAST_YEAR else None


def printed_unit(text: str) -> str:
    """元 or 万元 where the text of an amount ends in it, else empty. In 一百万元 the 万 belongs to the numeral."""
    plain = tight(text)
    found = _UNIT.search(plain)
    if found is not None:
        return found[1]
    return "元" if _COINS.fullmatch(plain) else ""


def _chinese_number(plain: str) -> Decimal | None:
    whole, _, decimals = plain.partition("点")
    number, part = parse_numeral(whole), _decimals(decimals)
    if number is None or part is None or plain.endswith("点"):
        return None
    return Decimal(f"{number}{part}")


def _decimals(characters: str) -> str | None:
    """``.13`` for 一三, empty for nothing, None where they are not digits."""
    if not characters:
        return ""
    digits = [parse_numeral(character) for character in characters]
    if len(digits) > DECIMALS or any(digit is None or digit > 9 for digit in digits):
        return None
    return "." + "".join(str(digit) for digit in digits)


def _coins(plain: str) -> Decimal | None:
    found = _COINS.fullmatch(plain)
    if found is None:
        return None
    whole = parse_numeral(found["whole"])
    tenths, hundredths = (_decimals(found[name] or "零") for name in ("tenths", "hundredths"))
    if whole is None or tenths is None or hundredths is None:
        return None
    if found["tenths"] is None and found["hundredths"] is None:
        return Decimal(whole)
    return Decimal(f"{whole}{tenths}{hundredths[1:]}")
