"""Forms that are not there, and forms that are there twice."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.audit import sentences
from service.audit.budgets import by_year
from service.audit.claim import Claim, finding
from service.audit.entry import SELF, TARGET, Entry
from service.audit.finding import AuditFinding, AuditRule, Evidence
from service.audit.identity import Slot, copies
from service.audit.names import unit_name
from service.audit.projects import Project

OTHERS = 2
"""Other projects of a unit and year from which its custom can be told."""

CUSTOM = 0.5
"""Least share of them that have both forms, for a single one to be missed."""


@dataclass(frozen=True, slots=True)
class Customs:
    """What the projects of each unit and year have.

    Attributes:
        forms: unit and year to the set of kinds that each project has there.
        loose: unit or project name (keys), and kind and year (0 where unknown), of forms whose own name, unit or year was not read: what
            is missed may be one of them. Where neither unit nor name was read, the key is empty.
    """

    forms: Mapping[tuple[str, int], Sequence[frozenset[str]]]
    loose: frozenset[tuple[str, Slot]]

    def share(self, unit: str, year: int, given: str, wanted: str) -> tuple[int, int]:
        """Of the other projects of the unit that have the form ``given`` in this year, how many have ``wanted``; and how many they are."""
        having = [kinds for kinds in self.forms.get((unit, year), ()) if given in kinds]
        return sum(wanted in kinds for kinds in having), len(having) - 1


def customs(projects: Sequence[Project], unplaced: Sequence[Entry]) -> Customs:
    """The customs that ``projects`` show; and forms that are of no project are loose."""
    forms: dict[tuple[str, int], list[frozenset[str]]] = defaultdict(list)
    loose = {key for entry in unplaced for key in _keys(entry)}
    for project in projects:
        kinds: dict[int, set[str]] = defaultdict(set)
        known = _known(project)
        for entry in project.entries:
            kinds[entry.year or 0].add(entry.kind)
            if not (known and entry.year_read):
                loose.update(_keys(entry))
        for year, found in kinds.items():
            forms[unit_name(project.unit).key, year].append(frozenset(found))
    return Customs(forms, frozenset(loose))


def _keys(entry: Entry) -> Iterator[tuple[str, Slot]]:
    """Under which a form may be looked for: its unit and its name, or anywhere where neither was read."""
    slot = entry.kind, entry.year or 0
    known = [name.key for name in (entry.unit, entry.name) if name.key] if entry.unit.read or entry.name.read else [""]
    yield from ((key, slot) for key in known)


def presence(project: Project, known: Customs) -> Iterator[AuditFinding]:
    """Every finding about forms of ``project`` that are missing or double."""
    targets, evaluations = by_year(project, TARGET), by_year(project, SELF)
    yield from _evaluations(project, known, targets, evaluations)
    unit = unit_name(project.unit).key
    for year in evaluations.keys() - targets.keys():
        if _customary(shares := known.share(unit, year, SELF, TARGET)):
            certain = _certain(project, known, (TARGET, year), evaluations[year])
            message = sentences.target_missing(year, shares)
            yield finding(project, year, AuditRule.TARGET_MISSING, Claim(message, _whole(evaluations[year]), certain))
    for found, rule in ((targets, AuditRule.TARGET_DOUBLE), (evaluations, AuditRule.EVALUATION_DOUBLE)):
        for year, forms in found.items():
            if len(forms) > 1:
                certain = all(entry.year_read and project.sure(entry, forms[0]) for entry in forms)
                message = sentences.double(year, forms[0].kind, len(forms), _copies(forms))
                yield finding(project, year, rule, Claim(message, _whole(forms), certain))


def _evaluations(
    project: Project, known: Customs, targets: Mapping[int, Sequence[Entry]], evaluations: Mapping[int, Sequence[Entry]]
) -> Iterator[AuditFinding]:
    """Years between two that have a self-evaluation; and years with a target form where the unit's others have both."""
    unit = unit_name(project.unit).key
    first, last = min(evaluations, default=0), max(evaluations, default=-1)
    for year in sorted(targets.keys() | set(range(first, last + 1)) - evaluations.keys()):
        if year in evaluations:
            continue
        if first < year < last:
            before, after = max(y for y in evaluations if y < year), min(y for y in evaluations if y > year)
            beside = (*evaluations[before], *evaluations[after])
            certain = _certain(project, known, (SELF, year), beside)
            message = sentences.evaluation_between(year, (before, after))
            yield finding(project, year, AuditRule.EVALUATION_MISSING, Claim(message, _whole(beside), certain))
        elif _customary(shares := known.share(unit, year, TARGET, SELF)):
            certain = _certain(project, known, (SELF, year), targets[year])
            message = sentences.evaluation_missing(year, shares)
            yield finding(project, year, AuditRule.EVALUATION_MISSING, Claim(message, _whole(targets[year]), certain))


def _customary(shares: tuple[int, int]) -> bool:
    return shares[1] >= OTHERS and shares[0] >= CUSTOM * shares[1]


def _known(project: Project) -> bool:
    """Whether its name and unit were accepted at least once."""
    return any(entry.name.read for entry in project.entries) and any(entry.unit.read for entry in project.entries)


def _certain(project: Project, known: Customs, slot: Slot, forms: Sequence[Entry]) -> bool:
    """Whether what is missed is not there under a name, unit or year that was not read."""
    keys = {"", unit_name(project.unit).key, *(entry.name.key for entry in project.entries)}
    hidden = any((key, (slot[0], year)) in known.loose for key in keys for year in (slot[1], 0))
    return not hidden and not project.open and _known(project) and all(entry.year_read and project.sure(entry, forms[0]) for entry in forms)


def _copies(forms: Sequence[Entry]) -> bool:
    return all(copies(forms[0], entry) for entry in forms[1:])


def _whole(forms: Sequence[Entry]) -> tuple[Evidence, ...]:
    return tuple(Evidence(entry.ref) for entry in forms)
