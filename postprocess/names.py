"""What a reviewer calls the cells of a form: the printed labels and headings of its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from models.template import ColumnSpec, FieldSpec, TableSpec, Template, ValueKind
from postprocess.places import Cells, Place

_UNLABELLED: Mapping[str, str] = MappingProxyType({"year": "年度", "title": "标题"})
"""Fields that no printed label names."""


@dataclass(frozen=True)
class Names:
    """The names of one form's cells."""

    template: Template
    cells: Cells

    def of(self, place: Place) -> str:
        """E.g. 总分·得分, “年度资金总额”的执行率, 第3行的得分; its row where the column has no heading.

        It is its path where only another version of the template knows it.
        """
        match self._spec(place):
            case FieldSpec() as spec:
                return "·".join((*spec.labels[:1], *spec.column[:1])) or _UNLABELLED.get(place.name, place.name)
            case ColumnSpec() as column:
                row = self._row(self._tables[place.table], place)
                return f"{row}的{column.headings[0]}" if column.headings[0] else row
            case None:
                return str(place)

    def kind(self, place: Place) -> ValueKind:
        """How the text at ``place`` is understood; as text where only another version of the template knows the place."""
        spec = self._spec(place)
        return spec.kind if spec is not None else ValueKind.TEXT

    @cached_property
    def _tables(self) -> Mapping[str, TableSpec]:
        return {table.name: table for table in self.template.tables}

    @cached_property
    def _specs(self) -> Mapping[tuple[str, str], FieldSpec | ColumnSpec]:
        """By table, empty for fields, and name."""
        columns = {(table.name, column.name): column for table in self.template.tables for column in table.columns}
        return {**columns, **{("", spec.name): spec for spec in self.template.fields}}

    def _spec(self, place: Place) -> FieldSpec | ColumnSpec | None:
        return self._specs.get((place.table, place.name))

    def _row(self, table: TableSpec, place: Place) -> str:
        first = self.cells.get(Place(table.columns[0].name, place.table, place.row))
        return f"“{first.text}”" if table.rows and first is not None and first.text else f"第{place.row + 1}行"


def table_name(table: TableSpec) -> str:
    """A table by its first headings: 一级指标、二级指标、三级指标."""
    headings = [column.headings[0] for column in table.columns if column.headings[0]]
    return "、".join(headings[:3])
