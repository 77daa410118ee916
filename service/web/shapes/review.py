"""The queue, and a form under review, over the wire."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Constraint
from pydantic.config import JsonDict

from models.template import Severity
from postprocess.equations import Equation, Equations, Truth
from service.document_json import form_json
from service.document_shape import FormJson
from service.review.drafts import Draft
from service.review.keying import DoubleKeyed, Keying, unkeyed, veiled
from service.review.opened import Opened
from service.review.policy import Policy
from service.review.queued import Order, Tally, Waiting
from service.store.reviews import ReviewState
from service.web.shapes.documents import SHA256, FormId, Moment, Sha256, form_id
from service.web.shapes.forms import NO_NUL, Kind, Next, Version

_FORM = f"{SHA256}.1"
_WAITING: JsonDict = {
    "id": _FORM,
    "document": SHA256,
    "number": 1,
    "version": 3,
    "state": "waiting",
    "open": 4,
    "since": "2020-03-01T08:15:00.000000Z",
    "year": 2020,
    "unit": "上海市教育委员会",
    "kind": "self_evaluation",
    "project": "信息化运维",
    "editor": "张三",
    "taken_by": "",
    "taken_until": "",
}

Number = Annotated[int, Constraint(strict=True, ge=1, description="Of the form in its document.")]
Until = Annotated[str, Constraint(description="When that ends by itself, UTC, ISO 8601; empty where nobody does.")]
Texts = Annotated[
    dict[
        Annotated[str, Constraint(min_length=1, max_length=200, pattern=NO_NUL)],
        Annotated[str, Constraint(max_length=20_000, pattern=NO_NUL)],
    ],
    Constraint(max_length=5000, description="What was typed, by path."),
]


class WaitingJson(BaseModel):
    """A form that concerns a person."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WAITING]})

    id: FormId
    document: Sha256
    number: Number
    version: Version
    state: ReviewState
    open: Annotated[int, Constraint(ge=0, description="Fields and findings that wait for a person.")]
    since: Annotated[str, Constraint(description="When it came into this state, UTC, ISO 8601.")]
    year: int | None
    unit: str
    kind: str
    project: Annotated[str, Constraint(description="Cut at 200 characters.")]
    editor: Annotated[str, Constraint(description="Who changed it last; empty where nobody did.")]
    taken_by: Annotated[str, Constraint(description="Who works on it; empty where nobody does.")]
    taken_until: Until


class ReviewsJson(BaseModel):
    """A page of the queue."""

    reviews: list[WaitingJson]
    next: Next


class TallyJson(BaseModel):
    """How much there is in one state."""

    forms: Annotated[int, Constraint(ge=0)]
    open: Annotated[int, Constraint(ge=0, description="Fields and findings that wait in them.")]
    taken: Annotated[int, Constraint(ge=0, description="Forms that somebody works on.")]


class TalliesJson(BaseModel):
    """How much there is in each state."""

    waiting: TallyJson
    returned: TallyJson
    approved: TallyJson


