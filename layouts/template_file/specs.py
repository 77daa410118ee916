"""Fields and tables of a template: from plain values to specs, with what no schema can say."""

import re
from collections.abc import Iterable, Sequence

from layouts.template_file.faults import Fault, Place
from layouts.template_file.schema import ColumnShape, FieldShape, TableShape
from layouts.template_file.shaped import shaped
from models.template import ColumnSpec, FieldSpec, TableSpec, Where

_BY_PATTERN = frozenset({Where.LOOSE, Where.INSIDE})
_WITHOUT_LABEL = frozenset({Where.TITLE, Where.LOOSE})


def read_fields(values: Sequence[object], tables: Sequence[TableSpec], place: Place, faults: list[Fault]) -> tuple[FieldSpec, ...]:
    """All fields of the list at ``place`` that have the right shape; every fault goes to ``faults``."""
    headings = {heading for table in tables for column in table.columns for heading in column.headings}
    fields = []
    for i, value in enumerate(values):
        shape = shaped(FieldShape, value, (*place, i), faults)
        if shape is not None:
            _check_field(shape, (*place, i), faults)
            if shape.column and not headings.intersection(shape.column):
                faults.append(Fault((*place, i, "column"), "no table has a column with this heading"))
            texts = (tuple(shape.labels), tuple(shape.column), shape.pattern, tuple(shape.choices))
            fields.append(FieldSpec(shape.name, shape.kind, tuple(shape.where), *texts))
    _check_unique(values, "field", place, faults)
    return tuple(fields)


def read_tables(values: Sequence[object], place: Place, faults: list[Fault]) -> tuple[TableSpec, ...]:
    """All tables of the list at ``place`` that have the right shape; every fault goes to ``faults``."""
    tables = []
    for i, value in enumerate(values):
        shape = shaped(TableShape, value, (*place, i), faults)
        if shape is not None:
            columns = _columns(shape.columns, (*place, i, "columns"), faults)
            tables.append(TableSpec(shape.name, columns, tuple(shape.rows), tuple(shape.ends)))
    _check_unique(values, "table", place, faults)
    return tuple(tables)


def _columns(values: Sequence[object], place: Place, faults: list[Fault]) -> tuple[ColumnSpec, ...]:
    shapes = [shaped(ColumnShape, value, (*place, i), faults) for i, value in enumerate(values)]
    _check_unique(values, "column", place, faults)
    return tuple(ColumnSpec(c.name, c.kind, tuple(c.headings), tuple(c.choices), c.spans) for c in shapes if c is not None)


def _check_field(field: FieldShape, place: Place, faults: list[Fault]) -> None:
    named = {where for where in field.where if where not in _WITHOUT_LABEL}
    if named and not field.labels:
        faults.append(Fault((*place, "where"), f"{_or(named)} needs labels"))
    if field.labels and not named:
        faults.append(Fault((*place, "labels"), f"labels are of no use to {_or(field.where)}"))
    if (Where.CROSSING in field.where) != bool(field.column):
        faults.append(Fault((*place, "column"), "column and where: [crossing] belong together"))
    if bool(_BY_PATTERN.intersection(field.where)) != bool(field.pattern):
        faults.append(Fault((*place, "pattern"), "pattern and where: [loose] or [inside] belong together"))
    if field.pattern:
        _check_pattern(field.pattern, (*place, "pattern"), faults)


def _or(where: Iterable[Where]) -> str:
    return "where: " + ", ".join(sorted(where))


def _check_pattern(pattern: str, place: Place, faults: list[Fault]) -> None:
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError) as error:
        faults.append(Fault(place, f"not a regular expression: {error}"))
        return
    if groups != 1:
        faults.append(Fault(place, f"must have exactly one group, the value; it has {groups} (write (?:…) for the others)"))


def _check_unique(values: Sequence[object], what: str, place: Place, faults: list[Fault]) -> None:
    seen: set[str] = set()
    for i, value in enumerate(values):
        name = value.get("name") if isinstance(value, dict) else None
        if isinstance(name, str) and name in seen:
            faults.append(Fault((*place, i, "name"), f"a {what} called {name!r} is already there"))
        if isinstance(name, str):
            seen.add(name)
