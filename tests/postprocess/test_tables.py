"""Document JSON to tables: numbers as numbers, text as text, and what stands out says why."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from postprocess.tables import ExportTables, Level, as_workbook, export_tables


def field(text: str, value: str | None = None, value_type: str = "", **more: Any) -> dict[str, Any]:
    plain = {
        "text": text,
        "value": value,
        "page": 1,
        "box": [0.25, 0.5, 0.5, 0.6],
        "confidence": 0.999,
        "status": "read",
        "alternatives": [],
    }
    return plain | ({"value_type": value_type} if value_type else {}) | more


def decimal(text: str, value: str, **more: Any) -> dict[str, Any]:
    return field(text, value, "decimal", **more)


FINDING = {
    "rule": "score_total",
    "severity": "error",
    "verdict": "on_paper",
    "message": "总分·得分应为 94.92，表上读作 95.92。",
    "cells": ["fields.total_score", "tables.indicators[0].score"],
    "expected": "94.92",
    "printed": "95.92",
}


def document(**form: Any) -> Mapping[str, object]:
    plain = {
        "kind": "self_evaluation",
        "template": "shanghai/self_evaluation@1",
        "pages": [2, 3],
        "fields": {
            "project_name": field("=1+1", "=1+1", page=2),
            "total_score": decimal("95.92", "95.92", page=3),
            "start_date": field("2020年1月2日", "2020-01-02", "date"),
        },
        "tables": {
            "funds": [{"executed": decimal("980,710", "980710"), "weight": field("—"), "score": field("")}],
            "indicators": [{"level3": field("100", "100"), "score": decimal("20", "20", page=3)}],
        },
        "findings": [FINDING],
        "review": "needs_review",
    }
    return {"source": {"name": "a.pdf", "sha256": "", "pages": 3}, "forms": [plain | form], "problems": []}


def comment_of(tables: ExportTables, name: str) -> str:
    column = list(tables.forms.frame.columns).index(name)
    return tables.forms.marks[0, column].comment


def test_one_row_a_form_with_values_of_their_kind() -> None:
    frame = export_tables([document()]).forms.frame
    assert frame.to_dict("records") == [
        {
            "file": "a.pdf",
            "form": 1,
            "page": 2,
            "pages": "2、3",
            "kind": "self_evaluation",
            "template": "shanghai/self_evaluation@1",
            "review": "needs_review",
            "project_name": "=1+1",
            "total_score": Decimal("95.92"),
            "start_date": date(2020, 1, 2),
        }
    ]


def test_what_people_have_said_stands_behind_what_the_machine_says() -> None:
    people = {"state": "approved", "by": "=李四", "at": "2020-03-02T09:30:00.000000Z"}
    (row,) = export_tables([document(reviewed=people)]).forms.frame.to_dict("records")
    assert list(row)[6:10] == ["review", "reviewed", "reviewed_by", "reviewed_at"]
    assert [row[name] for name in ("reviewed", "reviewed_by", "reviewed_at")] == list(people.values())
    assert comment_of(export_tables([document(reviewed=people)]), "total_score")


def test_rows_keep_text_that_looks_like_a_number_and_dashes_and_blanks() -> None:
    tables = export_tables([document()])
    assert tables.funds.frame.to_dict("records") == [
        {"file": "a.pdf", "form": 1, "page": 1, "executed": Decimal(980710), "weight": "—", "score": None}
    ]
    assert tables.indicators.frame.to_dict("records") == [{"file": "a.pdf", "form": 1, "page": 1, "level3": "100", "score": Decimal(20)}]


def test_forms_of_both_kinds_share_a_sheet() -> None:
    other = document(kind="performance_target", fields={"overview": field("概况", "概况")}, tables={}, findings=[])
    frame = export_tables([document(), other, document()]).forms.frame
    assert list(frame["overview"]) == [None, "概况", None]
    assert list(frame["total_score"]) == [Decimal("95.92"), None, Decimal("95.92")]
    assert len(export_tables([other]).funds.frame) == 0


def test_findings_and_problems_are_rows() -> None:
    damaged = {
        "source": {"name": "b.pdf", "path": "2020/b.pdf"},
        "forms": [],
        "problems": [{"page": 3, "code": "page_unreadable", "message": "坏页。"}],
    }
    rows = export_tables([document(), damaged]).findings.frame.to_dict("records")
    assert [(row["file"], row["form"], row["page"], row["rule"]) for row in rows] == [
        ("a.pdf", 1, 3, "score_total"),
        ("2020/b.pdf", None, 3, "page_unreadable"),
    ]
    assert (rows[0]["cells"], rows[0]["expected"]) == ("fields.total_score、tables.indicators[0].score", "94.92")


def test_contradicted_cells_are_marked_with_the_finding_and_the_place() -> None:
    tables = export_tables([document()])
    assert [(cell, mark.level) for cell, mark in tables.indicators.marks.items()] == [((0, 4), Level.CONTRADICTED)]
    assert list(tables.forms.marks) == [(0, 8)]
    comment = comment_of(tables, "total_score")
    assert comment == "总分·得分应为 94.92，表上读作 95.92。\n见第 3 页，距左边 25%、距上边 50% 处。"


@pytest.mark.parametrize(
    ("doubtful", "said"),
    [
        (
            decimal("95.92", "95.92", confidence=0.61, alternatives=[{"text": "96.92", "confidence": 0.3}]),
            ["61.0%", "“96.92”（30.0%）", "第 1 页"],
        ),
        (field("24.700.15"), ["24.700.15", "不能确定"]),
        (field("", seal=True), ["空白", "印章"]),
        (field("", box=[0, 0, 0, 0]), ["没有找到"]),
    ],
)
def test_doubtful_cells_say_why(doubtful: dict[str, Any], said: list[str]) -> None:
    tables = export_tables([document(fields={"total_score": doubtful | {"status": "doubtful"}}, findings=[])])
    assert next(iter(tables.forms.marks.values())).level is Level.DOUBTFUL
    comment = comment_of(tables, "total_score")
    assert all(words in comment for words in said)


def test_warnings_and_sure_cells_are_not_marked() -> None:
    tables = export_tables([document(findings=[FINDING | {"severity": "warning"}])])
    assert tables.forms.marks == tables.indicators.marks == {}


def test_no_documents_are_empty_sheets_with_headings() -> None:
    tables = export_tables([])
    assert list(tables.findings.frame.columns)[:4] == ["file", "form", "page", "rule"]
    assert len(tables.forms.frame) == 0


def test_more_digits_than_a_double_holds_become_text() -> None:
    assert as_workbook(Decimal("1234567890123.45")) == Decimal("1234567890123.45")
    assert as_workbook(Decimal("12345678901234.56")) == "12345678901234.56"
