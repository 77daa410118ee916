"""The audit as a workbook: findings with what they stand on, projects, links, and each year's result; text is text and never a formula."""

import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter
from rich.cells import cell_len

from postprocess.tables import as_workbook
from service.audit import sentences
from service.audit.finding import SEVERITIES, Audit, AuditRule
from service.audit.results import results
from service.workbook import safe_text
from service.writing import write_file

_ROWS_A_SHEET = 1_000_000
"""Excel has 1,048,576 rows; what is beyond goes to a further sheet."""

_OPTIONS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDEST = 60
"""Columns of a sheet's column; longer text is wrapped."""

_Value: TypeAlias = str | int | float | Decimal | None
_Row: TypeAlias = Sequence[_Value]
_Writer: TypeAlias = Any
"""XlsxWriter has no types; its workbook, sheets and formats."""

_COLUMNS: dict[str, tuple[tuple[str, int], ...]] = {
    "汇总": (("类别", 26), ("编号", 24), ("轻重", 8), ("表上如此", 10), ("待核", 8)),
    "问题": (
        ("序号", 8),
        ("单位", 30),
        ("项目", 36),
        ("年度", 8),
        ("类别", 26),
        ("编号", 24),
        ("轻重", 8),
        ("判断", 10),
        ("说明", _WIDEST),
    ),
    "依据": (("问题序号", 10), ("文件", 48), ("第几张表", 10), ("页", 6), ("栏目", 28), ("位置", 34), ("表上文字", 36), ("是否读清", 10)),
    "项目": (("单位", 30), ("项目", 40), ("起", 8), ("止", 8), ("目标表", 8), ("自评表", 8), ("关联待核", 10)),
    "关联": (
        *(("单位", 30), ("项目", 36), ("前表年度", 10), ("前表", 12), ("前表文件", 40), ("后表年度", 10), ("后表", 12), ("后表文件", 40)),
        *(("依据", 32), ("名称相似度", 12), ("单位相似度", 12), ("相符金额", 48), ("是否确定", 10)),
    ),
    "年度": (("单位", 30), ("项目", 40), ("年度", 8), ("执行率（%）", 12), ("总分", 10)),
}
"""Sheets with the headings and widths of their columns."""


def write_workbook(audit: Audit, path: Path) -> None:
    """Write ``audit`` as XLSX to ``path``.

    Raises:
        OutputError: it cannot be written.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _OPTIONS) as book:
        formats = {
            "heading": book.add_format({"bold": True, "bg_color": "#ECEFF1", "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
            "number": book.add_format({"valign": "top"}),
        }
        rows = {
            "汇总": _summary(audit),
            "问题": _findings(audit),
            "依据": _evidence(audit),
            "项目": _projects(audit),
            "关联": _links(audit),
        }
        for name, found in {**rows, "年度": _results(audit)}.items():
            _write_sheets(book, formats, name, found)
    write_file(path, buffer.getvalue())


def _write_sheets(book: _Writer, formats: dict[str, _Writer], name: str, rows: Iterator[_Row]) -> None:
    """One sheet, or several where one is full."""
    number = 1
    while (part := list(islice(rows, _ROWS_A_SHEET))) or number == 1:
        sheet = book.add_worksheet(name if number == 1 else f"{name} {number}")
        for column, (heading, width) in enumerate(_COLUMNS[name]):
            sheet.set_column(column, column, max(width, cell_len(heading) + 2))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(1, len(part)), len(_COLUMNS[name]) - 1)
        _write_row(sheet, 0, [heading for heading, _ in _COLUMNS[name]], formats["heading"], formats)
        for place, row in enumerate(part, 1):
            _write_row(sheet, place, row, formats["text"], formats)
        number += 1


def _write_row(sheet: _Writer, place: int, row: Iterable[_Value], look: _Writer, formats: dict[str, _Writer]) -> None:
    for column, value in enumerate(row):
        held = as_workbook(value) if isinstance(value, Decimal) else value
        if isinstance(held, str):
            if held:
                sheet.write_string(place, column, safe_text(held), look)
        elif held is not None:
            sheet.write_number(place, column, held, formats["number"])


def _summary(audit: Audit) -> Iterator[_Row]:
    for rule in AuditRule:
        found = [finding.accuses for finding in audit.findings if finding.rule is rule]
        accused = sum(found)
        yield sentences.RULES[rule], rule.value, sentences.SEVERITY_WORDS[SEVERITIES[rule]], accused, len(found) - accused


def _findings(audit: Audit) -> Iterator[_Row]:
    for number, found in enumerate(audit.findings, 1):
        words = sentences.SEVERITY_WORDS[found.severity], sentences.VERDICT_WORDS[found.verdict]
        what = sentences.RULES[found.rule], found.rule.value
        yield number, found.unit, found.project, found.year or None, *what, *words, found.message


def _evidence(audit: Audit) -> Iterator[_Row]:
    for number, found in enumerate(audit.findings, 1):
        for evidence in found.evidence:
            form = evidence.form
            if not evidence.cells:
                yield number, form.path, form.number, None, "（全表）", "", "", ""
            for cell in evidence.cells:
                read = "读清" if cell.read else "未读清"
                yield number, form.path, form.number, cell.page, sentences.term(cell.path), cell.path, cell.text, read


def _projects(audit: Audit) -> Iterator[_Row]:
    for project in audit.projects:
        first, last = project.years
        counts = project.count("performance_target"), project.count("self_evaluation")
        yield project.unit, project.name, first, last, *counts, "待核" if project.open else ""


def _links(audit: Audit) -> Iterator[_Row]:
    for project in audit.projects:
        for link in project.links:
            ends = [value for form in (link.one, link.other) for value in (form.year, sentences.KINDS[form.kind], form.ref.path)]
            alike = round(link.name_similarity, 3), round(link.unit_similarity, 3)
            told = sentences.GROUNDS[link.ground], *alike, sentences.agreed(link.agreements), "确定" if link.sure else "可能"
            yield project.unit, project.name, *ends, *told


def _results(audit: Audit) -> Iterator[_Row]:
    for result in results(audit):
        rate = None if result.rate is None else round(result.rate, 2)
        yield result.unit, result.project, result.year, rate, result.score
