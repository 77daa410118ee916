"""How far a document has come, in the words of the people who wait for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from models.form import Review
from service.store.documents import State
from service.store.listed import DocumentRow
from service.store.opening import Store
from service.store.progress import Progress, progress


class Stage(StrEnum):
    """排队 · 识别中 · 待复核 · 已完成 · 失败; `watch.js` says the same of a document's JSON."""

    WAITING = "waiting"
    READING = "reading"
    REVIEW = "review"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as its user knows it: under which ``name``, and how far it has come."""

    name: str
    progress: Progress

    @property
    def stage(self) -> Stage:
        """`Stage.REVIEW` where it was read and a person must look at one of its forms."""
        return stage_of(self.progress)


def stage_of(found: Progress) -> Stage:
    """See `Standing.stage`."""
    if found.state is State.DONE:
        return Stage.REVIEW if any(form.review is Review.NEEDS_REVIEW for form in found.forms) else Stage.DONE
    return Stage(found.state)


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
