"""Documents and uploads over the wire."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

from models.form import Review
from service.store.documents import State
from service.store.progress import FormHead, Progress
from service.store.reviewed import Reviewed, ReviewedState
from service.web.headers import API
from service.web.names import renamed
from service.web.problems import ProblemDetailsJson

SHA256 = "0c8b0f4a1e5d6c7b8a99" + "0" * 44
"""Of the examples."""

Sha256 = Annotated[str, Constraint(pattern="^[0-9a-f]{64}$", description="SHA-256 of the original, hex.")]
FormId = Annotated[str, Constraint(pattern=r"^[0-9a-f]{64}\.[1-9][0-9]{0,3}$", description="Document, point, number from 1.")]
Moment = Annotated[str, Constraint(description="UTC, ISO 8601.", examples=["2020-03-01T08:15:00.000000Z"])]
Name = Annotated[str, Constraint(description="Of the file; text, never a path.", examples=["绩效自评表.pdf"])]
Url = Annotated[str, Constraint(description="Path on this host.")]


@dataclass(slots=True)
class ReviewedJson:
    """What people have said of a form; `review` is what the machine says."""

    state: Annotated[ReviewedState, Constraint(description="How far they have come; none: it concerns nobody.", examples=["approved"])]
    by: Annotated[str, Constraint(description="Who approved it or sent it back; empty where neither holds.", examples=["李四"])]
    at: Annotated[str, Constraint(description="When, UTC, ISO 8601; empty where neither holds.", examples=["2020-03-02T09:30:00.000000Z"])]
    taken_by: Annotated[str, Constraint(description="Who works on it; empty where nobody does.", examples=[""])]


class FormHeadJson(BaseModel):
    """A form of a document."""

    id: FormId
    kind: Annotated[str, Constraint(examples=["self_evaluation"])]
    version: Annotated[int, Constraint(ge=1, description="Of its record.")]
    review: Review
    reviewed: ReviewedJson
    url: Url


class FailureJson(BaseModel):
    """Why a document could not be read."""

    code: Annotated[str, Constraint(description="See docs/errors.md.", examples=["input_encrypted"])]
    message: str


class DocumentStateJson(BaseModel):
    """How far a document has come."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": SHA256,
                    "name": "绩效自评表.pdf",
                    "state": "done",
                    "bytes": 481234,
                    "pages": 2,
                    "pages_read": 2,
                    "year": 2020,
                    "unit": "",
                    "error": None,
                    "forms": [
                        {
                            "id": f"{SHA256}.1",
                            "kind": "self_evaluation",
                            "version": 1,
                            "review": "needs_review",
                            "reviewed": {"state": "approved", "by": "李四", "at": "2020-03-02T09:30:00.000000Z", "taken_by": ""},
                            "url": f"{API}/forms/{SHA256}.1",
                        }
                    ],
                    "added_at": "2020-03-01T08:15:00.000000Z",
                    "changed_at": "2020-03-01T08:15:09.000000Z",
                    "url": f"{API}/documents/{SHA256}",
                }
            ]
        }
    )

    id: Sha256
    name: Name
    state: State
    bytes: Annotated[int, Constraint(ge=0)]
    pages: Annotated[int, Constraint(ge=0, description="0 while unknown.")]
    pages_read: Annotated[int, Constraint(ge=0)]
    year: Annotated[int | None, Constraint(description="That the place of the scan in an archive tells; an upload has none.")]
    unit: Annotated[str, Constraint(description="That the place of the scan in an archive tells; an upload has none.")]
    error: FailureJson | None
    forms: Annotated[list[FormHeadJson], Constraint(description="Once it is done.")]
    added_at: Moment
    changed_at: Moment
    url: Url


class AcceptedJson(BaseModel):
    """A file that waits to be read, or was read before."""

    id: Sha256
    name: Name
    state: State
    known: Annotated[bool, Constraint(description="The same bytes were there before, as far as this user may see; they are read once.")]
    url: Url


class RefusedFileJson(BaseModel):
    """A file that was not taken."""

    name: Name
    problem: ProblemDetailsJson


class UploadedJson(BaseModel):
    """What came of each file of an upload."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "documents": [
                        {
                            "id": SHA256,
                            "name": "绩效自评表.pdf",
                            "state": "waiting",
                            "known": False,
                            "url": f"{API}/documents/{SHA256}",
                        }
                    ],
                    "refused": [],
                }
            ]
        }
    )

    documents: list[AcceptedJson]
    refused: list[RefusedFileJson]


class RefusedJson(ProblemDetailsJson):
    """No file of an upload was taken."""

    refused: Annotated[list[RefusedFileJson], Constraint(description="Absent where the body was no upload.", default_factory=list)]


def document_url(sha256: str) -> str:
    """Where a document is."""
    return f"{API}/documents/{sha256}"


def form_id(sha256: str, number: int) -> str:
    """How a form is called."""
    return f"{sha256}.{number}"


def form_url(sha256: str, number: int) -> str:
    """Where a form is."""
    return f"{API}/forms/{form_id(sha256, number)}"


def reviewed_json(reviewed: Reviewed) -> ReviewedJson:
    """``reviewed`` over the wire."""
    return ReviewedJson(reviewed.state, reviewed.by, reviewed.at, reviewed.taken_by)


def state_json(progress: Progress, name: str) -> DocumentStateJson:
    """``progress`` over the wire, under the ``name`` by which whoever asks knows the document."""
    return DocumentStateJson(
        id=progress.sha256,
        name=name,
        state=progress.state,
        bytes=progress.bytes,
        pages=progress.pages,
        pages_read=progress.pages_read,
        year=progress.year,
        unit=progress.unit,
        error=_failure(progress, name) if progress.error.code else None,
        forms=[_head(progress.sha256, head) for head in progress.forms],
        added_at=progress.added_at,
        changed_at=progress.changed_at,
        url=document_url(progress.sha256),
    )


def _failure(progress: Progress, name: str) -> FailureJson:
    return FailureJson(code=progress.error.code, message=renamed(progress.error.message, progress.name, name))


def _head(sha256: str, head: FormHead) -> FormHeadJson:
    return FormHeadJson(
        id=form_id(sha256, head.number),
        kind=head.kind,
        version=head.version,
        review=head.review,
        reviewed=reviewed_json(head.reviewed),
        url=form_url(sha256, head.number),
    )
