"""Rounding as data: which of the ways people and programs round explains a printed number.

The digits printed give the tolerance: 90.13 is exact to the second decimal, 90 to the unit. All arithmetic is in `EXACT`.
"""

import decimal
from dataclasses import dataclass
from decimal import Context, Decimal
from enum import Enum, StrEnum

EXACT = Context(prec=120, rounding=decimal.ROUND_HALF_EVEN, traps=[])
"""Numbers have at most 26 digits (`postprocess.numbers`): sums and products of three are exact, and a quotient cut after 120 digits rounds
like the exact one, since it cannot lie nearer than 1e-60 to a half without being it. Nothing in it raises; a division by zero is no
number."""


class Rounding(StrEnum):
    """A way to round, by the name of `decimal`; the usual ones first."""

    HALF_UP = decimal.ROUND_HALF_UP
    HALF_EVEN = decimal.ROUND_HALF_EVEN
    UP = decimal.ROUND_UP
    DOWN = decimal.ROUND_DOWN


USUAL = (Rounding.HALF_UP, Rounding.HALF_EVEN)
"""Roundings of the exact value that need no mention."""


PADDED = 2
"""Decimals to which offices pad. One decimal is not taken for a padded whole number: 8.0 for 8.4 is an error."""


def decimals(printed: Decimal) -> int:
    """How many digits stand behind the point."""
    exponent = printed.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def rounded(exact: Decimal, places: int, rounding: Rounding = Rounding.HALF_UP) -> Decimal:
    """``exact`` with ``places`` decimals."""
    return exact.quantize(Decimal(1).scaleb(-places), rounding=rounding.value, context=EXACT)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a printed number came of an exact one: rounded in this way to so many decimals."""

    rounding: Rounding
    places: int


def explanations(exact: Decimal, printed: Decimal) -> tuple[Explanation, ...]:
    """Every rounding that makes ``printed`` of ``exact``, the usual ones first.

    Two decimals that end in a zero may be one decimal, rounded to half and padded (19.8899 as 19.90).
    """
    places = decimals(printed)
    tried = [Explanation(rounding, places) for rounding in Rounding]
    if places == PADDED and rounded(printed, places - 1) == printed:
        tried += [Explanation(rounding, places - 1) for rounding in USUAL]
    return tuple(way for way in tried if rounded(exact, way.places, way.rounding) == printed)


def explanation(exact: Decimal, printed: Decimal) -> Explanation | None:
    """The first rounding that makes ``printed`` of ``exact``, None where none does."""
    return next(iter(explanations(exact, printed)), None)


class Manner(Enum):
    """How an office rounds."""

    USUAL = "usual"
    """To half: up or even, which hardly ever differ."""
    UP = "up"
    DOWN = "down"
    PADDED = "padded"
    """To half at one decimal, and a zero behind."""


@dataclass(frozen=True, slots=True)
class Way:
    """What a rounded number may have come of: a manner of rounding, of the exact or of the printed operand."""

    manner: Manner
    of_printed: bool = False


_MANNERS = {Rounding.UP: Manner.UP, Rounding.DOWN: Manner.DOWN}


def manner(way: Explanation, printed: Decimal) -> Manner:
    """In which manner ``printed`` was rounded, if in this ``way``."""
    return Manner.PADDED if way.places < decimals(printed) else _MANNERS.get(way.rounding, Manner.USUAL)
