"""What else a number may be, with probabilities that its grammar sharpens."""

from math import exp

import pytest

from models.form import Status
from models.template import ValueKind
from postprocess.beam import WIDTH
from postprocess.candidates import CONFUSED_STROKE, LONE_ONE, NEGLIGIBLE
from postprocess.reassemble import reassemble
from tests.postprocess.drawn import Step, line, slot
from tests.postprocess.records import SELF_EVALUATION
from tests.postprocess.test_reassemble import FRAME, matched


def offered(text: str, unsure: dict[int, Step] | None = None, unit: str = "元", column: str = "executed") -> dict[str, float]:
    """Candidates of a number, 全年执行数 if not said otherwise, in a form in ``unit``."""
    source = matched({"currency_unit": slot(unit)}, ({column: slot(line(text, unsure))},), "funds")
    field = reassemble(source, SELF_EVALUATION, {1: FRAME}).tables["funds"][0][column]
    return {candidate.text: exp(candidate.log_probability) for candidate in field.candidates}


def test_readings_come_with_their_probabilities_best_first() -> None:
    found = offered("980,710", {0: [("9", 0.6), ("8", 0.39), ("0", 0.01)]})
    assert list(found) == ["980,710", "880,710"]
    assert list(found.values()) == pytest.approx([0.606, 0.394], abs=0.01)


def test_readings_of_another_length() -> None:
    found = offered("1721494.3", {7: [(".", 0.7), ("", 0.3)]})
    assert found == pytest.approx({"1721494.3": 0.7, "17214943": 0.3}, abs=0.01)


def test_one_value_is_one_candidate() -> None:
    assert offered("980,710", {3: [(",", 0.5), ("，", 0.4), ("", 0.1)]}) == pytest.approx({"980,710": 1.0}, abs=1e-3)


def test_a_dash_is_a_candidate_where_the_pixels_support_it() -> None:
    assert offered("一", {0: [("一", 0.6), ("7", 0.4)]}) == pytest.approx({"一": 0.6, "7": 0.4}, abs=0.01)
    assert set(offered("7", {0: [("7", 0.97), ("—", 0.02)]})) == {"7", "—"}


def test_a_lone_one_may_always_be_a_slash() -> None:
    found = offered("1", {0: [("1", 0.999)]}, column="score")
    assert found["/"] / found["1"] == pytest.approx(CONFUSED_STROKE)
    assert "/" not in offered("10")


def test_an_amount_or_rate_of_one_is_rather_a_slash() -> None:
    for column in ("executed", "execution_rate"):
        found = offered("1", {0: [("1", 0.999)]}, column=column)
        assert found["/"] / found["1"] == pytest.approx(CONFUSED_STROKE / LONE_ONE)


def test_commas_that_all_lost_their_tails_do_not_make_the_digits_unsure() -> None:
    found = offered("2.643.200", {0: [("2", 0.99), ("7", 0.01)]})
    assert list(found) == ["2,643,200", "7,643,200"]
    assert found["2,643,200"] == pytest.approx(0.99, abs=0.01)


def test_negligible_readings_and_words_are_none() -> None:
    assert all(share >= NEGLIGIBLE for share in offered("980,710", {0: [("9", 0.9), ("8", NEGLIGIBLE / 10)]}).values())
    assert offered("系统维护") == {}
    digits: dict[int, Step] = {index: [(digit, 0.1) for digit in "1234567890"] for index in (0, 1)}
    assert len(offered("980,710", digits)) <= WIDTH


def test_a_comma_that_looks_like_a_point_is_sure_where_a_point_makes_no_number() -> None:
    """In 元 an amount has two decimals; in 万元 980.710 stands as it is read."""
    unsure: dict[int, Step] = {3: [(",", 0.5), (".", 0.5)]}
    for unit, status in (("元", Status.READ), ("万元", Status.DOUBTFUL)):
        source = matched({"currency_unit": slot(unit)}, ({"executed": slot(line("980,710", unsure))},), "funds")
        field = reassemble(source, SELF_EVALUATION, {1: FRAME}).tables["funds"][0]["executed"]
        assert (field.text, field.status) == ("980,710", status)


def test_only_numbers_and_dates_have_candidates() -> None:
    form = reassemble(matched({"project_name": slot("环保热线"), "year": slot("2020")}), SELF_EVALUATION, {1: FRAME})
    assert form.fields["project_name"].candidates == ()
    assert [candidate.text for candidate in form.fields["year"].candidates] == ["2020"]
    assert {spec.kind for spec in SELF_EVALUATION.fields} >= {ValueKind.YEAR, ValueKind.TEXT}
