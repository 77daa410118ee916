"""Which identities may be one project, and on what ground."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TypeAlias

from service.audit.entry import SELF, TARGET
from service.audit.identity import Agreement, Identity, clash, support
from service.audit.names import Difference
from service.audit.near import near_pairs


class Ground(StrEnum):
    """Why two forms are taken for one project's."""

    EQUAL = "equal"
    """Name and unit are equal."""
    DOUBTFUL = "doubtful"
    """Name and unit are read alike, but one reading is doubtful."""
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

MOST_HANGING = 50
"""Identities of one name that a form without a unit, or a unit below its department, is tried with."""


_Found: TypeAlias = tuple[int, int, Ground]
_Places: TypeAlias = Mapping[str, list[int]]


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
        found.setdefault((min(one, other), max(one, other)), ground)
    return [
        Edge(one, other, ground, support(known[one], known[other]))
        for (one, other), ground in sorted(found.items())
        if not clash((known[one], known[other]))
    ]


def _near_names(known: Sequence[Identity]) -> Iterator[_Found]:
    """Equal units, names that are near."""
    units: dict[tuple[str, tuple[int, ...]], _Places] = defaultdict(lambda: defaultdict(list))
    for place, identity in enumerate(known):
        if identity.unit:
            units[identity.unit, identity.years][identity.name].append(place)
    for names in units.values():
        yield from _near(known, names, (Ground.NAME_SLIP, Ground.NAME_WORDING))


def _near(known: Sequence[Identity], places: _Places, grounds: tuple[Ground, Ground]) -> Iterator[_Found]:
    """The places of texts that are near: by a slip, which is none where both readings were accepted, or by another wording."""
    slip, wording = grounds
    for text, like, how in near_pairs(places):
        here, there = places[text], places[like]
        for one, other in (*product(here[:1], there), *product(here[1:], there[:1])):  # equal ones hang together by their first
            if how is Difference.WORDING:
                yield one, other, wording
            elif not (known[one].read and known[other].read):
                yield one, other, slip


def _same_names(known: Sequence[Identity]) -> Iterator[_Found]:
    """Equal names; units that are equal, near, blank, or above each other; and where only a carried year differs."""
    names: dict[str, list[int]] = defaultdict(list)
    for place, identity in enumerate(known):
        names[identity.name].append(place)
    for places in names.values():
        if len(places) > 1:
            yield from _alike(known, places)
            yield from _near_units(known, places)
            yield from _above(known, places)
            yield from _blank(known, places)


def _alike(known: Sequence[Identity], places: Sequence[int]) -> Iterator[_Found]:
    """Doubtful readings that are alike, each to the accepted or first one; and names that carry on a year of another."""
    units: dict[str, dict[tuple[int, ...], list[int]]] = defaultdict(lambda: defaultdict(list))
    for place in places:
        units[known[place].unit][known[place].years].append(place)
    for years in units.values():
        for here in years.values():
            yield from ((here[0], other, Ground.DOUBTFUL) for other in here[1:])
        for carried in years.keys() - {()}:
            for one, other in product(years.get((), ()), years[carried]):
                if set(carried) <= {entry.year for entry in known[one].entries}:
                    yield one, other, Ground.NAME_YEAR


def _near_units(known: Sequence[Identity], places: Sequence[int]) -> Iterator[_Found]:
    years: dict[tuple[int, ...], _Places] = defaultdict(lambda: defaultdict(list))
    for place in places:
        if known[place].unit:
            years[known[place].years][known[place].unit].append(place)
    for units in years.values():
        yield from _near(known, units, (Ground.UNIT_SLIP, Ground.UNIT_WORDING))


def _above(known: Sequence[Identity], places: Sequence[int]) -> Iterator[_Found]:
    """Target forms of a department, and self-evaluations of units below it."""
    filed: dict[tuple[str, tuple[int, ...]], list[int]] = defaultdict(list)
    for place in places:
        if any(entry.kind == TARGET for entry in known[place].entries):
            filed[known[place].unit, known[place].years].append(place)
    for place in places:
        above = {entry.department.key for entry in known[place].entries if entry.kind == SELF and entry.department.key}
        for department in sorted(above - {known[place].unit}):
            yield from ((target, place, Ground.DEPARTMENT) for target in filed.get((department, known[place].years), [])[:MOST_HANGING])


def _blank(known: Sequence[Identity], places: Sequence[int]) -> Iterator[_Found]:
    for place in places:
        if not known[place].unit:
            others = [other for other in places if known[other].unit and known[other].years == known[place].years]
            yield from ((place, other, Ground.UNIT_BLANK) for other in others[:MOST_HANGING])
