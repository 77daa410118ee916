"""The audit on one screen: entries, projects, comparisons."""

from collections.abc import Iterable, Iterator

from models.form import Verdict
from models.template import Severity
from service.audit import sentences
from service.audit.budgets import budgets
from service.audit.entry import SELF, TARGET, Entry, entries
from service.audit.finding import SEVERITIES, Audit, AuditFinding, AuditRule, Evidence
from service.audit.identity import Identity
from service.audit.indicators import indicators
from service.audit.marks import marks
from service.audit.presence import customs, presence
from service.audit.projects import Doubt, join
from service.store.stored import StoredForm


def audit(forms: Iterable[StoredForm]) -> Audit:
    """Join the forms of one project over kinds and years, and compare them.

    ``forms`` are read once and not kept; their order does not matter. Of several versions of a form the newest counts. Only accepted
    fields and sure links accuse (`AuditFinding.accuses`).
    """
    others = 0

    def known() -> Iterator[StoredForm]:
        nonlocal others
        for stored in forms:
            others += stored.form.kind not in (SELF, TARGET)
            yield stored

    taken = entries(known())
    unplaced = [entry for entry in taken if not entry.name.key or entry.year is None]
    projects, doubts = join(entry for entry in taken if entry.name.key and entry.year is not None)
    usual = customs(projects, unplaced)
    found = [_unplaced(entry) for entry in unplaced]
    found += [_ambiguous(doubt) for doubt in doubts]
    for project in projects:
        found += [*budgets(project), *indicators(project), *marks(project), *presence(project, usual)]
    found.sort(key=lambda finding: (finding.unit, finding.project, finding.year, finding.rule, finding.message, finding.evidence[0].form))
    return Audit(projects, tuple(found), len(taken), others)


def _unplaced(entry: Entry) -> AuditFinding:
    lacking = ["项目名称"] * (not entry.name.key) + ["年度"] * (entry.year is None)
    evidence = (Evidence(entry.ref, (entry.name_cell,)),)
    year, message = entry.year or 0, sentences.unplaced(lacking)
    rule = AuditRule.FORM_UNPLACED
    return AuditFinding(rule, SEVERITIES[rule], Verdict.UNDECIDED, entry.unit.text, entry.name.text, year, message, evidence)


def _ambiguous(doubt: Doubt) -> AuditFinding:
    told = [_told(member) for member in doubt.members]
    evidence = tuple(Evidence(entry.ref, (entry.name_cell,)) for member in doubt.members for entry in member.entries)
    first = doubt.members[0].entries[0]
    message = sentences.ambiguous(told, doubt.grounds)
    return AuditFinding(
        AuditRule.LINK_AMBIGUOUS, Severity.INFO, Verdict.UNDECIDED, first.unit.text, first.name.text, first.year or 0, message, evidence
    )


def _told(member: Identity) -> tuple[str, str, str]:
    years = sorted({entry.year for entry in member.entries if entry.year is not None})
    span = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return member.entries[0].unit.text, member.entries[0].name.text, span
