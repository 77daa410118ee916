"""The machine's reading against the approved one, field by field."""

from dataclasses import replace

from models.form import Form, Review, Status
from models.matched import UNKNOWN
from service.learning.comparing import Compared, Source, compare
from service.review.changes import AddRow, Change, JoinRows, RemoveRow, SetField, SplitRow
from tests.service.learning.samples import form, number, read

SOURCES = {1: Source.GREY}


def wrong(first: Form, approved: Form, *changes: Change) -> list[tuple[str, str | None, str | None]]:
    """Name, what was read and what is right, of every field that was wrong."""
    found = compare(first, approved, changes, SOURCES)
    return [(each.name, each.read.text if each.read is not None else None, each.text) for each in found if not each.right]


def test_texts_are_compared_by_their_look_and_numbers_by_their_value() -> None:
    first = form({"project_name": read("环保 （一期）"), "total_score": number("98.0"), "year": read("2020")})
    approved = form({"project_name": read("环保(一期)"), "total_score": number("98"), "year": read("2021")})
    assert wrong(first, approved) == [("year", "2020", "2021")]


def test_a_field_was_accepted_unless_a_person_was_asked() -> None:
    fields = {"year": read("2020"), "department": read("某局", status=Status.DOUBTFUL), "project_name": read("", status=Status.BLANK)}
    found = compare(form(fields), form(fields), (), SOURCES)
    assert {each.name: each.accepted for each in found} == {"year": True, "department": False, "project_name": True}
    assert {each.source for each in found} == {Source.GREY}


def test_rows_are_followed_through_what_people_do_to_them() -> None:
    rows = [{"level3": read(text, row)} for row, text in enumerate(("甲", "乙", "丙"))]
    first = form({}, rows)
    added = form({}, [rows[0], {"level3": read("新", 9)}, *rows[1:]])
    assert wrong(first, added, AddRow("indicators", 1), SetField("tables.indicators[1].level3", "新")) == [
        ("indicators.level3", None, "新")
    ]
    assert wrong(first, form({}, [rows[0], rows[2]]), RemoveRow("indicators", 1)) == [("indicators.level3", "乙", None)]
    joined = form({}, [{"level3": read("甲乙", 0)}, rows[2]])
    assert wrong(first, joined, JoinRows("indicators", 0)) == [("indicators.level3", "甲", "甲乙"), ("indicators.level3", "乙", None)]
    split = form({}, [rows[0], {"level3": read("一", 1)}, {"level3": read("二", 8)}, rows[2]])
    change = SplitRow("indicators", 1, {"level3": "二"}, {"level3": "一"})
    assert wrong(first, split, change) == [("indicators.level3", "乙", "一"), ("indicators.level3", None, "二")]


def test_a_blank_row_that_is_none_was_no_mistake() -> None:
    rows = [{"level3": read("甲", 0)}, {"level3": read("", 1, Status.BLANK)}]
    assert wrong(form({}, rows), form({}, rows[:1]), RemoveRow("indicators", 1)) == []


def test_a_cell_that_spans_rows_counts_once() -> None:
    spanning = read("产出指标", 3)
    first = form({}, [{"level1": spanning}, {"level1": spanning}])
    right = replace(spanning, text="效益指标")
    assert wrong(first, form({}, [{"level1": right}, {"level1": right}])) == [("indicators.level1", "产出指标", "效益指标")]


def test_a_row_that_a_clear_form_lacked_was_accepted_as_not_there() -> None:
    rows = [{"level3": read("甲", 0)}]
    for review, accepted in ((Review.CLEAR, True), (Review.NEEDS_REVIEW, False)):
        found = compare(form({}, (), review), form({}, rows), (AddRow("indicators", 0),), SOURCES)
        assert found == (Compared("indicators.level3", Source.GREY, None, "甲", accepted, right=False),)


def test_cells_of_a_form_of_no_template_are_compared_in_their_order() -> None:
    first = Form(UNKNOWN, "", (1,), cell_fields=(read("甲"), read("乙", 1)))
    approved = replace(first, cell_fields=(read("甲"), read("丁", 1)))
    assert wrong(first, approved) == [("cells", "乙", "丁")]
