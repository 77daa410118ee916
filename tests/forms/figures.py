"""Amounts, rates and scores as offices print them.

Everything in `Decimal`; every printed number is exact, only rates and scores are rounded.
"""

import random
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
_EMPTY_MONEY = ("", "", "", "", "—", "—", "-", "/")


@dataclass(frozen=True, slots=True)
class MoneyPrint:
    """How one column of money is printed: thousands grouped or not, a fixed number of decimals, or as many as needed (-1)."""

    grouped: bool
    decimals: int

    def __call__(self, amount: Decimal) -> str:
        """``amount`` as printed; never rounds."""
        places = self.decimals if self.decimals >= 0 else max(0, -int(amount.normalize().as_tuple().exponent))
        text = f"{amount:,.{places}f}" if self.grouped else f"{amount:.{places}f}"
        if Decimal(text.replace(",", "")) != amount:
            raise ValueError(f"{amount} cannot be printed with {places} decimals")
        return text


@dataclass(frozen=True, slots=True)
class Habit:
    """How one office counts and prints, the same all over a file.

    Attributes:
        unit: 元 or 万元.
        budget: print of the two budget columns.
        spent: print of 全年执行数.
        quantum: smallest step of an amount that both prints can show.
        rate_rounding: decimal rounding mode of the rate.
        rate_places: decimals of the rate.
        full_rate: how one hundred percent is written.
        score_from_printed: the score is made of the printed rate, else of the exact one.
        score_places: decimals of the score of the funds.
        score_fixed: weights and scores are printed with two decimals always.
        empty_money: what stands in an empty money cell of a funds part.
        empty_weight: what stands under 分值 in the rows of the parts.
        empty_rate: what stands under 执行率 and 得分 in the rows of the parts.
    """

    unit: str
    budget: MoneyPrint
    spent: MoneyPrint
    quantum: Decimal
    rate_rounding: str
    rate_places: int
    full_rate: str
    score_from_printed: bool
    score_places: int
    score_fixed: bool
    empty_money: str
    empty_weight: str
    empty_rate: str

    def rate(self, spent: Decimal, budget: Decimal) -> tuple[str, Decimal]:
        """Printed rate and its value in percent, of amounts in the same unit."""
        value = (spent / budget * HUNDRED).quantize(Decimal(1).scaleb(-self.rate_places), rounding=self.rate_rounding)
        return (self.full_rate, HUNDRED) if value == HUNDRED else (f"{value}%", value)

    def score(self, weight: Decimal, spent: Decimal, budget: Decimal) -> str:
        """Printed score for ``weight``: of the printed or of the exact rate, half up."""
        rate = self.rate(spent, budget)[1] if self.score_from_printed else spent / budget * HUNDRED
        return self.points((weight * rate / HUNDRED).quantize(Decimal(1).scaleb(-self.score_places), rounding=ROUND_HALF_UP))

    def points(self, value: Decimal) -> str:
        """A weight or score as printed."""
        return f"{value:.2f}" if self.score_fixed else plain(value)


def plain(value: Decimal) -> str:
    """Without trailing zeros and without exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def habit(rng: random.Random) -> Habit:
    """A random office. Full rates and scores of two decimals are usual, as on the genuine forms; others happen."""
    wan = rng.random() < 0.35
    budget, spent, quantum = _prints(rng, wan)
    places = rng.choices((2, 1), (9, 1))[0]
    fixed = rng.random() < 0.12
    return Habit(
        unit="万元" if wan else "元",
        budget=budget,
        spent=spent,
        quantum=quantum,
        rate_rounding=rng.choices((ROUND_HALF_UP, ROUND_CEILING), (3, 1))[0],
        rate_places=places,
        full_rate=rng.choice(("100%", "100%", f"100.{'0' * places}%")),
        score_from_printed=rng.random() < 0.5,
        score_places=2 if fixed else rng.choices((2, 1), (9, 1))[0],
        score_fixed=fixed,
        empty_money=rng.choice(_EMPTY_MONEY),
        empty_weight=rng.choices(("—", "-", "", "/"), (7, 1, 1, 1))[0],
        empty_rate=rng.choices(("", "—", "-", "/"), (7, 1, 1, 1))[0],
    )


def _prints(rng: random.Random, wan: bool) -> tuple[MoneyPrint, MoneyPrint, Decimal]:
    if wan:
        places = rng.choice((2, 2, 2, 4, 6))
        both = MoneyPrint(rng.random() < 0.4, rng.choice((places, -1)))
        return both, both, Decimal(1).scaleb(-places)
    budget = rng.choice((MoneyPrint(False, 2), MoneyPrint(False, 0), MoneyPrint(True, 0), MoneyPrint(True, 2), MoneyPrint(True, -1)))
    spent = rng.choice((budget, MoneyPrint(True, -1), MoneyPrint(True, 2), MoneyPrint(False, 2)))
    fine = min(budget.decimals % 3, spent.decimals % 3)
    return budget, spent, Decimal(1).scaleb(-rng.choice((0, fine)))


def amount(rng: random.Random, unit: str, quantum: Decimal) -> Decimal:
    """A budget between 30 thousand and 300 million yuan, log-uniform, in ``unit``, a multiple of ``quantum`` (often a round one)."""
    yuan = Decimal(round(10 ** rng.uniform(4.5, 8.5)))
    value = yuan / 10000 if unit == "万元" else yuan
    step = quantum * rng.choice((1, 1, 10, 100)) if value > 100 * quantum else quantum
    return (value / step).quantize(Decimal(1)) * step


def split(rng: random.Random, total: Decimal, shares: int, quantum: Decimal) -> list[Decimal]:
    """``total`` in ``shares`` positive multiples of ``quantum``, the first one the largest part."""
    tail = [(total * Decimal(rng.randint(3, 25)) / HUNDRED / quantum).quantize(Decimal(1)) * quantum for _ in range(shares - 1)]
    return [total - sum(tail, Decimal(0)), *tail]


def spend(rng: random.Random, budget: Decimal, quantum: Decimal) -> Decimal:
    """What was spent of ``budget``: often all of it, mostly above 80 percent, never more."""
    if rng.random() < 0.15:
        return budget
    share = Decimal(rng.randint(8000, 9999) if rng.random() < 0.8 else rng.randint(3500, 7999)) / 10000
    return (budget * share / quantum).quantize(Decimal(1), rounding=ROUND_HALF_UP) * quantum
