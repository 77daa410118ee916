"""Exports read back with other libraries: counts and sums are those of what went in, text is text, numbers are numbers."""

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import OutputError
from models.form import Form, Value
from service.export import parquet_file
from service.export.cells import armed
from service.export.columns import COLUMNS, Row, rows_of
from service.export.csv_file import write_csv
from service.export.export import Format, export
from service.export.exported import Exported
from service.export.json_lines import parse_line, to_line, write_json
from service.export.parquet_file import parquet_schema, write_parquet
from service.store.reviewed import UNTOUCHED
from service.store.stored import StoredForm
from service.wording import without_controls
from tests.service.export.archive import APPROVED, ARCHIVE, FIELDS, MONEY, evaluation, field, stored, text_field
from tests.service.export.test_cells import texts

NAMES = [column.name for column in COLUMNS]
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "\r=1", "＝1", " =1", "'=1", '"=1', "\x01=1", "a\0b", 'a"b\n=c,d')


def _csv(*forms: StoredForm) -> list[dict[str, str]]:
    file = io.BytesIO()
    write_csv(forms, file)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")))


def _parquet(*forms: StoredForm) -> list[dict[str, object]]:
    file = io.BytesIO()
    write_parquet(forms, file)
    rows: list[dict[str, object]] = pq.read_table(io.BytesIO(file.getvalue())).to_pylist()
    return rows


def test_the_columns_are_those_of_a_row() -> None:
    assert tuple(NAMES) == Row._fields


def test_every_field_is_a_row_with_its_place() -> None:
    rows = [row for form in ARCHIVE for row in rows_of(form)]
    assert len(rows) == FIELDS
    assert [(row.form, row.table, row.row, row.field) for row in rows] == [
        (1, "", None, "project_name"),
        (1, "", None, "year"),
        (1, "", None, "total_score"),
        (1, "funds", 0, "source"),
        (1, "funds", 0, "executed"),
        (1, "funds", 1, "source"),
        (1, "funds", 1, "executed"),
        (1, "unplaced", 0, "text"),
        (2, "cells", 1, "column_2"),
        (3, "", None, "start_date"),
    ]


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        (None, ("", None, None)),
        ("甲", ("甲", None, None)),
        (date(2020, 1, 2), ("", None, date(2020, 1, 2))),
        (Decimal("-0.10"), ("", Decimal("-0.10"), None)),
        (Decimal("9" * 28 + ".0123456789"), ("", Decimal("9" * 28 + ".0123456789"), None)),
        (Decimal("1.000000000000"), ("", Decimal(1), None)),
        (Decimal("9" * 29), ("9" * 29, None, None)),
        (Decimal("0.00000000001"), ("0.00000000001", None, None)),
    ],
)
def test_a_value_stands_in_the_column_of_its_type_and_is_never_rounded(value: Value, typed: tuple[object, ...]) -> None:
    (row,) = rows_of(stored(evaluation({"total_score": field("…", value)})))
    assert (row.value_text, row.value_number, row.value_date) == typed
    (kept,) = _parquet(stored(evaluation({"total_score": field("…", value)})))
    assert (kept["value_text"], kept["value_number"], kept["value_date"]) == typed


@pytest.mark.parametrize("kind", Format)
def test_all_that_went_in_is_counted(tmp_path: Path, kind: Format) -> None:
    assert export(iter(ARCHIVE), kind, tmp_path / "new" / "out") == Exported(len(ARCHIVE), FIELDS)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


def test_csv_read_by_python() -> None:
    rows = _csv(*ARCHIVE)
    assert list(rows[0]) == NAMES
    assert len(rows) == FIELDS
    assert sum(Decimal(row["value_number"]) for row in rows if row["field"] == "executed" and row["value_number"]) == MONEY
    assert [row["value_date"] for row in rows if row["value_date"]] == ["2020-01-02"]


