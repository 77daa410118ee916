"""JSON Lines: a form a line, as in the document JSON, with where it comes from. Nothing is left out: it can be read back."""

from collections.abc import Iterable
from typing import Annotated, BinaryIO, Literal

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

from service.document_json import form_json, to_form
from service.document_shape import FormJson
from service.export.columns import count_fields
from service.export.exported import Exported
from service.store.reviewed import Reviewed, ReviewedState
from service.store.stored import StoredForm

SCHEMA: Literal["formtally/form/1"] = "formtally/form/1"


class ReviewedJson(BaseModel):
    """What people have said of a form; keys as in `Reviewed`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: ReviewedState = ReviewedState.NONE
    by: str = ""
    at: str = ""


class StoredFormJson(BaseModel):
    """One line; ``form`` is a form of the document JSON, the other keys are those of `StoredForm`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_name: Annotated[Literal["formtally/form/1"], Constraint(alias="schema")] = SCHEMA
    document: Annotated[str, Constraint(pattern=r"^[0-9a-f]{64}$")]
    number: Annotated[int, Constraint(ge=1)]
    version: Annotated[int, Constraint(ge=1)]
    path: str
    year: int | None
    unit: str
    reviewed: ReviewedJson = ReviewedJson()
    form: FormJson


def write_json(forms: Iterable[StoredForm], file: BinaryIO) -> Exported:
    """Write a line for each of ``forms``; one form at a time is in memory."""
    counted = Exported()
    for stored in forms:
        file.write(to_line(stored) + b"\n")
        counted = counted.with_form(count_fields(stored))
    return counted


def to_line(stored: StoredForm) -> bytes:
    """``stored`` as one line of UTF-8 JSON, without its line end.

    Raises:
        pydantic.ValidationError: a value lies outside of what the schema allows.
    """
    record = StoredFormJson(
        document=stored.document,
        number=stored.number,
        version=stored.version,
        path=stored.path,
        year=stored.year,
        unit=stored.unit,
        reviewed=ReviewedJson(state=stored.reviewed.state, by=stored.reviewed.by, at=stored.reviewed.at),
        form=form_json(stored.form),
    )
    return record.model_dump_json(by_alias=True).encode()


def parse_line(line: bytes) -> StoredForm:
    """The value behind what `to_line` wrote; slots of unknown cells carry place and text, not the readings they came from.

    Raises:
        pydantic.ValidationError: ``line`` is no such record.
    """
    record = StoredFormJson.model_validate_json(line)
    people = Reviewed(record.reviewed.state, record.reviewed.by, record.reviewed.at)
    return StoredForm(record.document, record.number, record.version, record.path, record.year, record.unit, to_form(record.form), people)
