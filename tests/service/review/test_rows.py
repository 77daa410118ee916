"""Rows that reviewers add, remove, join and split: nothing that was said moves to another row."""

from contextlib import suppress
from decimal import Decimal
from functools import cache
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import UsageError
from models.form import Form, Status
from models.matched import UNKNOWN
from postprocess.places import cells_of
from postprocess.reconcile import UNKNOWN as NO_HABITS
from service import content_file
from service.document_json import form_to_json
from service.review.acting import Office, close_finding, standing_of, undo
from service.review.changes import AddRow, Change, JoinRows, KeyField, RemoveRow, SetField, SplitRow
from service.review.decider import Decider
from service.review.deciding import Base, decided
from service.review.matter import matter_from
from service.review.sheet import Sheet
from service.review.steps import Made, since_arranged
from service.store.form_rows import fields_of
from tests.postprocess.records import GENUINE, SELF_EVALUATION, self_evaluation
from tests.service.kept import OFFICE, kept
from tests.service.review.samples import TRUST, Hands, add_sample, record

TABLE = "indicators"
FORM = self_evaluation(GENUINE["信息化能力建设"])


def after(form: Form, *changes: Change) -> Form:
    """``form`` with ``changes`` laid on it."""
    return Sheet(form, SELF_EVALUATION).after([Made(change, "li") for change in changes]).form


def scores(form: Form) -> list[str]:
    """The scores of all indicators."""
    return [row["score"].text for row in form.tables[TABLE]]


def test_an_added_row_is_blank_until_somebody_fills_it() -> None:
    found = after(FORM, AddRow(TABLE, 1), SetField("tables.indicators[1].score", "7"))
    assert scores(found) == ["20", "7", "20", "20", "10", "20"]
    assert {field.status for name, field in found.tables[TABLE][1].items() if name != "score"} == {Status.BLANK}


def test_of_two_joined_rows_blanks_give_way_and_texts_go_together() -> None:
    form = after(FORM, AddRow(TABLE, 1), SetField("tables.indicators[1].level3", "（二期）"))
    found = after(form, JoinRows(TABLE, 0))
    assert scores(found) == ["20", "20", "20", "10", "20"]
    name = found.tables[TABLE][0]["level3"]
    assert (name.text, name.status) == ("系统维护（二期）", Status.DOUBTFUL)


def test_of_two_added_rows_that_are_joined_both_texts_are_left() -> None:
    """Neither lies anywhere on the page, which does not make one cell of the two."""
    level3 = "tables.indicators[{}].level3".format
    form = after(FORM, AddRow(TABLE, 1), AddRow(TABLE, 2), SetField(level3(1), "（二期）"), SetField(level3(2), "（三期）"))
    assert after(form, JoinRows(TABLE, 1)).tables[TABLE][1]["level3"].text == "（二期）（三期）"


def test_a_split_row_is_two_with_numbers_of_their_own() -> None:
    change = SplitRow(TABLE, 0, lower={"score": "15", "weight": "15"}, upper={"score": "5", "weight": "5"})
    found = after(FORM, change)
    assert scores(found) == ["5", "15", "20", "20", "10", "20"]
    assert [row["level3"].text for row in found.tables[TABLE][:2]] == ["系统维护", "系统维护"]
    record = decided(Base(FORM, SELF_EVALUATION, NO_HABITS), [Made(change, "li")]).form
    assert [finding.rule for finding in record.findings if finding.rule in ("score_total", "weight_total")] == []


def test_a_removed_row_counts_no_more() -> None:
    found = decided(Base(FORM, SELF_EVALUATION), [Made(RemoveRow(TABLE, 0), "li")]).form
    assert scores(found) == ["20", "20", "10", "20"]
    finding = next(finding for finding in found.findings if finding.rule == "score_total")
    assert finding.expected == "79.01"


