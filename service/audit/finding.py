"""What the audit gives: projects with their links, findings, and the table of finding ids (docs/audit.md tells the same)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from models.form import Verdict
from models.template import Severity
from service.audit.amounts import Cell
from service.audit.entry import FormRef
from service.audit.projects import Project


class AuditRule(StrEnum):
    """Stable ids of findings."""

    CURRENT_BUDGET = "current_budget"
    PRIOR_BUDGET = "prior_budget"
    PRIOR_EXECUTED = "prior_executed"
    BUDGET_ADJUSTED = "budget_adjusted"
    BUDGET_CHANGED = "budget_changed"
    TOTAL_BUDGET_CHANGED = "total_budget_changed"
    INDICATOR_MISSING = "indicator_missing"
    INDICATOR_CHANGED = "indicator_changed"
    INDICATOR_ADDED = "indicator_added"
    WEIGHTS_NOT_HUNDRED = "weights_not_hundred"
    DEVIATION_MISSING = "deviation_missing"
    EVALUATION_MISSING = "evaluation_missing"
    TARGET_MISSING = "target_missing"
    EVALUATION_DOUBLE = "evaluation_double"
    TARGET_DOUBLE = "target_double"
    LINK_AMBIGUOUS = "link_ambiguous"
    FORM_UNPLACED = "form_unplaced"


SEVERITIES: Mapping[AuditRule, Severity] = MappingProxyType(
    {
        AuditRule.CURRENT_BUDGET: Severity.ERROR,
        AuditRule.PRIOR_BUDGET: Severity.ERROR,
        AuditRule.PRIOR_EXECUTED: Severity.ERROR,
        AuditRule.BUDGET_ADJUSTED: Severity.INFO,
        AuditRule.BUDGET_CHANGED: Severity.ERROR,
        AuditRule.TOTAL_BUDGET_CHANGED: Severity.WARNING,
        AuditRule.INDICATOR_MISSING: Severity.WARNING,
        AuditRule.INDICATOR_CHANGED: Severity.WARNING,
        AuditRule.INDICATOR_ADDED: Severity.WARNING,
        AuditRule.WEIGHTS_NOT_HUNDRED: Severity.ERROR,
        AuditRule.DEVIATION_MISSING: Severity.WARNING,
        AuditRule.EVALUATION_MISSING: Severity.WARNING,
        AuditRule.TARGET_MISSING: Severity.WARNING,
        AuditRule.EVALUATION_DOUBLE: Severity.WARNING,
        AuditRule.TARGET_DOUBLE: Severity.WARNING,
        AuditRule.LINK_AMBIGUOUS: Severity.INFO,
        AuditRule.FORM_UNPLACED: Severity.INFO,
    }
)
"""How grave each is where every reading it stands on was accepted; what stands on a doubtful one is never more than a note (info)."""

MISSING = frozenset({AuditRule.EVALUATION_MISSING, AuditRule.TARGET_MISSING})


@dataclass(frozen=True, slots=True)
class Evidence:
    """A form that a finding stands on, and its cells; none where the form as a whole is meant."""

    form: FormRef
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """What does not go together.

    Attributes:
        rule: stable id.
        severity: error, warning or info.
        verdict: ``on_paper`` where every reading and link it stands on was accepted; else ``undecided``: an open note that accuses nobody.
        unit: of the project.
        project: its name.
        year: that it is about.
        message: one Chinese sentence with the numbers.
        evidence: forms and cells it stands on.
    """

    rule: AuditRule
    severity: Severity
    verdict: Verdict
    unit: str
    project: str
    year: int
    message: str
    evidence: tuple[Evidence, ...]

    @property
    def accuses(self) -> bool:
        """Whether it says that the papers are at odds; an open note does not."""
        return self.verdict is Verdict.ON_PAPER


@dataclass(frozen=True, slots=True)
class Audit:
    """The audit of an archive.

    Attributes:
        projects: with their forms and links, ordered by unit and name.
        findings: ordered by unit, project, year and rule.
        forms: that took part.
        others: forms of other kinds, which did not.
    """

    projects: tuple[Project, ...]
    findings: tuple[AuditFinding, ...]
    forms: int
    others: int
