"""The form's own arithmetic: no false alarm on genuine numbers, every wrong one found, and nothing claimed that was not read."""

import copy
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.form import Field, Finding, Form, Review, Status, Verdict
from models.geometry import Box
from models.template import Severity, Template
from postprocess.check import CERTAIN, check
from postprocess.places import Place, cells_of
from tests.postprocess.records import GENUINE, SELF_EVALUATION, TARGET, Numbers, changed, printing, record, self_evaluation

TRUE = self_evaluation(GENUINE["通讯费"])
TARGET_TEXTS = {
    "project_name": "环保热线运行",
    "applicant_unit": "执法总队",
    "year": "2020",
    "start_date": "2020-01-01",
    "end_date": "2020-12-27",
    "total_budget": "2,643,200",
    "current_budget": "2,643,200",
    "prior_budget": "2,433,000",
    "prior_executed": "2,433,000",
}
TRUE_TARGET = record(TARGET, TARGET_TEXTS, {"indicators": [{"level3": "及时率", "target": "=100%"}]})


def checked(form: Form, place: Place, text: str, template: Template = SELF_EVALUATION) -> Form:
    return check(printing(form, template, place, text), template)


def unsure(form: Form, place: Place, **change: Any) -> Form:
    """``form`` with less certainty at ``place``."""
    return changed(form, place, replace(cells_of(form)[place], **({"confidence": CERTAIN - 0.01} | change)))


