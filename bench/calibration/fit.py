"""From samples to steps, and how well steps fit other samples."""

from collections.abc import Sequence
from itertools import groupby

import numpy as np
from scipy.optimize import isotonic_regression

from bench.calibration.readings import Sample
from postprocess.calibration import Calibration, Sort, Step

BINS = 10
FINEST = 1e-12
"""Certainties closer to 1 than this are one."""


def fitted(samples: Sequence[Sample]) -> Calibration:
    """The calibration of ``samples``: for each sort steps of rising probability, by pooling neighbours that fall."""
    return Calibration(
        {
            (sort, looked): _steps([each for each in samples if (each.sort, each.looked) == (sort, looked)])
            for sort in Sort
            for looked in (False, True)
        }
    )


def _steps(samples: Sequence[Sample]) -> tuple[Step, ...]:
    ranked = sorted(samples, key=lambda each: each.certainty)
    values = [list(group) for _, group in groupby(ranked, key=lambda each: round(each.certainty, 12))]
    if not values:
        return (Step(0.0, 0, 0),)
    shares = np.array([sum(each.right for each in group) / len(group) for group in values])
    pooled = isotonic_regression(shares, weights=np.array([len(group) for group in values], np.float64))
    blocks = [values[first:last] for first, last in zip(pooled.blocks[:-1], pooled.blocks[1:], strict=True)]
    steps: list[Step] = []
    for block in blocks:
        members = [each for group in block for each in group]
        steps.append(Step(members[0].certainty, len(members), sum(not each.right for each in members)))
        while len(steps) > 1 and steps[-1].probability <= steps[-2].probability:
            above, below = steps.pop(), steps.pop()
            steps.append(Step(below.least, below.fields + above.fields, below.wrong + above.wrong))
    return (Step(0.0, steps[0].fields, steps[0].wrong), *steps[1:])


def calibration_error(calibration: Calibration, samples: Sequence[Sample]) -> float:
    """Expected calibration error over `BINS` bins of as many samples each."""
    told = sorted((calibration.probability(each.sort, each.looked, each.certainty), each.right) for each in samples)
    bins = [part for part in np.array_split(np.arange(len(told)), BINS) if len(part)]
    gaps = [abs(sum(told[index][0] - told[index][1] for index in part)) for part in bins]
    return float(sum(gaps)) / max(1, len(told))


def accepted(calibration: Calibration, samples: Sequence[Sample], least: float) -> tuple[int, int]:
    """How many of ``samples`` are accepted on their pixels alone, and how many of these are wrong."""
    taken = [each for each in samples if calibration.probability(each.sort, each.looked, each.certainty) >= least]
    return len(taken), sum(not each.right for each in taken)
