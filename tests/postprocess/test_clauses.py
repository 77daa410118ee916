"""Rules laid over a form: which cells each one binds."""

from dataclasses import replace
from typing import get_args

from models.template import Ref, Rule, Severity, SumRule
from postprocess.clauses import Clause, Layout, clauses, lay
from postprocess.judge import judge
from postprocess.messages import say
from postprocess.places import Place, cells_of
from tests.postprocess.records import GENUINE, SELF_EVALUATION, changed, self_evaluation

FORM = self_evaluation(GENUINE["通讯费"])


def of(rule: str, found: tuple[Clause, ...]) -> list[list[str]]:
    return [[str(cell) for cell in clause.cells] for clause in found if clause.rule.id == rule]


def test_every_type_of_rule_is_laid_judged_and_said() -> None:
    for function in (lay, judge, say):
        assert set(get_args(Rule)) <= set(function.registry)


def test_a_sum_binds_its_total_and_every_row() -> None:
    (cells,) = of("score_total", clauses(SELF_EVALUATION, FORM))
    assert cells == ["fields.total_score", "tables.funds[0].score", *(f"tables.indicators[{row}].score" for row in range(5))]


def test_a_rule_of_a_row_is_there_for_each_row() -> None:
    found = of("score_at_most_weight", clauses(SELF_EVALUATION, FORM))
    assert len(found) == 4 + 5 + 1
    assert ["tables.indicators[4].score", "tables.indicators[4].weight"] in found


def test_a_cell_that_spans_rows_counts_once() -> None:
    """The second and third weight are one printed cell, repeated."""
    spanning = cells_of(FORM)[Place("weight", "indicators", 1)]
    form = changed(FORM, Place("weight", "indicators", 2), spanning)
    (cells,) = of("weight_total", clauses(SELF_EVALUATION, form))
    assert [cell for cell in cells if "indicators" in cell] == [f"tables.indicators[{row}].weight" for row in (0, 1, 3, 4)]


def test_fixed_rows_are_found_by_name_in_any_order() -> None:
    form = replace(FORM, tables={**FORM.tables, "funds": FORM.tables["funds"][::-1]})
    (cells, *_) = of("funds_sum", clauses(SELF_EVALUATION, form))
    assert cells[0] == "tables.funds[3].initial_budget"


def test_a_misread_row_name_is_still_that_row() -> None:
    name = Place("source", "funds", 0)
    form = changed(FORM, name, replace(cells_of(FORM)[name], text="年度资盒总颔"))
    assert Layout(form, SELF_EVALUATION, cells_of(form)).named_rows("funds")["年度资金总额"] == range(1)


def test_a_missing_row_makes_a_sum_incomplete() -> None:
    form = replace(FORM, tables={**FORM.tables, "funds": FORM.tables["funds"][1:]})
    (clause,) = [clause for clause in clauses(SELF_EVALUATION, form) if clause.rule.id == "score_total"]
    assert not clause.complete
    assert of("funds_sum", clauses(SELF_EVALUATION, form)) == []


def test_a_rule_about_nothing_on_the_form_binds_nothing() -> None:
    rule = SumRule("odd", Severity.ERROR, Ref("no_such_field"), (Ref("score", "no_such_table"),))
    assert lay(rule, Layout(FORM, SELF_EVALUATION, cells_of(FORM))) == ()
