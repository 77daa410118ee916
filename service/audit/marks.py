"""Comparisons within one self-evaluation: weights that do not make 100, points lost without a reason."""

from collections.abc import Iterator

from service.audit import sentences
from service.audit.claim import Claim, finding
from service.audit.entry import HUNDRED, Entry
from service.audit.finding import AuditFinding, AuditRule, Evidence
from service.audit.projects import Project


def marks(project: Project) -> Iterator[AuditFinding]:
    """Every finding about weights and scores of ``project``."""
    for entry in project.entries:
        yield from _weights(project, entry)
        yield from _unexplained(project, entry)


def _weights(project: Project, entry: Entry) -> Iterator[AuditFinding]:
    """The sum that is not 100, the printed total that is not, or both; where rows may be lost the sum says nothing."""
    held = entry.weights
    if held is None:
        return
    total = held.total if entry.complete else None
    if total in (None, HUNDRED) and held.printed in (None, HUNDRED):
        return
    certain = held.read and entry.year_read
    message = sentences.weights(entry.year or 0, total, held.printed)
    yield finding(project, entry.year or 0, AuditRule.WEIGHTS_NOT_HUNDRED, Claim(message, (Evidence(entry.ref, held.cells),), certain))


def _unexplained(project: Project, entry: Entry) -> Iterator[AuditFinding]:
    """Accuses for the rows that were read; where none was, one note for the others."""
    read = [row for row in entry.unexplained if row.read]
    rows, certain = read or entry.unexplained, bool(read) and entry.year_read
    if rows:
        message = sentences.deviation(entry.year or 0, [(row.name, row.score, row.weight) for row in rows])
        evidence = (Evidence(entry.ref, tuple(cell for row in rows for cell in row.cells)),)
        yield finding(project, entry.year or 0, AuditRule.DEVIATION_MISSING, Claim(message, evidence, certain))
