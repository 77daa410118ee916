"""A form in the shape of its paper: what stands beside what, which cells span rows, and under which label each value stands.

A form of a template that is not known here loses nothing: what has no place of its own follows behind, in the order of the record.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, Final, TypeAlias

from layouts.template_file import builtin_templates
from models.form import Field, FieldRow, Form
from models.matched import UNKNOWN
from models.template import FieldSpec
from service.headings import heading


@dataclass(frozen=True, slots=True)
class Spot:
    """A value at its place on the page.

    Attributes:
        path: as findings name it.
        label: printed beside or above it, with the row where it stands in a table.
        field: the value.
        rows: of the table that it spans.
        columns: of the table that it spans.
    """

    path: str
    label: str
    field: Field
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """A value behind its printed label."""

    label: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Pairs:
    """Rows of one or two values behind their labels."""

    shape: ClassVar[str] = "pairs"
    rows: Sequence[Sequence[Pair]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their headings.

    Attributes:
        headings: of the columns.
        rows: of each row the cells that begin in it: one that spans rows stands in its first. None where the row lacks the column.
        caption: printed name; empty where there is none.
        unit: of the amounts; None where the form does not say.
        totals: the last row, a cell below each column that has one.
    """

    shape: ClassVar[str] = "table"
    headings: Sequence[str]
    rows: Sequence[Sequence[Spot | None]]
    caption: str = ""
    unit: Spot | None = None
    totals: Sequence[Spot | None] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """Text beside all tables, line by line."""

    shape: ClassVar[str] = "lines"
    spots: Sequence[Spot]


Part: TypeAlias = Pairs | Table | Lines


