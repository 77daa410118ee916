"""Equations as a reviewer reads them, on the genuine numbers of 2020, and as he types."""

from hypothesis import given
from hypothesis import strategies as st

from models.form import Form, Verdict
from postprocess.check import check
from postprocess.equations import Equation, Equations, Truth
from postprocess.places import Place
from tests.postprocess.records import GENUINE, SELF_EVALUATION, TARGET, printing, record, self_evaluation

FORM = self_evaluation(GENUINE["信息化能力建设"])
RATE, SCORE, TOTAL = "tables.funds[0].execution_rate", "tables.funds[0].score", "fields.total_score"


def about(form: Form, path: str, **typed: str) -> dict[str, Equation]:
    """The equations of a field by their rules."""
    texts = {TOTAL if name == "total" else name: text for name, text in typed.items()}
    return {equation.rule: equation for equation in Equations(form, SELF_EVALUATION).involving(path, texts)}


def test_they_are_written_out_with_the_numbers_that_stand() -> None:
    assert str(about(FORM, RATE)["execution_rate"]) == "980710÷1088156.00=90.13%"
    assert str(about(FORM, SCORE)["funds_score"]) == "10×980710÷1088156.00=9.01"
    assert str(about(FORM, TOTAL)["score_total"]) == "9.01+20+20+20+10+20=99.01"
    assert str(about(FORM, TOTAL)["score_at_most_weight"]) == "0≤99.01≤100"
    assert str(about(FORM, "fields.total_weight")["weight_hundred"]) == "100=100"
    assert str(about(FORM, "tables.indicators[0].deviation")["deviation_required"]) == "20<20时须填写（空）"
    assert str(about(FORM, "fields.year")["required"]) == "2020必填"


def test_each_term_leads_to_its_cell_and_says_what_it_is() -> None:
    found = about(FORM, RATE)["execution_rate"]
    assert found.paths == ("tables.funds[0].executed", "tables.funds[0].annual_budget", RATE)
    assert [term.name for term in found.terms if term.path][-1] == "“年度资金总额”的执行率"


def test_what_is_typed_is_judged_before_it_is_sent() -> None:
    assert about(FORM, TOTAL)["score_total"].truth is Truth.HOLDS
    typed = about(FORM, TOTAL, total="99.07")["score_total"]
    assert (typed.truth, typed.expected, str(typed)) == (Truth.BROKEN, "99.01", "9.01+20+20+20+10+20=99.07")
    assert about(FORM, TOTAL, total="")["score_total"].truth is Truth.SILENT
    assert about(FORM, TOTAL, total="见附件")["score_total"].truth is Truth.SILENT


def test_an_unusual_rounding_is_told_from_a_fault() -> None:
    assert about(self_evaluation(GENUINE["排放许可证监管"]), RATE)["execution_rate"].truth is Truth.ROUNDED


def test_a_field_that_no_rule_binds_is_in_none() -> None:
    assert about(FORM, "tables.indicators[0].level3") == {}
    assert about(FORM, "fields.nothing") == {}


def test_dates_stand_in_order() -> None:
    texts = {"start_date": "2020-01-01", "end_date": "2019-12-31", "year": "2020"}
    found = Equations(record(TARGET, texts, {}), TARGET).involving("fields.end_date")
    assert [(str(each), each.truth) for each in found] == [("2020-01-01≤2019-12-31", Truth.BROKEN)]


@given(st.sampled_from(sorted(GENUINE)), st.sampled_from([RATE, SCORE, TOTAL]), st.decimals(0, 200, places=2, allow_nan=False))
def test_they_are_broken_where_checking_finds_a_fault(name: str, path: str, number: object) -> None:
    form, text = self_evaluation(GENUINE[name]), f"{number}{'%' if path == RATE else ''}"
    place = Place("total_score") if path == TOTAL else Place(path.rpartition(".")[2], "funds", 0)
    said = check(printing(form, SELF_EVALUATION, place, text), SELF_EVALUATION)
    faults = {finding.rule for finding in said.findings if finding.verdict is not Verdict.MISREAD and path in finding.cells}
    equations = Equations(form, SELF_EVALUATION).involving(path, {path: text})
    assert {each.rule for each in equations if each.truth in (Truth.BROKEN, Truth.ROUNDED)} == faults
