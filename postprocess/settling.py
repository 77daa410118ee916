"""What a person says stands on the paper, put into a form: such a field is certain, and no rule changes or doubts it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from models.form import Field, Form, Status
from models.template import Template, ValueKind
from postprocess.names import Names
from postprocess.places import Cells, Place, cells_of, updated
from postprocess.values import parse_value


def settled(field: Field, text: str, kind: ValueKind) -> Field:
    """``field`` where a person has read ``text``; where it is of no ``kind`` it has no value, but stands as it is."""
    return replace(
        field,
        text=text,
        value=parse_value(text, kind),
        confidence=1.0,
        status=Status.CONFIRMED if text else Status.BLANK,
        alternatives=(),
        read_as="",
        protected=(),
        settled=True,
        misplaced=False,
        certainty=1.0,
        candidates=(),
    )


def with_settled(form: Form, template: Template, texts: Mapping[Place, str]) -> Form:
    """``form`` with ``texts`` settled at their places, and at all others that the same printed cell fills.

    Raises:
        KeyError: there is no such place.
    """
    cells = cells_of(form)
    names = Names(template, cells)
    said = {other: text for place, text in texts.items() for other in one_cell(cells, place)}
    return updated(form, {place: settled(cells[place], text, names.kind(place)) for place, text in said.items()})


def one_cell(cells: Cells, place: Place) -> Iterable[Place]:
    """``place`` and the other rows that its printed cell spans.

    Raises:
        KeyError: there is no such place.
    """
    asked = cells[place]
    if not place.table or asked.box.area <= 0:
        return (place,)
    here = (asked.page, asked.box)
    return tuple(
        other
        for other, field in cells.items()
        if (other.table, other.name) == (place.table, place.name) and (field.page, field.box) == here
    )
