"""Shares with what is known of them: a share without its count says nothing."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CONFIDENCE: Final = 0.95
"""Of intervals: in the long run so many of them hold the true share."""

_Z: Final = 1.959964
"""The standard normal quantile of (1 + `CONFIDENCE`) / 2."""


@dataclass(frozen=True, slots=True)
class Rate:
    """How many ``hits`` there were among ``count``, and between which shares (0-1) the true one lies."""

    count: int
    hits: int
    share: float
    low: float
    high: float


def rate(count: int, hits: int) -> Rate:
    """A share of independent cases, with Wilson's interval.

    Wilson, 1927, "Probable inference, the law of succession, and statistical inference", Journal of the American Statistical Association
    22; recommended for small counts and shares near 0 by Brown, Cai and DasGupta, 2001, "Interval estimation for a binomial proportion".
    Of no case at all the interval is 0 to 1, and the share is said to be 0.

    Raises:
        ValueError: there are more hits than cases, or less than none.
    """
    if not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count}")
    share = hits / count if count else 0.0
    return Rate(count, hits, share, *wilson(share, count))


@dataclass(frozen=True, slots=True)
class Cluster:
    """One form that was drawn: ``wrong`` of its ``fields`` were, and it stands for ``weight`` forms."""

    fields: int
    wrong: int
    weight: float


def clustered_rate(clusters: Sequence[Cluster]) -> Rate:
    """The share of wrong fields where whole forms were drawn, each with its own probability (1 / its weight).

    The share is the ratio of weighted sums (Horvitz and Thompson, 1952). Fields of one form go wrong together, so they are not as many
    cases as they are: the count in Wilson's interval is that of independent fields which would tell as much, from the variance between
    forms (Franco, Little, Louis and Slud, 2019, "Comparative study of confidence intervals for proportions in complex sample surveys").
    Where no field was wrong nothing is known of how they go together, and only the weights are allowed for.
    """
    fields, wrong = sum(each.fields for each in clusters), sum(each.wrong for each in clusters)
    total = sum(each.weight * each.fields for each in clusters)
    if not total:
        return rate(0, 0)
    share = sum(each.weight * each.wrong for each in clusters) / total
    return Rate(fields, wrong, share, *wilson(share, _independent(clusters, share, total)))


def _independent(clusters: Sequence[Cluster], share: float, total: float) -> float:
    """How many independent fields would tell as much; no more than there are, nor than their weights allow."""
    weighted = total**2 / sum(each.weight**2 * each.fields for each in clusters)
    if not 0 < share < 1 or len(clusters) < 2:
        return weighted
    spread = sum((each.weight * (each.wrong - share * each.fields)) ** 2 for each in clusters) * len(clusters) / (len(clusters) - 1)
    return min(weighted, share * (1 - share) * total**2 / spread) if spread else weighted


def wilson(share: float, count: float) -> tuple[float, float]:
    """Wilson's interval about ``share`` (0-1) of ``count`` independent cases, which need not be whole."""
    if not count:
        return 0.0, 1.0
    spread = _Z**2 / count
    middle = share + spread / 2
    reach = _Z * math.sqrt(share * (1 - share) / count + spread / (4 * count))
    low, high = (middle - reach) / (1 + spread), (middle + reach) / (1 + spread)
    return max(0.0, min(low, share)), min(1.0, max(high, share))