def test_csv_read_by_pandas(tmp_path: Path) -> None:
    export(ARCHIVE, Format.CSV, tmp_path / "a.csv")
    frame = pd.read_csv(tmp_path / "a.csv", converters={"value_number": lambda cell: Decimal(cell) if cell else None})
    assert list(frame.columns) == NAMES
    executed = frame[frame.field == "executed"]
    assert sum(number for number in executed.value_number if number is not None) == MONEY
    assert {str(frame[name].dtype) for name in ("form", "version", "page")} == {"int64"}
    assert {str(frame[name].dtype) for name in ("confidence", "left", "top", "right", "bottom")} == {"float64"}


def test_what_people_have_said_stands_beside_what_the_machine_says(tmp_path: Path) -> None:
    at = datetime(2020, 3, 2, 9, 30, tzinfo=UTC)
    rows = {(row["form"], row["review"], row["reviewed"], row["reviewed_by"], row["reviewed_at"]) for row in _parquet(*ARCHIVE)}
    assert rows == {
        (1, "needs_review", "approved", "李四", at),
        (2, "needs_review", "none", "", None),
        (3, "needs_review", "none", "", None),
    }
    told = {(row["reviewed"], row["reviewed_by"], row["reviewed_at"]) for row in _csv(*ARCHIVE)}
    assert told == {("approved", "李四", "2020-03-02T09:30:00.000000Z"), ("none", "", "")}
    export(ARCHIVE, Format.XLSX, tmp_path / "a.xlsx")
    sheet = pd.read_excel(tmp_path / "a.xlsx", sheet_name="forms", keep_default_na=False).rename(columns=lambda name: name.splitlines()[-1])
    columns = sheet[["review", "reviewed", "reviewed_by", "reviewed_at"]].to_numpy().tolist()
    assert columns == [["needs_review", "approved", "李四", "2020-03-02T09:30:00.000000Z"], *[["needs_review", "none", "", ""]] * 2]


