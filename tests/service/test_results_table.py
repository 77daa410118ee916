"""The table at the end: aligned, whatever was recognized."""

from decimal import Decimal

import pytest
from rich.cells import cell_len

from models.form import Document, Field, Finding, Form, Review, Source, Status, Verdict
from models.geometry import Box
from models.template import Severity
from service import results_table
from service.results_table import print_results


def _field(text: str, status: Status = Status.READ) -> Field:
    return Field(text, Decimal(1), 1, Box(0, 0, 1, 1), 0.9, status)


def _document(name: str, *forms: Form) -> Document:
    return Document(Source(name, "", 2), forms)


def _form(
    project: str, score: str, review: Review = Review.CLEAR, status: Status = Status.READ, findings: tuple[Finding, ...] = ()
) -> Form:
    fields = {"year": _field("2020"), "project_name": _field(project), "total_score": _field(score, status)}
    return Form("self_evaluation", "t@1", (1, 2), fields, findings=findings, review=review)


def test_one_row_a_form_and_chinese_columns_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    print_results(
        [
            _document("甲.pdf", _form("环境保护信息化", "99.15")),
            _document("b.pdf", _form("Short", "8", Review.NEEDS_REVIEW, Status.DOUBTFUL)),
        ]
    )
    heading, *rows = capsys.readouterr().out.rstrip("\n").split("\n")
    assert len(rows) == 2
    places = {cell_len(row[: row.index(word)]) for row, word in ((heading, "Year"), (rows[0], "2020"), (rows[1], "2020"))}
    assert len(places) == 1
    assert rows[0].rstrip().endswith("clear")
    assert rows[1].rstrip().endswith("review: 1 doubtful")
    assert "1-2" in rows[0]


def test_contradictions_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding("score_total", Severity.ERROR, Verdict.ON_PAPER, "不符", ())
    print_results([_document("a.pdf", _form("甲", "1", Review.NEEDS_REVIEW, findings=(finding,)))])
    assert "review: 1 contradicted" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["[bold]x[/bold]", "a\x1b[31mb", "line\nbreak", "长" * 100])
def test_recognized_text_is_neither_markup_nor_control(capsys: pytest.CaptureFixture[str], text: str) -> None:
    print_results([_document("a.pdf", _form(text, "1"))])
    printed = capsys.readouterr().out.rstrip("\n").split("\n")
    assert len(printed) == 2
    assert printed[1].isprintable()
    assert ("[bold]" in text) == ("[bold]x[/bold]" in printed[1])


def test_forms_without_a_kind_and_without_fields_have_their_row(capsys: pytest.CaptureFixture[str]) -> None:
    print_results([_document("a.pdf", Form("unknown", "", (3,)))])
    assert "page missing" not in capsys.readouterr().out


def test_a_long_table_is_cut_and_says_so(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results_table, "ROWS", 2)
    print_results(_document("a.pdf", _form("甲", "1")) for _ in range(5))
    assert "3 more forms" in capsys.readouterr().out
