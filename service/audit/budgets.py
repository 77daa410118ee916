"""Comparisons of money: what a target form and a self-evaluation both say, and what changed from form to form."""

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise, product

from postprocess.roundings import EXACT
from service.audit import sentences
from service.audit.amounts import Amount, agree, likely_units
from service.audit.claim import Claim, finding
from service.audit.entry import HUNDRED, SELF, TARGET, Entry
from service.audit.finding import AuditFinding, AuditRule, Evidence
from service.audit.identity import MOST_DOUBLES, SHARED
from service.audit.projects import Project

_RULES = {
    "current_budget": AuditRule.CURRENT_BUDGET,
    "prior_budget": AuditRule.PRIOR_BUDGET,
    "prior_executed": AuditRule.PRIOR_EXECUTED,
}


def budgets(project: Project) -> Iterator[AuditFinding]:
    """Every finding about the money of ``project``."""
    targets, evaluations = by_year(project, TARGET), by_year(project, SELF)
    for year, forms in targets.items():
        for mine, theirs, back in SHARED:
            yield from _against(project, forms, evaluations.get(year - back, []), (mine, theirs))
    for forms in evaluations.values():
        yield from _adjusted(project, forms)
    for forms in (*targets.values(), *evaluations.values()):
        yield from _changed(project, forms)
    yield from _total_changed(project, targets)


def by_year(project: Project, kind: str) -> dict[int, list[Entry]]:
    """The forms of one kind, year by year."""
    found: dict[int, list[Entry]] = {}
    for entry in project.entries:
        if entry.kind == kind and entry.year is not None:
            found.setdefault(entry.year, []).append(entry)
    return found


def proof(*parts: tuple[Entry, Amount]) -> tuple[Evidence, ...]:
    """The forms and cells of these amounts."""
    return tuple(Evidence(entry.ref, (amount.cell,)) for entry, amount in parts)


def _against(project: Project, targets: Sequence[Entry], evaluations: Sequence[Entry], fields: tuple[str, str]) -> Iterator[AuditFinding]:
    """Nothing where any two forms agree; else the pair that was read best. A zero stands for nothing where a form looks back."""
    mine, theirs = fields
    pairs = [
        (one, other)
        for one, other in product(targets[:MOST_DOUBLES], evaluations[:MOST_DOUBLES])
        if mine in one.amounts and theirs in other.amounts
    ]
    pairs = [pair for pair in pairs if mine == "current_budget" or pair[0].amounts[mine].number != 0]
    if not pairs or any(agree(one.amounts[mine], other.amounts[theirs]) for one, other in pairs):
        return
    one, other = min(pairs, key=lambda pair: not _certain(project, pair, fields))
    certain, said, found = _certain(project, (one, other), fields), one.amounts[mine], other.amounts[theirs]
    units = likely_units(said, found)
    gap = EXACT.abs(EXACT.subtract(said.in_yuan(units[0]), found.in_yuan(units[1])))
    texts = (sentences.money(said, units[0]), sentences.money(found, units[1]))
    initial = other.amounts.get("initial_budget")
    remark = sentences.ALIKE_INITIAL if mine == "prior_budget" and initial is not None and agree(said, initial) else ""
    message = sentences.against((one.year or 0, other.year or 0), fields, texts, gap) + remark
    yield finding(project, one.year or 0, _RULES[mine], Claim(message, proof((one, said), (other, found)), certain))


def _certain(project: Project, pair: tuple[Entry, Entry], fields: tuple[str, str]) -> bool:
    one, other = pair
    read = one.amounts[fields[0]].cell.read and other.amounts[fields[1]].cell.read
    return read and one.year_read and other.year_read and project.sure(one, other)


def _adjusted(project: Project, evaluations: Sequence[Entry]) -> Iterator[AuditFinding]:
    for entry in evaluations:
        initial, annual = entry.amounts.get("initial_budget"), entry.amounts.get("annual_budget")
        if initial is None or annual is None or not initial.number or agree(initial, annual):
            continue
        certain = initial.cell.read and annual.cell.read and entry.year_read
        units = likely_units(initial, annual)
        before, after = initial.in_yuan(units[0]), annual.in_yuan(units[1])
        share = EXACT.multiply(EXACT.divide(EXACT.subtract(after, before), before), HUNDRED)
        texts = (sentences.money(initial, units[0]), sentences.money(annual, units[1]))
        message = sentences.adjusted(entry.year or 0, texts, share)
        evidence = (Evidence(entry.ref, (initial.cell, annual.cell)),)
        yield finding(project, entry.year or 0, AuditRule.BUDGET_ADJUSTED, Claim(message, evidence, certain))


def _changed(project: Project, forms: Sequence[Entry]) -> Iterator[AuditFinding]:
    """Forms of one kind and year; the first amount in which they differ stands for all."""
    names = [name for name in sentences.TERMS if sum(name in entry.amounts for entry in forms) > 1]
    for name in names:
        held = [(entry, entry.amounts[name]) for entry in forms[:MOST_DOUBLES] if name in entry.amounts]
        apart = [(one, other) for one, other in combinations(held, 2) if not agree(one[1], other[1])]
        if not apart:
            continue
        sure = [pair for pair in apart if all(amount.cell.read and entry.year_read for entry, amount in pair)]
        certain = any(project.sure(one[0], other[0]) for one, other in sure)
        texts = [sentences.money(amount, likely_units(amount, held[0][1])[0]) for _, amount in held]
        message = sentences.changed(forms[0].year or 0, forms[0].kind, name, texts)
        yield finding(project, forms[0].year or 0, AuditRule.BUDGET_CHANGED, Claim(message, proof(*held), certain))
        return


def _total_changed(project: Project, targets: dict[int, list[Entry]]) -> Iterator[AuditFinding]:
    """Only of projects planned for several years: what is planned year by year has another total each year."""
    single = [forms[0] for forms in targets.values() if len(forms) == 1 and "total_budget" in forms[0].amounts]
    for one, other in pairwise(single):
        if one.period != other.period or one.period[0] >= one.period[1]:
            continue
        before, after = one.amounts["total_budget"], other.amounts["total_budget"]
        if agree(before, after):
            continue
        certain = before.cell.read and after.cell.read and one.year_read and other.year_read and project.sure(one, other)
        units = likely_units(before, after)
        texts = (sentences.money(before, units[0]), sentences.money(after, units[1]))
        message = sentences.total_changed((one.year or 0, other.year or 0), texts, one.period)
        yield finding(
            project, other.year or 0, AuditRule.TOTAL_BUDGET_CHANGED, Claim(message, proof((one, before), (other, after)), certain)
        )
