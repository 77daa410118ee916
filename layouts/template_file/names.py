"""The names that rules may refer to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layouts.template_file.faults import Fault, Place
from models.template import Ref, ValueKind

_REF = re.compile(r"(?:(?P<table>\w+)\[(?P<row>[^\[\]]+)\]\.)?(?P<name>\w+)")

ANY = frozenset(ValueKind)
"""Kind of a name whose own entry is faulty: that is told there, and no second time at each reference."""


@dataclass(frozen=True, slots=True)
class Names:
    """What a template declares, even where the entry itself has other faults.

    Attributes:
        fields: possible kinds of each field; more than one only where its kind is not said rightly.
        tables: the same of each column of each table.
        rows: fixed row names of each table.
    """

    fields: Mapping[str, frozenset[ValueKind]]
    tables: Mapping[str, Mapping[str, frozenset[ValueKind]]]
    rows: Mapping[str, Sequence[object]]


def names_of(fields: Sequence[object], tables: Sequence[object]) -> Names:
    """The names that the lists ``fields`` and ``tables`` of a file declare."""
    named = _named(tables)
    columns = {name: _kinds(_list(table, "columns")) for name, table in named.items()}
    return Names(_kinds(fields), columns, {name: _list(table, "rows") for name, table in named.items()})


def resolve(text: str, names: Names, place: Place, faults: list[Fault]) -> tuple[Ref, frozenset[ValueKind]] | None:
    """What ``text`` (``total_score``, ``funds[*].score``, ``funds[其他资金].weight``) points at, with its kinds; None and a fault."""
    match = _REF.fullmatch(text)
    if match is None:
        faults.append(Fault(place, f"{text!r} is neither a field nor table[row].column nor table[*].column"))
        return None
    table, row, name = match["table"] or "", match["row"] or "", match["name"]
    unknown = _unknown(table, row, name, names)
    if unknown:
        faults.append(Fault(place, unknown))
        return None
    return Ref(name, table, "" if row == "*" else row), (names.tables[table] if table else names.fields)[name]


def _unknown(table: str, row: str, name: str, names: Names) -> str:
    """Why there is no such thing; empty where there is."""
    if not table:
        return "" if name in names.fields else f"no field is called {name!r}"
    if table not in names.tables:
        return f"no table is called {table!r}"
    if name not in names.tables[table]:
        return f"table {table!r} has no column {name!r}"
    return "" if row == "*" or row in names.rows[table] else f"table {table!r} has no row {row!r}"


def _named(entries: Sequence[object]) -> dict[str, Mapping[str, object]]:
    return {entry["name"]: entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("name"), str)}


def _kinds(entries: Sequence[object]) -> dict[str, frozenset[ValueKind]]:
    return {name: frozenset({ValueKind(str(entry["kind"]))}) if _kind_said(entry) else ANY for name, entry in _named(entries).items()}


def _kind_said(entry: Mapping[str, object]) -> bool:
    return entry.get("kind") in tuple(ValueKind)


def _list(entry: Mapping[str, object], key: str) -> list[object]:
    value = entry.get(key)
    return list(value) if isinstance(value, list) else []