def test_what_a_person_closed_stays_closed_where_its_cells_have_moved() -> None:
    wrong = [Made(SetField("tables.indicators[2].score", "25"), "li")]
    first = decided(Base(FORM, SELF_EVALUATION), wrong).form
    place = next(place for place, finding in enumerate(first.findings) if finding.rule == "score_at_most_weight")
    closing = Made(close_finding(first, place), "li")
    found = decided(Base(FORM, SELF_EVALUATION), [*wrong, closing, Made(AddRow(TABLE, 0), "li")])
    closed = [found.form.findings[each] for each in found.closed]
    assert [(each.rule, each.cells[0]) for each in closed] == [("score_at_most_weight", "tables.indicators[3].score")]
    assert decided(Base(FORM, SELF_EVALUATION), [*wrong, closing, Made(RemoveRow(TABLE, 2), "li")]).closed == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        AddRow(TABLE, 6),
        AddRow("cells", 0),
        RemoveRow(TABLE, 5),
        RemoveRow(TABLE, -1),
        JoinRows(TABLE, 4),
        SplitRow(TABLE, 0, lower={"nothing": ""}, upper={"nothing": ""}),
        SplitRow(TABLE, 0, lower={"score": ""}, upper={}),
    ],
)
def test_rows_that_are_not_there_are_refused(change: Change) -> None:
    with pytest.raises(UsageError):
        after(FORM, change)


_ROW = st.integers(0, 7)
_CHANGES = st.lists(
    st.one_of(
        st.builds(AddRow, st.just(TABLE), _ROW),
        st.builds(RemoveRow, st.just(TABLE), _ROW),
        st.builds(JoinRows, st.just(TABLE), _ROW),
        st.builds(lambda row: SplitRow(TABLE, row, lower={"score": "1"}, upper={"score": "2"}), _ROW),
    ),
    max_size=6,
)


@given(_CHANGES, st.integers(0, 4))
def test_what_was_keyed_goes_with_its_row(changes: list[Change], row: int) -> None:
    """The place of a keying leads to the text that was keyed, whatever happens to the rows; where the cell went, it is forgotten."""
    keyed = KeyField(f"tables.indicators[{row}].level3", "标记")
    other = KeyField(keyed.path, "标记二")  # a record tells of keyings only once there are two
    sheet = Sheet(FORM, SELF_EVALUATION).after([Made(keyed, "li"), Made(other, "wang")])
    for change in changes:
        with suppress(UsageError):
            sheet = sheet.after([Made(change, "li")])
    assert all("标记" in cells_of(sheet.form)[place].text for place in sheet.keyed)
    if not any(isinstance(change, JoinRows | SplitRow) for change in changes):  # they make cells of which nobody has keyed anything
        assert bool(sheet.keyed) == any("标记" in each["level3"].text for each in sheet.form.tables[TABLE])


@cache
def _base() -> Base:
    matter = matter_from([content_file.decode(content) for content in kept(OFFICE)[1]], frozenset(), TRUST)
    base = matter.base(1)
    assert base is not None
    assert base.form.kind != UNKNOWN
    return base


@settings(deadline=None, max_examples=25)
@given(_CHANGES, st.decimals(0, 30, places=1, allow_nan=False))
def test_whatever_is_done_the_same_comes_of_it_again(changes: list[Change], number: Decimal) -> None:
    made = [Made(SetField("tables.indicators[0].score", f"{number}"), "li")]
    for change in changes:
        try:
            decided(_base(), [*made, Made(change, "li")])
        except UsageError:
            continue
        made.append(Made(change, "li"))
    once = decided(_base(), made)
    assert form_to_json(once.form) == form_to_json(decided(_base(), made).form)
    assert all(field.confidence <= 1 for field in fields_of(once.form).values())


def test_rows_are_undone_and_replayed_from_the_kept_pages(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    before = record(office.store, hands.seen.document)
    hands.does(AddRow(TABLE, 0))
    hands.does(SetField("tables.indicators[0].level3", "新指标"), SetField("tables.indicators[0].score", "0"))
    hands.does(JoinRows(TABLE, 2))
    hands.does(SplitRow(TABLE, 1, lower={"score": "1"}, upper={"score": "2"}))
    standing = standing_of(office, hands.seen)
    base = Decider(office.store, TRUST).base(standing, None)
    assert base is not None
    assert form_to_json(decided(base, since_arranged(standing.steps)[1]).form) == standing.record
    for _ in count():
        if standing_of(office, hands.seen).record == form_to_json(before):
            break
        hands.saw(undo(office, hands.seen))
    assert hands.seen.version == 9