class NextJson(BaseModel):
    """Which form is wanted."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"order": "most_doubtful", "passed": [_FORM]}]})

    state: ReviewState = ReviewState.WAITING
    year: Annotated[int, Constraint(strict=True, ge=1, le=9999)] | None = None
    unit: Annotated[str, Constraint(max_length=200, pattern=NO_NUL)] | None = None
    kind: Kind | None = None
    finding: Annotated[str, Constraint(max_length=100, pattern="^[a-z_]*$", description="Rule with an open finding.")] | None = None
    q: Annotated[str, Constraint(max_length=200, pattern=NO_NUL, description="Words that stand in the form.")] = ""
    order: Order = Order.MOST_DOUBTFUL
    passed: Annotated[list[FormId], Constraint(max_length=200, description="Forms that are not wanted now.", default_factory=list)]


class TermJson(BaseModel):
    """A piece of an equation: a cell of the form, or a sign or word between."""

    text: Annotated[str, Constraint(description="As a person reads it.")]
    path: Annotated[str, Constraint(description="Of the cell; empty for a sign.")]
    name: Annotated[str, Constraint(description="Of the cell as the form has it; empty for a sign.")]


class EquationJson(BaseModel):
    """One rule at one place, written out with the numbers that stand."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rule": "execution_rate",
                    "severity": "error",
                    "terms": [
                        {"text": "980710", "path": "tables.funds[0].executed", "name": "年度资金总额全年执行数"},
                        {"text": "÷", "path": "", "name": ""},
                        {"text": "1088156", "path": "tables.funds[0].annual_budget", "name": "年度资金总额全年预算数"},
                        {"text": "=", "path": "", "name": ""},
                        {"text": "91.13%", "path": "tables.funds[0].execution_rate", "name": "年度资金总额执行率"},
                    ],
                    "truth": "broken",
                    "expected": "90.13%",
                }
            ]
        }
    )

    rule: str
    severity: Severity
    terms: list[TermJson]
    truth: Truth
    expected: Annotated[str, Constraint(description="What it demands of its first cell; empty where it holds or demands no one number.")]


class EquationsJson(BaseModel):
    """Equations that involve a field."""

    equations: list[EquationJson]


class TypingJson(BaseModel):
    """A field, and what was typed there and elsewhere since the form was read."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"path": "tables.funds[0].executed", "texts": {"tables.funds[0].executed": "980,710"}}]},
    )

    path: Annotated[str, Constraint(min_length=1, max_length=200)]
    texts: Texts


class DraftJson(BaseModel):
    """What one has typed and not sent."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"version": 3, "texts": {"fields.year": "2020"}}]})

    version: Annotated[int, Constraint(strict=True, ge=1, le=2**31 - 1, description="Of the record that was seen.")]
    texts: Texts


class KeptDraftJson(BaseModel):
    """What is kept of it; another version may stand by now."""

    version: Version
    texts: dict[str, str]
    saved_at: Moment


class SavedJson(BaseModel):
    """When a draft was kept."""

    saved_at: Moment


class SaidJson(BaseModel):
    """What somebody has keyed."""

    user: str
    text: str