def errors(form: Form) -> list[Finding]:
    return [finding for finding in form.findings if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("numbers", GENUINE.values(), ids=GENUINE.keys())
def test_genuine_forms_are_right(numbers: Numbers) -> None:
    form = check(self_evaluation(numbers), SELF_EVALUATION)
    assert {finding.severity for finding in form.findings} <= {Severity.INFO}
    assert form.review is Review.CLEAR


def test_unusual_roundings_are_named() -> None:
    (up,) = check(self_evaluation(GENUINE["排放许可证监管"]), SELF_EVALUATION).findings
    assert (up.rule, up.severity, up.verdict, up.printed, up.expected) == (
        "execution_rate",
        Severity.INFO,
        Verdict.ON_PAPER,
        "98.09%",
        "98.08%",
    )
    assert "只入不舍" in up.message
    (printed,) = check(TRUE, SELF_EVALUATION).findings
    assert (printed.rule, printed.printed, printed.expected) == ("funds_score", "9.92", "9.91")
    assert "99.15%" in printed.message


def test_the_genuine_target_is_right() -> None:
    form = check(TRUE_TARGET, TARGET)
    assert (form.findings, form.review) == ((), Review.CLEAR)


@pytest.mark.parametrize(
    ("place", "text", "rule", "expected", "printed"),
    [
        (Place("total_score"), "95.92", "score_total", "94.92", "95.92"),
        (Place("total_weight"), "110", "weight_total", "100", "110"),
        (Place("weight", "indicators", 1), "30", "weight_total", "110", "100"),
        (Place("score", "indicators", 1), "18", "score_total", "95.92", "94.92"),
        (Place("execution_rate", "funds", 0), "91.15%", "execution_rate", "99.15%", "91.15%"),
        (Place("score", "funds", 0), "9.29", "funds_score", "9.91", "9.29"),
        (Place("executed", "funds", 0), "1,271,494.3", "execution_rate", "73.23%", "99.15%"),
        (Place("annual_budget", "funds", 0), "1763311.00", "execution_rate", "97.63%", "99.15%"),
    ],
)
def test_one_wrong_number_is_an_error_on_paper(place: Place, text: str, rule: str, expected: str, printed: str) -> None:
    form = checked(TRUE, place, text)
    (finding,) = [finding for finding in errors(form) if finding.rule == rule]
    assert (finding.verdict, finding.expected, finding.printed) == (Verdict.ON_PAPER, expected, printed)
    assert str(place) in finding.cells
    assert expected in finding.message
    assert form.review is Review.NEEDS_REVIEW


@pytest.mark.parametrize("place", [Place("total_score"), Place("score", "indicators", 1)])
def test_on_paper_touches_no_field(place: Place) -> None:
    wrong = printing(TRUE, SELF_EVALUATION, place, "15")
    form = check(wrong, SELF_EVALUATION)
    assert {finding.verdict for finding in errors(form)} == {Verdict.ON_PAPER}
    assert {place: replace(field, protected=()) for place, field in cells_of(form).items()} == cells_of(wrong)


@pytest.mark.parametrize(
    ("name", "text", "rule", "expected"),
    [
        ("current_budget", "2,643,201", "current_at_most_total", "≤2643200"),
        ("prior_executed", "2,434,000", "prior_executed_at_most_budget", "≤2433000"),
    ],
)
def test_wrong_budgets_of_a_target(name: str, text: str, rule: str, expected: str) -> None:
    (finding,) = errors(checked(TRUE_TARGET, Place(name), text, TARGET))
    assert (finding.rule, finding.verdict, finding.expected, finding.printed) == (rule, Verdict.ON_PAPER, expected, text)


@pytest.mark.parametrize(("name", "text"), [("end_date", "2019-12-27"), ("start_date", "2019-12-01"), ("start_date", "2021-01-01")])
def test_dates_out_of_order_are_a_warning(name: str, text: str) -> None:
    (finding,) = checked(TRUE_TARGET, Place(name), text, TARGET).findings
    assert (finding.rule, finding.severity) == ("dates_in_order", Severity.WARNING)


def test_wrong_parts_of_the_funds() -> None:
    money = ("1736311.00", "1736311.00", "1,721,494.3")
    right = replace(GENUINE["通讯费"], parts=(("1736310.00", "1736311.00", "1,721,494.3"), ("1.00", "—", ""), ("", "0", "")))
    assert errors(check(self_evaluation(right), SELF_EVALUATION)) == []
    wrong = replace(right, parts=(money, ("1.00", "—", ""), ("", "0", "")))
    (finding,) = errors(check(self_evaluation(wrong), SELF_EVALUATION))
    assert (finding.rule, finding.verdict, finding.expected) == ("funds_sum", Verdict.ON_PAPER, "1736312.00")
    assert finding.cells == tuple(f"tables.funds[{row}].initial_budget" for row in (0, 1, 2))


def test_parts_printed_as_zero_contradict_a_total() -> None:
    zeros = replace(GENUINE["通讯费"], parts=(("0.00", "0", "0"),) * 3)
    assert {finding.rule for finding in errors(check(self_evaluation(zeros), SELF_EVALUATION))} == {"funds_sum"}


def test_warnings() -> None:
    blank = checked(TRUE, Place("deviation", "indicators", 1), "")
    assert [(found.rule, found.verdict) for found in blank.findings if found.severity is Severity.WARNING] == [
        ("deviation_required", Verdict.ON_PAPER)
    ]
    ninety = check(
        self_evaluation(replace(GENUINE["土壤污染"], weight="0", score="0", total_weight="90", total_score="90")), SELF_EVALUATION
    )
    assert "weight_hundred" in {found.rule for found in ninety.findings}
    more = check(
        self_evaluation(replace(GENUINE["土壤污染"], executed="1,110,001", rate="100.00%", score="10", total_score="100")), SELF_EVALUATION
    )
    assert [(found.rule, found.severity) for found in more.findings] == [("executed_at_most_budget", Severity.WARNING)]


def test_a_required_field_that_is_blank_may_have_been_overlooked() -> None:
    form = checked(TRUE, Place("project_name"), "")
    (finding,) = [found for found in form.findings if found.rule == "required"]
    assert (finding.severity, finding.verdict) == (Severity.WARNING, Verdict.UNDECIDED)
    assert form.fields["project_name"].status is Status.DOUBTFUL


@pytest.mark.parametrize(
    "change", [{}, {"confidence": 1.0, "sealed": True}, {"confidence": 1.0, "status": Status.DOUBTFUL}], ids=["weak", "sealed", "doubtful"]
)
def test_where_one_cell_is_not_certain_nothing_is_claimed_and_all_numbers_are_doubtful(change: dict[str, Any]) -> None:
    wrong = printing(TRUE, SELF_EVALUATION, Place("total_score"), "95.92")
    form = check(unsure(wrong, Place("score", "indicators", 0), **change), SELF_EVALUATION)
    (finding,) = errors(form)
    assert (finding.rule, finding.verdict) == ("score_total", Verdict.UNDECIDED)
    cells = {str(place): field.status for place, field in cells_of(form).items()}
    assert {cells[path] for path in finding.cells} == {Status.DOUBTFUL}
    assert cells["tables.indicators[0].weight"] is Status.READ


def test_a_rounding_worth_a_mention_with_weak_digits_is_looked_at() -> None:
    place = Place("execution_rate", "funds", 0)
    form = check(unsure(self_evaluation(GENUINE["排放许可证监管"]), place), SELF_EVALUATION)
    (finding,) = form.findings
    assert (finding.severity, finding.verdict) == (Severity.INFO, Verdict.UNDECIDED)
    assert [str(found) for found, field in cells_of(form).items() if field.status is Status.DOUBTFUL] == [str(place)]


def test_a_zero_that_may_be_padding_may_also_be_misread() -> None:
    place = Place("score", "funds", 0)
    form = check(self_evaluation(replace(GENUINE["通讯费"], score="9.90", total_score="94.90")), SELF_EVALUATION)
    (finding,) = form.findings
    assert (finding.rule, finding.severity, finding.verdict) == ("funds_score", Severity.INFO, Verdict.UNDECIDED)
    assert cells_of(form)[place].status is Status.DOUBTFUL


def test_a_number_that_was_not_understood_leaves_its_sums_undecided() -> None:
    place = Place("score", "indicators", 0)
    odd = replace(cells_of(TRUE)[place], text="2O", value=None, status=Status.DOUBTFUL)
    form = check(changed(TRUE, place, odd), SELF_EVALUATION)
    (finding,) = [found for found in form.findings if found.rule == "score_total"]
    assert (finding.severity, finding.verdict, finding.cells) == (Severity.WARNING, Verdict.UNDECIDED, (str(place),))
    assert errors(form) == []
    assert form.review is Review.NEEDS_REVIEW


def test_a_blank_part_may_hide_what_a_total_has_more() -> None:
    place = Place("score", "indicators", 0)
    form = checked(TRUE, place, "")
    (finding,) = errors(form)
    assert (finding.rule, finding.verdict) == ("score_total", Verdict.UNDECIDED)
    assert cells_of(form)[place].status is Status.DOUBTFUL
    less = check(printing(printing(TRUE, SELF_EVALUATION, place, ""), SELF_EVALUATION, Place("total_score"), "70"), SELF_EVALUATION)
    assert {finding.verdict for finding in errors(less)} == {Verdict.ON_PAPER}


def test_a_loose_number_may_be_a_part() -> None:
    wrong = printing(TRUE, SELF_EVALUATION, Place("total_score"), "95.92")
    stray = Field("1", "1", 1, Box(0, 0, 0.1, 0.1), 1.0, Status.READ)
    (finding,) = errors(check(replace(wrong, unplaced=(stray,)), SELF_EVALUATION))
    assert finding.verdict is Verdict.UNDECIDED


def test_a_missing_row_leaves_its_sums_undecided() -> None:
    form = check(replace(TRUE, tables={**TRUE.tables, "funds": TRUE.tables["funds"][1:]}), SELF_EVALUATION)
    assert {(finding.rule, finding.verdict) for finding in errors(form)} == {
        ("weight_total", Verdict.UNDECIDED),
        ("score_total", Verdict.UNDECIDED),
    }
    assert "row_missing" in {finding.rule for finding in form.findings}


def test_a_missing_table_is_never_clear() -> None:
    form = check(record(TARGET, TARGET_TEXTS, {}), TARGET)
    (finding,) = form.findings
    assert (finding.rule, finding.severity, finding.verdict) == ("table_missing", Severity.WARNING, Verdict.UNDECIDED)
    assert "一级目标" in finding.message
    assert form.review is Review.NEEDS_REVIEW


def test_one_doubtful_field_keeps_a_form_from_being_clear() -> None:
    form = check(unsure(TRUE_TARGET, Place("basis"), status=Status.DOUBTFUL), TARGET)
    assert (form.findings, form.review) == ((), Review.NEEDS_REVIEW)


def test_checking_twice_is_checking_once_and_nothing_is_changed_in_place() -> None:
    wrong = printing(TRUE, SELF_EVALUATION, Place("total_score"), "95.92")
    before = copy.deepcopy(wrong)
    once = check(wrong, SELF_EVALUATION)
    assert wrong == before
    assert check(once, SELF_EVALUATION) == once


PROTECTED = [
    Place("total_score"),
    Place("total_weight"),
    *(Place(name, "indicators", row) for name in ("weight", "score") for row in range(5)),
    *(Place(name, "funds", 0) for name in ("weight", "score")),
]


@settings(deadline=None, max_examples=60)  # a form takes some ms, and a busy machine is no fault
@given(st.sampled_from(list(GENUINE.values())), st.sampled_from(PROTECTED), st.integers(-900, 900).filter(bool))
def test_any_weight_or_score_that_is_changed_is_an_error_that_names_it(numbers: Numbers, place: Place, hundredths: int) -> None:
    form = self_evaluation(numbers)
    old = cells_of(form)[place].value
    assert isinstance(old, Decimal)
    text = f"{old + Decimal(hundredths) / 100:f}"
    found = errors(checked(form, place, text))
    assert any(str(place) in finding.cells and finding.expected for finding in found)
    assert any(text in finding.message for finding in found)
    assert all(finding.verdict is Verdict.ON_PAPER for finding in found)


@settings(deadline=None, max_examples=60)  # a form takes some ms, and a busy machine is no fault
@given(st.sampled_from(list(GENUINE.values())), st.integers(-500, 100).filter(lambda steps: abs(steps) > 1))
def test_any_rate_beyond_rounding_is_an_error(numbers: Numbers, hundredths: int) -> None:
    form = self_evaluation(numbers)
    place = Place("execution_rate", "funds", 0)
    old = cells_of(form)[place].value
    assert isinstance(old, Decimal)
    text = f"{old + Decimal(hundredths) / 100:f}%"
    assume(not text.endswith("0%"))
    assert ("execution_rate", text) in {(finding.rule, finding.printed) for finding in errors(checked(form, place, text))}


@settings(deadline=None, max_examples=60)  # a form takes some ms, and a busy machine is no fault
@given(
    st.sampled_from(list(GENUINE.values())),
    st.permutations(range(5)),
    st.permutations(range(len(SELF_EVALUATION.rules))),
    st.sampled_from(["", "12"]),
)
def test_the_order_of_rows_and_rules_does_not_matter(numbers: Numbers, rows: list[int], rules: list[int], score: str) -> None:
    wrong = replace(numbers, total_score=score or numbers.total_score)
    mixed = replace(wrong, indicators=tuple(wrong.indicators[row] for row in rows))
    template = replace(SELF_EVALUATION, rules=tuple(SELF_EVALUATION.rules[rule] for rule in rules))
    straight, shuffled = check(self_evaluation(wrong), SELF_EVALUATION), check(self_evaluation(mixed), template)

    def said(form: Form) -> set[tuple[str, str, str, str]]:
        return {(finding.rule, finding.verdict, finding.expected, finding.printed) for finding in form.findings}

    assert said(straight) == said(shuffled)
    assert straight.review is shuffled.review
