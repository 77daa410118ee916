"""Two sequences matched in order at the highest total score (Needleman and Wunsch 1970)."""

from math import isclose

import numpy as np
from numpy.typing import NDArray


def align(scores: NDArray[np.float64], skip_left: float, skip_right: float) -> tuple[int | None, ...]:
    """For each left item the index of its right partner, or None; partners ascend.

    Args:
        scores: (n, m) float64, what pairing left i with right j is worth.
        skip_left: what leaving a left item alone is worth (negative).
        skip_right: the same of a right item.
    """
    best = _table(scores, skip_left, skip_right)
    partners: list[int | None] = []
    i = j = 0
    n, m = scores.shape
    while i < n:
        if j < m and isclose(best[i, j], scores[i, j] + best[i + 1, j + 1]):
            partners.append(j)
            i, j = i + 1, j + 1
        elif j < m and isclose(best[i, j], skip_right + best[i, j + 1]):
            j += 1
        else:
            partners.append(None)
            i += 1
    return tuple(partners)


def _table(scores: NDArray[np.float64], skip_left: float, skip_right: float) -> NDArray[np.float64]:
    """(n + 1, m + 1): the best total from (i, j) to the ends."""
    n, m = scores.shape
    best = np.zeros((n + 1, m + 1))
    best[:, m] = skip_left * np.arange(n, -1, -1)
    best[n, :] = skip_right * np.arange(m, -1, -1)
    for i in range(n - 1, -1, -1):
        for j in range(m - 1, -1, -1):
            best[i, j] = max(scores[i, j] + best[i + 1, j + 1], skip_left + best[i + 1, j], skip_right + best[i, j + 1])
    return best
