"""Money on two forms: whether one printed number can be the other, in 元 and 万元 and with the digits that were printed."""

from dataclasses import dataclass
from decimal import Decimal

from models.form import Field, Form, Status
from postprocess.numbers import printed_unit
from postprocess.roundings import EXACT, decimals, explanation

UNITS = {"元": Decimal(1), "万元": Decimal(10000)}
ACCEPTED = frozenset({Status.READ, Status.CONFIRMED, Status.REPAIRED})
"""Fields that may accuse."""

DISTINCT_DIGITS = 4
"""Digits, zeros at the end set aside, from which an amount that stands on two forms speaks for one project: of round budgets like 500000
an office has many. Of two projects with such a budget each, fewer than one pair in 9,000 agrees by chance."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where on its form a value stands.

    Attributes:
        path: such as ``tables.funds[0].executed``.
        page: 1-based.
        text: as read.
        read: the reading is accepted.
    """

    path: str
    page: int
    text: str
    read: bool


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount.

    Attributes:
        number: as printed.
        unit: 元 or 万元; empty where the form does not say, and then it may be either.
        cell: where it stands.
    """

    number: Decimal
    unit: str
    cell: Cell

    @property
    def distinct(self) -> bool:
        """Whether hardly another amount has these digits."""
        return len(f"{self.number:f}".replace(".", "").strip("0")) >= DISTINCT_DIGITS

    def in_yuan(self, unit: str = "") -> Decimal:
        """In 元, of ``unit`` where the form does not say (元 where that is empty too)."""
        return EXACT.multiply(self.number, UNITS[self.unit or unit or "元"])


def read_amount(field: Field, path: str, form: Form) -> Amount | None:
    """The amount in ``field``; None where it has none."""
    if not isinstance(field.value, Decimal):
        return None
    read = field.status in ACCEPTED
    return Amount(field.value, printed_unit(field.text) or _unit(form), Cell(path, field.page, field.text, read))


def agree(one: Amount, other: Amount) -> bool:
    """Whether both print the same money: the one with more digits rounds, in some usual way, to the other.

    Where a form does not say its unit, 元 or 万元 will do.
    """
    return any(_same(one.number, mine, other.number, theirs) for mine in _units(one) for theirs in _units(other))


def likely_units(one: Amount, other: Amount) -> tuple[str, str]:
    """The units of both: as the forms say, else those that bring the two nearest; 元 first."""
    tried = [(mine, theirs) for mine in _units(one) for theirs in _units(other)]
    return min(tried, key=lambda units: _ratio(one.in_yuan(units[0]), other.in_yuan(units[1])))


def _units(amount: Amount) -> tuple[str, ...]:
    return (amount.unit,) if amount.unit else tuple(UNITS)


def _same(one: Decimal, mine: str, other: Decimal, theirs: str) -> bool:
    steps = [UNITS[unit].scaleb(-decimals(number)) for number, unit in ((one, mine), (other, theirs))]
    if steps[0] == steps[1]:
        return EXACT.multiply(one, UNITS[mine]) == EXACT.multiply(other, UNITS[theirs])
    coarse, fine = ((one, mine), (other, theirs)) if steps[0] > steps[1] else ((other, theirs), (one, mine))
    exact = EXACT.divide(EXACT.multiply(fine[0], UNITS[fine[1]]), UNITS[coarse[1]])
    return explanation(exact, coarse[0]) is not None


def _ratio(one: Decimal, other: Decimal) -> Decimal:
    low, high = sorted((abs(one), abs(other)))
    return EXACT.divide(high, low) if low else Decimal("Infinity")


def _unit(form: Form) -> str:
    field = form.fields.get("currency_unit")
    said = field.value if field is not None and field.status in ACCEPTED else None
    return said if isinstance(said, str) and said in UNITS else ""
