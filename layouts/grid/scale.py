"""How many pixels a millimetre has: thresholds are lengths on paper, never pixels."""

from dataclasses import dataclass

from models.geometry import Size

_LONG_SIDE_MM = 297.0
"""A straightened page is an A4 sheet; a page of another size only shifts every threshold by the same factor, and none is that sharp."""
_LEAST_PER_MM = 100 / 25.4
"""Cut-outs are smaller than a sheet: below 100 dpi Chinese print is not legible, so no page is coarser than that."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Pixels per millimetre of paper."""

    per_mm: float

    @classmethod
    def of(cls, size: Size) -> "Scale":
        """The scale of a page of ``size`` px, taken for an A4 sheet."""
        return cls(max(_LEAST_PER_MM, max(size.width, size.height) / _LONG_SIDE_MM))

    def px(self, mm: float, least: int = 1) -> int:
        """``mm`` in whole pixels, at least ``least``."""
        return max(least, round(mm * self.per_mm))

    def odd(self, mm: float, least: int = 3) -> int:
        """``mm`` as an odd number of pixels, so that a kernel of that size has a middle."""
        return self.px(mm, least) | 1
