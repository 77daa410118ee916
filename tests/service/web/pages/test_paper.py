"""A form in the shape of its paper: everything at its place, and nothing lost whatever the form."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.form import Field, FieldRow, Form, Status
from models.geometry import Box
from models.matched import UNKNOWN, Slot, UnknownCell
from service.store.form_rows import fields_of
from service.web.pages.paper import Lines, Pairs, Paper, Spot, Table, paper_of
from tests.postprocess.records import GENUINE, SELF_EVALUATION, TARGET, record, self_evaluation


def spots_of(paper: Paper) -> list[Spot]:
    """Every value on the page, from top to bottom."""
    found = [spot for spot in (paper.title, paper.year) if spot is not None]
    for part in paper.parts:
        match part:
            case Pairs():
                found += [pair.spot for row in part.rows for pair in row]
            case Table():
                cells = [*([part.unit] if part.unit else []), *(spot for row in part.rows for spot in row), *part.totals]
                found += [spot for spot in cells if spot is not None]
            case Lines():
                found += part.spots
    return found


def field(text: str, top: float) -> Field:
    return Field(text, text or None, 1, Box(0.1, top, 0.2, top + 0.01), 0.9, Status.READ if text else Status.BLANK)


def test_a_self_evaluation_is_laid_out_as_it_is_printed() -> None:
    paper = paper_of(self_evaluation(GENUINE["通讯费"]))
    head, funds, goals, indicators = paper.parts
    assert isinstance(head, Pairs)
    assert [[pair.label for pair in row] for row in head.rows] == [["项目名称"], ["主管部门", "实施单位"]]
    assert isinstance(funds, Table)
    assert (funds.caption, funds.unit and funds.unit.field.text) == ("项目资金", "元")
    assert list(funds.headings) == ["", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    assert [spot.field.text for spot in funds.rows[0] if spot] == [
        "年度资金总额",
        "1736311.00",
        "1736311.00",
        "1,721,494.3",
        "10",
        "99.15%",
        "9.92",
    ]
    assert isinstance(goals, Table)
    assert list(goals.headings) == ["预算目标", "实际完成情况"]
    assert isinstance(indicators, Table)
    assert [spot and spot.path for spot in indicators.totals] == [None] * 5 + ["fields.total_weight", "fields.total_score", None]


def test_a_target_is_laid_out_as_it_is_printed() -> None:
    paper = paper_of(record(TARGET, {"project_name": "热线"}, {"indicators": [{"level1": "产出目标"}]}))
    head, indicators = paper.parts
    assert isinstance(head, Pairs)
    assert [pair.label for pair in head.rows[-1]] == ["同名项目上年预算额", "同名项目上年预算执行数"]
    assert isinstance(indicators, Table)
    assert indicators.headings[0] == "一级目标"


def test_a_cell_that_spans_rows_stands_once() -> None:
    shared, other = field("产出指标", 0.1), field("产出指标", 0.5)
    rows: tuple[FieldRow, ...] = ({"level1": shared}, {"level1": shared}, {"level1": other})
    paper = paper_of(Form("self_evaluation", SELF_EVALUATION.name, (1,), {}, {"indicators": rows}))
    table = next(part for part in paper.parts if isinstance(part, Table) and part.caption == "绩效指标")
    assert [[(spot.path, spot.rows) for spot in row if spot] for row in table.rows] == [
        [("tables.indicators[0].level1", 2)],
        [],
        [("tables.indicators[2].level1", 1)],
    ]
    assert paper.shown["tables.indicators[1].level1"] == "tables.indicators[0].level1"


def test_blank_cells_are_never_joined() -> None:
    """They may all have the box of the place where nothing was found."""
    blank = field("", 0.1)
    paper = paper_of(Form("self_evaluation", SELF_EVALUATION.name, (1,), {}, {"indicators": ({"score": blank}, {"score": blank})}))
    assert [spot.rows for spot in spots_of(paper)] == [1, 1]


def test_a_strange_table_keeps_its_cells_and_spans() -> None:
    cells = tuple(UnknownCell(row, column, 1 + row, 1, Slot(1, Box(0, 0, 1, 1))) for row, column in ((0, 1), (0, 0), (2, 0)))
    paper = paper_of(Form(UNKNOWN, "", (1,), cells=cells, cell_fields=(field("乙", 0.1), field("甲", 0.2), field("丙", 0.3))))
    (table,) = paper.parts
    assert isinstance(table, Table)
    assert [[(spot.field.text, spot.rows) for spot in row if spot] for row in table.rows] == [
        [("甲", 1), ("乙", 1)],
        [],
        [("丙", 3)],
    ]


NAMES = st.sampled_from(["title", "year", "project_name", "total_score", "currency_unit", "wholly_new", "basis", "score"])
FIELDS = st.builds(field, st.sampled_from(["", "甲", "乙"]), st.sampled_from([0.1, 0.2]))
ROWS = st.dictionaries(st.sampled_from(["level1", "weight", "score", "invented"]), FIELDS)
TABLES = st.dictionaries(st.sampled_from(["funds", "indicators", "appendix"]), st.lists(ROWS, max_size=4).map(tuple))


@given(st.sampled_from(["self_evaluation", "performance_target", "from_elsewhere"]), st.dictionaries(NAMES, FIELDS), TABLES, st.booleans())
def test_nothing_is_lost_and_nothing_shown_twice(
    kind: str, fields: dict[str, Field], tables: dict[str, tuple[FieldRow, ...]], known: bool
) -> None:
    template = SELF_EVALUATION.name if known else "elsewhere/form@7"
    form = Form(kind, template, (1,), fields, tables, unplaced=(field("附注", 0.9),))
    paper, all_fields = paper_of(form), fields_of(form)
    paths = [spot.path for spot in spots_of(paper)]
    assert len(paths) == len(set(paths))
    assert set(paper.shown) == set(all_fields)
    assert set(paper.shown.values()) == set(paths)
    for path, shown in paper.shown.items():
        assert all_fields[path].text == all_fields[shown].text
    for spot in spots_of(paper):
        assert spot.field == all_fields[spot.path]


@pytest.mark.parametrize("name", ["funds", "indicators"])
def test_a_table_without_rows_is_no_fault(name: str) -> None:
    form = replace(self_evaluation(GENUINE["通讯费"]), tables={name: ()})
    assert {spot.path for spot in spots_of(paper_of(form))} == set(fields_of(form))
