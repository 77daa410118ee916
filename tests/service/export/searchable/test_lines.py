"""Lines say what the record says."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from models.content import PageContent
from models.form import Document, Field, Form, Source, Status
from postprocess.calibration import TARGET_ERROR, trust
from service.export.searchable.lines import lines_of
from service.pipeline import assemble
from tests.layouts.drawing import draw
from tests.layouts.matching import printed

TARGET = draw(1, printed.TARGET, printed.TARGET_COLUMNS)
EVALUATION = draw(1, printed.SELF_EVALUATION, printed.SELF_COLUMNS)
SOURCE = Source("a.pdf", "0" * 64, 1)


def _record(page: PageContent) -> Form:
    (form,) = assemble([page], SOURCE, (), lambda _: {}, trust(TARGET_ERROR)).forms
    return form


def _with(form: Form, **texts: str) -> Form:
    """``form`` after a person corrected some fields."""
    return replace(form, fields={name: _corrected(field, texts.get(name)) for name, field in form.fields.items()})


def _corrected(field: Field, text: str | None) -> Field:
    return field if text is None else replace(field, text=text, value=text, status=Status.READ)


def _texts(page: PageContent, form: Form) -> list[str]:
    return [line.text for line in lines_of([page], Document(SOURCE, (form,)))[1]]


def _changes(page: PageContent, form: Form) -> Mapping[str, str]:
    """What is said otherwise than it was read, by what was read."""
    before, after = _texts(page, _record(page)), _texts(page, form)
    return {one: other for one, other in zip(before, after, strict=True) if one != other}


@pytest.mark.parametrize("page", [TARGET, EVALUATION])
def test_what_was_read_is_said_line_by_line_from_top_to_bottom(page: PageContent) -> None:
    readings = [reading.text for grid in page.grids for cell in grid.cells for reading in cell.readings]
    assert _texts(page, _record(page)) == [*(reading.text for reading in page.loose), *readings]


def test_a_corrected_value_keeps_the_label_beside_it() -> None:
    assert _changes(TARGET, _with(_record(TARGET), current_budget="560,000")) == {
        "项目当年预算（元）：500,000": "项目当年预算（元）：560,000"
    }


def test_a_corrected_value_of_two_lines_is_shared_out_as_it_was_read() -> None:
    assert _changes(TARGET, _with(_record(TARGET), project_name="河道巡查无人船采购（三期）")) == {
        "项目名称：河道巡查无人机采": "项目名称：河道巡查无人船采",
        "购(二期)": "购（三期）",
    }


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("河道无人机采购(二期)", "项目名称：河道无人机采", "购(二期)"),
        ("河道巡查无人机采集购(二期)", "项目名称：河道巡查无人机采", "集购(二期)"),
        ("采购", "项目名称：采", "购"),
    ],
)
def test_characters_that_were_lost_or_added_stand_at_their_place(text: str, first: str, second: str) -> None:
    page = TARGET
    lines = lines_of([page], Document(SOURCE, (_with(_record(page), project_name=text),)))[1]
    found = [line for line in lines if line.text in (first, second)]
    assert [line.text for line in found] == [first, second]
    for line in found:
        assert len(line.places) == len(line.text)
        assert list(line.places) == sorted(line.places)
        assert line.box.left <= line.places[0] <= line.places[-1] <= line.box.right


def test_a_value_that_a_person_found_in_an_empty_cell_stands_in_it() -> None:
    form = _with(_record(TARGET), prior_budget="400,000")
    (line,) = [line for line in lines_of([TARGET], Document(SOURCE, (form,)))[1] if line.text == "400,000"]
    cell = next(
        cell.box
        for cell, text in zip(TARGET.grids[0].grid.cells, TARGET.grids[0].cells, strict=True)
        if text.readings and text.readings[0].text.startswith("同名项目上年预算额")
    )
    assert cell.left <= line.box.left < line.box.right <= cell.right
    assert cell.top <= line.box.top < line.box.bottom <= cell.bottom


def test_a_value_that_a_person_erased_is_gone() -> None:
    assert _changes(TARGET, _with(_record(TARGET), total_budget="")) == {"项目总预算（元）：1,500,000": "项目总预算（元）："}


def test_a_merged_cell_is_said_once() -> None:
    form = _record(EVALUATION)
    first, *others = form.tables["indicators"]
    rows = ({**first, "level1": _corrected(first["level1"], "产出指标一")}, *others)
    assert _changes(EVALUATION, replace(form, tables={**form.tables, "indicators": rows})) == {"产出指标": "产出指标一"}


def test_a_record_of_other_forms_changes_nothing() -> None:
    form = replace(_with(_record(TARGET), current_budget="560,000"), kind="unknown")
    assert _changes(TARGET, form) == {}
