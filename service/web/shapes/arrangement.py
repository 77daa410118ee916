"""How the pages of a document make its forms, over the wire."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint

from models.geometry import Box
from service.review.arranged import ArrangedDocument, ArrangedForm, SeenPage
from service.web.shapes.changes import Reason
from service.web.shapes.documents import SHA256, FormId, form_id
from service.web.shapes.forms import NO_NUL
from service.web.shapes.review import Number

PageNumber = Annotated[int, Constraint(strict=True, ge=1, le=100_000, description="From 1.")]
Block = Annotated[
    tuple[PageNumber, Annotated[int, Constraint(strict=True, ge=0, le=100_000)]],
    Constraint(description="Page, from 1, and place on it, from 0."),
]
TemplateName = Annotated[
    str, Constraint(max_length=200, pattern=NO_NUL, description="Empty for kind unknown.", examples=["shanghai/self_evaluation@1"])
]
Versions = Annotated[
    dict[Annotated[str, Constraint(pattern="^[1-9][0-9]{0,3}$")], Annotated[int, Constraint(strict=True, ge=1, le=2**31 - 1)]],
    Constraint(min_length=1, max_length=2, description="Number of each form that the action names, and the version of it that was seen."),
]


class BlockJson(BaseModel):
    """A table of a page, or all of a page of loose text."""

    place: Annotated[int, Constraint(ge=0, description="On the page.")]
    box: Annotated[
        tuple[float, float, float, float] | None,
        Constraint(description="Left, top, right, bottom as fractions of the page as stored; null for loose text."),
    ]
    kind: Annotated[str, Constraint(description="Of the form that the machine found it to belong to.")]


class PageJson(BaseModel):
    """A page."""

    page: PageNumber
    blocks: list[BlockJson]
    excluded: Annotated[bool, Constraint(description="No form has any of its blocks.")]
    turned: Annotated[int, Constraint(description="Degrees clockwise by which it was turned to be upright.", examples=[0, 90, 180, 270])]


class ArrangedFormJson(BaseModel):
    """A form, or one that has ceased to be, whose version an undo of that names."""

    id: FormId
    number: Number
    version: Annotated[int, Constraint(ge=1)]
    template: Annotated[str, Constraint(description="Empty for kind unknown.")]
    blocks: Annotated[list[Block], Constraint(description="None where it has ceased to be.")]
    undo: Annotated[bool, Constraint(description="Whether the last thing done to it was an arrangement.")]


class TemplateJson(BaseModel):
    """A template that a form can be read by."""

    name: str
    kind: str
    title: str


class ArrangementJson(BaseModel):
    """How the pages of a document make its forms."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "pages": [
                        {
                            "page": 1,
                            "blocks": [{"place": 0, "box": [0.08, 0.12, 0.93, 0.95], "kind": "self_evaluation"}],
                            "excluded": False,
                            "turned": 0,
                        }
                    ],
                    "forms": [
                        {
                            "id": f"{SHA256}.1",
                            "number": 1,
                            "version": 1,
                            "template": "shanghai/self_evaluation@1",
                            "blocks": [[1, 0]],
                            "undo": False,
                        }
                    ],
                    "templates": [{"name": "shanghai/self_evaluation@1", "kind": "self_evaluation", "title": "财政项目支出绩效自评表"}],
                }
            ]
        }
    )

    pages: list[PageJson]
    forms: list[ArrangedFormJson]
    templates: list[TemplateJson]


def _config(example: Mapping[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": [dict(example)]})


class ReadAsJson(BaseModel):
    """A form is read again by another template."""

    model_config = _config({"action": "retemplate", "versions": {"1": 1}, "form": 1, "template": "shanghai/self_evaluation@1"})

    action: Literal["retemplate"]
    versions: Versions
    form: Number
    template: TemplateName
    reason: Reason = ""


class ExcludeJson(BaseModel):
    """A page is left out of a form; without any other, the form ceases to be."""

    model_config = _config({"action": "exclude", "versions": {"1": 1}, "form": 1, "page": 2})

    action: Literal["exclude"]
    versions: Versions
    form: Number
    page: PageNumber
    reason: Reason = ""


class SplitJson(BaseModel):
    """A new form begins at a block of this one."""

    model_config = _config({"action": "split", "versions": {"1": 1}, "form": 1, "at": [2, 0], "template": "shanghai/self_evaluation@1"})

    action: Literal["split"]
    versions: Versions
    form: Number
    at: Block
    template: TemplateName
    reason: Reason = ""


class JoinJson(BaseModel):
    """What another form has belongs to this one; the other ceases to be."""

    model_config = _config({"action": "join", "versions": {"1": 1, "2": 1}, "form": 1, "other": 2})

    action: Literal["join"]
    versions: Versions
    form: Number
    other: Number
    reason: Reason = ""


ArrangeJson: TypeAlias = Annotated[ReadAsJson | ExcludeJson | SplitJson | JoinJson, Constraint(discriminator="action")]


class UndoArrangementJson(BaseModel):
    """A form whose last arrangement is taken back, for all forms that it concerned."""

    model_config = _config({"form": 1, "version": 2})

    form: Number
    version: Annotated[int, Constraint(strict=True, ge=1, le=2**31 - 1, description="That was seen.")]
    reason: Reason = ""


def arrangement_json(document: str, found: ArrangedDocument) -> ArrangementJson:
    """``found`` over the wire."""
    return ArrangementJson(
        pages=[_page(page) for page in found.pages],
        forms=[_form(document, form) for form in found.forms],
        templates=[TemplateJson(name=each.name, kind=each.kind, title=each.titles[0]) for each in found.templates],
    )


def _page(page: SeenPage) -> PageJson:
    blocks = [BlockJson(place=block.place, box=_edges(block.box), kind=block.kind) for block in page.blocks]
    return PageJson(page=page.page, blocks=blocks, excluded=page.excluded, turned=page.turned)


def _edges(box: Box | None) -> tuple[float, float, float, float] | None:
    return (box.left, box.top, box.right, box.bottom) if box is not None else None


def _form(document: str, form: ArrangedForm) -> ArrangedFormJson:
    return ArrangedFormJson(
        id=form_id(document, form.number),
        number=form.number,
        version=form.version,
        template=form.template,
        blocks=list(form.blocks),
        undo=form.undo,
    )
