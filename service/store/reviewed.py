"""How far people have come with a form: what they have said of it, beside what the machine says (`review` of the record)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ReviewedState(StrEnum):
    """How far people have come with any form; but for the first, the states of its entry in the queue (`service.store.reviews`)."""

    NONE = "none"
    """It concerns nobody: it is clear, was not drawn to be checked, and nobody has touched it."""
    WAITING = "waiting"
    RETURNED = "returned"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What people have said of a form.

    Attributes:
        state: how far they have come.
        by: who approved it or sent it back; empty where neither holds.
        at: when, ISO 8601; empty likewise.
        taken_by: who works on it at this moment; empty where nobody does.
    """

    state: ReviewedState = ReviewedState.NONE
    by: str = ""
    at: str = ""
    taken_by: str = ""


UNTOUCHED: Final = Reviewed()
"""Of a form that concerns nobody."""
