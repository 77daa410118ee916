"""Forms: lists and full-text search, one form, its fields, its findings."""

from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Response

from models.form import Field, Review
from service.document_json import field_json, finding_json, form_json
from service.store.documents import State
from service.store.form_rows import fields_of
from service.store.listed import FormFilter
from service.store.listing import list_forms
from service.store.reviewed import ReviewedState
from service.store.stored import StoredForm
from service.web.problems import problems
from service.web.running import Run
from service.web.seen import seen_field, seen_form
from service.web.shapes.documents import SHA256, form_url, reviewed_json
from service.web.shapes.forms import FieldOfJson, FieldsJson, FindingsJson, FormsJson, Kind, StoredFormJson, form_row_json
from service.web.shapes.lists import After, Limit, Text, Unit, Word, Year
from service.web.who import Someone

router = APIRouter(prefix="/forms", tags=["forms"])

FormKey = Annotated[
    str,
    Path(pattern=r"^[0-9a-f]{64}\.[1-9][0-9]{0,3}$", description="Document, point, number from 1.", examples=[f"{SHA256}.1"]),
]
FieldPath = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        pattern=r"^[a-z][a-z0-9_]*([.][a-z][a-z0-9_]*|\[[0-9]{1,5}\])*$",
        description="As findings name it.",
        examples=["tables.funds[0].score"],
    ),
]
ETAG: Final[dict[int | str, dict[str, Any]]] = {
    200: {"headers": {"ETag": {"description": "The version, for `If-Match`.", "schema": {"type": "string"}}}}
}


async def form_filter(  # noqa: PLR0913  one a filter
    *,
    year: Year = None,
    unit: Unit = None,
    kind: Annotated[Kind | None, Query()] = None,
    review: Annotated[Review | None, Query(description="Whether a person is needed.")] = None,
    template: Word = None,
    finding: Annotated[str | None, Query(max_length=100, pattern="^[a-z_]*$", description="Rule that does not hold.")] = None,
    document: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$")] = None,
    state: Annotated[State | None, Query(description="Of the document.")] = None,
    reviewed: Annotated[ReviewedState | None, Query(description="How far people have come with it.", examples=["approved"])] = None,
    q: Text = "",
) -> FormFilter:
    """A dependency: what a list or an export is asked for, owner not yet said. It is async so that it takes no thread."""
    return FormFilter(year, unit, kind, review, template, finding, document, state, q, reviewed=reviewed)


Wanted = Annotated[FormFilter, Depends(form_filter)]


@router.get("", response_model=FormsJson, responses=problems(401, 422), summary="List and search forms")
async def listed(running: Run, identity: Someone, wanted: Wanted, after: After = "", limit: Limit = 50) -> Response:
    """The newest first; `next` of a page is `after` of the next. `q` finds what stands in any text of a form."""
    ask = running.searches.run if wanted.text else running.look
    found = await ask(list_forms, running.store, replace(wanted, owner=identity.sees), after, limit)
    page = FormsJson([form_row_json(row) for row in found.items], found.next)
    return Response(msgspec.json.encode(page), media_type="application/json")


@router.get("/{id}", response_model=StoredFormJson, responses=ETAG | problems(401, 404, 422), summary="A form")
def one(running: Run, identity: Someone, id: FormKey) -> Response:  # noqa: A002  the name that callers see
    """The form as in the document JSON, as corrected up to now, and what people have said of it."""
    found = seen_form(running, identity, id)
    made = StoredFormJson(
        id=id,
        document=found.document,
        number=found.number,
        version=found.version,
        year=found.year,
        unit=found.unit,
        reviewed=reviewed_json(found.reviewed),
        form=form_json(found.form),
        url=form_url(found.document, found.number),
    )
    return Response(made.model_dump_json(), media_type="application/json", headers={"ETag": etag(found.version)})


@router.get("/{id}/fields", responses=problems(401, 404, 422), summary="The fields of a form")
def fields(running: Run, identity: Someone, id: FormKey) -> FieldsJson:  # noqa: A002  the name that callers see
    """Every field by its path, cells of tables and lines beside them too."""
    found = seen_form(running, identity, id)
    return FieldsJson(version=found.version, fields=[_placed(found, path, field) for path, field in fields_of(found.form).items()])


@router.get("/{id}/fields/{path}", responses=problems(401, 404, 422), summary="A field")
def field(running: Run, identity: Someone, id: FormKey, path: FieldPath) -> FieldOfJson:  # noqa: A002  the name that callers see
    """One field with its place and its proof."""
    found, standing = seen_field(running, identity, id, path)
    return _placed(found, path, standing)


@router.get("/{id}/findings", responses=problems(401, 404, 422), summary="What contradicts itself on a form")
def findings(running: Run, identity: Someone, id: FormKey) -> FindingsJson:  # noqa: A002  the name that callers see
    """Rules that do not hold, with the cells and the numbers."""
    found = seen_form(running, identity, id)
    return FindingsJson(version=found.version, findings=[finding_json(each) for each in found.form.findings])


def etag(version: int) -> str:
    """What stands for a version in ``ETag`` and ``If-Match``."""
    return f'"{version}"'


def _placed(stored: StoredForm, path: str, standing: Field) -> FieldOfJson:
    crop = f"{form_url(stored.document, stored.number)}/fields/{quote(path, safe='')}/crop.png"
    return FieldOfJson(path=path, field=field_json(standing), crop=crop)
