"""The audit across forms: which forms are of one project, and what they say against each other."""

from service.audit.examine import audit
from service.audit.finding import Audit, AuditFinding, AuditRule
from service.audit.page import write_page
from service.audit.workbook import write_workbook

__all__ = ["Audit", "AuditFinding", "AuditRule", "audit", "write_page", "write_workbook"]
