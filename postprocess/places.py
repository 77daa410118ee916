"""Where a value stands in a form, as findings name it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from models.form import Field, Form, Status
from postprocess.numbers import parse_number


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A field (``table`` empty, ``row`` -1), or a column of a table's row (0-based, as the document JSON lists them)."""

    name: str
    table: str = ""
    row: int = -1

    def __str__(self) -> str:
        """``fields.total_score`` or ``tables.indicators[3].score``."""
        return f"tables.{self.table}[{self.row}].{self.name}" if self.table else f"fields.{self.name}"


_WRITTEN = re.compile(
    r"fields\.(?P<field>[a-z][a-z0-9_]*)|tables\.(?P<table>[a-z][a-z0-9_]*)\[(?P<row>[0-9]{1,5})\]\.(?P<column>[a-z][a-z0-9_]*)"
)


def place_of(path: str) -> Place | None:
    """The place that is written ``path``, the inverse of `str`; None where no field or cell of a template is."""
    found = _WRITTEN.fullmatch(path)
    if found is None:
        return None
    return Place(found["field"]) if found["field"] else Place(found["column"], found["table"], int(found["row"]))


Cells = Mapping[Place, Field]
"""All fields of a form by their place."""


def cells_of(form: Form) -> dict[Place, Field]:
    """All fields of ``form``, those of its tables included."""
    single = {Place(name): field for name, field in form.fields.items()}
    rows = ((table, index, row) for table, body in form.tables.items() for index, row in enumerate(body))
    return single | {Place(name, table, index): field for table, index, row in rows for name, field in row.items()}


def doubted(form: Form, places: frozenset[Place]) -> Form:
    """``form`` with the fields at ``places`` doubtful, but for those that a person has settled; the others are as they were."""
    asked = {place: field for place, field in cells_of(form).items() if place in places and not field.settled}
    return updated(form, {place: replace(field, status=Status.DOUBTFUL) for place, field in asked.items()})


def stray_number(field: Field) -> bool:
    """Whether ``field``, which found no cell, may be a number that belongs into one; a person may have said that it does not."""
    return not field.settled and parse_number(field.text) is not None


def updated(form: Form, fields: Cells) -> Form:
    """``form`` with these ``fields``; the others are as they were."""
    single = {name: fields.get(Place(name), field) for name, field in form.fields.items()}
    tables = {
        table: tuple({name: fields.get(Place(name, table, index), field) for name, field in row.items()} for index, row in enumerate(body))
        for table, body in form.tables.items()
    }
    return replace(form, fields=single, tables=tables)
