"""A matched form becomes typed fields with their place, probability and doubts."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from models.form import Alternative, Review, Status
from models.geometry import Box, Size, Straightening
from models.matched import UNKNOWN, MatchedForm, Piece, Slot, UnknownCell
from postprocess.calibration import Calibration, Sort, Step, Trust
from postprocess.reassemble import reassemble
from tests.postprocess.drawn import line, slot
from tests.postprocess.records import SELF_EVALUATION, TARGET

FRAME = Straightening(Size(1000, 2000), Size(1000, 2000))


def matched(fields: Mapping[str, Slot] | None = None, rows: tuple[Mapping[str, Slot], ...] = (), table: str = "indicators") -> MatchedForm:
    return MatchedForm(SELF_EVALUATION.kind, SELF_EVALUATION.name, (1,), fields or {}, {table: rows})


def test_each_kind_gets_its_value() -> None:
    fields = {"year": slot("2020"), "total_score": slot("94.92"), "project_name": slot("环保热线", "运行"), "goal_target": slot("—")}
    form = reassemble(matched(fields), SELF_EVALUATION, {1: FRAME})
    assert {name: form.fields[name].value for name in fields} == {
        "year": Decimal(2020),
        "total_score": Decimal("94.92"),
        "project_name": "环保热线运行",
        "goal_target": None,
    }
    assert {form.fields[name].status for name in fields} == {Status.READ}
    assert (form.kind, form.template, form.review) == (SELF_EVALUATION.kind, SELF_EVALUATION.name, Review.NEEDS_REVIEW)


def test_dates_of_a_performance_target() -> None:
    source = MatchedForm(TARGET.kind, TARGET.name, (1,), {"start_date": slot("2020年1月2日"), "end_date": slot("2020年12月")})
    fields = reassemble(source, TARGET, {1: FRAME}).fields
    assert fields["start_date"].value == date(2020, 1, 2)
    assert (fields["end_date"].value, fields["end_date"].text, fields["end_date"].status) == (None, "2020年12月", Status.DOUBTFUL)


def test_every_field_is_there_and_what_was_not_found_is_doubtful() -> None:
    form = reassemble(matched(rows=({"score": slot("20")},)), SELF_EVALUATION, {1: FRAME})
    assert set(form.fields) == {spec.name for spec in SELF_EVALUATION.fields}
    assert set(form.tables) == {"funds", "indicators"}
    (row,) = form.tables["indicators"]
    assert set(row) == {spec.name for spec in SELF_EVALUATION.tables[1].columns}
    absent = row["weight"]
    assert (absent.text, absent.value, absent.status, absent.confidence, absent.box.area) == ("", None, Status.DOUBTFUL, 0.0, 0.0)


def test_an_empty_cell_is_blank() -> None:
    field = reassemble(matched({"total_score": slot()}), SELF_EVALUATION, {1: FRAME}).fields["total_score"]
    assert (field.status, field.text, field.value) == (Status.BLANK, "", None)


def test_boxes_are_fractions_of_the_page_as_stored() -> None:
    turned = Straightening(Size(2000, 1000), Size(1000, 2000), turns=1)
    upright = slot("94.92", box=Box(100, 200, 300, 400), page=2)
    fields = reassemble(replace(matched({"total_score": upright}), pages=(1, 2)), SELF_EVALUATION, {1: FRAME, 2: turned}).fields
    assert fields["total_score"].page == 2
    box = fields["total_score"].box
    assert (box.left, box.top, box.right, box.bottom) == pytest.approx((0.1, 0.7, 0.2, 0.9))
    assert fields["total_weight"].page == 1


@pytest.mark.parametrize("text", ["98O,710", "24.700,15", "980,71", "10 20", "1088156.00980710"])
def test_a_number_that_is_not_understood_is_doubtful(text: str) -> None:
    """Whatever a grammar makes of it, what was read first stays to be seen."""
    form = reassemble(matched(rows=({"executed": slot(text)},), table="funds"), SELF_EVALUATION, {1: FRAME})
    field = form.tables["funds"][0]["executed"]
    assert field.status is Status.DOUBTFUL
    assert text in (field.text, *(other.text for other in field.alternatives))


def test_weak_pixels_make_doubt_and_offer_the_others() -> None:
    weak = slot(line("94.92", {0: [("9", 0.9), ("8", 0.1)]}))
    field = reassemble(matched({"total_score": weak}), SELF_EVALUATION, {1: FRAME}).fields["total_score"]
    assert field.status is Status.DOUBTFUL
    assert field.value == Decimal("94.92")
    assert [other.text for other in field.alternatives] == ["84.92"]


@pytest.mark.parametrize(("share", "status"), [(0.99, Status.READ), (0.8, Status.DOUBTFUL)])
def test_a_text_is_accepted_as_probable_as_the_calibration_makes_it(share: float, status: Status) -> None:
    """Ten lines together; of ten readings as sure as 0.9 nine were right, of a thousand as sure as 0.95 all but one."""
    steps = (Step(0.0, 10, 1), Step(0.95, 1000, 1))
    curves = Calibration({(sort, looked): steps for sort in Sort for looked in (False, True)})
    lines = [line("排放许可", {0: [("排", share**0.5), ("徘", 1 - share**0.5)]}) for _ in range(10)]
    source = matched({"goal_target": slot(*lines)})
    field = reassemble(source, SELF_EVALUATION, {1: FRAME}, Trust(curves, 0.99)).fields["goal_target"]
    assert field.certainty == pytest.approx((1 - (1 - share**0.5) ** 2) ** 10, abs=0.01)
    assert field.status is status
    assert field.confidence == pytest.approx(1 - 1.5 / (1001 if status is Status.READ else 11))


@pytest.mark.parametrize(("settled", "incurable"), [(Step(0.9, 1000, 0), False), (Step(0.9, 10, 0), True)])
def test_a_field_knows_whether_a_second_look_can_help(settled: Step, incurable: bool) -> None:
    curves = Calibration({(sort, looked): (Step(0.0, 0, 0), settled) for sort in Sort for looked in (False, True)})
    weak = matched({"total_score": slot(line("94.92", {0: [("9", 0.6), ("8", 0.4)]}))})
    assert reassemble(weak, SELF_EVALUATION, {1: FRAME}, Trust(curves, 0.99)).fields["total_score"].incurable is incurable


def test_a_blank_field_is_doubtful_where_a_text_in_a_table_found_none() -> None:
    source = matched({"goal_target": slot()})
    stray = replace(source, unplaced=(slot("实行项目负责人制"),))
    loose = replace(source, unplaced=(replace(slot("第 1 页"), loose=True),))
    found = [reassemble(each, SELF_EVALUATION, {1: FRAME}).fields["goal_target"].status for each in (source, stray, loose)]
    assert found == [Status.BLANK, Status.DOUBTFUL, Status.BLANK]


def test_two_lines_in_a_cell_for_a_weight_are_two_rows_run_together() -> None:
    form = reassemble(matched(rows=({"weight": slot("10", "20"), "level3": slot("系统", "维护")},)), SELF_EVALUATION, {1: FRAME})
    assert form.tables["indicators"][0]["weight"].status is Status.DOUBTFUL
    assert form.tables["indicators"][0]["level3"].status is Status.READ


@pytest.mark.parametrize(
    ("unit", "text", "status"),
    [
        ("元", "1,721,494.3", Status.READ),
        ("元", "980.710", Status.DOUBTFUL),
        ("元", "98.0710", Status.DOUBTFUL),
        ("元", "98.07万元", Status.DOUBTFUL),
        ("万元", "98.07万元", Status.READ),
        ("万元", "98.0710", Status.READ),
        ("万元", "1,234.567", Status.READ),
        ("万元", "980.710", Status.DOUBTFUL),
        ("万元", "一百万元", Status.DOUBTFUL),
    ],
)
def test_amounts_must_go_with_the_unit(unit: str, text: str, status: Status) -> None:
    source = matched({"currency_unit": slot(unit)}, ({"executed": slot(text)},), "funds")
    assert reassemble(source, SELF_EVALUATION, {1: FRAME}).tables["funds"][0]["executed"].status is status


@pytest.mark.parametrize(
    ("label", "status"), [("项目总预算（万元）：", Status.READ), ("项目总预算（元）：", Status.DOUBTFUL), ("项目总预算：", Status.READ)]
)
def test_the_label_names_the_unit(label: str, status: Status) -> None:
    reading = line(label + "98.0710")
    piece = Slot(1, reading.box, (Piece(1, reading, len(label), len(reading.text)),))
    field = reassemble(MatchedForm(TARGET.kind, TARGET.name, (1,), {"total_budget": piece}), TARGET, {1: FRAME}).fields["total_budget"]
    assert (field.text, field.status) == ("98.0710", status)


def test_a_near_miss_in_clear_print_is_never_replaced() -> None:
    form = reassemble(matched(rows=({"level1": slot("产岀指标"), "level2": slot("绿色指标们")},)), SELF_EVALUATION, {1: FRAME})
    near, free = form.tables["indicators"][0]["level1"], form.tables["indicators"][0]["level2"]
    assert (near.text, near.value, near.status) == ("产岀指标", "产岀指标", Status.DOUBTFUL)
    assert near.alternatives == (Alternative("产出指标", 0.0),)
    assert free.status is Status.READ


def test_a_character_misread_from_weak_pixels_is_put_right_by_the_usual_words() -> None:
    weak = slot(line("产岀指标", {1: [("岀", 0.6), ("出", 0.4)]}))
    field = reassemble(matched(rows=({"level1": weak, "level3": weak},)), SELF_EVALUATION, {1: FRAME}).tables["indicators"][0]
    assert (field["level1"].text, field["level1"].status) == ("产出指标", Status.READ)
    assert [other.text for other in field["level1"].alternatives] == ["产岀指标"]
    assert (field["level3"].text, field["level3"].status) == ("产岀指标", Status.DOUBTFUL)


def test_a_cell_that_holds_the_words_of_two_makes_its_row_doubtful() -> None:
    shifted = {"level1": slot("绩效指标", "满意度指标"), "weight": slot("10"), "score": slot()}
    sound = {"level1": slot("满意度指标"), "level3": slot("绩效指标", "满意度指标"), "weight": slot("10")}
    first, second = reassemble(matched(rows=(shifted, sound)), SELF_EVALUATION, {1: FRAME}).tables["indicators"]
    assert {field.status for field in first.values()} == {Status.DOUBTFUL}
    assert [second[name].status for name in sound] == [Status.READ] * 3


def test_titles_and_the_names_of_fixed_rows_are_usual_words() -> None:
    source = matched(
        {"title": slot("财政项日支出绩效自评表")}, ({"source": slot("其中:当年财政拨款")}, {"source": slot("其池资金")}), "funds"
    )
    form = reassemble(source, SELF_EVALUATION, {1: FRAME})
    assert form.fields["title"].status is Status.DOUBTFUL
    assert [row["source"].status for row in form.tables["funds"]] == [Status.READ, Status.DOUBTFUL]


@pytest.mark.parametrize(("sealed", "status"), [(True, Status.DOUBTFUL), (False, Status.BLANK)])
def test_a_number_may_be_gone_with_the_stamp(sealed: bool, status: Status) -> None:
    fields = reassemble(
        matched({"total_score": slot(sealed=sealed), "goal_target": slot(sealed=sealed)}), SELF_EVALUATION, {1: FRAME}
    ).fields
    assert fields["total_score"].status is status
    assert (fields["goal_target"].status, fields["goal_target"].sealed) == (Status.BLANK, sealed)


def test_a_number_read_well_under_a_stamp_is_read() -> None:
    field = reassemble(matched({"total_score": slot("94.92", sealed=True)}), SELF_EVALUATION, {1: FRAME}).fields["total_score"]
    assert (field.status, field.sealed) == (Status.READ, True)


def test_a_speck_in_an_empty_cell_is_no_blank() -> None:
    field = reassemble(matched({"total_score": slot("'")}), SELF_EVALUATION, {1: FRAME}).fields["total_score"]
    assert (field.text, field.status) == ("'", Status.DOUBTFUL)


def test_what_fits_no_template_keeps_its_cells() -> None:
    cell = UnknownCell(0, 1, 1, 2, slot("无人认识"))
    form = reassemble(MatchedForm(UNKNOWN, "", (3,), cells=(cell,), unplaced=(slot("页脚"),)), None, {1: FRAME})
    assert [field.text for field in form.cell_fields] == ["无人认识"]
    assert form.cells == (cell,)
    assert [field.text for field in form.unplaced] == ["页脚"]
    assert form.review is Review.NEEDS_REVIEW


@pytest.mark.parametrize(("count", "doubtful"), [(5, {4}), (4, set())])
def test_a_row_without_the_cell_that_all_others_fill_may_be_shifted(count: int, doubtful: set[int]) -> None:
    usual = {"level3": slot("系统故障率"), "target": slot("≤5%"), "weight": slot("10"), "deviation": slot()}
    shifted = {"level3": slot(), "target": slot("系统故障率"), "weight": slot("≤5%"), "deviation": slot()}
    rows = (*(usual for _ in range(count - 1)), shifted)
    form = reassemble(matched(rows=rows), SELF_EVALUATION, {1: FRAME})
    names = [row["target"] for row in form.tables["indicators"]]
    assert {index for index, field in enumerate(names) if field.status is Status.DOUBTFUL} == doubtful
    assert {index for index, field in enumerate(names) if field.misplaced} == doubtful
