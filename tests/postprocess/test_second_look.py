"""Which lines are looked at again, and what comes of it."""

from dataclasses import replace

import pytest

from models.form import Field, Finding, Form, Status, Value, Verdict
from models.geometry import Box
from models.matched import MatchedForm, Piece, Slot
from models.reading import Reading
from models.template import Severity
from postprocess.evidence import weigh
from postprocess.second_look import lines_in_doubt, with_looks
from tests.postprocess.drawn import Step, line

CELL = Box(0, 0, 300, 100)


def at(top: float, text: str, unsure: dict[int, Step] | None = None) -> Reading:
    return replace(line(text, unsure or {}), box=Box(10, top, 200, top + 20))


def matched(*readings: Reading) -> MatchedForm:
    pieces = tuple(Piece(1, each, 0, len(each.text)) for each in readings)
    return MatchedForm("self_evaluation", "t@1", (1,), {"total_score": Slot(1, CELL, pieces)})


def form(status: Status, value: Value = None, findings: tuple[Finding, ...] = ()) -> Form:
    field = Field("as read", value, 1, Box(0, 0, 1, 1), 0.9, status)
    return Form("self_evaluation", "t@1", (1,), {"total_score": field}, findings=findings)


def finding(severity: Severity, verdict: Verdict, *cells: str) -> Finding:
    return Finding("score_total", severity, verdict, "…", cells)


def test_a_form_without_doubt_is_left_alone() -> None:
    assert lines_in_doubt([matched(at(10, "95.5"))], [form(Status.READ)]) == ()


def test_every_line_of_a_doubtful_number_and_the_unsure_ones_of_a_text() -> None:
    sure, weak = at(10, "绩效"), at(40, "目标", {1: [("标", 0.6), ("林", 0.4)]})
    numbers = lines_in_doubt([matched(sure, weak)], [form(Status.DOUBTFUL)])
    texts = lines_in_doubt([matched(sure, weak)], [form(Status.DOUBTFUL, "绩效目标")])
    assert [each.line.top for each in numbers] == [10, 40]
    assert [each.line.top for each in texts] == [40]


def test_what_no_look_can_settle_is_looked_at_only_for_a_broken_rule() -> None:
    doubtful = form(Status.DOUBTFUL)
    hopeless = replace(doubtful, fields={"total_score": replace(doubtful.fields["total_score"], incurable=True)})
    broken = replace(hopeless, findings=(finding(Severity.ERROR, Verdict.UNDECIDED, "fields.total_score"),))
    found = [len(lines_in_doubt([matched(at(10, "95.5"))], [each])) for each in (doubtful, hopeless, broken)]
    assert found == [1, 0, 1]


@pytest.mark.parametrize(
    ("severity", "verdict", "count"),
    [
        (Severity.ERROR, Verdict.ON_PAPER, 1),
        (Severity.INFO, Verdict.MISREAD, 1),
        (Severity.WARNING, Verdict.UNDECIDED, 1),
        (Severity.INFO, Verdict.ON_PAPER, 0),
    ],
)
def test_a_number_in_a_broken_or_mended_rule_is_looked_at_however_sure(severity: Severity, verdict: Verdict, count: int) -> None:
    broken = finding(severity, verdict, "fields.total_score")
    assert len(lines_in_doubt([matched(at(10, "95.5"))], [form(Status.READ, None, (broken,))])) == count


def test_a_line_is_asked_once_however_many_rows_it_fills() -> None:
    one = matched(at(10, "95.5"))
    assert len(lines_in_doubt([one, one], [form(Status.DOUBTFUL)] * 2)) == 1


def test_what_was_seen_stands_with_its_line_and_no_other() -> None:
    first, second = at(10, "95"), at(40, ".5")
    before = matched(first, second)
    asked = lines_in_doubt([before], [form(Status.DOUBTFUL)])
    seen = line("96").lattice
    after = with_looks(before, {asked[0]: (seen, seen)})
    assert [len(piece.reading.looks) for piece in after.fields["total_score"].pieces] == [2, 0]


def test_an_empty_cell_under_a_stamp_is_looked_at_and_says_what_was_seen() -> None:
    hidden = MatchedForm("self_evaluation", "t@1", (1,), {"total_score": Slot(1, CELL, (), sealed=True)})
    (asked,) = lines_in_doubt([hidden], [form(Status.DOUBTFUL)])
    assert asked.line == asked.cell == CELL
    seen = with_looks(hidden, {asked: (line("95").lattice,)}).fields["total_score"]
    assert weigh(seen).text == "95"
    nothing = with_looks(hidden, {asked: (line("").lattice,)}).fields["total_score"]
    assert (weigh(nothing).text, len(nothing.pieces)) == ("", 1)


def test_all_around_a_line_outside_its_cell_is_its_own() -> None:
    outside = replace(at(10, "95.5"), box=Box(10, 400, 200, 420))
    (asked,) = lines_in_doubt([matched(outside)], [form(Status.DOUBTFUL)])
    assert asked.cell == Box(-10, 380, 220, 440)
    assert asked.alone


def test_no_look_settles_what_the_file_itself_says_otherwise() -> None:
    disputed = replace(at(10, "95.5"), disputed=True)
    assert lines_in_doubt([matched(disputed)], [form(Status.DOUBTFUL)]) == ()
    assert len(lines_in_doubt([matched(disputed, at(40, "4"))], [form(Status.DOUBTFUL)])) == 1
