"""The calibration with what people said of its readings."""

from hypothesis import given
from hypothesis import strategies as st

from postprocess.calibration import TARGET_ERROR, Calibration, Sort, Step, builtin_calibration, parse_calibration, print_calibration
from service.learning.calibrating import LEAST_FIELDS, Sample, recalibrated

BUILTIN = builtin_calibration()
TOP = BUILTIN.curves[Sort.FIGURE, False][-1]
SURE = round(TOP.probability, 4)


def figures(count: int, wrong: int, share: float = 0.1) -> Sample:
    """Figures that were read with the most certainty."""
    return Sample(Sort.FIGURE, False, SURE, share, count, wrong)


def top(calibration: Calibration) -> Step:
    return calibration.curves[Sort.FIGURE, False][-1]


def test_readings_are_added_to_those_that_were_counted_before() -> None:
    found = recalibrated(BUILTIN, [figures(4000, 0)])
    assert top(found.calibration) == Step(TOP.least, TOP.fields + 4000, TOP.wrong)
    assert found.changed
    others = {key: steps for key, steps in found.calibration.curves.items() if key != (Sort.FIGURE, False)}
    assert others == {key: steps for key, steps in BUILTIN.curves.items() if key != (Sort.FIGURE, False)}


def test_with_too_few_nothing_changes() -> None:
    found = recalibrated(BUILTIN, [figures(LEAST_FIELDS - 1, 150)])
    assert found.calibration == BUILTIN
    assert not found.changed
    assert [(band.count, band.wrong, band.after == band.before) for band in found.bands] == [(LEAST_FIELDS - 1, 150, True)]


def test_an_office_whose_scans_are_worse_has_less_accepted() -> None:
    found = recalibrated(BUILTIN, [figures(4000, 40)])
    assert top(found.calibration).probability < 0.996
    assert found.calibration.threshold(TARGET_ERROR) > BUILTIN.threshold(TARGET_ERROR)


def test_what_was_drawn_stands_for_more_and_is_worth_less_than_its_number() -> None:
    found = recalibrated(BUILTIN, [figures(1000, 0, 0.02), figures(1000, 100, 0.0)])
    after = top(found.calibration)
    added, wrong = after.fields - TOP.fields, after.wrong - TOP.wrong
    assert added == int((50 * 1000 + 1000) ** 2 / (2500 * 1000 + 1000))
    assert wrong / added < 0.003  # 100 of 51,000, not 100 of 2,000
    assert wrong > 0


def test_a_curve_that_would_fall_is_pooled() -> None:
    steps = BUILTIN.curves[Sort.FIGURE, False]
    found = recalibrated(BUILTIN, [figures(4000, 400)])
    after = found.calibration.curves[Sort.FIGURE, False]
    assert len(after) < len(steps)
    assert sum(step.fields for step in after) == sum(step.fields for step in steps) + 4000
    assert [step.probability for step in after] == sorted(step.probability for step in after)


def test_readings_of_another_calibration_are_left_out_and_counted() -> None:
    strange = Sample(Sort.FIGURE, False, 0.1234, 1.0, 500, 0)
    found = recalibrated(BUILTIN, [strange])
    assert (found.calibration, found.bands, found.strange) == (BUILTIN, (), 500)


def test_a_second_look_that_found_no_doubt_is_told_by_the_first() -> None:
    looked = Sample(Sort.FIGURE, True, SURE, 1.0, 300, 0)
    (band,) = recalibrated(BUILTIN, [looked]).bands
    assert (band.looked, band.before) == (False, TOP)


SAMPLES = st.sampled_from([(key, step) for key, steps in BUILTIN.curves.items() for step in steps if step.fields]).flatmap(
    lambda told: st.integers(1, 5000).flatmap(
        lambda count: st.builds(
            Sample,
            st.just(told[0][0]),
            st.just(told[0][1]),
            st.just(round(told[1].probability, 4)),
            st.sampled_from([0.0, 0.02, 1.0]),
            st.just(count),
            st.integers(0, count),
        )
    )
)


@given(st.lists(SAMPLES, max_size=12))
def test_whatever_people_said_it_is_a_calibration_that_can_be_written_and_read(samples: list[Sample]) -> None:
    found = recalibrated(BUILTIN, samples)
    assert parse_calibration(print_calibration(found.calibration, {})) == found.calibration
    for key, steps in found.calibration.curves.items():
        assert steps[0].least == 0, key
        assert steps[-1].least <= BUILTIN.curves[key][-1].least
