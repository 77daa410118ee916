"""docs/export.md states the schema that the code writes."""

from pathlib import Path

import pytest

from service.export.columns import COLUMNS, NUMBER_DIGITS, NUMBER_PLACES, SCHEMA, Sort
from service.export.export import Format
from service.export.json_lines import SCHEMA as FORM_SCHEMA
from service.export.json_lines import StoredFormJson
from service.export.parquet_file import TYPES

DOC = (Path(__file__).parents[3] / "docs" / "export.md").read_text("utf-8")


def _rows(heading: str) -> list[list[str]]:
    """The body of the table whose first column has this heading."""
    table = DOC[DOC.index(f"| {heading} |") :].split("\n\n", maxsplit=1)[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def test_the_table_of_columns_is_that_of_the_code() -> None:
    assert _rows("column") == [
        [f"`{column.name}`", column.sort.value, "yes" if column.optional else "no", column.meaning] for column in COLUMNS
    ]


def test_the_table_of_types_is_that_of_the_code() -> None:
    assert {row[0]: row[1] for row in _rows("type | in Parquet")} == {sort.value: f"`{TYPES[sort]}`" for sort in Sort}
    assert f"{NUMBER_DIGITS - NUMBER_PLACES} digits before the point or {NUMBER_PLACES} behind it" in DOC


def test_the_table_of_formats_is_that_of_the_code() -> None:
    assert [row[0].strip("`") for row in _rows("format")] == [kind.value for kind in Format]


@pytest.mark.parametrize("name", [SCHEMA, FORM_SCHEMA])
def test_the_schemas_are_named(name: str) -> None:
    assert f"`{name}`" in DOC


def test_the_keys_of_a_line_are_named() -> None:
    names = {field.alias or name for name, field in StoredFormJson.model_fields.items()}
    assert {name for name in names if f"`{name}`" not in DOC} == set()
