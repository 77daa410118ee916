"""Faults of a template file, each with the place where a person finds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""Keys and 0-based indexes from the top of the file down to one value."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        place: of the value.
        message: what is wrong with it.
    """

    place: Place
    message: str


def written(place: Place) -> str:
    """``place`` as a path: ``$.tables[0].columns[3]``."""
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)


def line_of(place: Place, lines: Mapping[Place, int]) -> int:
    """The 1-based line of ``place``; of what holds it where the place itself is missing from the file."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def listed(name: str, faults: "list[Fault]", lines: Mapping[Place, int]) -> tuple[str, ...]:
    """All ``faults`` of the file ``name`` from its top to its bottom, as ``file:line: message @ path``."""
    found = sorted({(line_of(fault.place, lines), written(fault.place), fault.message) for fault in faults})
    return tuple(f"{name}:{line}: {message} @ {path}" for line, path, message in found)
