"""The shape of a template file: which keys there are and what they hold."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from models.template import Severity, ValueKind, Where

Word = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FieldShape(_Shape):
    """One entry of ``fields``."""

    name: Name
    kind: ValueKind = Field(strict=False)
    where: list[Annotated[Where, Field(strict=False)]] = Field(min_length=1)
    labels: list[Word] = []
    column: list[Word] = []
    pattern: str = Field(default="", max_length=300)
    choices: list[Word] = []


class ColumnShape(_Shape):
    """One entry of a table's ``columns``; an empty heading stands for a blank cell."""

    name: Name
    kind: ValueKind = Field(strict=False)
    headings: list[Annotated[str, Field(max_length=200)]] = Field(min_length=1)
    choices: list[Word] = []
    spans: bool = False


class TableShape(_Shape):
    """One entry of ``tables`` apart from its columns, which are looked at one by one."""

    name: Name
    columns: list[object] = Field(min_length=1)
    rows: list[Word] = []
    ends: list[Word] = []


class TemplateShape(_Shape):
    """The file apart from its lists, which are looked at one by one so that each tells its own faults."""

    template: str = Field(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)*@[0-9]+$")
    kind: Name
    titles: list[Word] = Field(min_length=1)
    fields: list[object] = Field(min_length=1)
    tables: list[object] = []
    fixed: list[Word] = []
    rules: list[object] = []


class _RuleShape(_Shape):
    id: Name
    severity: Severity = Field(strict=False)


class SumShape(_RuleShape):
    """``sum`` = Σ ``parts``."""

    sum: Word
    parts: list[Word] = Field(min_length=1)


class RatioShape(_RuleShape):
    """``ratio`` = ``of`` ÷ ``to``."""

    ratio: Word
    of: Word
    to: Word


class ProductShape(_RuleShape):
    """``product`` = ``factor`` × ``rate``, where ``rate`` = ``of`` ÷ ``to``."""

    product: Word
    factor: Word
    rate: Word
    of: Word
    to: Word


class AtMostShape(_RuleShape):
    """``at_most`` ≤ ``limit``."""

    at_most: Word
    limit: Word
    not_negative: bool = False


class EqualsShape(_RuleShape):
    """``equals`` is the decimal ``value``."""

    equals: Word
    value: str = Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", max_length=40)


class OrderedShape(_RuleShape):
    """``earlier`` ≤ ``later``, ``earlier`` within ``year``."""

    earlier: Word
    later: Word
    year: Word


class RequiredIfShape(_RuleShape):
    """Where ``when_less`` < ``than``, the one entry of ``required`` must be filled."""

    required: list[Word] = Field(min_length=1, max_length=1)
    when_less: Word
    than: Word


class RequiredShape(_RuleShape):
    """All of ``required`` must be filled."""

    required: list[Word] = Field(min_length=1)
