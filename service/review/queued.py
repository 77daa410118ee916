"""What the queue is asked for, and what it shows: nouns without a database."""

from dataclasses import dataclass
from enum import StrEnum

from service.store.reviews import ReviewState


class Order(StrEnum):
    """Which form comes first."""

    MOST_DOUBTFUL = "most_doubtful"
    """With the most fields and findings that wait; of as many, the oldest."""
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which forms; what is None is not asked.

    Attributes:
        state: how far people have come.
        year: of path or form.
        unit: of path or form, to the letter.
        kind: ``self_evaluation``, ``performance_target`` or ``unknown``.
        finding: id of a rule with an open finding.
        order: which comes first.
        taken: whether somebody works on it.
        text: words that stand in the form, see `service.store.search`; empty where not asked.
    """

    state: ReviewState = ReviewState.WAITING
    year: int | None = None
    unit: str | None = None
    kind: str | None = None
    finding: str | None = None
    order: Order = Order.MOST_DOUBTFUL
    taken: bool | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form as the queue shows it.

    Attributes:
        document: SHA-256 of the original, hex.
        number: of the form, from 1.
        version: of its record.
        state: how far people have come.
        open: how many fields and findings wait.
        since: when it came into this state, ISO 8601.
        year: of path or form; None where neither tells.
        unit: of path or form; empty where neither tells.
        kind: of the form.
        project: its name, cut at 200 characters.
        editor: who changed it last; empty where nobody did.
        keyer: who has keyed all that still waits, so that it waits for another; empty where nobody has.
        taken_by: who works on it; empty where nobody does.
        taken_until: when that ends by itself, ISO 8601; empty where nobody does.
    """

    document: str
    number: int
    version: int
    state: ReviewState
    open: int
    since: str
    year: int | None
    unit: str
    kind: str
    project: str
    editor: str
    keyer: str
    taken_by: str
    taken_until: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the queue.

    Attributes:
        items: in the order that was asked for.
        next: where the next page begins; empty where this is the last.
    """

    items: tuple[Waiting, ...]
    next: str


@dataclass(frozen=True, slots=True)
class Tally:
    """How much there is in one state: forms, the fields and findings that wait in them, and how many forms somebody works on."""

    forms: int
    open: int
    taken: int
