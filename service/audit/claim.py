"""From what a comparison found to a finding: grave where it is certain, an open note where it is not."""

from dataclasses import dataclass

from models.form import Verdict
from models.template import Severity
from service.audit import sentences
from service.audit.finding import SEVERITIES, AuditFinding, AuditRule, Evidence
from service.audit.projects import Project


@dataclass(frozen=True, slots=True)
class Claim:
    """What does not go together.

    Attributes:
        said: the sentence without its end.
        evidence: forms and cells it stands on.
        certain: all their readings, and the link between them, were accepted.
    """

    said: str
    evidence: tuple[Evidence, ...]
    certain: bool


def finding(project: Project, year: int, rule: AuditRule, claim: Claim) -> AuditFinding:
    """The finding that ``claim`` makes about ``project`` in ``year``."""
    severity = SEVERITIES[rule] if claim.certain else Severity.INFO
    verdict = Verdict.ON_PAPER if claim.certain else Verdict.UNDECIDED
    message = sentences.ended(claim.said, claim.certain)
    return AuditFinding(rule, severity, verdict, project.unit, project.name, year, message, claim.evidence)
