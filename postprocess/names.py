"""What a reviewer calls the cells of a form: the printed labels and headings of its template."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.template import TableSpec, Template, ValueKind
from postprocess.places import Cells, Place

_UNLABELLED: Mapping[str, str] = MappingProxyType({"year": "年度", "title": "标题"})
"""Fields that no printed label names."""


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one form's cells."""

    template: Template
    cells: Cells

    def of(self, place: Place) -> str:
        """E.g. 总分·得分, “年度资金总额”的执行率, 第3行的得分."""
        if not place.table:
            spec = next(spec for spec in self.template.fields if spec.name == place.name)
            return "·".join((*spec.labels[:1], *spec.column[:1])) or _UNLABELLED.get(place.name, place.name)
        table = self._table(place)
        column = next(column for column in table.columns if column.name == place.name)
        return f"{self._row(table, place)}的{column.headings[0] or place.name}"

    def kind(self, place: Place) -> ValueKind:
        """How the text at ``place`` is understood."""
        specs = self._table(place).columns if place.table else self.template.fields
        return next(spec.kind for spec in specs if spec.name == place.name)

    def _table(self, place: Place) -> TableSpec:
        return next(table for table in self.template.tables if table.name == place.table)

    def _row(self, table: TableSpec, place: Place) -> str:
        first = self.cells.get(Place(table.columns[0].name, place.table, place.row))
        return f"“{first.text}”" if table.rows and first is not None and first.text else f"第{place.row + 1}行"


def table_name(table: TableSpec) -> str:
    """A table by its first headings: 一级指标、二级指标、三级指标."""
    headings = [column.headings[0] for column in table.columns if column.headings[0]]
    return "、".join(headings[:3])
