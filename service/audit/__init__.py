"""The audit across forms: which forms are of one project, and what they say against each other."""

from service.audit.examine import audit
from service.audit.finding import Audit, AuditFinding, AuditRule

__all__ = ["Audit", "AuditFinding", "AuditRule", "audit", "write_page", "write_workbook"]
