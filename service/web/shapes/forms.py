"""Forms, their fields, findings and corrections over the wire. Amounts are decimal strings, as in the document JSON.

Pages of lists are dataclasses, which pydantic describes and msgspec writes: of 200 rows of our own nothing need be checked again.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

from models.form import Review
from service.document_shape import FieldJson, FindingJson, FormJson
from service.store.documents import State
from service.store.listed import DocumentRow, FormRow
from service.web.shapes.documents import FormId, Moment, Name, ReviewedJson, Sha256, Url, document_url, form_url, reviewed_json

NO_NUL = r"^[^\x00]*$"
"""No database keeps that character."""

Kind = Literal["self_evaluation", "performance_target", "unknown"]
Path = Annotated[str, Constraint(description="Of the field, as findings name it.", examples=["tables.funds[0].score"])]
Version = Annotated[int, Constraint(ge=1, description="Of the record; `If-Match` of a correction.")]
Next = Annotated[str, Constraint(description="`after` of the next page; empty where this is the last.")]


@dataclass(slots=True)
class DocumentRowJson:
    """A document as a list shows it."""

    id: Sha256
    name: Name
    state: State
    bytes: Annotated[int, Constraint(ge=0)]
    pages: Annotated[int, Constraint(ge=0, description="0 while unknown.")]
    year: int | None
    unit: str
    error_code: Annotated[str, Constraint(description="Why it failed; else empty.")]
    forms: Annotated[int, Constraint(ge=0)]
    to_review: Annotated[int, Constraint(ge=0, description="Forms that wait for a person, those that were sent back too.", examples=[0])]
    approved: Annotated[int, Constraint(ge=0, description="Forms that people have approved.", examples=[1])]
    added_at: Moment
    changed_at: Moment
    url: Url


@dataclass(slots=True)
class DocumentsJson:
    """A page of a list, the newest first."""

    documents: list[DocumentRowJson]
    next: Next


@dataclass(slots=True)
class FormRowJson:
    """A form as a list shows it."""

    id: FormId
    document: Sha256
    number: Annotated[int, Constraint(ge=1)]
    name: Name
    version: Version
    kind: str
    template: str
    review: Review
    year: int | None
    unit: str
    project: str
    state: State
    made_at: Moment
    doubtful: Annotated[int, Constraint(ge=0, description="Fields that a person must look at.")]
    findings: Annotated[int, Constraint(ge=0)]
    reviewed: ReviewedJson
    url: Url


@dataclass(slots=True)
class FormsJson:
    """A page of a list, the newest first."""

    forms: list[FormRowJson]
    next: Next


class StoredFormJson(BaseModel):
    """A form of the archive."""

    id: FormId
    document: Sha256
    number: Annotated[int, Constraint(ge=1)]
    version: Version
    year: int | None
    unit: str
    reviewed: ReviewedJson
    form: FormJson
    url: Url


class FieldOfJson(BaseModel):
    """A field with its place in the form."""

    path: Path
    field: FieldJson
    crop: Annotated[str, Constraint(description="Path of its picture.")]


class FieldsJson(BaseModel):
    """Every field of a form."""

    version: Version
    fields: list[FieldOfJson]


class FindingsJson(BaseModel):
    """Rules that do not hold."""

    version: Version
    findings: list[FindingJson]


class CorrectionJson(BaseModel):
    """What a person says stands on the paper."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"path": "tables.funds[0].executed", "text": "980,710", "reason": "印章遮住"}]},
    )

    path: Annotated[str, Constraint(min_length=1, max_length=200)]
    text: Annotated[str, Constraint(max_length=20_000, pattern=NO_NUL, description="As printed; empty where nothing is.")]
    reason: Annotated[str, Constraint(max_length=2000, pattern=NO_NUL)] = ""


class CorrectedJson(BaseModel):
    """The record that a correction made."""

    id: FormId
    version: Version
    url: Url


def document_row_json(row: DocumentRow) -> DocumentRowJson:
    """``row`` over the wire."""
    return DocumentRowJson(
        id=row.sha256,
        name=row.name,
        state=row.state,
        bytes=row.bytes,
        pages=row.pages,
        year=row.year,
        unit=row.unit,
        error_code=row.error_code,
        forms=row.forms,
        to_review=row.to_review,
        approved=row.approved,
        added_at=row.added_at,
        changed_at=row.changed_at,
        url=document_url(row.sha256),
    )


def form_row_json(row: FormRow) -> FormRowJson:
    """``row`` over the wire."""
    return FormRowJson(
        id=row.id,
        document=row.document,
        number=row.number,
        name=row.name,
        version=row.version,
        kind=row.kind,
        template=row.template,
        review=row.review,
        year=row.year,
        unit=row.unit,
        project=row.project,
        state=row.state,
        made_at=row.made_at,
        doubtful=row.doubtful,
        findings=row.findings,
        reviewed=reviewed_json(row.reviewed),
        url=form_url(row.document, row.number),
    )
