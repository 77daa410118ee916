"""From certainty to probability to what is accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.template import ValueKind
from postprocess.calibration import (
    TARGET_ERROR,
    Calibration,
    Sort,
    Step,
    Trust,
    builtin_calibration,
    parse_calibration,
    print_calibration,
    sort_of,
    trust,
)


def curves(**steps: tuple[Step, ...]) -> Calibration:
    """A calibration with ``steps`` for some sorts and nothing known of the others."""
    unknown = (Step(0.0, 0, 0),)
    return Calibration({(sort, looked): unknown if looked else steps.get(sort, unknown) for sort in Sort for looked in (False, True)})


@pytest.mark.parametrize(
    ("text", "kind", "sort"),
    [
        ("", ValueKind.AMOUNT, Sort.BLANK),
        ("980,710", ValueKind.AMOUNT, Sort.FIGURE),
        ("一百万元", ValueKind.AMOUNT, Sort.FIGURE),
        ("≥95%", ValueKind.TEXT, Sort.FIGURE),
        ("产出指标", ValueKind.TEXT, Sort.PHRASE),
        ("本项目属于延续性支出，主管部门同意继续安排资金。", ValueKind.TEXT, Sort.PROSE),
    ],
)
def test_sorts(text: str, kind: ValueKind, sort: Sort) -> None:
    assert sort_of(text, kind, bilevel=False) is sort


def test_prose_on_a_photocopy_is_a_sort_of_its_own() -> None:
    assert sort_of("本项目属于延续性支出，主管部门同意继续安排资金。", ValueKind.TEXT, bilevel=True) is Sort.COPIED_PROSE
    assert sort_of("产出指标", ValueKind.TEXT, bilevel=True) is Sort.PHRASE


@pytest.mark.parametrize(("text", "sort"), [("311.79", Sort.COPIED_ONE), ("118人", Sort.COPIED_ONE), ("344.79", Sort.FIGURE)])
def test_a_one_on_a_photocopy_may_be_a_four_and_is_never_accepted_alone(text: str, sort: Sort) -> None:
    kind = ValueKind.TEXT if "人" in text else ValueKind.AMOUNT
    assert sort_of(text, kind, bilevel=True) is sort
    assert sort_of(text, kind, bilevel=False) is Sort.FIGURE
    assert trust(TARGET_ERROR).accepts(sort, 1.0) is (sort is Sort.FIGURE)


def test_a_reading_is_as_probable_as_those_like_it_were_right() -> None:
    known = curves(phrase=(Step(0.0, 9, 4), Step(0.9, 99, 0)))
    assert known.probability(Sort.PHRASE, looked=False, confidence=0.89) == pytest.approx(0.55)
    assert known.probability(Sort.PHRASE, looked=False, confidence=0.9) == pytest.approx(0.995)
    assert known.probability(Sort.PHRASE, looked=True, confidence=1.0) == 0.5


def test_as_much_is_accepted_as_the_wanted_error_allows() -> None:
    known = curves(phrase=(Step(0.0, 100, 20), Step(0.9, 900, 9), Step(0.99, 9000, 0)))
    least = [known.threshold(target) for target in (0.1, 0.001, 0.0001)]
    steps = known.curves[Sort.PHRASE, False]
    assert least == [steps[0].probability, steps[1].probability, steps[2].probability]


def test_a_good_average_does_not_pay_for_guesses() -> None:
    known = curves(phrase=(Step(0.0, 100, 6), Step(0.99, 9000, 0)))
    assert known.threshold(0.01) == known.curves[Sort.PHRASE, False][0].probability
    assert known.threshold(0.001) == known.curves[Sort.PHRASE, False][1].probability


def test_a_number_is_never_a_guess() -> None:
    steps = (Step(0.0, 100, 2), Step(0.9, 900, 4), Step(0.99, 90000, 0))
    known = curves(figure=steps, prose=steps)
    trusted = Trust(known, known.threshold(0.01))
    assert [[trusted.accepts(sort, step.probability) for step in steps] for sort in (Sort.FIGURE, Sort.PROSE)] == [
        [False, True, True],
        [True, True, True],
    ]


def test_looks_pay_where_one_can_be_accepted_and_always_while_counting() -> None:
    seen = {(sort, True): (Step(0.0, 10, 5), Step(0.9, 1000, 0)) for sort in (Sort.FIGURE,)}
    known = Calibration({**curves(figure=(Step(0.0, 9000, 0),)).curves, **seen})
    assert [sort for sort in Sort if Trust(known, 0.99).looks_pay(sort)] == [Sort.FIGURE]
    assert not any(Trust(known, 0.9999).looks_pay(sort) for sort in Sort)
    assert all(Trust(known, 0.99, counting=True).looks_pay(sort) for sort in Sort)


def test_where_nothing_was_good_enough_nothing_is_accepted() -> None:
    assert curves(figure=(Step(0.0, 100, 1),)).threshold(0.001) == 1.0


@given(st.lists(st.floats(1e-6, 0.5), min_size=2, max_size=2))
def test_a_smaller_error_never_accepts_more(targets: list[float]) -> None:
    known = builtin_calibration()
    assert known.threshold(min(targets)) >= known.threshold(max(targets))


def test_what_is_written_is_read_back() -> None:
    known = curves(prose=(Step(0.0, 10, 5), Step(0.123456789, 20, 1)))
    assert parse_calibration(print_calibration(known, {"scans": "seed 1"})) == known


def test_the_calibration_of_the_program_is_monotone_and_accepts_most_figures() -> None:
    known = builtin_calibration()
    for steps in known.curves.values():
        assert steps[0].least == 0.0
        assert [step.least for step in steps] == sorted({step.least for step in steps})
        assert [step.probability for step in steps] == sorted(step.probability for step in steps)
    accepted = trust(TARGET_ERROR)
    assert known.probability(Sort.FIGURE, looked=False, confidence=0.9999) >= accepted.least
    assert known.probability(Sort.FIGURE, looked=False, confidence=0.3) < accepted.least