def test_a_line_of_an_earlier_program_says_nothing_of_people() -> None:
    line = json.loads(to_line(ARCHIVE[0]))
    assert line.pop("reviewed") == {"state": "approved", "by": "李四", "at": "2020-03-02T09:30:00.000000Z"}
    assert parse_line(json.dumps(line).encode()).reviewed == UNTOUCHED


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_csv_wherever_it_comes_from(text: str) -> None:
    form = replace(evaluation({"project_name": text_field(text)}), template=text)
    (row,) = _csv(replace(stored(form, path=text), unit=text, reviewed=replace(APPROVED, by=text)))
    for name in ("path", "unit", "template", "reviewed_by", "text", "value_text"):
        assert row[name][0] not in "=+-@\t\r＝"
        assert armed(row[name]) == without_controls(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula_in_the_workbook_wherever_it_comes_from(tmp_path: Path, text: str) -> None:
    form = replace(evaluation({"project_name": text_field(text)}, {"source": text_field(text)}), template=text)
    export([replace(stored(form, path=text), reviewed=replace(APPROVED, by=text))], Format.XLSX, tmp_path / "a.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets:
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_numbers_stay_numbers_in_csv_also_where_they_are_negative() -> None:
    (row,) = _csv(stored(evaluation({"total_score": field("-1,000.50", Decimal("-1000.50"))})))
    assert (row["text"], row["value_number"], row["value_text"]) == ("'-1,000.50", "-1000.50", "")


@given(st.lists(texts, min_size=1, max_size=3))
def test_any_texts_come_back_from_csv_and_parquet(given_texts: list[str]) -> None:
    forms = [stored(evaluation({"project_name": text_field(text)}), path=text) for text in given_texts]
    assert [armed(row["path"]) for row in _csv(*forms)] == [without_controls(text) for text in given_texts]
    assert [row["text"] for row in _parquet(*forms)] == given_texts


def test_the_workbook_keeps_numbers_forms_and_findings_of_each_form(tmp_path: Path) -> None:
    export(ARCHIVE, Format.XLSX, tmp_path / "a.xlsx")
    sheets = pd.read_excel(tmp_path / "a.xlsx", sheet_name=None)
    assert list(sheets["forms"].iloc[:, 1]) == [1, 2, 3]
    assert list(sheets["forms"].iloc[:, 0]) == [form.path for form in ARCHIVE]
    funds = sheets["funds"].rename(columns=lambda name: str(name).splitlines()[-1])
    assert (funds.executed[0], funds.form[0]) == (980710.1, 1)
    assert list(sheets["findings"].iloc[:, 1]) == [1]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert isinstance(book["forms"]["B2"].value, int)
    assert datetime(2020, 1, 2) in [cell.value for cell in book["forms"][4]]


def test_parquet_has_the_schema_that_is_stated_and_exact_money() -> None:
    file = io.BytesIO()
    write_parquet(ARCHIVE, file)
    table = pq.read_table(io.BytesIO(file.getvalue()))
    assert table.schema.equals(parquet_schema())
    assert table.schema.metadata[b"schema"] == b"formtally/fields/1"
    assert table.schema.field("value_number").type == pa.decimal128(38, 10)
    executed = table.filter(pa.compute.equal(table["field"], "executed"))
    assert pa.compute.sum(executed["value_number"]).as_py() == MONEY
    assert [row for row in table["value_date"].to_pylist() if row] == [date(2020, 1, 2)]


def test_parquet_is_written_group_by_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "ROWS_A_GROUP", 4)
    file = io.BytesIO()
    write_parquet(ARCHIVE, file)
    found = pq.ParquetFile(io.BytesIO(file.getvalue()))
    assert [found.metadata.row_group(i).num_rows for i in range(found.num_row_groups)] == [8, 2]


def test_json_can_be_read_back() -> None:
    file = io.BytesIO()
    write_json(ARCHIVE, file)
    found = [parse_line(line) for line in file.getvalue().splitlines()]
    assert [replace(form, form=_known(form.form)) for form in found] == [_told(form) for form in ARCHIVE]


def _told(stored: StoredForm) -> StoredForm:
    """What a line holds of it: who works on it at the moment is nothing to be kept."""
    return replace(stored, form=_known(stored.form), reviewed=replace(stored.reviewed, taken_by=""))


def _known(form: Form) -> Form:
    """Without the slots of unknown cells, whose boxes are those of the record once it is read back."""
    return replace(form, cells=())


@pytest.mark.parametrize("kind", [Format.CSV, Format.PARQUET, Format.JSON])
def test_memory_is_flat(kind: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "ROWS_A_GROUP", 1000)

    def peak(count: int) -> int:
        tracemalloc.start()
        export((ARCHIVE[0] for _ in range(count)), kind, tmp_path / "out")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded once
    assert peak(2000) < peak(200) + 1_000_000  # 1,800 forms more, if they were kept, are 3.5 MB of JSON; buffers and threads come and go


@pytest.mark.parametrize("kind", Format)
def test_an_export_that_fails_leaves_what_was_there(kind: Format, tmp_path: Path) -> None:
    def broken() -> Iterator[StoredForm]:
        yield ARCHIVE[0]
        raise RuntimeError

    (tmp_path / "out").write_text("old")
    with pytest.raises(RuntimeError):
        export(broken(), kind, tmp_path / "out")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "old")]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="out"):
        export(ARCHIVE, Format.CSV, tmp_path / "file" / "out")


@pytest.mark.parametrize("kind", Format)
def test_nothing_at_all_is_a_file_too(kind: Format, tmp_path: Path) -> None:
    target = tmp_path / f"out.{kind}"
    assert export((), kind, target) == Exported()
    if kind is Format.PARQUET:
        assert pq.read_table(target).num_rows == 0
    if kind is Format.XLSX:
        assert openpyxl.load_workbook(target).sheetnames[0] == "forms"
