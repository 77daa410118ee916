"""Every misreading of one digit in the five genuine self-evaluations: what the rules detect and repair, and that they spoil nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import log

import pytest

from models.form import Form
from models.template import ValueKind
from postprocess.names import Names
from postprocess.places import Place, cells_of
from postprocess.reconcile.decide import decide
from postprocess.reconcile.problem import BROKEN, Option, Problem, problem
from postprocess.reconcile.settle import reconcile
from postprocess.values import parse_value
from tests.postprocess.records import GENUINE, SELF_EVALUATION, offering, self_evaluation

FORMS = {name: offering(self_evaluation(numbers), SELF_EVALUATION, {}) for name, numbers in GENUINE.items()}
WEAK = log(9)
"""The misread digit is nine times as probable as the right one."""


def misreadings(text: str, kind: ValueKind) -> Iterator[str]:
    for index, digit in enumerate(text):
        for other in "0123456789" if digit.isdigit() else "":
            wrong = text[:index] + other + text[index + 1 :]
            if other != digit and parse_value(wrong, kind) is not None:
                yield wrong


def misread(asked: Problem, number: int, wrong: str, kind: ValueKind) -> Problem:
    """``asked`` where the variable reads ``wrong``, and the right text is the only other candidate."""
    right = asked.variables[number].options[0]
    variable = replace(
        asked.variables[number], options=(Option(wrong, parse_value(wrong, kind), 0.0), replace(right, cost=WEAK)), supported=2, read=0
    )
    variables = tuple(variable if index == number else other for index, other in enumerate(asked.variables))
    return Problem(variables, tuple(replace(factor, known={}) for factor in asked.factors), asked.bound)


def outcomes(form: Form) -> Counter[tuple[str, str]]:
    """Column and outcome, counted over all misreadings of ``form``."""
    asked, cells = problem(form, SELF_EVALUATION), cells_of(form)
    names = Names(SELF_EVALUATION, cells)
    count: Counter[tuple[str, str]] = Counter()
    for number, variable in enumerate(asked.variables):
        place, kind = variable.places[0], names.kind(variable.places[0])
        for wrong in misreadings(cells[place].text, kind):
            doubted = misread(asked, number, wrong, kind)
            decision = decide(doubted, cells)
            assert set(decision.repairs) <= {number}, f"{place} read as {wrong} changed another cell"
            read = [each.read for each in doubted.variables]
            binding = [factor for factor in range(len(asked.factors)) if asked.factors[factor].binding]
            detected = any(doubted.charge(factor, read) == BROKEN for factor in binding)
            count.update({(name_of(place), what): 1 for what in ("misread", *(["detected"] if detected else []))})
            count[name_of(place), "repaired"] += number in decision.repairs
            assert detected or not decision.repairs
    return count


def name_of(place: Place) -> str:
    return f"{place.table}.{place.name}" if place.table else place.name


EXPECTED = {
    "funds.annual_budget": (391, 213, 165),
    "funds.executed": (292, 194, 153),
    "funds.execution_rate": (175, 166, 132),
    "funds.initial_budget": (391, 0, 0),
    "funds.score": (135, 135, 135),
    "funds.weight": (85, 85, 85),
    "indicators.score": (425, 425, 425),
    "indicators.weight": (425, 425, 425),
    "total_score": (175, 175, 175),
    "total_weight": (130, 130, 130),
}
"""Column: misreadings of one digit that are well formed, detected by a rule, repaired. Of all 2,624 the rules detect 74 %, 70 % are
repaired and none wrongly; the others are left to a person, as where the rate is rounded up. No rule ties 年初预算数: without it 87 % and
82 %."""


def test_what_the_rules_detect_and_repair() -> None:
    total: Counter[tuple[str, str]] = Counter()
    for form in FORMS.values():
        total += outcomes(form)
    columns = sorted({column for column, _ in total})
    assert {column: tuple(total[column, what] for what in ("misread", "detected", "repaired")) for column in columns} == EXPECTED


PROTECTED = {
    "信息化能力建设": ("xxxx...x..", "xxxx...", "xxxx.x"),
    "排放许可证监管": ("xxxxx..x..", "xxxx...", "xxxx.x"),
    "土壤污染": ("xxxx...x..", "xxxxxx...", "xxxx.x"),
    "通讯费": ("xxxx...x..", "xxxxxx...x.", "xxxx.x"),
    "一网通办": ("xxxx..x..", "xxxxx..", "xxxx.x"),
}
"""Characters of 全年预算数, 全年执行数 and 执行率 that the rules protect (x); the last digit of a rate may be rounded otherwise."""


@pytest.mark.parametrize("name", FORMS)
def test_what_the_rules_protect(name: str) -> None:
    cells = cells_of(reconcile(FORMS[name], SELF_EVALUATION).form)
    marks = {place: "".join("x" if kept else "." for kept in field.protected) for place, field in cells.items() if field.protected}
    amounts = tuple(marks.pop(Place(column, "funds", 0)) for column in ("annual_budget", "executed", "execution_rate"))
    assert amounts == PROTECTED[name]
    assert set(marks.pop(Place("initial_budget", "funds", 0))) == {"."}
    assert set("".join(marks.values())) == {"x"}
    assert len(marks) == 14
