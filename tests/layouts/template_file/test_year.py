"""The year of a form is not that of a date or a decree in its head."""

import re

import pytest

from layouts.template_file import builtin_templates

PATTERNS = [(template.kind, field.pattern) for template in builtin_templates() for field in template.fields if field.name == "year"]


@pytest.mark.parametrize(("kind", "pattern"), PATTERNS)
@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("(2020年度)", "2020"),
        ("2020 年度".replace(" ", ""), "2020"),
        ("二〇二〇年度", "二〇二〇"),
        ("2020生度", "2020"),
        ("2020年财政项目支出", "2020"),
        ("填报日期:2021年3月5日", None),
        ("沪财预(2019)12号", None),
        ("编号(12345)", None),
        ("120205年度", None),
    ],
)
def test_the_year_in_a_line(kind: str, pattern: str, line: str, year: str | None) -> None:
    found = re.search(pattern, line)
    assert (found[1] if found is not None else None) == year, kind