class KeyingJson(BaseModel):
    """A field that two people key."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "path": "fields.total_score",
                    "keying": "different",
                    "said": [{"user": "张三", "text": "97.31"}, {"user": "李四", "text": "97.81"}],
                }
            ]
        }
    )

    path: Annotated[str, Constraint(description="Of the field; of a cell that spans rows the first.")]
    keying: Annotated[
        Keying,
        Constraint(description="`to_key`: you have not. `keyed`: you alone have. `different`: two have, not alike. `alike`: it stands."),
    ]
    said: Annotated[list[SaidJson], Constraint(description="Who has keyed what, the latest last; none before two have.")]


class SheetJson(BaseModel):
    """A form as a reviewer opens it."""

    id: FormId
    document: Sha256
    number: Number
    version: Version
    state: Annotated[ReviewState | None, Constraint(description="How far people have come; null where the form concerns nobody as yet.")]
    kind: str
    template: str
    taken_by: Annotated[str, Constraint(description="Who works on it; empty where nobody does.")]
    taken_until: Until
    doubts: Annotated[list[str], Constraint(description="Paths of fields that wait for a person; of a cell that spans rows the first.")]
    settled: Annotated[list[str], Constraint(description="Paths of fields of which a person has said what stands there.")]
    closed: Annotated[list[int], Constraint(description="Places (from 0) of the findings that people have closed.")]
    keyed: Annotated[
        dict[str, str],
        Constraint(description="What you have keyed and nobody else as yet, by path; the record does not tell it, so that nobody sees it."),
    ]
    keyings: Annotated[list[KeyingJson], Constraint(description="All fields that two people key; none once the form is approved.")]
    record: Annotated[
        FormJson,
        Constraint(description="The record; a field that two people key has no text but what you have keyed, until two have."),
    ]
    draft: Annotated[KeptDraftJson | None, Constraint(description="What you have typed and not sent; not told in the reply to a step.")]
    undo: Annotated[bool, Constraint(description="Whether the last step can be undone.")]
    redo: Annotated[bool, Constraint(description="Whether what was undone last can be done again.")]
    rearranged: Annotated[bool, Constraint(description="Whether the last step was an arrangement, which is undone as a whole.")]
    two_people: Annotated[bool, Constraint(description="Whoever approves must have changed nothing.")]
    double_keyed: Annotated[list[str], Constraint(description="Names of fields and columns that two people key.")]
    may_approve: Annotated[bool, Constraint(description="Whether the rules about people let you approve it.")]
    equations: Annotated[list[EquationJson], Constraint(description="All of the form, in the order of its template.")]


def waiting_json(entry: Waiting) -> WaitingJson:
    """``entry`` over the wire."""
    return WaitingJson(
        id=form_id(entry.document, entry.number),
        document=entry.document,
        number=entry.number,
        version=entry.version,
        state=entry.state,
        open=entry.open,
        since=entry.since,
        year=entry.year,
        unit=entry.unit,
        kind=entry.kind,
        project=entry.project,
        editor=entry.editor,
        taken_by=entry.taken_by,
        taken_until=entry.taken_until,
    )


def tallies_json(found: Mapping[ReviewState, Tally]) -> TalliesJson:
    """``found`` over the wire."""
    return TalliesJson(**{state.value: TallyJson(forms=each.forms, open=each.open, taken=each.taken) for state, each in found.items()})


def keying_json(cell: DoubleKeyed, user: str) -> KeyingJson:
    """``cell`` over the wire, as ``user`` may know of it."""
    said = [SaidJson(user=name, text=text) for name, text in cell.said.items()] if cell.is_compared else []
    return KeyingJson(path=cell.paths[0], keying=cell.keying(user), said=said)


def equations_json(found: Opened, laid: Equations | None) -> list[EquationJson]:
    """All equations of a form as its reviewer may see them, over the wire; none where ``laid`` is None."""
    concealed = unkeyed(found.double_keyed)  # of two numbers that differ neither is judged
    return [equation_json(veiled(each, concealed)) for each in laid.every()] if laid is not None else []


def equation_json(equation: Equation) -> EquationJson:
    """``equation`` over the wire."""
    return EquationJson(
        rule=equation.rule,
        severity=equation.severity,
        terms=[TermJson(text=term.text, path=term.path, name=term.name) for term in equation.terms],
        truth=equation.truth,
        expected=equation.expected,
    )


def draft_json(draft: Draft) -> KeptDraftJson:
    """``draft`` over the wire."""
    return KeptDraftJson(version=draft.version, texts=dict(draft.texts), saved_at=draft.saved_at)


def sheet_json(found: Opened, equations: list[EquationJson], policy: Policy) -> SheetJson:
    """``found`` over the wire."""
    standing, entry = found.standing, found.entry
    return SheetJson(
        id=form_id(standing.document, standing.number),
        document=standing.document,
        number=standing.number,
        version=standing.version,
        state=entry.state if entry is not None else None,
        kind=found.form.kind,
        template=found.form.template,
        taken_by=entry.taken_by if entry is not None else "",
        taken_until=entry.taken_until if entry is not None else "",
        doubts=list(found.doubts),
        settled=list(found.settled),
        closed=list(found.closed),
        keyed=dict(found.keyed),
        keyings=[keying_json(cell, found.user) for cell in found.double_keyed],
        record=form_json(found.form),
        draft=draft_json(found.draft) if found.draft is not None else None,
        undo=found.undo,
        redo=found.redo,
        rearranged=found.rearranged,
        two_people=policy.two_people,
        double_keyed=sorted(policy.double_keyed),
        may_approve=found.may_approve,
        equations=equations,
    )
