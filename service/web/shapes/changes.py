"""Changes that a reviewer asks for, over the wire: each becomes one of `service.review.changes`."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Constraint

from models.errors import UsageError
from models.form import Form
from service.review.acting import Said, close_finding
from service.review.changes import AddRow, Approve, Change, JoinRows, RemoveRow, Return, SetField, SplitRow
from service.web.shapes.forms import NO_NUL

Reason = Annotated[str, Constraint(max_length=2000, pattern=NO_NUL, description="Why; may be empty.")]
Text = Annotated[str, Constraint(max_length=20_000, pattern=NO_NUL, description="As printed; empty where nothing is.")]
Table = Annotated[str, Constraint(min_length=1, max_length=100, pattern=NO_NUL, examples=["indicators"])]
Row = Annotated[int, Constraint(strict=True, ge=0, le=100_000, description="From 0.")]
Fraction = Annotated[float, Constraint(strict=True, ge=0, le=1)]
Columns = Annotated[dict[Annotated[str, Constraint(min_length=1, max_length=100, pattern=NO_NUL)], Text], Constraint(max_length=100)]


class _Asked(BaseModel):
    """What all have in common."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = ""

    def change(self, form: Form) -> Change:
        """What is asked, of ``form`` as it was seen.

        Raises:
            UsageError: it names what the form does not have.
        """
        raise NotImplementedError


class SetFieldJson(_Asked):
    """A text stands at a place, also where that is what was read."""

    action: Literal["set_field"]
    path: Annotated[str, Constraint(min_length=1, max_length=200, pattern=NO_NUL, examples=["tables.funds[0].executed"])]
    text: Text
    page: Annotated[int, Constraint(strict=True, ge=1, le=10_000, description="Where the place was shown: of the form, from 1.")] | None = (
        None
    )
    box: Annotated[
        tuple[Fraction, Fraction, Fraction, Fraction] | None,
        Constraint(description="Left, top, right, bottom as fractions of the page as stored; with `page`."),
    ] = None

    @model_validator(mode="after")
    def _is_a_place(self) -> Self:
        if (self.page is None) != (self.box is None):
            raise ValueError("page and box go together")
        if self.box is not None and not (self.box[0] < self.box[2] and self.box[1] < self.box[3]):
            raise ValueError("a box has its left before its right, and its top before its bottom")
        return self

    def change(self, form: Form) -> Change:
        """See `_Asked`."""
        if self.page is None or self.box is None:
            return SetField(self.path, self.text)
        if self.page not in form.pages:
            raise UsageError(f"The form has nothing on page {self.page}.", f"Name one of {', '.join(map(str, form.pages))}.")
        return SetField(self.path, self.text, self.page, self.box)


class CloseFindingJson(_Asked):
    """The paper is so, though a rule does not hold on it (原件如此)."""

    action: Literal["close_finding"]
    index: Annotated[int, Constraint(strict=True, ge=0, le=100_000, description="Of the finding in the record, from 0.")]

    def change(self, form: Form) -> Change:
        """See `_Asked`."""
        try:
            return close_finding(form, self.index)
        except IndexError:
            raise UsageError(f"The form has no finding {self.index}.", f"It has {len(form.findings)}, counted from 0.") from None


class RowJson(_Asked):
    """A row that was not found (before `row`, or behind the last), one that is none, or one that goes on in the row below."""

    action: Literal["add_row", "remove_row", "join_rows"]
    table: Table
    row: Row

    def change(self, form: Form) -> Change:  # noqa: ARG002  see `_Asked`
        """See `_Asked`."""
        kinds: dict[str, type[AddRow | RemoveRow | JoinRows]] = {"add_row": AddRow, "remove_row": RemoveRow, "join_rows": JoinRows}
        return kinds[self.action](self.table, self.row)


class SplitRowJson(_Asked):
    """A row that is two; a column that is not named spans both."""

    action: Literal["split_row"]
    table: Table
    row: Row
    upper: Columns
    lower: Columns

    def change(self, form: Form) -> Change:  # noqa: ARG002  see `_Asked`
        """See `_Asked`."""
        return SplitRow(self.table, self.row, lower=self.lower, upper=self.upper)


class ApproveJson(_Asked):
    """The record is right."""

    action: Literal["approve"]

    def change(self, form: Form) -> Change:  # noqa: ARG002  see `_Asked`
        """See `_Asked`."""
        return Approve()


class ReturnJson(_Asked):
    """Somebody must look at it again (退回), and is told why."""

    action: Literal["return"]
    reason: Annotated[str, Constraint(min_length=1, max_length=2000, pattern=NO_NUL)]

    def change(self, form: Form) -> Change:  # noqa: ARG002  see `_Asked`
        """See `_Asked`."""
        return Return()


ChangeJson: TypeAlias = Annotated[
    SetFieldJson | CloseFindingJson | RowJson | SplitRowJson | ApproveJson | ReturnJson, Constraint(discriminator="action")
]


class ChangesJson(BaseModel):
    """What is done at once: all of it or nothing, undone as one."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "changes": [
                        {"action": "set_field", "path": "tables.funds[0].executed", "text": "980,710"},
                        {"action": "close_finding", "index": 0, "reason": "原表如此"},
                    ]
                }
            ]
        },
    )

    changes: Annotated[list[ChangeJson], Constraint(min_length=1, max_length=500)]

    def said(self, form: Form) -> list[Said]:
        """The changes, of ``form`` as it was seen.

        Raises:
            UsageError: one names what the form does not have.
        """
        return [Said(each.change(form), each.reason) for each in self.changes]


class UndoJson(BaseModel):
    """Why something is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = ""