@dataclass(frozen=True, slots=True)
class Paper:
    """A form from top to bottom.

    Attributes:
        title: as printed; None where none was found.
        year: as printed below the title; None where none was found.
        parts: the rest.
        shown: at which path the value of each path stands: cells that span rows stand once.
    """

    title: Spot | None
    year: Spot | None
    parts: Sequence[Part]
    shown: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The place of a table; ``unit`` names the field of its unit, ``totals`` the fields below its columns."""

    table: str
    caption: str = ""
    unit: str = ""
    totals: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Beside:
    """Long texts below their labels, side by side."""

    fields: tuple[str, ...]


_Place: TypeAlias = tuple[tuple[str, ...], ...] | _Rows | _Beside

_SHAPES: Final[Mapping[str, tuple[_Place, ...]]] = MappingProxyType(
    {
        "self_evaluation": (
            (("project_name",), ("department", "implementing_unit")),
            _Rows("funds", "项目资金", "currency_unit"),
            _Beside(("goal_target", "goal_actual")),
            _Rows("indicators", "绩效指标", totals={"weight": "total_weight", "score": "total_score"}),
        ),
        "performance_target": (
            (
                ("applicant_unit",),
                ("project_name", "project_category"),
                ("start_date", "end_date"),
                ("government_purchase", "performance_type"),
                ("overview",),
                ("basis",),
                ("necessity",),
                ("safeguards",),
                ("plan",),
                ("goals",),
                ("total_budget", "current_budget"),
                ("prior_budget", "prior_executed"),
            ),
            _Rows("indicators", "绩效目标"),
        ),
    }
)
"""How the forms that are known are printed."""

_HEAD: Final = ("title", "year")


def paper_of(form: Form) -> Paper:
    """``form`` as it is printed."""
    if form.kind == UNKNOWN:
        return _Sheet(form).unknown()
    return _Sheet(form).paper()


class _Sheet:
    """One form while its parts are laid out."""

    def __init__(self, form: Form) -> None:
        self._form = form
        template = next((each for each in builtin_templates() if each.name == form.template), None)
        self._labels = {spec.name: _label(spec) for spec in template.fields if spec.labels} if template is not None else {}
        columns = [(table.name, column) for table in template.tables for column in table.columns] if template is not None else []
        self._headings = {(table, column.name): column.headings[0] for table, column in columns}
        self._shown: dict[str, str] = {}
        self._left = dict.fromkeys(form.fields)

    def paper(self) -> Paper:
        """Title, what has a place, and the rest."""
        title, year = (self._take(name) for name in _HEAD)
        shape = _SHAPES.get(self._form.kind, ())
        parts = [part for place in shape for part in self._part(place)]
        placed = {place.table for place in shape if isinstance(place, _Rows)}
        rest = self._pairs(tuple((name,) for name in tuple(self._left)))
        parts += [*([rest] if rest.rows else []), *(self._table(_Rows(name)) for name in self._form.tables if name not in placed)]
        return Paper(title, year, [*parts, *self._lines()], self._shown)

    def unknown(self) -> Paper:
        """The cells of a table that fits no template, as they stand."""
        rows: list[list[Spot | None]] = [[] for _ in range(max((cell.row for cell in self._form.cells), default=-1) + 1)]
        for index, cell in sorted(enumerate(self._form.cells), key=lambda numbered: numbered[1].column):
            label, value = f"{cell.row + 1}-{cell.column + 1}", self._form.cell_fields[index]
            spot = Spot(f"tables.cells[{index}]", label, value, cell.row_span, cell.column_span)
            rows[cell.row].append(spot)
            self._shown[spot.path] = spot.path
        return Paper(None, None, [Table((), rows), *self._lines()], self._shown)

    def _part(self, place: _Place) -> Iterator[Part]:
        match place:
            case _Rows():
                yield self._table(place)
            case _Beside():
                spots = [spot for name in place.fields if (spot := self._take(name)) is not None]
                if spots:
                    yield Table([spot.label for spot in spots], [spots])
            case _:
                yield self._pairs(place)

    def _pairs(self, names: tuple[tuple[str, ...], ...]) -> Pairs:
        rows = [[Pair(spot.label, spot) for name in row if (spot := self._take(name)) is not None] for row in names]
        return Pairs([row for row in rows if row])

    def _table(self, place: _Rows) -> Table:
        body = self._form.tables.get(place.table, ())
        columns = list(dict.fromkeys(name for row in body for name in row))
        headings = [self._heading(place.table, column) for column in columns]
        totals = [self._take(place.totals[column]) if column in place.totals else None for column in columns]
        rows = list(self._rows(place.table, columns, headings, body))
        return Table(headings, rows, place.caption, self._take(place.unit), totals if any(totals) else ())

    def _rows(self, table: str, columns: Sequence[str], headings: Sequence[str], body: Sequence[FieldRow]) -> Iterator[list[Spot | None]]:
        for index, row in enumerate(body):
            spots: list[Spot | None] = []
            for column, label in zip(columns, headings, strict=True):
                path = f"tables.{table}[{index}].{column}"
                if column not in row:
                    spots.append(None)
                elif index and _same(body[index - 1].get(column), row[column]):
                    self._shown[path] = self._shown[f"tables.{table}[{index - 1}].{column}"]
                else:
                    self._shown[path] = path
                    spots.append(Spot(path, f"{label} {index + 1}".strip(), row[column], _span(body[index:], column)))
            yield spots

    def _lines(self) -> list[Part]:
        spots = [Spot(f"unplaced[{index}]", "", value) for index, value in enumerate(self._form.unplaced)]
        self._shown.update({spot.path: spot.path for spot in spots})
        return [Lines(spots)] if spots else []

    def _take(self, name: str) -> Spot | None:
        """The field of this name, which is then placed."""
        if name not in self._left:
            return None
        del self._left[name]
        path = f"fields.{name}"
        self._shown[path] = path
        return Spot(path, self._labels.get(name) or _term(name), self._form.fields[name])

    def _heading(self, table: str, column: str) -> str:
        return self._headings[table, column] if (table, column) in self._headings else _term(column)


def _label(spec: FieldSpec) -> str:
    return "·".join((spec.labels[0], *spec.column[:1]))


def _term(name: str) -> str:
    return heading(name).partition("\n")[0]


def _same(above: Field | None, below: Field) -> bool:
    """Whether both are one cell of the paper that spans rows."""
    return above is not None and above.text != "" and (above.page, above.box, above.text) == (below.page, below.box, below.text)


def _span(rows: Sequence[FieldRow], column: str) -> int:
    count = 1
    while count < len(rows) and column in rows[count] and _same(rows[0].get(column), rows[count][column]):
        count += 1
    return count
