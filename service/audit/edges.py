"""Which identities may be one project, and on what ground."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.audit.entry import SELF, TARGET
from service.audit.identity import Agreement, Identity, clash, support
from service.audit.names import Difference
from service.audit.near import near_pairs


class Ground(StrEnum):
    """Why two forms are taken for one project's."""

    EQUAL = "equal"
    """Name and unit are equal."""
    NAME_SLIP = "name_slip"
    """The unit is equal, the name but for a character or two of a doubtful reading."""
    UNIT_SLIP = "unit_slip"
    """The name is equal, the unit but for a character or two of a doubtful reading."""
    NAME_WORDING = "name_wording"
    """The unit is equal, one name has words that the other leaves out, and amounts agree."""
    UNIT_WORDING = "unit_wording"
    """The name is equal, one unit has words that the other leaves out, and amounts agree."""
    NAME_YEAR = "name_year"
    """Name and unit are equal, but for a year that one name carries on."""
    DEPARTMENT = "department"
    """The name is equal, and the target form was filed by the department of the self-evaluation."""
    UNIT_BLANK = "unit_blank"
    """The name is equal, one form says no unit, and amounts agree."""


NEEDS_AMOUNTS = frozenset({Ground.NAME_WORDING, Ground.UNIT_WORDING, Ground.UNIT_BLANK})
"""Grounds that join nothing by themselves."""

MOST_BLANK = 50
"""Units of one project name among which the unit of a form without one is looked for."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Two identities (by their place in the list) that may be one project.

    Attributes:
        one: the first.
        other: the second.
        ground: why.
        support: amounts that both print; with them the link is sure.
    """

    one: int
    other: int
    ground: Ground
    support: tuple[Agreement, ...]


def edges(known: Sequence[Identity]) -> list[Edge]:
    """Every two of ``known`` that may be one project, each once, on the best ground; those that clash are none."""
    found: dict[tuple[int, int], Ground] = {}
    for one, other, ground in (*_near_names(known), *_same_names(known)):
        pair = (min(one, other), max(one, other))
        found.setdefault(pair, ground)
    return [
        Edge(one, other, ground, support(known[one], known[other]))
        for (one, other), ground in sorted(found.items())
        if not clash((known[one], known[other]))
    ]


def _near_names(known: Sequence[Identity]) -> Iterator[tuple[int, int, Ground]]:
    """Equal units, names that are near."""
    units: dict[tuple[str, tuple[int, ...]], dict[str, int]] = defaultdict(dict)
    for place, identity in enumerate(known):
        if identity.unit:
            units[identity.unit, identity.years][identity.name] = place
    for names in units.values():
        for one, other, how in near_pairs(names):
            yield from _edge(known, (names[one], names[other]), how, (Ground.NAME_SLIP, Ground.NAME_WORDING))


def _edge(
    known: Sequence[Identity], pair: tuple[int, int], how: Difference, grounds: tuple[Ground, Ground]
) -> Iterator[tuple[int, int, Ground]]:
    """A slip is none where both readings were accepted."""
    slip, wording = grounds
    one, other = known[pair[0]], known[pair[1]]
    sound = (one.name_read and other.name_read) if slip is Ground.NAME_SLIP else (one.unit_read and other.unit_read)
    if how is Difference.WORDING:
        yield *pair, wording
    elif not sound:
        yield *pair, slip


def _same_names(known: Sequence[Identity]) -> Iterator[tuple[int, int, Ground]]:
    """Equal names; units that are near, blank, or above each other; or equal units too, and only a carried year differs."""
    names: dict[str, list[int]] = defaultdict(list)
    for place, identity in enumerate(known):
        names[identity.name].append(place)
    for places in names.values():
        if len(places) > 1:
            yield from _carried(known, places)
            yield from _near_units(known, places)
            yield from _above(known, places)
            yield from _blank(known, places)


def _carried(known: Sequence[Identity], places: Sequence[int]) -> Iterator[tuple[int, int, Ground]]:
    units: dict[str, list[int]] = defaultdict(list)
    for place in places:
        units[known[place].unit].append(place)
    for here in units.values():
        for one in here:
            for other in here:
                if one < other and _carries(known[one], known[other]):
                    yield one, other, Ground.NAME_YEAR


def _carries(one: Identity, other: Identity) -> bool:
    """Whether one name carries on a year in which the other has forms."""
    return any(
        not here.years and there.years and set(there.years) <= {e.year for e in here.entries}
        for here, there in ((one, other), (other, one))
    )


def _near_units(known: Sequence[Identity], places: Sequence[int]) -> Iterator[tuple[int, int, Ground]]:
    years: dict[tuple[int, ...], dict[str, int]] = defaultdict(dict)
    for place in places:
        if known[place].unit:
            years[known[place].years][known[place].unit] = place
    for units in years.values():
        for one, other, how in near_pairs(units):
            yield from _edge(known, (units[one], units[other]), how, (Ground.UNIT_SLIP, Ground.UNIT_WORDING))


def _above(known: Sequence[Identity], places: Sequence[int]) -> Iterator[tuple[int, int, Ground]]:
    """Target forms of a department, and self-evaluations of units below it."""
    filed = {(known[place].unit, known[place].years): place for place in places if any(e.kind == TARGET for e in known[place].entries)}
    for place in places:
        above = {entry.department.key for entry in known[place].entries if entry.kind == SELF and entry.department.key}
        for department in sorted(above - {known[place].unit}):
            if (target := filed.get((department, known[place].years))) is not None:
                yield target, place, Ground.DEPARTMENT


def _blank(known: Sequence[Identity], places: Sequence[int]) -> Iterator[tuple[int, int, Ground]]:
    for place in places:
        if not known[place].unit:
            others = [other for other in places if known[other].unit and known[other].years == known[place].years]
            yield from ((place, other, Ground.UNIT_BLANK) for other in others[:MOST_BLANK])
