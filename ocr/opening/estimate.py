"""Dots per inch where a file says nothing, or nothing that can be true."""

from models.geometry import Size

_A4_LONG_INCHES = 11.69
"""Forms are printed on A4; where nothing else is known the long side of a page is taken for that of A4."""
_PLAUSIBLE_DPI = (50.0, 1200.0)
"""Scanners offer 75 to 1200 dpi."""
_PLAUSIBLE_LONG_INCHES = (4.0, 24.0)
"""A6 to A2. Cameras write 72 dpi into pictures of 4000 px (56 inches), screens 96: such pages exist on no desk."""


def believed_dpi(said: float, size: Size) -> float:
    """``said`` where it is plausible for a page of ``size`` px, else an estimate that takes the page for A4.

    Args:
        said: dots per inch as the file says; 0 where it says nothing.
        size: of the raster, px.
    """
    longest = max(size.width, size.height)
    low, high = _PLAUSIBLE_DPI
    shortest_page, longest_page = _PLAUSIBLE_LONG_INCHES
    if low <= said <= high and shortest_page <= longest / said <= longest_page:
        return said
    return longest / _A4_LONG_INCHES
