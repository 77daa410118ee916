"""One form as rows of the tables `forms`, `fields` and `findings`, and where its fields stand."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from models.form import Field, Form
from models.matched import UNKNOWN
from postprocess.places import cells_of, updated
from service.document_json import form_to_json, written_value
from service.store.writing import Values, now, plain

_UNITS: Final = ("department", "applicant_unit")
"""Fields that name the unit a form belongs to: 主管部门 of a self-evaluation, 申报单位名称 of a performance target."""

LISTED: Final = frozenset({"project_name", "year", *_UNITS})
"""Fields that lists of forms show as they were read, the reviewers' queue among them."""

NAME_LENGTH = 200
"""Characters of a unit or project that serve for finding a form; an index holds them. The record has all."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def fields_of(form: Form) -> dict[str, Field]:
    """Every field of ``form`` by its path, as findings name it; those of an unknown form as ``tables.cells[0]``."""
    found = {str(place): field for place, field in cells_of(form).items()}
    found |= {f"tables.cells[{place}]": field for place, field in enumerate(form.cell_fields)}
    return found | {f"unplaced[{place}]": field for place, field in enumerate(form.unplaced)}


def with_field(form: Form, path: str, field: Field) -> Form:
    """``form`` with ``field`` at ``path``.

    Raises:
        KeyError: there is no such path.
    """
    if path not in fields_of(form):
        raise KeyError(path)
    cells = tuple(field if path == f"tables.cells[{place}]" else old for place, old in enumerate(form.cell_fields))
    unplaced = tuple(field if path == f"unplaced[{place}]" else old for place, old in enumerate(form.unplaced))
    placed = updated(form, {place: field for place in cells_of(form) if str(place) == path})
    return replace(placed, cell_fields=cells, unplaced=unplaced)


def form_row(form: Form, year: int | None, unit: str) -> Values:
    """The row of `forms`, without its key, version and pipeline.

    Args:
        form: the record.
        year: that the path tells; None where it does not.
        unit: that the path tells; empty where it does not.
    """
    fields = {} if form.kind == UNKNOWN else form.fields
    unit = unit or next((fields[name].text for name in _UNITS if _text(fields, name)), "")
    return {
        "kind": form.kind,
        "template": form.template,
        "review": form.review.value,
        "year": year if year is not None else _year(fields),
        "unit": plain(unit)[:NAME_LENGTH],
        "project": plain(_text(fields, "project_name"))[:NAME_LENGTH],
        "made_at": now(),
        "record": form_to_json(form),
    }


def field_rows(document: str, number: int, form: Form) -> list[Values]:
    """The rows of `fields`."""
    return [
        {
            "document": document,
            "form": number,
            "path": path,
            "text": plain(field.text),
            "value": None if (value := written_value(field.value)) is None else plain(value),
            "status": field.status.value,
            "confidence": field.confidence,
            "page": field.page,
            "left_edge": field.box.left,
            "top_edge": field.box.top,
            "right_edge": field.box.right,
            "bottom_edge": field.box.bottom,
        }
        for path, field in fields_of(form).items()
    ]


def finding_rows(document: str, number: int, form: Form) -> list[Values]:
    """The rows of `findings`."""
    return [
        {
            "document": document,
            "form": number,
            "position": position,
            "rule": finding.rule,
            "severity": finding.severity.value,
            "verdict": finding.verdict.value,
            "message": plain(finding.message),
            "cells": "\n".join(finding.cells),
            "expected": plain(finding.expected),
            "printed": plain(finding.printed),
        }
        for position, finding in enumerate(form.findings, 1)
    ]


def _year(fields: Mapping[str, Field]) -> int | None:
    found = _YEAR.search(written_value(fields["year"].value) or fields["year"].text) if "year" in fields else None
    return int(found[0]) if found is not None else None


def _text(fields: Mapping[str, Field], name: str) -> str:
    return fields[name].text if name in fields else ""
