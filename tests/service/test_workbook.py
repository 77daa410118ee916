"""The workbook, read back with another library."""

import io
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from models.form import Alternative, Document, Field, Finding, Form, Problem, Review, Source, Status, Value, Verdict
from models.geometry import Box
from models.limits import Limits
from models.template import Severity
from service import workbook
from service.document_json import Origin, parse_json, to_json
from service.document_shape import DocumentJson
from service.workbook import write_workbook
from service.writing import OutputFolder

YELLOW, RED = "FFFFEB3B", "FFF28B82"


def _field(text: str, value: Value = None, status: Status = Status.READ, page: int = 1) -> Field:
    return Field(text, value, page, Box(0.25, 0.5, 0.35, 0.52), 0.87, status, (Alternative("980,770", 0.1),))


def _record(fields: dict[str, Field], *rows: dict[str, Field], findings: tuple[Finding, ...] = (), name: str = "a.pdf") -> DocumentJson:
    form = Form("self_evaluation", "shanghai/self_evaluation@1", (1, 2), fields, {"funds": rows}, findings, Review.NEEDS_REVIEW)
    document = Document(Source(name, "0" * 64, 2), (form,), (Problem(2, "page_lost", "那一页"),))
    return parse_json(to_json(document, Origin("1", Limits(), f"../in/{name}")))


def _sheets(folder: Path, *records: DocumentJson) -> dict[str, Worksheet]:
    write_workbook(((f"scans/{record.source.name}", record) for record in records), OutputFolder(folder))
    book = openpyxl.load_workbook(io.BytesIO((folder / "forms.xlsx").read_bytes()))
    return {sheet.title: sheet for sheet in book.worksheets}


def _column(sheet: Worksheet, name: str) -> list[Cell]:
    return next(
        [cell for cell in column[1:] if isinstance(cell, Cell)]
        for column in sheet.iter_cols()
        if str(column[0].value).split("\n")[-1] == name
    )


def test_numbers_are_numbers_dates_dates_and_text_text(tmp_path: Path) -> None:
    fields = {
        "total_score": _field("99.15", Decimal("99.15")),
        "start_date": _field("2020-01-02", date(2020, 1, 2)),
        "project_name": _field("123", "123"),
        "goal_actual": _field(""),
    }
    sheet = _sheets(tmp_path, _record(fields))["forms"]
    assert [(cell.value, cell.data_type) for name in fields for cell in _column(sheet, name)] == [
        (99.15, "n"),
        (datetime(2020, 1, 2), "d"),
        ("123", "s"),
        (None, "n"),
    ]


def test_a_number_that_a_double_would_change_keeps_its_digits_as_text(tmp_path: Path) -> None:
    (cell,) = _column(_sheets(tmp_path, _record({"total_budget": _field("", Decimal("12345678901234567.89"))}))["forms"], "total_budget")
    assert (cell.value, cell.data_type) == ("12345678901234567.89", "s")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1+1}", "=cmd|' /C calc'!A0", "http://a.b", "\t=1", "\r=1", "'=1"])
