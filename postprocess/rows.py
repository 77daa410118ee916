"""Rows of a table that a person adds, removes, joins and splits, and where values stand afterwards."""

from collections.abc import Mapping
from dataclasses import replace

from models.form import Field, FieldRow, Form, Status
from models.geometry import Box
from models.template import ColumnSpec, TableSpec
from postprocess.places import Place
from postprocess.reassemble import NOWHERE
from postprocess.settling import settled
from postprocess.values import parse_value


def with_row_added(form: Form, table: TableSpec, row: int) -> Form:
    """``form`` with a row before row ``row`` (0-based) of ``table``, all of its cells blank: a person saw it and will say what is not.

    Raises:
        IndexError: the table has fewer rows.
    """
    rows = _rows(form, table)
    if not 0 <= row <= len(rows):
        raise IndexError(row)
    near = rows[min(row, len(rows) - 1)] if rows else {}
    page = min((field.page for field in near.values()), default=form.pages[0])
    blank = Field("", None, page, NOWHERE, 1.0, Status.BLANK, settled=True)
    return _with(form, table, (*rows[:row], {column.name: blank for column in table.columns}, *rows[row:]))


def with_row_removed(form: Form, table: TableSpec, row: int) -> Form:
    """``form`` without row ``row`` (0-based) of ``table``.

    Raises:
        IndexError: there is no such row.
    """
    rows = _rows(form, table)
    _check(row, len(rows))
    return _with(form, table, (*rows[:row], *rows[row + 1 :]))


def with_rows_joined(form: Form, table: TableSpec, row: int) -> Form:
    """``form`` where row ``row`` (0-based) of ``table`` and the one below it are one.

    Where one of two cells is blank, the other stands as it was; two texts go together, and a person must look at them.

    Raises:
        IndexError: there are no such rows.
    """
    rows = _rows(form, table)
    _check(row, len(rows) - 1)
    upper, lower = rows[row], rows[row + 1]
    joined = {column.name: _joined(upper[column.name], lower[column.name], column) for column in table.columns if column.name in upper}
    return _with(form, table, (*rows[:row], joined, *rows[row + 2 :]))


def with_row_split(form: Form, table: TableSpec, row: int, texts: Mapping[str, tuple[str, str]]) -> Form:
    """``form`` where row ``row`` (0-based) of ``table`` is two rows.

    Args:
        form: the record.
        table: of the row.
        row: both before.
        texts: column to what stands above and below; columns that are absent span both rows.

    Raises:
        IndexError: there is no such row.
        KeyError: there is no such column.
    """
    rows = _rows(form, table)
    _check(row, len(rows))
    whole, columns = rows[row], {column.name: column for column in table.columns}
    halves = {name: _halves(whole[name], columns[name], *said) for name, said in texts.items()}
    upper, lower = ({**whole, **{name: half[part] for name, half in halves.items()}} for part in (0, 1))
    return _with(form, table, (*rows[:row], upper, lower, *rows[row + 1 :]))


def _rows(form: Form, table: TableSpec) -> tuple[FieldRow, ...]:
    return form.tables.get(table.name, ())


def _with(form: Form, table: TableSpec, rows: tuple[FieldRow, ...]) -> Form:
    return replace(form, tables={**form.tables, table.name: rows})


def _check(row: int, count: int) -> None:
    if not 0 <= row < count:
        raise IndexError(row)


def _joined(upper: Field, lower: Field, column: ColumnSpec) -> Field:
    one_cell = upper.box.area > 0 and (upper.page, upper.box) == (lower.page, lower.box)  # rows that a person has added lie nowhere
    if not lower.text or one_cell:
        return upper
    if not upper.text:
        return lower
    text = upper.text + lower.text
    box = upper.box.union(lower.box) if upper.page == lower.page and upper.box.area > 0 and lower.box.area > 0 else upper.box
    return replace(
        upper,
        text=text,
        value=parse_value(text, column.kind),
        box=box,
        confidence=min(upper.confidence, lower.confidence),
        status=Status.DOUBTFUL,
        alternatives=(),
        read_as="",
        sealed=upper.sealed or lower.sealed,
        protected=(),
        settled=False,
        candidates=(),
    )


def _halves(field: Field, column: ColumnSpec, above: str, below: str) -> tuple[Field, Field]:
    """Both with a box of its own: rules take values in one box for one value."""
    box, middle = field.box, (field.box.top + field.box.bottom) / 2
    upper, lower = Box(box.left, box.top, box.right, middle), Box(box.left, middle, box.right, box.bottom)
    return settled(replace(field, box=upper), above, column.kind), settled(replace(field, box=lower), below, column.kind)


def place_after_adding(place: Place, table: str, row: int) -> Place:
    """Where what stood at ``place`` stands once a row was added before row ``row``."""
    return _moved(place, 1) if place.table == table and place.row >= row else place


def place_after_removing(place: Place, table: str, row: int) -> Place | None:
    """Where it stands once row ``row`` was removed; None where it stood there."""
    if place.table != table or place.row < row:
        return place
    return None if place.row == row else _moved(place, -1)


def place_after_joining(place: Place, table: str, row: int) -> Place:
    """Where it stands once row ``row`` was joined with the one below."""
    return _moved(place, -1) if place.table == table and place.row > row else place


def place_after_splitting(place: Place, table: str, row: int) -> Place:
    """Where it stands once row ``row`` was split; what stood there stands in the upper row."""
    return _moved(place, 1) if place.table == table and place.row > row else place


def _moved(place: Place, by: int) -> Place:
    return Place(place.name, place.table, place.row + by)
