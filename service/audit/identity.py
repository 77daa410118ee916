"""Identities: forms that print one project name and one unit; and what speaks for two of them being one project, or against it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from service.audit.amounts import Amount, agree
from service.audit.entry import SELF, TARGET, Entry, FormRef

Slot: TypeAlias = tuple[str, int]
"""Kind and year: a project has one form in each."""

SHARED = (("current_budget", "initial_budget", 0), ("prior_budget", "annual_budget", 1), ("prior_executed", "executed", 1))
"""Amounts that stand on two forms: field of a target form, field of a self-evaluation, and how many years earlier that one is."""

MOST_DOUBLES = 20
"""Forms of one project, kind and year that are compared, each with each; more are only counted."""

ENOUGH_ROUND = 2
"""Agreeing amounts that speak for one project where none has distinct digits."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Forms of one project name, carried years and unit, all keys equal and accepted; or one form that was not read so well.

    Attributes:
        name: key of the project's name.
        years: that the name carries beside the forms' own.
        unit: key of the unit; empty where no form tells.
        entries: the forms, ordered.
    """

    name: str
    years: tuple[int, ...]
    unit: str
    entries: tuple[Entry, ...]

    @property
    def read(self) -> bool:
        """Whether name and unit were accepted."""
        return self.entries[0].name.read and self.entries[0].unit.read

    def slots(self) -> dict[Slot, list[Entry]]:
        """The forms by kind and year."""
        found: dict[Slot, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            if entry.year is not None:
                found[entry.kind, entry.year].append(entry)
        return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """An amount that stands on two forms.

    Attributes:
        field: of the target form, or of both where they are of one kind.
        one: on the first form.
        other: on the second.
    """

    field: str
    one: Amount
    other: Amount


def identities(entries: Iterable[Entry]) -> list[Identity]:
    """The identities of ``entries``, ordered by unit, name and years.

    A form whose name or unit was not accepted is one by itself: it may have been another's name before it was misread.
    """
    found: dict[tuple[str, str, tuple[int, ...], FormRef | None], list[Entry]] = defaultdict(list)
    for entry in entries:
        alone = None if entry.name.read and entry.unit.read else entry.ref
        found[entry.unit.key, entry.name.key, entry.name.years, alone].append(entry)
    ordered = sorted(found, key=lambda key: (*key[:3], key[3] is not None, found[key][0].ref))
    return [Identity(key[1], key[2], key[0], tuple(found[key])) for key in ordered]


def agreements(one: Entry, other: Entry) -> tuple[Agreement, ...]:
    """The accepted amounts that both forms print and that are the same."""
    if one.year is None or other.year is None:
        return ()
    if one.kind == other.kind:
        names = sorted(one.amounts.keys() & other.amounts.keys()) if one.year == other.year else []
        pairs = [(name, one.amounts[name], other.amounts[name]) for name in names]
    elif one.kind == SELF:
        return tuple(Agreement(found.field, found.other, found.one) for found in agreements(other, one))
    else:
        shared = [(mine, theirs) for mine, theirs, back in SHARED if other.year == one.year - back]
        pairs = [
            (mine, one.amounts[mine], other.amounts[their]) for mine, their in shared if mine in one.amounts and their in other.amounts
        ]
    return tuple(Agreement(*pair) for pair in pairs if pair[1].cell.read and pair[2].cell.read and agree(pair[1], pair[2]))


def support(one: Identity, other: Identity) -> tuple[Agreement, ...]:
    """The amounts that speak for one project: one of distinct digits at least, or `ENOUGH_ROUND` others; else nothing."""
    found = tuple(agreement for mine, theirs in _neighbours(one, other) for agreement in agreements(mine, theirs) if agreement.one.number)
    return found if len(found) >= ENOUGH_ROUND or any(agreement.one.distinct for agreement in found) else ()


def clash(members: Sequence[Identity]) -> bool:
    """Whether these cannot be one project: two have different forms of one kind for one year.

    Copies of a form, all of whose amounts agree, do not count.
    """
    taken: dict[Slot, Entry] = {}
    for member in members:
        for slot, here in member.slots().items():
            if slot in taken and not all(copies(taken[slot], entry) for entry in here):
                return True
            taken.setdefault(slot, here[0])
    return False


def copies(one: Entry, other: Entry) -> bool:
    """Whether two forms of one kind and year have the same amounts, all of them accepted."""
    both = one.amounts.keys() & other.amounts.keys()
    return bool(both) and len(agreements(one, other)) == len(one.amounts) == len(other.amounts)


def _neighbours(one: Identity, other: Identity) -> Iterator[tuple[Entry, Entry]]:
    """Forms of both that may share amounts: of the same year, or a target form and the self-evaluation of the year before."""
    here, there = one.slots(), other.slots()
    for (kind, year), mine in here.items():
        others = [(SELF, year), (TARGET, year), (SELF, year - 1) if kind == TARGET else (TARGET, year + 1)]
        for slot in others:
            yield from product(mine[:MOST_DOUBLES], there.get(slot, [])[:MOST_DOUBLES])
