"""An office rounds alike in all its forms: what the others show decides what a rounding costs."""

from collections.abc import Mapping
from dataclasses import replace
from math import log

import pytest

from models.form import Field, Form, Review, Status, Verdict
from models.matched import UNKNOWN as UNKNOWN_KIND
from models.template import RatioRule
from postprocess.check import check, check_file
from postprocess.places import Place, cells_of
from postprocess.reconcile import UNKNOWN, Habits, habits_around, office
from postprocess.reconcile.decide import decide
from postprocess.reconcile.habits import AGAINST_HABIT, ESTABLISHED, ROUNDED_UP
from postprocess.reconcile.problem import problem
from postprocess.roundings import Manner, Way
from tests.postprocess.records import GENUINE, SELF_EVALUATION, Numbers, offering, self_evaluation

RATE = Place("execution_rate", "funds", 0)
RATIO = next(rule for rule in SELF_EVALUATION.rules if isinstance(rule, RatioRule))
UP, USUAL = frozenset({Way(Manner.UP)}), frozenset({Way(Manner.USUAL)})
WEIGHTS = (("50", "50"), ("40", "40"))


def office_form(executed: str, rate: str, score: str, total: str) -> Form:
    return self_evaluation(Numbers("1000000", "1000000", executed, rate, score, WEIGHTS, total))


HALF = [office_form("980715", "98.07%", "9.81", "99.81"), office_form("905521", "90.55%", "9.06", "99.06")]
"""980715 and 905521 of a million, rounded half up."""

ROUNDED = [office_form("980715", "98.08%", "9.81", "99.81"), office_form("905521", "90.56%", "9.06", "99.06")]
"""The same rounded up."""

EITHER = [office_form("980776", "98.08%", "9.81", "99.81"), office_form("1000000", "100%", "10", "100")]
"""Rates that say nothing of the habit."""

ASKED = self_evaluation(GENUINE["排放许可证监管"])
"""990675 of 1010060 is 98.0808 %, printed as 98.09 %."""


def habits(others: list[Form], form: Form = ASKED) -> Habits:
    return habits_around([(each, SELF_EVALUATION) for each in (form, *others)])[0]


def read(others: list[Form], shares: Mapping[str, float]) -> Field:
    """The rate of a form whose pixels offer ``shares``, decided beside ``others``."""
    form = offering(ASKED, SELF_EVALUATION, {RATE: shares})
    return cells_of(check_file([(each, SELF_EVALUATION) for each in (form, *others)])[0])[RATE]


def test_a_form_that_stands_alone_pays_what_its_rounding_costs() -> None:
    assert habits([]) == UNKNOWN
    assert UNKNOWN.charge(RATIO, USUAL) == 0
    assert UNKNOWN.charge(RATIO, UP) == ROUNDED_UP
    assert habits(EITHER).charge(RATIO, UP) == ROUNDED_UP
    assert check_file([(ASKED, SELF_EVALUATION)]) == (check(ASKED, SELF_EVALUATION),)


def test_where_all_is_rounded_up_rounding_up_costs_nothing() -> None:
    known = habits(ROUNDED)
    assert known.charge(RATIO, UP) == 0
    assert known.charge(RATIO, USUAL) > ESTABLISHED
    assert known.charge(RATIO, UP | USUAL) == 0
    assert known.customary(RATIO, UP)


def test_where_all_is_rounded_half_up_another_rounding_is_dear() -> None:
    known = habits(HALF)
    assert known.charge(RATIO, UP) == AGAINST_HABIT
    assert known.charge(RATIO, USUAL) == 0
    assert not known.customary(RATIO, UP)


def test_a_form_says_nothing_about_itself() -> None:
    assert habits([], HALF[0]) == habits([], ROUNDED[0])
    assert habits(EITHER, HALF[0]) == habits(EITHER, ROUNDED[0])


def test_offices_that_disagree_leave_both_open() -> None:
    known = habits([HALF[0], ROUNDED[1]])
    assert known.charge(RATIO, UP) == pytest.approx(ROUNDED_UP)
    assert not known.customary(RATIO, USUAL)
    assert not known.customary(RATIO, UP)


