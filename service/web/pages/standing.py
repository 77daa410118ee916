"""How far a document has come, in the words of the people who wait for it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from service.store.documents import State
from service.store.listed import DocumentRow
from service.store.opening import Store
from service.store.progress import Progress, progress
from service.store.reviewed import UNTOUCHED, Reviewed, ReviewedState


class Stage(StrEnum):
    """排队 · 识别中 · 失败, then what people have to do with it; `watch.js` says the same of a document's JSON."""

    WAITING = "waiting"
    READING = "reading"
    FAILED = "failed"
    RETURNED = "returned"
    REVIEW = "review"
    TAKEN = "taken"
    APPROVED = "approved"
    DONE = "done"

    @property
    def word(self) -> str:
        """Its key in the catalogue."""
        return _REVIEWED.get(self, f"state.{self}")


_REVIEWED: Final[Mapping[Stage, str]] = MappingProxyType(
    {
        Stage.RETURNED: "review_state.returned",
        Stage.REVIEW: "review_state.waiting",
        Stage.TAKEN: "review_state.taken",
        Stage.APPROVED: "review_state.approved",
        Stage.DONE: "review_state.none",
    }
)
"""Stages of what was read, those that keep a document longest first."""

_STAGES: Final = {
    ReviewedState.NONE: Stage.DONE,
    ReviewedState.WAITING: Stage.REVIEW,
    ReviewedState.RETURNED: Stage.RETURNED,
    ReviewedState.APPROVED: Stage.APPROVED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as its user knows it: under which ``name``, and how far it has come."""

    name: str
    progress: Progress

    @property
    def stage(self) -> Stage:
        """Once it was read, that of `reviewed`."""
        return stage_of(self.reviewed) if self.progress.state is State.DONE else Stage(self.progress.state)

    @property
    def reviewed(self) -> Reviewed:
        """What people have said of the form with which they have come least far; where all are approved, the last approval."""
        order = tuple(_REVIEWED)
        forms = sorted((form.reviewed for form in self.progress.forms), key=lambda each: each.at, reverse=True)
        return min(forms, key=lambda each: order.index(stage_of(each)), default=UNTOUCHED)


def stage_of(reviewed: Reviewed) -> Stage:
    """Of a form that was read. Whoever opens an approved one again takes nothing from its approval."""
    stage = _STAGES[reviewed.state]
    return Stage.TAKEN if reviewed.taken_by and stage in (Stage.REVIEW, Stage.RETURNED) else stage


def standings(store: Store, rows: Iterable[DocumentRow]) -> tuple[Standing, ...]:
    """The rows of a list with their forms; what has gone meanwhile is left out.

    Raises:
        StoreError: the database cannot be read.
    """
    listed = tuple(rows)
    found = progress(store, [row.sha256 for row in listed])
    return tuple(Standing(row.name, _as_listed(found[row.sha256], row)) for row in listed if row.sha256 in found)


def _as_listed(now: Progress, row: DocumentRow) -> Progress:
    """What the list tells of a document to whoever asked for it, and how far it has come since."""
    return replace(now, year=row.year, unit=row.unit, added_at=row.added_at, changed_at=max(row.changed_at, now.changed_at))
