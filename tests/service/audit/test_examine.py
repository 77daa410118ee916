"""The audit of whole archives: what was planted is found, what was not is not told, and neither order nor loss invents anything."""

import random
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.form import Verdict
from models.template import Severity
from service.audit import Audit, AuditFinding, AuditRule, audit
from service.audit.finding import MISSING
from service.store.stored import StoredForm
from tests.postprocess.records import SELF_EVALUATION
from tests.service.audit.archive import Break, Sheet, archive, places, stored
from tests.service.audit.breaks import BREAKERS, make_ambiguous, make_nameless, planted

SEEDS = range(6)


def _told(found: AuditFinding, sheets: list[Sheet]) -> Break:
    """Of which project of the generator this is."""
    known = places(sheets)
    ours = {known[evidence.form.document, evidence.form.number].project for evidence in found.evidence}
    assert len(ours) == 1, found
    return Break(found.rule, ours.pop(), found.year)


def _accusations(result: Audit, sheets: list[Sheet]) -> list[Break]:
    return [_told(found, sheets) for found in result.findings if found.accuses]


def test_every_rule_is_planted_or_has_its_own_test() -> None:
    assert set(AuditRule) - set(BREAKERS) == {AuditRule.LINK_AMBIGUOUS, AuditRule.FORM_UNPLACED}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_planted_break_is_found_and_none_is_invented(seed: int) -> None:
    sheets = archive(seed)
    made = planted(random.Random(seed), sheets)  # noqa: S311
    result = audit(stored(sheets))
    assert sorted(_accusations(result, sheets), key=repr) == sorted(made, key=repr)
    assert {found.rule for found in made} == set(BREAKERS)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_archive_that_agrees_yields_no_finding(seed: int) -> None:
    sheets = archive(seed, noise=False)
    result = audit(stored(sheets))
    assert result.findings == ()
    assert len(result.projects) == 40
    known = places(sheets)
    for project in result.projects:
        assert len({known[entry.ref.document, entry.ref.number].project for entry in project.entries}) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_doubtful_readings_accuse_nobody_and_part_no_project(seed: int) -> None:
    sheets = archive(seed)
    result = audit(stored(sheets))
    assert any(sheet.doubtful for sheet in sheets)
    assert len(result.projects) == 40
    assert {(found.severity, found.verdict) for found in result.findings} <= {(Severity.INFO, Verdict.UNDECIDED)}
    told = {_told(found, sheets).project for found in result.findings}
    assert told <= {sheet.project for sheet in sheets if sheet.doubtful}


def test_a_misread_unit_that_nothing_leads_back_accuses_nobody() -> None:
    sheets = archive(3, noise=False, town="12镇")
    sheet = next(sheet for sheet in sheets if sheet.year == 2021 and sheet.kind == SELF_EVALUATION.kind)
    sheet.fields["implementing_unit"] = sheet.fields["implementing_unit"].replace("镇", "囤")  # no slip: a 县 of that name may be another
    sheet.doubtful.add("fields.implementing_unit")
    result = audit(stored(sheets))
    assert len(result.projects) == 41
    assert not any(found.accuses for found in result.findings)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_name_that_may_be_either_of_two_is_told_and_not_chosen(seed: int) -> None:
    sheets = archive(seed, noise=False)
    twin = make_ambiguous(sheets)
    result = audit(stored(sheets))
    (found,) = [found for found in result.findings if found.rule is AuditRule.LINK_AMBIGUOUS]
    assert not found.accuses
    known = places(sheets)
    alone = [project for project in result.projects if len(project.entries) == 1]
    assert [known[project.entries[0].ref.document, project.entries[0].ref.number].year for project in alone] == [twin.year]
    assert not [other for other in result.findings if other.accuses]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_phase_misread_as_the_other_where_the_name_is_doubtful_accuses_nobody(seed: int) -> None:
    sheets = archive(seed, noise=False)
    sheet = next(sheet for sheet in sheets if "一期" in sheet.fields["project_name"])
    sheet.fields["project_name"] = sheet.fields["project_name"].replace("一期", "二期")
    sheet.doubtful.add("fields.project_name")
    assert not [found for found in audit(stored(sheets)).findings if found.accuses]


def test_a_form_without_a_name_takes_no_part_and_says_so() -> None:
    sheets = archive(0, noise=False)
    nameless = make_nameless(sheets)
    result = audit(stored(sheets))
    (found,) = [found for found in result.findings if found.rule is AuditRule.FORM_UNPLACED]
    assert _told(found, sheets) == nameless
    assert not [other for other in result.findings if other.accuses]  # what is missed may be this form


@cache
def _forms(seed: int, units: int, *, breaks: bool, noise: bool) -> tuple[StoredForm, ...]:
    sheets = archive(seed, units, noise=noise)
    if breaks:
        planted(random.Random(seed), sheets)  # noqa: S311
    return tuple(stored(sheets))


@cache
def _whole(seed: int) -> Audit:
    return audit(_forms(seed, 8, breaks=True, noise=True))


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_the_order_of_forms_does_not_matter(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    forms = _forms(3, 8, breaks=True, noise=True)
    assert audit(rng.sample(forms, len(forms))) == _whole(3)


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=25, deadline=None)
def test_a_form_less_only_lets_forms_be_missed(place: int, noise: bool) -> None:
    forms = _forms(4, 3, breaks=False, noise=noise)
    gone = place % len(forms)
    assert {found.rule for found in audit(forms[:gone] + forms[gone + 1 :]).findings if found.accuses} <= MISSING


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_a_form_less_invents_nothing_beside_planted_breaks(place: int) -> None:
    forms = _forms(5, 8, breaks=True, noise=True)
    gone = place % len(forms)
    less = audit(forms[:gone] + forms[gone + 1 :])
    before = {(found.rule, found.unit, found.project, found.year) for found in _whole(5).findings if found.accuses}
    after = {(found.rule, found.unit, found.project, found.year) for found in less.findings if found.accuses}
    doubled = {key for key in before if "double" in key[0]}  # where one of two forms is right, the other is accused when that is gone
    assert {key for key in after - before if key[0] not in MISSING} <= {
        (AuditRule.CURRENT_BUDGET, unit, project, year) for _, unit, project, year in doubled
    }


def test_the_newest_version_of_a_form_counts() -> None:
    sheets = archive(1, units=1, noise=False)
    right = list(stored(sheets))
    next(sheet for sheet in sheets if "current_budget" in sheet.fields).fields["current_budget"] = "123"
    wrong = list(stored(sheets))
    corrected = [replace(form, version=2) for form in right]
    assert audit(wrong).findings != ()
    assert audit([*corrected, *wrong]) == audit(corrected)


def test_forms_of_other_kinds_are_counted_and_left_alone() -> None:
    (first, *_) = stored(archive(1, units=1, noise=False))
    unknown = replace(first, form=replace(first.form, kind="unknown", fields={}, tables={}))
    result = audit([unknown])
    assert (result.projects, result.findings, result.forms, result.others) == ((), (), 0, 1)
