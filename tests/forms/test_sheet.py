"""Every sheet is a complete grid, in whatever style it is printed."""

from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.forms import contents, figures
from tests.forms.contents import PerformanceTarget, SelfEvaluation
from tests.forms.generate import seeded
from tests.forms.sheet import sheets
from tests.forms.style import Style, style


class Tables(HTMLParser):
    """Collects for each table its rows of (column span, row span), and all text outside of style."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[tuple[int, int]]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        spans = dict(attrs)
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag == "td":
            self.tables[-1][-1].append((int(spans.get("colspan") or 1), int(spans.get("rowspan") or 1)))

    def handle_data(self, data: str) -> None:
        self.text += data


def parsed(page: str) -> Tables:
    tables = Tables()
    tables.feed(page.partition("<body>")[2])
    return tables


def covered(table: list[list[tuple[int, int]]], columns: int) -> list[list[int]]:
    """How many cells cover each place of the grid."""
    grid = [[0] * columns for _ in table]
    for y, row in enumerate(table):
        x = 0
        for wide, high in row:
            x = next(i for i in range(x, columns) if not grid[y][i])
            for j in range(y, y + high):
                grid[j][x : x + wide] = [count + 1 for count in grid[j][x : x + wide]]
            x += wide
    return grid


def drawn(seed: int) -> tuple[SelfEvaluation, PerformanceTarget, Style]:
    rng = seeded(f"sheet {seed}")
    office = figures.habit(rng)
    result = contents.self_evaluation(rng, office, 2023, rng.randint(3, 20))
    target = contents.performance_target(rng, office, 2023, rng.randint(3, 20))
    return result, target, style(rng, [result, target])


@pytest.mark.parametrize("seed", range(40))
def test_cells_cover_the_grid_once(seed: int) -> None:
    result, target, look = drawn(seed)
    for form, columns in ((result, 9), (target, 5)):
        for table in parsed(sheets([form], look)).tables:
            assert covered(table, columns) == [[1] * columns for _ in table]


@pytest.mark.parametrize(
    "changed", [{"merged": False}, {"repeat_head": True}, {"separate": True}, {"label_above": True}, {"goal_split": 4}]
)
def test_each_habit_changes_the_sheet_and_keeps_the_text(changed: dict[str, Any]) -> None:
    result, target, look = drawn(1)
    usual = replace(look, merged=True, repeat_head=False, separate=False, label_above=False, goal_split=5)
    plain, other = (parsed(sheets([result, target], chosen)) for chosen in (usual, replace(usual, **changed)))
    assert plain.tables != other.tables
    for value in (result.goal_target, result.indicators[0].level3, target.overview, target.total_budget, target.end_date):
        assert all(line in other.text for line in value.split("\n"))


def test_text_is_never_markup() -> None:
    result, _, look = drawn(2)
    page = parsed(sheets([replace(result, project_name="<b>甲&乙</b>")], look))
    assert "<b>甲&乙</b>" in page.text