@pytest.mark.parametrize("others", [HALF, ROUNDED, [HALF[0], ROUNDED[1], *EITHER]])
def test_the_order_of_forms_does_not_matter(others: list[Form]) -> None:
    one, other = habits(others), habits(others[::-1])
    assert one.rates == pytest.approx(other.rates)
    assert one.scores == pytest.approx(other.scores)


def test_a_misread_digit_that_only_rounding_up_explains_is_not_taken_where_all_is_rounded_half_up() -> None:
    offered = {"98.19%": 0.7, "98.09%": 0.3}
    assert (read([], offered).text, read([], offered).status) == ("98.09%", Status.REPAIRED)
    assert (read(ROUNDED, offered).text, read(ROUNDED, offered).status) == ("98.09%", Status.REPAIRED)
    assert (read(HALF, offered).text, read(HALF, offered).status) == ("98.19%", Status.DOUBTFUL)


def odds(others: list[Form], shares: Mapping[str, float]) -> float:
    """Log-odds of the better rate, decided beside ``others``; negative where it is not the one that was read."""
    form = offering(ASKED, SELF_EVALUATION, {RATE: shares})
    asked = problem(form, SELF_EVALUATION, habits(others, form))
    number = next(number for number, variable in enumerate(asked.variables) if RATE in variable.places)
    choice = decide(asked, cells_of(form)).choices[number]
    return choice.odds if choice.option == asked.variables[number].read else -choice.odds


def test_of_two_roundings_the_pixels_and_the_habit_decide() -> None:
    offered = {"98.09%": 0.6, "98.08%": 0.4}
    assert odds([], offered) == pytest.approx(log(0.6 / 0.4) - ROUNDED_UP)
    assert odds(HALF, offered) == pytest.approx(log(0.6 / 0.4) - AGAINST_HABIT)
    assert odds(ROUNDED, offered) == pytest.approx(log(0.6 / 0.4) + AGAINST_HABIT)
    assert (read(HALF, offered).text, read(HALF, offered).status) == ("98.09%", Status.DOUBTFUL)


def test_a_rounding_that_is_the_habit_is_mentioned_and_needs_no_look() -> None:
    weak = offering(ASKED, SELF_EVALUATION, {RATE: {"98.09%": 0.97, "98.08%": 0.03}})
    alone = check(weak, SELF_EVALUATION)
    known = check_file([(each, SELF_EVALUATION) for each in (weak, *ROUNDED)])[0]
    assert [(finding.rule, finding.verdict) for finding in alone.findings] == [("execution_rate", Verdict.UNDECIDED)]
    assert [(finding.rule, finding.verdict) for finding in known.findings] == [("execution_rate", Verdict.ON_PAPER)]
    assert [finding.message for finding in alone.findings] == [finding.message for finding in known.findings]
    assert (alone.review, known.review) == (Review.NEEDS_REVIEW, Review.CLEAR)


def test_scores_have_a_habit_of_their_own() -> None:
    """9.92 is made of the printed 99.15 %, not of 99.1467 %, which is rounded up or to half."""
    known = habits([self_evaluation(GENUINE["通讯费"])])
    assert known.scores[Way(Manner.USUAL, of_printed=True)] == 0
    assert known.scores[Way(Manner.USUAL, of_printed=False)] == pytest.approx(AGAINST_HABIT)
    assert [known.rates[Way(way)] for way in (Manner.USUAL, Manner.UP)] == [0, ROUNDED_UP]


def test_a_form_that_needs_too_long_a_search_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = offering(ROUNDED[0], SELF_EVALUATION, {RATE: {"98.08%": 0.6, "98.07%": 0.4}})
    monkeypatch.setattr(office, "EFFORT", 0)
    assert habits([doubtful]) == UNKNOWN


def test_a_form_of_no_template_stays_as_it_is() -> None:
    stranger = Form(UNKNOWN_KIND, "", (2,))
    checked = check_file([(ASKED, SELF_EVALUATION), (stranger, None), (replace(ASKED, pages=(3,)), SELF_EVALUATION)])
    assert checked[1] is stranger
    assert [form.pages for form in checked] == [(1,), (2,), (3,)]
