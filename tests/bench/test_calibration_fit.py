"""From samples to steps."""

import pytest

from bench.calibration.fit import BANDS, accepted, calibration_error, fitted
from bench.calibration.readings import Sample
from postprocess.calibration import Sort


def counted(certainty: float, right: int, wrong: int, sort: Sort = Sort.FIGURE) -> list[Sample]:
    return [Sample(sort, False, certainty, index < right) for index in range(right + wrong)]


def test_a_reading_answers_for_those_as_sure_as_itself() -> None:
    """None of the few at 0.85 is wrong, nor any of the many at 1: they are not equally probable for that."""
    known = fitted(counted(0.3, 1, 9) + counted(0.85, 20, 0) + counted(1.0, 5000, 0))
    few, many = (known.probability(Sort.FIGURE, looked=False, confidence=certainty) for certainty in (0.85, 1.0))
    assert few == pytest.approx(1 - 0.5 / 21)
    assert many == pytest.approx(1 - 0.5 / 5001)


def test_steps_rise_and_every_sample_is_in_one() -> None:
    samples = counted(0.6, 9, 1) + counted(0.75, 5, 5) + counted(0.97, 99, 1) + counted(1.0, 50, 0)
    steps = fitted(samples).curves[Sort.FIGURE, False]
    assert [step.probability for step in steps] == sorted(step.probability for step in steps)
    assert sum(step.fields for step in steps) == len(samples)
    assert sum(step.wrong for step in steps) == 7
    assert {step.least for step in steps} <= set(BANDS)


def test_what_is_accepted_and_how_well_it_is_told() -> None:
    samples = counted(1.0, 9999, 1) + counted(0.6, 5, 5)
    known = fitted(samples)
    assert accepted(known, samples, known.threshold(0.001)) == (10_000, 1)
    assert calibration_error(known, samples) < 0.01
