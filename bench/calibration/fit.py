"""From samples to steps, and how well steps fit other samples."""

from collections.abc import Sequence

import numpy as np

from bench.calibration.readings import Sample
from postprocess.calibration import Calibration, Sort, Step, Trust

BINS = 10
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9999, 0.99999)
"""Least certainty of each band. A reading answers for those like it alone: without bands, all above the last misreading, however unsure,
would be as probable as the surest."""


def fitted(samples: Sequence[Sample]) -> Calibration:
    """The calibration of ``samples``: for each sort steps of rising probability, by pooling adjacent violators (`_steps`)."""
    return Calibration(
        {
            (sort, looked): _steps([each for each in samples if (each.sort, each.looked) == (sort, looked)])
            for sort in Sort
            for looked in (False, True)
        }
    )


def _steps(samples: Sequence[Sample]) -> tuple[Step, ...]:
    """One step for each band of certainty; neighbours that fall are pooled."""
    steps: list[Step] = []
    for least, above in zip(BANDS, (*BANDS[1:], 2.0), strict=True):
        members = [each for each in samples if least <= each.certainty < above]
        steps.append(Step(least, len(members), sum(not each.right for each in members)))
        while len(steps) > 1 and steps[-1].probability < steps[-2].probability:
            upper, lower = steps.pop(), steps.pop()
            steps.append(Step(lower.least, lower.fields + upper.fields, lower.wrong + upper.wrong))
    return tuple(steps)


def calibration_error(calibration: Calibration, samples: Sequence[Sample]) -> float:
    """Expected calibration error over `BINS` bins of as many samples each."""
    told = sorted((calibration.probability(each.sort, each.looked, each.certainty), each.right) for each in samples)
    bins = [part for part in np.array_split(np.arange(len(told)), BINS) if len(part)]
    gaps = [abs(sum(told[index][0] - told[index][1] for index in part)) for part in bins]
    return float(sum(gaps)) / max(1, len(told))


def accepted(calibration: Calibration, samples: Sequence[Sample], least: float) -> tuple[int, int]:
    """How many of ``samples`` are accepted on their pixels alone, and how many of these are wrong."""
    trusted = Trust(calibration, least)
    taken = [each for each in samples if trusted.accepts(each.sort, calibration.probability(each.sort, each.looked, each.certainty))]
    return len(taken), sum(not each.right for each in taken)
