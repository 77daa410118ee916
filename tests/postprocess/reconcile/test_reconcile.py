"""A number is read otherwise only where pixels, an equation and the lack of any rival agree; else nothing changes."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.form import Field, Form, Review, Status, Verdict
from models.template import Severity
from postprocess.check import check
from postprocess.places import Place, cells_of, updated
from postprocess.reconcile import search
from postprocess.reconcile.settle import reconcile
from tests.postprocess.records import GENUINE, SELF_EVALUATION, offering, self_evaluation

TRUE = self_evaluation(GENUINE["通讯费"])
TOTAL, THIRD = Place("total_score"), Place("score", "indicators", 2)
EXECUTED = Place("executed", "funds", 0)

Offers = Mapping[Place, Mapping[str, float]]


def read(offers: Offers, form: Form = TRUE) -> Form:
    return check(offering(form, SELF_EVALUATION, offers), SELF_EVALUATION)


def text(field: Field) -> tuple[str, Status, str]:
    return field.text, field.status, field.read_as


def test_a_consistent_form_is_confirmed_and_unchanged() -> None:
    form = read({})
    cells = cells_of(form)
    assert {place: field.text for place, field in cells.items()} == {place: field.text for place, field in cells_of(TRUE).items()}
    assert form.review is Review.CLEAR
    assert {cells[place].status for place in (TOTAL, THIRD, EXECUTED)} == {Status.CONFIRMED}
    assert cells[Place("initial_budget", "funds", 0)].status is Status.READ
    assert cells[Place("year")].status is Status.READ


def test_a_misread_score_is_repaired_and_the_sum_says_why() -> None:
    form = read({THIRD: {"40": 0.8, "10": 0.19}})
    cells = cells_of(form)
    assert text(cells[THIRD]) == ("10", Status.REPAIRED, "40")
    assert cells[THIRD].confidence > 0.99
    (finding,) = [found for found in form.findings if found.verdict is Verdict.MISREAD]
    assert (finding.rule, finding.severity, finding.expected, finding.printed) == ("score_total", Severity.INFO, "10", "40")
    assert finding.message == "合计 9.92+20+17+10+28+10=94.92，与总分·得分 94.92 一致；第3行的得分原识别为“40”，按合计改读为“10”。"
    assert finding.cells[0] == str(THIRD)
    assert form.review is Review.CLEAR


@pytest.mark.parametrize(
    ("place", "wrong", "right", "rule", "said"),
    [
        (
            Place("execution_rate", "funds", 0),
            "99.75%",
            "99.15%",
            "execution_rate",
            "1721494.3÷1736311.00，与“年度资金总额”的执行率 99.15% 一致",
        ),
        (Place("score", "funds", 0), "9.42", "9.92", "funds_score", "10×99.15%，与“年度资金总额”的得分 9.92 一致"),
        (EXECUTED, "7,721,494.3", "1,721,494.3", "execution_rate", "按比率改读为“1,721,494.3”"),
        (EXECUTED, "17,214,943", "1,721,494.3", "execution_rate", "原识别为“17,214,943”"),
        (Place("total_weight"), "700", "100", "weight_total", "合计 10+20+20+10+30+10=100"),
    ],
)
def test_each_equation_decides(place: Place, wrong: str, right: str, rule: str, said: str) -> None:
    form = read({place: {wrong: 0.9, right: 0.09}})
    assert text(cells_of(form)[place]) == (right, Status.REPAIRED, wrong)
    (finding,) = [found for found in form.findings if found.verdict is Verdict.MISREAD]
    assert finding.rule == rule
    assert said in finding.message


def test_two_repairs_that_need_each_other() -> None:
    form = read({THIRD: {"40": 0.55, "10": 0.45}, Place("score", "indicators", 0): {"70": 0.55, "20": 0.45}})
    assert {text(cells_of(form)[place]) for place in (THIRD, Place("score", "indicators", 0))} == {
        ("10", Status.REPAIRED, "40"),
        ("20", Status.REPAIRED, "70"),
    }


def test_what_the_pixels_do_not_offer_is_never_chosen() -> None:
    form = read({TOTAL: {"95.92": 0.9999}})
    (finding,) = [found for found in form.findings if found.severity is Severity.ERROR]
    assert finding.verdict is Verdict.ON_PAPER
    assert text(cells_of(form)[TOTAL]) == ("95.92", Status.READ, "")


@pytest.mark.parametrize("share", [1e-3, 1e-4, 1e-5, 1e-6])
def test_a_faint_hint_changes_nothing_and_the_error_is_reported(share: float) -> None:
    form = read({TOTAL: {"95.92": 0.9999 - share, "94.92": share}})
    assert cells_of(form)[TOTAL].text == "95.92"
    (finding,) = [found for found in form.findings if found.severity is Severity.ERROR]
    assert finding.verdict is (Verdict.UNDECIDED if share >= 1e-4 else Verdict.ON_PAPER)
    assert form.review is Review.NEEDS_REVIEW


def test_two_cells_that_could_each_be_the_wrong_one_are_left_to_a_person() -> None:
    rivals = {Place("score", "indicators", 3): {"29": 0.9, "28": 0.09}, Place("score", "indicators", 0): {"20": 0.9, "19": 0.09}}
    form = read(rivals)
    cells = cells_of(form)
    for place, offers in rivals.items():
        first, second = offers
        assert (cells[place].text, cells[place].status) == (first, Status.DOUBTFUL)
        assert [other.text for other in cells[place].alternatives] == [second]
    (finding,) = [found for found in form.findings if found.severity is Severity.ERROR]
    assert finding.verdict is Verdict.UNDECIDED


def test_a_repair_may_not_hide_that_another_number_is_wrong() -> None:
    """The total is 105 on paper; that a weight may be read as five more does not make it right."""
    wrong = self_evaluation(replace(GENUINE["通讯费"], total_weight="105"))
    place = Place("weight", "indicators", 2)
    form = read({place: {"15": 0.6, "10": 0.4}}, wrong)
    assert cells_of(form)[place].status is Status.DOUBTFUL
    assert form.review is Review.NEEDS_REVIEW


def test_an_inequality_alone_repairs_nothing() -> None:
    place = Place("initial_budget", "funds", 0)
    parts = (("1736310.00", "", ""), ("", "", ""), ("", "", ""))
    form = read({place: {"1736310.00": 0.9, "1736311.00": 0.09}}, self_evaluation(replace(GENUINE["通讯费"], parts=parts)))
    assert cells_of(form)[place].text == "1736310.00"
    assert not [found for found in form.findings if found.verdict is Verdict.MISREAD]


def test_weak_pixels_that_nothing_else_fits_are_confirmed() -> None:
    form = read({TOTAL: {"94.92": 0.6, "94.42": 0.3, "91.92": 0.1}})
    field = cells_of(form)[TOTAL]
    assert (field.text, field.status) == ("94.92", Status.CONFIRMED)
    assert field.confidence > 0.999


def test_weak_pixels_in_a_digit_that_no_rule_protects_stay_doubtful() -> None:
    form = read({EXECUTED: {"1,721,494.3": 0.6, "1,721,494.8": 0.4}})
    assert cells_of(form)[EXECUTED].status is Status.DOUBTFUL


def test_a_dash_that_was_read_as_a_number_is_a_dash_again() -> None:
    parts = (("7", "1736311.00", ""), ("1736311.00", "", ""), ("", "", ""))
    place = Place("initial_budget", "funds", 1)
    form = read({place: {"7": 0.8, "—": 0.19}}, self_evaluation(replace(GENUINE["通讯费"], parts=parts)))
    assert text(cells_of(form)[place]) == ("—", Status.REPAIRED, "7")


def test_arithmetic_does_not_settle_what_may_stand_in_another_row() -> None:
    form = offering(TRUE, SELF_EVALUATION, {})
    shifted = {place: replace(cells_of(form)[place], status=Status.DOUBTFUL, misplaced=True) for place in (THIRD, EXECUTED)}
    weak = {TOTAL: replace(cells_of(form)[TOTAL], status=Status.DOUBTFUL)}
    cells = cells_of(check(updated(form, {**shifted, **weak}), SELF_EVALUATION))
    assert [cells[place].status for place in (THIRD, EXECUTED, TOTAL)] == [Status.DOUBTFUL, Status.DOUBTFUL, Status.CONFIRMED]


def test_a_number_is_never_repaired_to_nothing_to_silence_its_rule() -> None:
    """What is left of 100 reads 1: no total, no contradiction; but that is no reason to take the total away."""
    form = read({Place("total_weight"): {"1": 0.9, "": 0.1}})
    field = cells_of(form)[Place("total_weight")]
    assert field.status is not Status.REPAIRED
    assert form.review is Review.NEEDS_REVIEW


def test_a_search_given_up_leaves_all_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "EFFORT", 0)
    monkeypatch.setattr(search.Search.__init__, "__defaults__", (0, *(search.Search.__init__.__defaults__ or ())[1:]))
    form = read({THIRD: {"40": 0.8, "10": 0.19}})
    assert (cells_of(form)[THIRD].text, cells_of(form)[THIRD].status) == ("40", Status.DOUBTFUL)
    assert form.review is Review.NEEDS_REVIEW


def test_deciding_twice_is_deciding_once() -> None:
    once = read({THIRD: {"40": 0.8, "10": 0.19}, EXECUTED: {"1,721,494.3": 0.6, "1,721,494.8": 0.4}})
    assert check(once, SELF_EVALUATION) == once


NUMBERS = [place for place, field in cells_of(TRUE).items() if field.text and field.text != "—" and place.name not in ("source", "year")]
DIGITS = st.sampled_from("0123456789")


@st.composite
def confusions(draw: st.DrawFn) -> dict[Place, dict[str, float]]:
    """Some cells that may be misread in one digit, right or wrong."""
    numeric = [place for place in NUMBERS if any(character.isdigit() for character in cells_of(TRUE)[place].text)]
    offers = {}
    for place in draw(st.lists(st.sampled_from(numeric), min_size=1, max_size=4, unique=True)):
        printed = cells_of(TRUE)[place].text
        index = draw(st.sampled_from([index for index, character in enumerate(printed) if character.isdigit()]))
        other, share = printed[:index] + draw(DIGITS) + printed[index + 1 :], draw(st.floats(0.001, 0.999))
        if other != printed:
            offers[place] = dict(sorted({printed: share, other: 1 - share}.items(), key=lambda entry: -entry[1]))
    return offers


@settings(deadline=None, max_examples=40)
@given(confusions())
def test_never_a_reading_outside_of_the_candidates_and_what_fits_stays(offers: dict[Place, dict[str, float]]) -> None:
    before = offering(TRUE, SELF_EVALUATION, offers)
    consistent = all(next(iter(offered)) == cells_of(TRUE)[place].text for place, offered in offers.items())
    for place, field in cells_of(reconcile(before, SELF_EVALUATION).form).items():
        known = {candidate.text for candidate in field.candidates} | {cells_of(before)[place].text}
        assert field.text in known
        assert not consistent or field.text == cells_of(TRUE)[place].text


@settings(deadline=None, max_examples=25)
@given(confusions(), st.permutations(range(len(SELF_EVALUATION.rules))), st.permutations(range(5)))
def test_the_order_of_rules_and_rows_does_not_matter(offers: dict[Place, dict[str, float]], rules: list[int], rows: list[int]) -> None:
    template = replace(SELF_EVALUATION, rules=tuple(SELF_EVALUATION.rules[rule] for rule in rules))
    straight = offering(TRUE, SELF_EVALUATION, offers)
    mixed = replace(straight, tables={**straight.tables, "indicators": tuple(straight.tables["indicators"][row] for row in rows)})
    one, other = reconcile(straight, SELF_EVALUATION).form, reconcile(mixed, template).form

    def said(form: Form) -> list[Any]:
        found = ((field.box, field.text, field.status, field.read_as, field.protected) for field in cells_of(form).values())
        return sorted(found, key=lambda entry: entry[0].top)

    assert said(one) == said(other)
