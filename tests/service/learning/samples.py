"""A store whose forms were read with planted errors and approved: what the figures must say of it is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import update

from models.form import Document, Field, Form, Review, Source, Status
from models.geometry import Box
from service.review.changes import Approve, Change, entry_of
from service.store.correcting import Step, record_steps
from service.store.opening import Store
from service.store.reviews import Checks, ReviewState, Standing
from service.store.saving import save_document
from service.store.schema import LESSONS, REVIEWS
from tests.service.store.samples import add

TEMPLATE = "shanghai/self_evaluation@1"


def read(text: str, row: int = 0, status: Status = Status.READ, confidence: float = 0.9999) -> Field:
    """A text as the machine read it, in a place of its own for each ``row``."""
    return Field(text, text or None, 1, Box(0.1, 0.1 + row / 100, 0.3, 0.105 + row / 100), confidence, status)


def number(text: str, row: int = 0, status: Status = Status.READ, confidence: float = 0.9999) -> Field:
    """A number as the machine read it."""
    return replace(read(text, row, status, confidence), value=Decimal(text.replace(",", "")))


def form(fields: Mapping[str, Field], rows: Sequence[Mapping[str, Field]] = (), review: Review = Review.NEEDS_REVIEW) -> Form:
    """A self-evaluation with ``rows`` of indicators."""
    return Form("self_evaluation", TEMPLATE, (1,), fields, {"indicators": tuple(rows)}, (), review)


def add_form(store: Store, name: str, machine: Form, share: float = 0.0) -> str:
    """Save what the machine read of a document called ``name``; its SHA-256."""
    sha256 = add(store, name.encode(), f"甲/2020/{name}.pdf")
    save_document(store, sha256, "6+a", Document(Source(f"{name}.pdf", sha256, 1), (machine,)), Checks(share))
    return sha256


@dataclass
class Desk:
    """A reviewer with one form: the record that each step makes is given, not decided."""

    store: Store
    document: str
    version: int = 1

    def does(self, record: Form, *changes: Change) -> None:
        """Make ``changes``, which come to ``record``."""
        state = ReviewState.APPROVED if any(isinstance(change, Approve) for change in changes) else ReviewState.WAITING
        entries = tuple(entry_of(change) for change in changes)
        step = Step(1, self.version, entries, record, "6+a", Standing(state, editor="甲"))
        record_steps(self.store, self.document, "甲", (step,))
        self.version += 1


def approve(store: Store, name: str, machine: Form, approved: Form, *changes: Change, share: float = 0.0) -> str:
    """Let the machine read ``machine``, and a person make ``changes`` and approve what they come to; the document's SHA-256."""
    sha256 = add_form(store, name, machine, share)
    Desk(store, sha256).does(approved, *changes, Approve())
    return sha256


def dated(store: Store, document: str, at: str, seconds: float | None = None) -> None:
    """Say that a lesson was given at another moment."""
    with store.database.writing() as connection:
        connection.execute(update(LESSONS).where(LESSONS.c.document == document).values(at=at, seconds=seconds))


def taken(store: Store, document: str, at: str) -> None:
    """Say that a form was taken at another moment."""
    with store.database.writing() as connection:
        connection.execute(update(REVIEWS).where(REVIEWS.c.document == document).values(taken_at=at))
