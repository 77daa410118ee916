"""What lists of documents and forms are asked for, and what they answer: nouns without a database."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from models.form import Review
from service.store.documents import State
from service.store.reviewed import Reviewed, ReviewedState

Shown = TypeVar("Shown")


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents; what is None is not asked.

    Attributes:
        state: how far it has come.
        year: that its path tells.
        unit: that its path tells, to the letter.
        owner: a user who uploaded it.
    """

    state: State | None = None
    year: int | None = None
    unit: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class FormFilter:
    """Which forms; what is None is not asked.

    Attributes:
        year: of path or form.
        unit: of path or form, to the letter.
        kind: ``self_evaluation``, ``performance_target`` or ``unknown``.
        review: whether a person is needed.
        template: such as ``shanghai/self_evaluation@1``.
        finding: id of a rule that does not hold.
        document: SHA-256 of the original, hex.
        state: of the document.
        text: words that stand in the form, see `service.store.search`; empty where not asked.
        owner: a user who uploaded the document.
        reviewed: how far people have come with it; one that somebody works on is where it was when he took it.
    """

    year: int | None = None
    unit: str | None = None
    kind: str | None = None
    review: Review | None = None
    template: str | None = None
    finding: str | None = None
    document: str | None = None
    state: State | None = None
    text: str = ""
    owner: str | None = None
    reviewed: ReviewedState | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as a list shows it.

    Attributes:
        sha256: of the original, hex.
        name: of the file: the owner's where a list of one owner was asked for, else as first found.
        bytes: of the original.
        pages: how many it has; 0 while unknown.
        state: how far it has come.
        year: that its path tells; None where it does not.
        unit: that its path tells; empty where it does not.
        error_code: why it failed; empty where it did not.
        added_at: when it came, from the owner where one was asked for; ISO 8601.
        changed_at: when its state changed last; ISO 8601.
        forms: how many were read.
        to_review: how many of these wait for a person, or for another one.
        approved: how many of these people have approved.
    """

    sha256: str
    name: str
    bytes: int
    pages: int
    state: State
    year: int | None
    unit: str
    error_code: str
    added_at: str
    changed_at: str
    forms: int
    to_review: int
    approved: int


@dataclass(frozen=True, slots=True)
class FormRow:
    """A form as a list shows it.

    Attributes:
        document: SHA-256 of the original, hex.
        number: place of the form in its document, from 1.
        name: of the file: the owner's where a list of one owner was asked for, else as first found.
        version: of the record.
        kind: of the form.
        template: that it fits; empty where none.
        review: whether a person is needed.
        year: of path or form; None where neither tells.
        unit: of path or form; empty where neither tells.
        project: its name, cut at 200 characters.
        state: of the document.
        made_at: when this version was made, ISO 8601.
        doubtful: how many fields are.
        findings: how many there are.
        reviewed: what people have said of it.
    """

    document: str
    number: int
    name: str
    version: int
    kind: str
    template: str
    review: Review
    year: int | None
    unit: str
    project: str
    state: State
    made_at: str
    doubtful: int
    findings: int
    reviewed: Reviewed

    @property
    def id(self) -> str:
        """``{sha256}.{number}``."""
        return f"{self.document}.{self.number}"


@dataclass(frozen=True, slots=True)
class Listed(Generic[Shown]):
    """A page of a list.

    Attributes:
        items: the newest first.
        next: where the next page begins; empty where this is the last.
    """

    items: tuple[Shown, ...]
    next: str
