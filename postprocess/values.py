"""Typed values: parse and print as an inverse pair for each kind of value.

``parse_value(print_value(value, kind), kind) == value`` for every value that a field of that kind can have.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from models.form import Value
from models.template import ValueKind
from postprocess.dates import parse_date
from postprocess.marks import is_nothing, tight
from postprocess.numbers import parse_amount, parse_percent, parse_points, parse_year

NONE_IN_WORDS = frozenset({"无", "没有"})
"""In a cell for numbers or dates these say that there is none."""


@dataclass(frozen=True, slots=True)
class Convertor:
    """How one kind of value is read and written.

    Attributes:
        parse: text as printed to its value; None where it is not of this kind beyond doubt.
        show: the value as the document JSON writes it.
    """

    parse: Callable[[str], Value]
    show: Callable[[Value], str]


def parse_value(text: str, kind: ValueKind) -> Value:
    """The value that ``text`` prints, as ``kind``.

    An amount is the number as printed, in the unit of the form or of the cell (98.07万元 is 98.07); a percent the number before its sign
    (90.13% is 90.13); a date a whole day (2020年12月 has no value). None where the text says nothing (`says_nothing`) or cannot be
    understood beyond doubt.
    """
    return None if says_nothing(text, kind) else CONVERTORS[kind].parse(text)


def print_value(value: Value, kind: ValueKind) -> str:
    """As the document JSON writes it: plain decimals, ISO dates, text itself; empty for None."""
    return "" if value is None else CONVERTORS[kind].show(value)


def says_nothing(text: str, kind: ValueKind) -> bool:
    """Whether ``text`` prints no value on purpose: blank, dashes, a slash; where no text is expected also 无."""
    return is_nothing(text) or (kind is not ValueKind.TEXT and tight(text) in NONE_IN_WORDS)


def _show(value: Value) -> str:
    match value:
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return value or ""


CONVERTORS: Mapping[ValueKind, Convertor] = MappingProxyType(
    {
        ValueKind.TEXT: Convertor(str, _show),
        ValueKind.AMOUNT: Convertor(parse_amount, _show),
        ValueKind.PERCENT: Convertor(parse_percent, _show),
        ValueKind.NUMBER: Convertor(parse_points, _show),
        ValueKind.YEAR: Convertor(parse_year, _show),
        ValueKind.DATE: Convertor(parse_date, _show),
    }
)
