"""The word lists in ``words.yaml``, typed. What each holds is said there."""

from dataclasses import dataclass
from pathlib import Path

import msgspec


@dataclass(frozen=True, slots=True)
class Domain:
    """A field of public work."""

    bureau: str
    units: tuple[str, ...]
    projects: tuple[str, ...]
    things: tuple[str, ...]
    acts: tuple[str, ...]
    counts: tuple[tuple[str, str], ...]
    effects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """All lists of the file."""

    places: tuple[str, ...]
    domains: tuple[Domain, ...]
    purposes: tuple[str, ...]
    results: tuple[str, ...]
    backgrounds: tuple[str, ...]
    safeguards: tuple[str, ...]
    plans: tuple[str, ...]
    deviations: tuple[str, ...]
    bodies: tuple[str, ...]
    subjects: tuple[str, ...]
    doc_kinds: tuple[str, ...]
    qualities: tuple[str, ...]
    times: tuple[str, ...]
    costs: tuple[str, ...]
    economies: tuple[str, ...]
    ecologies: tuple[str, ...]
    lasting: tuple[str, ...]
    satisfactions: tuple[str, ...]
    inputs: tuple[str, ...]
    finances: tuple[str, ...]
    deliveries: tuple[str, ...]
    supports: tuple[str, ...]
    worded: tuple[tuple[str, str], ...]


WORDS = msgspec.yaml.decode(Path(__file__).with_name("words.yaml").read_bytes(), type=Words)
