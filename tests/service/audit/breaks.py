"""Breaks for archives: each changes the sheets of one project so that one thing no longer goes together, and says what must be found."""

import random
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import TypeAlias

from service.audit import AuditRule
from tests.postprocess.records import SELF_EVALUATION, TARGET
from tests.service.audit.archive import TWIN_MISREAD, TWINS, Break, Sheet, shifted

Breaker: TypeAlias = Callable[[random.Random, list[Sheet], int], Iterator[AuditRule]]
"""Changes the archive at the project and year of the sheet with this place in the list, and tells the rules that are broken by it."""


def _field(name: str, rule: AuditRule) -> Breaker:
    def change(rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
        fields = sheets[place].fields
        fields[name] = shifted(fields[name], rng.choice((-7, 9, 40)))
        yield rule

    return change


def _adjusted(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    """年中调整: the next target form follows the new budget."""
    head = sheets[place].tables["funds"][0]
    head["annual_budget"] = shifted(head["initial_budget"], 20)
    following = next(
        (sheet for sheet in _project(sheets, place) if (sheet.kind, sheet.year) == (TARGET.kind, sheets[place].year + 1)), None
    )
    if following is not None:
        following.fields["prior_budget"] = shifted(following.fields["prior_budget"], 20)
    yield AuditRule.BUDGET_ADJUSTED


def _copied(rule: AuditRule) -> Breaker:
    def copy(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
        again = deepcopy(sheets[place])
        again.document = f"again/{place}.pdf"
        sheets.append(again)
        yield rule

    return copy


def _another(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    """Another target form of the year, with another budget."""
    again = deepcopy(sheets[place])
    again.document = f"another/{place}.pdf"
    again.fields["current_budget"] = shifted(again.fields["current_budget"], 30)
    sheets.append(again)
    yield AuditRule.TARGET_DOUBLE
    yield AuditRule.BUDGET_CHANGED


def _total(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    """The plan of several years costs more from this year on."""
    for sheet in _project(sheets, place):
        if sheet.kind == TARGET.kind and sheet.year >= sheets[place].year:
            sheet.fields["total_budget"] = shifted(sheet.fields["total_budget"], 15)
    yield AuditRule.TOTAL_BUDGET_CHANGED


def _row_left_out(rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    rows = sheets[place].tables["indicators"]
    gone = rows.pop(rng.randrange(len(rows)))
    _weighed(rows[0], int(rows[0]["weight"]) + int(gone["weight"]))
    yield AuditRule.INDICATOR_MISSING


def _row_added(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    rows = sheets[place].tables["indicators"]
    _weighed(rows[0], int(rows[0]["weight"]) - 5)
    rows.append({"level1": "效益指标", "level3": "节能减排贡献", "target": "≥3%", "weight": "5", "score": "5"})
    yield AuditRule.INDICATOR_ADDED


def _goal_lowered(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    sheets[place].tables["indicators"][0]["target"] = "≥5人次"
    yield AuditRule.INDICATOR_CHANGED


def _weight(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    row = sheets[place].tables["indicators"][0]
    _weighed(row, int(row["weight"]) + 5)
    yield AuditRule.WEIGHTS_NOT_HUNDRED


def _unexplained(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
    row = sheets[place].tables["indicators"][1]
    row |= {"score": str(int(row["weight"]) - 3), "deviation": ""}
    yield AuditRule.DEVIATION_MISSING


def _removed(rule: AuditRule) -> Breaker:
    def remove(_rng: random.Random, sheets: list[Sheet], place: int) -> Iterator[AuditRule]:
        del sheets[place]
        yield rule

    return remove


def _weighed(row: dict[str, str], weight: int) -> None:
    row |= {"weight": str(weight), "score": str(weight), "deviation": ""}


def _project(sheets: list[Sheet], place: int) -> list[Sheet]:
    return [sheet for sheet in sheets if sheet.project == sheets[place].project]


BREAKERS: Mapping[AuditRule, tuple[str, Breaker]] = MappingProxyType(
    {
        AuditRule.CURRENT_BUDGET: (TARGET.kind, _field("current_budget", AuditRule.CURRENT_BUDGET)),
        AuditRule.PRIOR_BUDGET: (TARGET.kind, _field("prior_budget", AuditRule.PRIOR_BUDGET)),
        AuditRule.PRIOR_EXECUTED: (TARGET.kind, _field("prior_executed", AuditRule.PRIOR_EXECUTED)),
        AuditRule.BUDGET_ADJUSTED: (SELF_EVALUATION.kind, _adjusted),
        AuditRule.BUDGET_CHANGED: (TARGET.kind, _another),
        AuditRule.TOTAL_BUDGET_CHANGED: (TARGET.kind, _total),
        AuditRule.INDICATOR_MISSING: (SELF_EVALUATION.kind, _row_left_out),
        AuditRule.INDICATOR_CHANGED: (SELF_EVALUATION.kind, _goal_lowered),
        AuditRule.INDICATOR_ADDED: (SELF_EVALUATION.kind, _row_added),
        AuditRule.WEIGHTS_NOT_HUNDRED: (SELF_EVALUATION.kind, _weight),
        AuditRule.DEVIATION_MISSING: (SELF_EVALUATION.kind, _unexplained),
        AuditRule.EVALUATION_MISSING: (SELF_EVALUATION.kind, _removed(AuditRule.EVALUATION_MISSING)),
        AuditRule.TARGET_MISSING: (TARGET.kind, _removed(AuditRule.TARGET_MISSING)),
        AuditRule.EVALUATION_DOUBLE: (SELF_EVALUATION.kind, _copied(AuditRule.EVALUATION_DOUBLE)),
        AuditRule.TARGET_DOUBLE: (TARGET.kind, _copied(AuditRule.TARGET_DOUBLE)),
    }
)
"""For each rule the kind of form that is changed, and how."""


def planted(rng: random.Random, sheets: list[Sheet]) -> set[Break]:
    """Break each rule once, and once more where a project is left for it, always another one; ``sheets`` are changed.

    Only projects of offices that have target forms are broken, in a year in the middle, where no form of the year or beside it is doubtful.
    """
    made: set[Break] = set()
    taken = _twin_projects(sheets)
    for turn in range(2):
        for kind, breaker in BREAKERS.values():
            sound = _sound(sheets, kind, taken)
            if not sound and turn > 0:
                continue
            place = rng.choice(sound)
            project, year = sheets[place].project, sheets[place].year
            taken.add(project)
            made |= {Break(broken, project, year) for broken in breaker(rng, sheets, place)}
    return made


def make_ambiguous(sheets: list[Sheet]) -> Break:
    """Leave one target form of a year to two twins, under a name that may be either's and with amounts that nobody can read."""
    twins = [sheet for sheet in sheets if sheet.kind == TARGET.kind and any(_named(sheet, name) for name in TWINS)]
    sheet, sibling = next(
        (one, other)
        for one in twins
        for other in twins
        if (one.office, one.year) == (other.office, other.year) and one.project < other.project
    )
    sheets[:] = [other for other in sheets if other is not sibling]
    sheet.fields["project_name"] = TWIN_MISREAD
    sheet.doubtful |= {"fields.project_name", *(f"fields.{name}" for name in ("current_budget", "prior_budget", "prior_executed"))}
    return Break(AuditRule.LINK_AMBIGUOUS, sheet.project, sheet.year)


def make_nameless(sheets: list[Sheet]) -> Break:
    """Take away the name of a form."""
    sheet = next(one for one in reversed(sheets) if not one.doubtful)
    sheet.fields["project_name"] = ""
    sheet.doubtful.add("fields.project_name")
    return Break(AuditRule.FORM_UNPLACED, sheet.project, sheet.year)


def _twin_projects(sheets: list[Sheet]) -> set[int]:
    return {sheet.project for sheet in sheets if any(_named(sheet, name) for name in TWINS)}


def _named(sheet: Sheet, name: str) -> bool:
    """Whether the form bears this name, spaces set aside."""
    return name in sheet.fields["project_name"].replace(" ", "")


def _sound(sheets: list[Sheet], kind: str, taken: set[int]) -> list[int]:
    """Places of forms of ``kind`` that may be broken."""
    doubtful = {(sheet.project, year) for sheet in sheets if sheet.doubtful for year in range(sheet.year - 1, sheet.year + 2)}
    spans: dict[int, set[int]] = {}
    for sheet in sheets:
        spans.setdefault(sheet.project, set()).add(sheet.year)
    return [
        place
        for place, sheet in enumerate(sheets)
        if sheet.kind == kind
        and sheet.office.files_targets
        and sheet.project not in taken
        and (sheet.project, sheet.year) not in doubtful
        and min(spans[sheet.project]) < sheet.year < max(spans[sheet.project])
    ]
