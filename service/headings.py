"""What the columns of the workbook are called: as on the paper, and beside it as in the document JSON."""

from collections.abc import Iterator
from functools import cache

from layouts.template_file import builtin_templates
from models.template import ValueKind

_OWN = {
    "file": "文件",
    "form": "第几张表",
    "page": "页",
    "pages": "全部页",
    "kind": "表的种类",
    "template": "模板",
    "review": "是否须复核",
    "reviewed": "复核状态",
    "reviewed_by": "复核人",
    "reviewed_at": "复核时间（UTC）",
    "title": "标题",
    "year": "年度",
    "source": "资金来源",
    "currency_unit": "金额单位",
    "rule": "规则",
    "severity": "轻重",
    "verdict": "判断",
    "message": "说明",
    "cells": "有关单元格",
    "expected": "应为",
    "printed": "表上",
}
"""Columns that no label on the paper names."""


def heading(name: str) -> str:
    """Two lines: the Chinese term (both where the forms differ) and ``name``; the bare name where no template knows it."""
    terms = [_OWN[name]] if name in _OWN else list(dict.fromkeys(_terms().get(name, ())))
    return "\n".join(("/".join(terms), name)) if terms else name


@cache
def amounts() -> frozenset[str]:
    """Columns that hold money."""
    templates = builtin_templates()
    fields = {field.name for template in templates for field in template.fields if field.kind is ValueKind.AMOUNT}
    tables = [table for template in templates for table in template.tables]
    return frozenset(fields | {column.name for table in tables for column in table.columns if column.kind is ValueKind.AMOUNT})


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    terms: dict[str, tuple[str, ...]] = {}
    for name, term in _printed():
        terms[name] = (*terms.get(name, ()), term)
    return terms


def _printed() -> Iterator[tuple[str, str]]:
    for template in builtin_templates():
        for field in template.fields:
            if field.labels:
                yield field.name, "·".join((field.labels[0], *field.column[:1]))
        for table in template.tables:
            for column in table.columns:
                if column.headings[0]:
                    yield column.name, column.headings[0]
