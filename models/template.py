"""What a form is: its titles, labels, where values stand, its tables and its rules, as frozen data.

`layouts.template_file` reads these from YAML; matching, reassembly and rules speak only in these terms.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class ValueKind(StrEnum):
    """How the text of a field is understood."""

    TEXT = "text"
    AMOUNT = "amount"
    """Money: digits, thousands separators, decimals."""
    PERCENT = "percent"
    NUMBER = "number"
    """A weight (分值) or score (得分)."""
    YEAR = "year"
    DATE = "date"

    @property
    def numeric(self) -> bool:
        """Whether the value is a Decimal."""
        return self in (ValueKind.AMOUNT, ValueKind.PERCENT, ValueKind.NUMBER, ValueKind.YEAR)


class Where(StrEnum):
    """Where a field's value stands, relative to its printed label."""

    TITLE = "title"
    """It is the title itself."""
    LOOSE = "loose"
    """In text outside of the tables, found by the field's pattern."""
    RIGHT_OF = "right_of"
    BELOW = "below"
    BEHIND = "behind"
    """Behind the label in the same cell; colon and bracketed unit do not belong to the value."""
    INSIDE = "inside"
    """Within the label's own cell, found by the field's pattern."""
    CROSSING = "crossing"
    """In the row of the label and the column of `FieldSpec.column`."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field that stands once on a form.

    Attributes:
        name: as in the document JSON.
        kind: how its text is understood.
        where: places to look, the first that fits wins.
        labels: spellings of its printed label; empty for `Where.TITLE` and `Where.LOOSE`.
        column: spellings of the column heading (`Where.CROSSING`).
        pattern: regular expression with one group, the value (`Where.LOOSE`, `Where.INSIDE`).
        choices: the usual values where the vocabulary is closed.
    """

    name: str
    kind: ValueKind
    where: tuple[Where, ...]
    labels: tuple[str, ...] = ()
    column: tuple[str, ...] = ()
    pattern: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column of a table.

    Attributes:
        name: as in the document JSON.
        kind: how its cells are understood.
        headings: spellings of its heading; an empty string means the heading cell is blank.
        choices: the usual values where the vocabulary is closed.
        spans: its cells group rows (一级指标), so that a blank one beside a page break continues the cell across the break.
    """

    name: str
    kind: ValueKind
    headings: tuple[str, ...]
    choices: tuple[str, ...] = ()
    spans: bool = False


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: headings, then rows. A body cell that spans rows is repeated on each of them.

    Attributes:
        name: as in the document JSON.
        columns: from left to right.
        rows: the printed names of its rows where these are fixed (they stand in the first column); empty where rows are free.
        ends: labels whose row no longer belongs to the table.
    """

    name: str
    columns: tuple[ColumnSpec, ...]
    rows: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Ref:
    """Points at a field, or at a column of a table.

    Attributes:
        name: field name, or column name where ``table`` is given.
        table: table name; empty for a field.
        row: printed name of one fixed row; empty for every row.
    """

    name: str
    table: str = ""
    row: str = ""

    def __str__(self) -> str:
        """As templates write it: ``total_score``, ``funds[*].score``, ``funds[年度资金总额].weight``."""
        return f"{self.table}[{self.row or '*'}].{self.name}" if self.table else self.name


@dataclass(frozen=True, slots=True)
class SumRule:
    """``total`` = Σ ``parts``; silent where the total or all parts are blank."""

    id: str
    severity: Severity
    total: Ref
    parts: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class RatioRule:
    """``quotient`` (percent) = ``numerator`` ÷ ``denominator``; in each row of their table where all three are printed."""

    id: str
    severity: Severity
    quotient: Ref
    numerator: Ref
    denominator: Ref


@dataclass(frozen=True, slots=True)
class ProductRule:
    """``product`` = ``factor`` × ``rate`` (percent), at most ``factor``, of the printed rate or of ``numerator`` ÷ ``denominator``."""

    id: str
    severity: Severity
    product: Ref
    factor: Ref
    rate: Ref
    numerator: Ref
    denominator: Ref


@dataclass(frozen=True, slots=True)
class AtMostRule:
    """``small`` ≤ ``large`` in each row (or between two fields); with ``not_negative`` also 0 ≤ ``small``."""

    id: str
    severity: Severity
    small: Ref
    large: Ref
    not_negative: bool = False


@dataclass(frozen=True, slots=True)
class EqualsRule:
    """``ref`` is the constant ``value`` (a decimal as text)."""

    id: str
    severity: Severity
    ref: Ref
    value: str


@dataclass(frozen=True, slots=True)
class OrderedRule:
    """The date ``earlier`` ≤ the date ``later``, and ``earlier`` lies in the form's ``year``."""

    id: str
    severity: Severity
    earlier: Ref
    later: Ref
    year: Ref


@dataclass(frozen=True, slots=True)
class RequiredIfRule:
    """Where ``small`` < ``large``, ``ref`` must be filled, in each row."""

    id: str
    severity: Severity
    ref: Ref
    small: Ref
    large: Ref


@dataclass(frozen=True, slots=True)
class RequiredRule:
    """Each of ``refs`` must be filled."""

    id: str
    severity: Severity
    refs: tuple[Ref, ...]


Rule: TypeAlias = SumRule | RatioRule | ProductRule | AtMostRule | EqualsRule | OrderedRule | RequiredIfRule | RequiredRule


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of form as one place prints it.

    Attributes:
        name: with version, e.g. ``shanghai/self_evaluation@1``.
        kind: as in the document JSON, e.g. ``self_evaluation``.
        titles: spellings of the title.
        fields: values that stand once.
        tables: repeated rows.
        fixed: printed words that are neither label nor value (section names such as 绩效指标, column groups).
        rules: what the numbers must obey.
    """

    name: str
    kind: str
    titles: tuple[str, ...]
    fields: tuple[FieldSpec, ...]
    tables: tuple[TableSpec, ...]
    fixed: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
