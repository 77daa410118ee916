"""Which forms are joined, on what ground, and which are left apart."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from models.form import Form
from service.audit import Audit, AuditRule, audit
from service.audit.edges import Ground
from service.store.stored import StoredForm
from tests.postprocess.records import SELF_EVALUATION, SOURCES, TARGET, record
from tests.service.audit.archive import doubtful

BUDGET, SPENT = "1,088,156.00", "980,710.00"


def _evaluation(name: str, year: int, unit: str = "信息中心", above: str = "生态环境局", budget: str = BUDGET) -> StoredForm:
    fields = {"project_name": name, "year": str(year), "implementing_unit": unit, "department": above, "currency_unit": "元"}
    funds = [{"source": SOURCES[0], "initial_budget": budget, "annual_budget": budget, "executed": SPENT}]
    return _stored(f"self {name} {year} {unit}", year, record(SELF_EVALUATION, fields, {"funds": funds}))


def _target(name: str, year: int, unit: str = "信息中心", budget: str = BUDGET, prior: tuple[str, str] = ("", "")) -> StoredForm:
    fields = {"project_name": name, "year": str(year), "applicant_unit": unit, "current_budget": budget}
    fields |= {"prior_budget": prior[0], "prior_executed": prior[1]}
    return _stored(f"target {name} {year} {unit}", year, record(TARGET, fields, {}))


def _stored(document: str, year: int, form: Form) -> StoredForm:
    return StoredForm(document, 1, 1, f"{document}.pdf", year, "", form)


def _doubtful(stored: StoredForm, *names: str) -> StoredForm:
    return replace(stored, form=doubtful(stored.form, {f"fields.{name}" for name in names}))


def _groups(result: Audit) -> list[int]:
    return sorted(len(project.entries) for project in result.projects)


def _grounds(result: Audit) -> list[tuple[Ground, bool]]:
    return [(link.ground, link.sure) for project in result.projects for link in project.links]


def _rules(result: Audit, *, accusing: bool) -> list[AuditRule]:
    return [found.rule for found in result.findings if found.accuses is accusing]


def test_equal_names_and_units_are_joined_and_the_link_names_the_amounts() -> None:
    result = audit(
        [_evaluation("环保热线运行", 2020), _target("环保热线运行项目", 2020), _target("环保热线运行", 2021, prior=(BUDGET, SPENT))]
    )
    (project,) = result.projects
    assert _grounds(result) == [(Ground.EQUAL, True)] * 2
    assert [[agreement.field for agreement in link.agreements] for link in project.links] == [
        ["current_budget"],
        ["prior_budget", "prior_executed"],
    ]
    assert [(link.name_similarity, link.unit_similarity) for link in project.links] == [(1.0, 1.0)] * 2


@pytest.mark.parametrize(
    ("forms", "why"),
    [
        ([_evaluation("信息化运维", 2020, "信息中心"), _target("信息化运维", 2020, "执法总队")], "two units"),
        ([_evaluation("办公楼修缮（一期）", 2020), _target("办公楼修缮（二期）", 2020)], "two phases, though the amounts agree"),
        (
            [_evaluation("移动执法系统（2020升级改造）", 2020), _target("移动执法系统（运维）", 2020)],
            "other work, though the amounts agree",
        ),
        ([_evaluation("环保热线运行", 2020), _target("环保热钱运行", 2020)], "both names were read"),
        (
            [_evaluation("江西省水利厅信息中心", 2020, "江西省水利厅"), _target("江西省水利厅信息中心", 2020, "山西省水利厅")],
            "both units were read",
        ),
    ],
)
def test_what_is_two_is_not_joined(forms: Sequence[StoredForm], why: str) -> None:
    assert _groups(audit(forms)) == [1, 1], why


def test_a_slip_joins_where_the_reading_is_doubtful_and_is_sure_with_amounts() -> None:
    misread = _doubtful(_target("环保热钱运行", 2020), "project_name")
    result = audit([_evaluation("环保热线运行", 2020), misread])
    assert _grounds(result) == [(Ground.NAME_SLIP, True)]
    assert result.projects[0].name == "环保热线运行"


def test_a_slip_without_amounts_joins_but_carries_no_accusation() -> None:
    misread = _doubtful(_target("环保热钱运行", 2020, budget="777,123.00"), "project_name")
    result = audit([_evaluation("环保热线运行", 2020), misread])
    assert _grounds(result) == [(Ground.NAME_SLIP, False)]
    assert (_rules(result, accusing=True), _rules(result, accusing=False)) == ([], [AuditRule.CURRENT_BUDGET])


def test_a_misread_unit_is_found_again() -> None:
    misread = _doubtful(_target("环保热线运行", 2020, "信息中必处"), "applicant_unit")
    assert _grounds(audit([_evaluation("环保热线运行", 2020, "信息中心处"), misread])) == [(Ground.UNIT_SLIP, True)]


@pytest.mark.parametrize(
    ("target", "ground"),
    [
        (_target("信息化建设经费", 2020), Ground.NAME_WORDING),
        (_target("信息化建设", 2020, "市环保局信息中心"), Ground.UNIT_WORDING),
        (_target("信息化建设", 2020, ""), Ground.UNIT_BLANK),
        (_target("信息化建设", 2020, "生态环境局"), Ground.DEPARTMENT),
    ],
)
def test_another_wording_a_blank_unit_or_the_department_join_where_amounts_agree(target: StoredForm, ground: Ground) -> None:
    assert _grounds(audit([_evaluation("信息化建设", 2020), target])) == [(ground, True)]


@pytest.mark.parametrize("budget", ["500,000.00", "777,123.00"])
def test_another_wording_without_amounts_is_told_and_not_joined(budget: str) -> None:
    result = audit([_evaluation("信息化建设", 2020, budget="500,000.00"), _target("信息化建设经费", 2020, budget=budget)])
    assert _groups(result) == [1, 1]
    assert _rules(result, accusing=False) == [AuditRule.LINK_AMBIGUOUS]
    assert "“信息化建设”（信息中心，2020）；“信息化建设经费”（信息中心，2020）" in result.findings[0].message


def test_the_department_files_for_two_units_with_one_project_name_each() -> None:
    units = [
        _evaluation("信息化建设", 2020, unit, budget=budget)
        for unit, budget in (("信息中心", "1,234,500.00"), ("监测中心", "7,654,300.00"))
    ]
    apart = audit([*units, _target("信息化建设", 2020, "生态环境局", "3,333,300.00")])
    assert _groups(apart) == [1, 1, 1]
    assert _rules(apart, accusing=False) == [AuditRule.LINK_AMBIGUOUS]
    known = audit([*units, _target("信息化建设", 2020, "生态环境局", "7,654,300.00")])
    assert [(len(project.entries), project.unit) for project in known.projects if len(project.entries) > 1] == [(2, "监测中心")]


def test_a_name_that_carries_on_its_year_is_joined_unless_the_new_year_has_one_of_its_own() -> None:
    first, carried = _evaluation("系统升级（2019）", 2019), _evaluation("系统升级（2019）", 2020)
    assert _grounds(audit([first, carried])) == [(Ground.NAME_YEAR, False)]
    assert _groups(audit([first, carried, _evaluation("系统升级（2020）", 2020, budget="5,432,100.00")])) == [1, 2]


def test_an_evaluation_between_two_is_missed() -> None:
    result = audit([_evaluation("环保热线运行", 2019), _evaluation("环保热线运行", 2021)])
    assert _rules(result, accusing=True) == [AuditRule.EVALUATION_MISSING]
    assert result.findings[0].message == "2019 年度与 2021 年度均有自评表，2020 年度未见。"


def test_what_may_be_the_missed_form_under_a_misread_unit_leaves_it_open() -> None:
    years = [_evaluation("环保热线运行", year, "城关镇信息中心") for year in (2019, 2020, 2021)]
    astray = _doubtful(_evaluation("环保热线运行", 2020, "城关县信息中心"), "implementing_unit")
    assert _rules(audit([years[0], astray, years[2]]), accusing=True) == []
    assert _rules(audit([years[0], years[2]]), accusing=True) == [AuditRule.EVALUATION_MISSING]


def test_a_target_budget_is_told_against_the_initial_budget_with_both_numbers() -> None:
    result = audit([_evaluation("环保热线运行", 2020), _target("环保热线运行", 2020, budget="1,100,000.00")])
    (found,) = result.findings
    assert found.message == (
        "2020 年度绩效目标表的项目当年预算为 1,100,000.00（未读出单位，按元计），"
        "2020 年度绩效自评表的年初预算数为 1,088,156.00 元，相差 11,844 元。"
    )
    assert [cell.path for evidence in found.evidence for cell in evidence.cells] == [
        "fields.current_budget",
        "tables.funds[0].initial_budget",
    ]


def test_a_zero_that_looks_back_says_that_there_was_nothing() -> None:
    assert _rules(audit([_evaluation("环保热线运行", 2020), _target("环保热线运行", 2021, prior=("0", "0.00"))]), accusing=True) == []


def test_the_form_s_own_year_counts_before_that_of_its_path() -> None:
    stored = _evaluation("环保热线运行", 2020)
    result = audit([replace(stored, year=2021), _target("环保热线运行", 2020)])
    assert _groups(result) == [2]


def test_a_year_that_no_form_can_have_is_none() -> None:
    stored = replace(_doubtful(_evaluation("环保热线运行", 2020), "year"), year=10**12)
    (project,) = audit([stored]).projects
    assert project.years == (2020, 2020)
