"""Projects: identities joined where that is sure or the only way, and said to be ambiguous where it is neither."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from service.audit.edges import NEEDS_AMOUNTS, Edge, Ground, edges
from service.audit.entry import SELF, TARGET, Entry, FormRef
from service.audit.identity import Agreement, Identity, agreements, clash, identities
from service.audit.names import similarity, without_year


@dataclass(frozen=True, slots=True)
class Link:
    """Two forms of one project and what says so.

    Attributes:
        one: the earlier form.
        other: the next.
        ground: why they were joined.
        name_similarity: of the names, 0-1.
        unit_similarity: of the units, 0-1.
        agreements: amounts that both print.
        sure: the link may carry an accusation: names and units are equal, or amounts agree.
    """

    one: Entry
    other: Entry
    ground: Ground
    name_similarity: float
    unit_similarity: float
    agreements: tuple[Agreement, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Project:
    """Forms of one project.

    Attributes:
        name: as most of its forms print it, without their own years.
        unit: as most of its self-evaluations print it, else its target forms.
        entries: its forms by year, target form first.
        cores: number of the core of each form; forms of one core are one project beyond doubt.
        links: between each form and the next.
        open: a link of it is ambiguous, so that a form that seems to be missing may be there.
    """

    name: str
    unit: str
    entries: tuple[Entry, ...]
    cores: Mapping[FormRef, int]
    links: tuple[Link, ...]
    open: bool = False

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last of its forms."""
        years = [entry.year for entry in self.entries if entry.year is not None]
        return min(years), max(years)

    def count(self, kind: str) -> int:
        """How many forms of ``kind`` it has."""
        return sum(entry.kind == kind for entry in self.entries)

    def sure(self, one: Entry, other: Entry) -> bool:
        """Whether both forms are of one core."""
        return self.cores[one.ref] == self.cores[other.ref]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Identities that may be one project; nothing was joined.

    Attributes:
        members: one or more of them may belong together.
        grounds: why they may.
    """

    members: tuple[Identity, ...]
    grounds: tuple[Ground, ...]


def join(entries: Iterable[Entry]) -> tuple[tuple[Project, ...], tuple[Doubt, ...]]:
    """The projects of ``entries``, which have a name and a year each, ordered by unit and name; and what was left open.

    First what amounts prove is joined, then what is likely; a group in which two forms clash is not joined at all.
    """
    known = identities(entries)
    found = edges(known)
    sure = [edge for edge in found if edge.support]
    likely = [edge for edge in found if not edge.support and edge.ground not in NEEDS_AMOUNTS]
    cores, first = _joined(known, list(range(len(known))), sure)
    groups, second = _joined(known, cores, likely)
    vague = [edge for edge in found if edge.ground in NEEDS_AMOUNTS and not edge.support and groups[edge.one] != groups[edge.other]]
    doubts = (*first, *second, *_vague(known, vague))
    unclear = {id(member) for doubt in doubts for member in doubt.members}
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    within: dict[int, dict[frozenset[int], Ground]] = defaultdict(dict)
    for edge in found:
        if groups[edge.one] == groups[edge.other]:
            within[groups[edge.one]][frozenset((edge.one, edge.other))] = edge.ground
    projects = [
        _project([(place, known[place]) for place in places], cores, within[group], any(id(known[place]) in unclear for place in places))
        for group, places in members.items()
    ]
    return tuple(sorted(projects, key=lambda project: (project.unit, project.name, project.entries[0].ref))), doubts


def _joined(known: Sequence[Identity], before: Sequence[int], found: Sequence[Edge]) -> tuple[list[int], list[Doubt]]:
    """The group of each identity after ``found``, and the groups that clash and so stay as they were."""
    ends = np.array([(before[edge.one], before[edge.other]) for edge in found], np.intp).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(found), np.int32), (ends[:, 0], ends[:, 1])), shape=(len(known), len(known)))
    _, labels = connected_components(graph, directed=False)
    members: dict[int, list[int]] = defaultdict(list)
    for place in range(len(known)):
        members[labels[before[place]]].append(place)
    ours: dict[int, list[Edge]] = defaultdict(list)
    for edge in found:
        ours[labels[before[edge.one]]].append(edge)
    after, doubts = list(before), []
    for label, here in ours.items():
        if clash([known[place] for place in members[label]]):
            doubts.append(_doubt(known, here))
        else:
            least = min(before[place] for place in members[label])
            for place in members[label]:
                after[place] = least
    return after, doubts


def _doubt(known: Sequence[Identity], found: Sequence[Edge]) -> Doubt:
    places = sorted({place for edge in found for place in (edge.one, edge.other)})
    return Doubt(tuple(known[place] for place in places), tuple(sorted({edge.ground for edge in found})))


def _vague(known: Sequence[Identity], found: Sequence[Edge]) -> list[Doubt]:
    """What would need amounts to be joined and has none, one doubt for each first identity."""
    grouped: dict[int, list[Edge]] = defaultdict(list)
    for edge in found:
        grouped[edge.one].append(edge)
    return [_doubt(known, grouped[place]) for place in sorted(grouped)]


def _project(
    members: Sequence[tuple[int, Identity]], cores: Sequence[int], grounds: Mapping[frozenset[int], Ground], unclear: bool
) -> Project:
    placed = [(entry, place) for place, identity in members for entry in identity.entries]
    placed.sort(key=lambda pair: (pair[0].year or 0, pair[0].kind != TARGET, pair[0].ref))
    entries = tuple(entry for entry, _ in placed)
    done = [entry for entry in entries if entry.kind == SELF and entry.unit.read]  # a target form may name the department
    around = min(grounds.values(), default=Ground.EQUAL)  # of identities that are one project only by way of a third
    links = [
        _link(one, other, Ground.EQUAL if here == there else grounds.get(frozenset((here, there)), around), cores[here] == cores[there])
        for (one, here), (other, there) in pairwise(placed)
    ]
    return Project(
        _commonest([(without_year(entry.name.text, entry.year), entry.name.read) for entry in entries]),
        _commonest([(without_year(entry.unit.text, None), entry.unit.read) for entry in done or entries]),
        entries,
        {entry.ref: cores[place] for entry, place in placed},
        tuple(links),
        unclear,
    )


def _link(one: Entry, other: Entry, ground: Ground, sure: bool) -> Link:
    names, units = similarity(one.name.key, other.name.key), similarity(one.unit.key, other.unit.key)
    return Link(one, other, ground, names, units, agreements(one, other), sure)


def _commonest(texts: Sequence[tuple[str, bool]]) -> str:
    """The most frequent of the accepted texts, else of the others; the first in order among equals."""
    count = Counter(text for text, read in texts if text and read) or Counter(text for text, _ in texts if text)
    return min(count, key=lambda text: (-count[text], text)) if count else ""
