"""The document JSON (schema ``formtally/document/1``): `Document` to text and back, validated both ways."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from models.form import Alternative, Document, Field, FieldRow, Finding, Form, Problem, Source, Value
from models.geometry import Box
from models.limits import Limits
from models.matched import UNKNOWN, Slot, UnknownCell
from service.document_shape import (
    AlternativeJson,
    CellJson,
    DocumentJson,
    FieldJson,
    FindingJson,
    FormJson,
    LimitsJson,
    ProblemJson,
    ReaderJson,
    RowJson,
    SourceJson,
)

_BOX_DIGITS = 5
"""Of a fraction of the page: 1e-5 of an A3 page at 600 dpi (9921 px) is a tenth of a pixel."""

CONFIDENCE_DIGITS = 4
"""No calibration on thousands of fields tells finer steps apart."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from.

    Attributes:
        version: of the reader.
        limits: what the input was allowed to cost.
        path: of the input, relative to the output folder; valid Unicode.
    """

    version: str
    limits: Limits
    path: str


def to_json(document: Document, origin: Origin) -> bytes:
    """``document`` as UTF-8 JSON, saying where it comes from.

    Raises:
        pydantic.ValidationError: a value lies outside of what the schema allows (a box beyond its page, a page 0).
    """
    record = DocumentJson(
        reader=ReaderJson(version=origin.version, limits=LimitsJson.model_validate(origin.limits, from_attributes=True)),
        source=SourceJson(
            name=document.source.name,
            path=origin.path,
            sha256=document.source.sha256,
            pages=document.source.pages,
            text_pages=document.source.text_pages,
        ),
        forms=tuple(form_json(form) for form in document.forms),
        problems=tuple(ProblemJson(page=problem.page, code=problem.code, message=problem.message) for problem in document.problems),
    )
    return record.model_dump_json(indent=1, by_alias=True).encode() + b"\n"


def parse_json(data: bytes) -> DocumentJson:
    """The record behind what `to_json` wrote.

    Raises:
        pydantic.ValidationError: ``data`` is no document JSON.
    """
    return DocumentJson.model_validate_json(data)


def to_document(record: DocumentJson) -> Document:
    """The values behind ``record``. The slots of unknown cells carry place and text, not the readings they came from."""
    return Document(
        Source(record.source.name, record.source.sha256, record.source.pages, record.source.text_pages),
        tuple(to_form(form) for form in record.forms),
        tuple(Problem(problem.page, problem.code, problem.message) for problem in record.problems),
    )


def form_to_json(form: Form) -> str:
    """One form as text, as it stands in a document JSON.

    Raises:
        pydantic.ValidationError: a value lies outside of what the schema allows.
    """
    return form_json(form).model_dump_json(by_alias=True)


def parse_form(text: str) -> Form:
    """The value behind what `form_to_json` wrote.

    Raises:
        pydantic.ValidationError: ``text`` is no form.
    """
    return to_form(FormJson.model_validate_json(text))


def written_value(value: Value) -> str | None:
    """A typed value as a document JSON says it: decimals without exponent, dates as ISO 8601; None where there is none."""
    return _written(value)[1]


def form_json(form: Form) -> FormJson:
    """``form`` as it stands in a document JSON.

    Raises:
        pydantic.ValidationError: a value lies outside of what the schema allows.
    """
    tables: dict[str, tuple[RowJson, ...]] = {
        name: tuple({column: field_json(field) for column, field in row.items()} for row in rows) for name, rows in form.tables.items()
    }
    if form.kind == UNKNOWN:
        tables["cells"] = tuple(_cell_json(cell, field) for cell, field in zip(form.cells, form.cell_fields, strict=True))
    return FormJson(
        kind=form.kind,
        template=form.template,
        pages=form.pages,
        fields={name: field_json(field) for name, field in form.fields.items()},
        tables=tables,
        findings=tuple(finding_json(finding) for finding in form.findings),
        review=form.review,
        unplaced=tuple(field_json(field) for field in form.unplaced),
    )


def to_form(record: FormJson) -> Form:
    """The form behind ``record``; slots of unknown cells carry place and text, not the readings they came from."""
    cells = [row for row in record.tables.get("cells", ()) if isinstance(row, CellJson)] if record.kind == UNKNOWN else []
    contents = tuple(_field(cell.content) for cell in cells)
    return Form(
        kind=record.kind,
        template=record.template,
        pages=record.pages,
        fields={name: _field(field) for name, field in record.fields.items()},
        tables={} if record.kind == UNKNOWN else {name: tuple(map(_row, rows)) for name, rows in record.tables.items()},
        findings=tuple(Finding(f.rule, f.severity, f.verdict, f.message, f.cells, f.expected, f.printed) for f in record.findings),
        review=record.review,
        unplaced=tuple(_field(field) for field in record.unplaced),
        cells=tuple(_unknown_cell(cell, content) for cell, content in zip(cells, contents, strict=True)),
        cell_fields=contents,
    )


def _cell_json(cell: UnknownCell, field: Field) -> CellJson:
    return CellJson(row=cell.row, column=cell.column, row_span=cell.row_span, column_span=cell.column_span, content=field_json(field))


def finding_json(finding: Finding) -> FindingJson:
    """``finding`` as it stands in a document JSON."""
    return FindingJson.model_validate(finding, from_attributes=True)


def field_json(field: Field) -> FieldJson:
    """``field`` as it stands in a document JSON.

    Raises:
        pydantic.ValidationError: a value lies outside of what the schema allows.
    """
    value_type, value = _written(field.value)
    return FieldJson(
        text=field.text,
        value=value,
        value_type=value_type,
        page=field.page,
        box=_fractions(field.box),
        confidence=round(field.confidence, CONFIDENCE_DIGITS),
        status=field.status,
        alternatives=tuple(
            AlternativeJson(text=other.text, confidence=round(other.confidence, CONFIDENCE_DIGITS)) for other in field.alternatives
        ),
        read_as=field.read_as,
        seal=field.sealed,
        looks=field.looks,
        protected=field.protected,
    )


def _fractions(box: Box) -> tuple[float, float, float, float]:
    left, top, right, bottom = (round(edge, _BOX_DIGITS) for edge in (box.left, box.top, box.right, box.bottom))
    return left, top, right, bottom


def _written(value: Value) -> tuple[Literal["decimal", "date", ""], str | None]:
    match value:
        case Decimal():
            return "decimal", format(value, "f")
        case date():
            return "date", value.isoformat()
        case _:
            return "", value


def _row(row: RowJson) -> FieldRow:
    if isinstance(row, CellJson):
        raise TypeError("a cell of an unknown table among the rows of a form")
    return {name: _field(field) for name, field in row.items()}


def _unknown_cell(cell: CellJson, content: Field) -> UnknownCell:
    return UnknownCell(cell.row, cell.column, cell.row_span, cell.column_span, Slot(content.page, content.box, (), content.sealed))


def _field(record: FieldJson) -> Field:
    return Field(
        text=record.text,
        value=_value(record),
        page=record.page,
        box=Box(*record.box),
        confidence=record.confidence,
        status=record.status,
        alternatives=tuple(Alternative(other.text, other.confidence) for other in record.alternatives),
        read_as=record.read_as,
        sealed=record.seal,
        looks=record.looks,
        protected=record.protected,
    )


def _value(record: FieldJson) -> Value:
    if record.value is None:
        return None
    match record.value_type:
        case "decimal":
            return Decimal(record.value)
        case "date":
            return date.fromisoformat(record.value)
        case _:
            return record.value
