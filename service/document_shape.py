"""The shape of a document JSON (schema ``formtally/document/1``), and of each of its parts."""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, SerializerFunctionWrapHandler, model_serializer
from pydantic import Field as Constraint

from models.form import Review, Status, Verdict
from models.template import Severity

SCHEMA: Literal["formtally/document/1"] = "formtally/document/1"

_Fraction = Annotated[float, Constraint(ge=0, le=1)]
_PageNumber = Annotated[int, Constraint(ge=1)]


class _Record(BaseModel):
    """A JSON object whose keys are all known; those in ``sparse`` are written only where they say something."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    sparse: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _without_empty(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value or key not in self.sparse}


class AlternativeJson(_Record):
    """Another reading of a field."""

    text: str
    confidence: _Fraction


class FieldJson(_Record):
    """One value; ``value_type`` says what the string in ``value`` is, text where absent.

    ``looks`` counts the further views of its lines that were read because the first left a doubt.
    ``protected`` says of each character of ``text`` whether the form's arithmetic would notice another one.
    """

    text: str
    value: str | None
    value_type: Literal["decimal", "date", ""] = ""
    page: _PageNumber
    box: tuple[_Fraction, _Fraction, _Fraction, _Fraction]
    confidence: _Fraction
    status: Status
    alternatives: tuple[AlternativeJson, ...]
    read_as: str = ""
    seal: bool = False
    looks: Annotated[int, Constraint(ge=0)] = 0
    protected: tuple[bool, ...] = ()

    sparse = frozenset({"value_type", "read_as", "seal", "looks", "protected"})


class CellJson(_Record):
    """A cell of a table that fits no template; ``row`` and ``column`` are 0-based."""

    row: Annotated[int, Constraint(ge=0)]
    column: Annotated[int, Constraint(ge=0)]
    row_span: Annotated[int, Constraint(ge=1)]
    column_span: Annotated[int, Constraint(ge=1)]
    content: FieldJson


RowJson: TypeAlias = CellJson | dict[str, FieldJson]


class FindingJson(_Record):
    """A rule that does not hold."""

    rule: str
    severity: Severity
    verdict: Verdict
    message: str
    cells: tuple[str, ...]
    expected: str
    printed: str


class FormJson(_Record):
    """One form."""

    kind: str
    template: str
    pages: tuple[_PageNumber, ...]
    fields: dict[str, FieldJson]
    tables: dict[str, tuple[RowJson, ...]]
    findings: tuple[FindingJson, ...]
    review: Review
    unplaced: tuple[FieldJson, ...] = ()

    sparse = frozenset({"unplaced"})


class ProblemJson(_Record):
    """What went wrong; ``page`` is 0 where the whole input is meant."""

    page: Annotated[int, Constraint(ge=0)]
    code: str
    message: str


class SourceJson(_Record):
    """The input; ``sha256`` is empty where it could not be read, ``path`` leads to it from the output folder.

    ``text_pages`` were read from the text that the file itself carries.
    """

    name: str
    path: str = ""
    sha256: Annotated[str, Constraint(pattern=r"^([0-9a-f]{64})?$")]
    pages: Annotated[int, Constraint(ge=0)]
    text_pages: tuple[_PageNumber, ...] = ()

    sparse = frozenset({"text_pages"})


class LimitsJson(_Record):
    """What the input was allowed to cost; names as in `Limits`."""

    pages: int
    megapixels: int
    seconds_a_page: int
    megabytes: int
    file_megabytes: int


class ReaderJson(_Record):
    """What read it: a result of another version is read again, one refused under other limits too."""

    version: str
    limits: LimitsJson


class DocumentJson(_Record):
    """Everything that was read from one input."""

    schema_name: Annotated[Literal["formtally/document/1"], Constraint(alias="schema")] = SCHEMA
    reader: ReaderJson
    source: SourceJson
    forms: tuple[FormJson, ...]
    problems: tuple[ProblemJson, ...]
