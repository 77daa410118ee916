"""Names for the arrays that travel between the stages, so that a signature tells dtype and meaning."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bgr: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) uint8, blue green red, origin top left."""

Grey: TypeAlias = NDArray[np.uint8]
"""(H, W) uint8, 0 black to 255 white, origin top left."""

Mask: TypeAlias = NDArray[np.bool_]
"""(H, W) bool, origin top left."""

Points: TypeAlias = NDArray[np.float64]
"""(N, 2) float64, x then y, px, origin top left."""


def frozen(array: NDArray[np.generic]) -> None:
    """Make ``array`` read-only in place: arrays inside frozen values must not change either."""
    array.setflags(write=False)