def test_recognized_text_is_never_a_formula(tmp_path: Path, text: str) -> None:
    fields = {"project_name": _field(text, text, Status.DOUBTFUL), "department": _field(text, text)}
    sheets = _sheets(tmp_path, _record(fields, name=f"{text}.pdf"))
    for sheet in sheets.values():
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
        assert all(cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    for name in fields:
        (cell,) = _column(sheets["forms"], name)
        assert str(cell.value).strip() == text.strip()
        assert cell.quotePrefix  # so that it stays text when a person edits the cell


def test_characters_that_xml_forbids_and_endless_text_do_not_spoil_the_file(tmp_path: Path) -> None:
    fields = {"project_name": _field("", "a\0b\x1fc\ufffe_x0041_"), "goal_actual": _field("", "长" * 40_000)}
    sheet = _sheets(tmp_path, _record(fields))["forms"]
    assert "".join(str(cell.value) for cell in _column(sheet, "project_name")) == "a�b�c�_x0041_"
    assert len(str(_column(sheet, "goal_actual")[0].value)) == 32_767


def test_doubtful_cells_are_yellow_contradicted_ones_red_and_say_why_and_where(tmp_path: Path) -> None:
    finding = Finding(
        "execution_rate", Severity.ERROR, Verdict.UNDECIDED, "执行率应为90.13%", ("tables.funds[1].execution_rate",), "90.13", "90.18"
    )
    rows = [
        {"executed": _field("980,710", Decimal(980710), Status.DOUBTFUL), "execution_rate": _field("90.13", Decimal("90.13"))},
        {"executed": _field("980,710", Decimal(980710)), "execution_rate": _field("90.18", Decimal("90.18"), page=2)},
    ]
    sheet = _sheets(tmp_path, _record({}, *rows, findings=(finding,)))["funds"]
    doubtful, sure = _column(sheet, "executed")
    right, wrong = _column(sheet, "execution_rate")
    assert [cell.fill.fgColor.rgb for cell in (doubtful, wrong)] == [YELLOW, RED]
    assert all(cell.comment is None and cell.fill.fgColor.rgb not in (YELLOW, RED) for cell in (sure, right))
    assert (doubtful.value, wrong.value) == (980710, 90.18)
    assert doubtful.comment is not None
    assert wrong.comment is not None
    assert "87" in doubtful.comment.text
    assert "980,770" in doubtful.comment.text
    assert "执行率应为90.13%" in wrong.comment.text
    assert "第 2 页" in wrong.comment.text


def test_a_doubtful_blank_in_a_column_of_texts_is_a_blank(tmp_path: Path) -> None:
    known = _record({"goal_actual": _field("完成", "完成")}, name="a.pdf")
    blank = _record({"goal_actual": _field("", None, Status.DOUBTFUL)}, name="b.pdf")
    cells = _column(_sheets(tmp_path, known, blank)["forms"], "goal_actual")
    assert [cell.value for cell in cells] == ["完成", None]


def test_money_is_shown_with_thousands_and_every_digit(tmp_path: Path) -> None:
    row = {"executed": _field("1,721,494.345", Decimal("1721494.345")), "weight": _field("10", Decimal(10))}
    doubtful = {"executed": _field("1,721,494.345", Decimal("1721494.345"), Status.DOUBTFUL), "weight": _field("10", Decimal(10))}
    sheet = _sheets(tmp_path, _record({}, row, doubtful))["funds"]
    assert {cell.number_format for cell in _column(sheet, "executed")} == {"#,##0.00######"}
    assert {cell.number_format for cell in _column(sheet, "weight")} == {"General"}


def test_headings_are_chinese_with_the_names_frozen_and_filtered(tmp_path: Path) -> None:
    sheets = _sheets(tmp_path, _record({"project_name": _field("甲", "甲")}, {"execution_rate": _field("1", Decimal(1))}))
    assert list(sheets) == ["forms", "funds", "indicators", "findings"]
    headings = [[cell.value for cell in sheet[1]] for sheet in sheets.values()]
    assert "项目名称\nproject_name" in headings[0]
    assert "执行率\nexecution_rate" in headings[1]
    assert all("\n" in str(name) for row in headings for name in row)
    assert {sheet.freeze_panes for sheet in sheets.values()} == {"A2"}


def test_columns_are_as_wide_as_their_text_within_reason(tmp_path: Path) -> None:
    sheet = _sheets(tmp_path, _record({"project_name": _field("", "环境保护信息化项目"), "goal_actual": _field("", "长" * 500)}))["forms"]
    widths = {
        str(cell.value).split("\n")[-1]: sheet.column_dimensions[get_column_letter(place)].width for place, cell in enumerate(sheet[1], 1)
    }
    assert 18 <= widths["project_name"] <= 24
    assert widths["goal_actual"] <= 50


def test_documents_stand_one_below_the_other_with_the_columns_of_both(tmp_path: Path) -> None:
    first = _record({"project_name": _field("甲", "甲"), "department": _field("乙", "乙", Status.DOUBTFUL)}, name="a.pdf")
    second = _record({"department": _field("丙", "丙", Status.DOUBTFUL), "basis": _field("丁", "丁")}, name="b.pdf")
    sheet = _sheets(tmp_path, first, second)["forms"]
    assert [cell.value for cell in _column(sheet, "file")] == ["scans/a.pdf", "scans/b.pdf"]
    assert [cell.value for cell in _column(sheet, "project_name")] == ["甲", None]
    assert [cell.fill.fgColor.rgb for cell in _column(sheet, "department")] == [YELLOW, YELLOW]
    assert [cell.value for cell in _column(sheet, "basis")] == [None, "丁"]


def test_problems_stand_among_the_findings(tmp_path: Path) -> None:
    sheet = _sheets(tmp_path, _record({}))["findings"]
    assert [cell.value for cell in _column(sheet, "rule")] == ["page_lost"]
    assert [cell.value for cell in _column(sheet, "page")] == [2]


def test_more_rows_than_a_sheet_has_go_on_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_ROWS_A_SHEET", 2)
    rows = [{"weight": _field(str(n), Decimal(n), Status.DOUBTFUL if n == 2 else Status.READ)} for n in range(3)]
    sheets = _sheets(tmp_path, _record({}, *rows))
    assert [cell.value for cell in _column(sheets["funds"], "weight")] == [0, 1]
    (last,) = _column(sheets["funds 2"], "weight")
    assert (last.value, last.fill.fgColor.rgb) == (2, YELLOW)


def test_no_documents_make_an_empty_workbook(tmp_path: Path) -> None:
    assert list(_sheets(tmp_path)) == ["forms", "funds", "indicators", "findings"]
