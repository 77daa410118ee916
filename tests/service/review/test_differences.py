"""What the second of two is shown, and the trail of what was done."""

import pytest

from models.errors import UsageError
from service.review.acting import Office, undo
from service.review.changes import AddRow, RemoveRow, SetField
from service.review.differences import Difference, changed_since
from service.review.trail import trail
from service.review.wording import ACTIONS
from tests.service.kept import OFFICE
from tests.service.review.samples import Hands, add_sample, record

YEAR = "fields.year"


def test_the_second_sees_what_the_first_has_changed(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE), "甲")
    hands.does(SetField(YEAR, "2019"), reason="看错")
    hands.does(SetField(YEAR, "2018"))
    found = changed_since(office, hands.seen.document, 1, 1, "乙")
    assert (found.version, found.differences) == (3, (Difference(YEAR, "2021", "2018"),))
    assert [(event.user, event.text_before, event.text, event.reason) for event in found.events] == [
        ("甲", "2021", "2019", "看错"),
        ("甲", "2019", "2018", ""),
    ]
    assert changed_since(office, hands.seen.document, 1, 2, "乙").differences == (Difference(YEAR, "2019", "2018"),)
    assert changed_since(office, hands.seen.document, 1, 3, "乙").differences == ()


def test_rows_that_came_and_went_are_told(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    count = len(record(office.store, hands.seen.document).tables["indicators"])
    hands.does(AddRow("indicators", count))
    told = changed_since(office, hands.seen.document, 1, 1, "乙").differences
    assert {(each.before, each.after) for each in told} == {(None, "")}
    hands.does(RemoveRow("indicators", count))
    assert {(each.before, each.after) for each in changed_since(office, hands.seen.document, 1, 2, "乙").differences} == {("", None)}


def test_the_trail_tells_everything_in_words_that_a_reviewer_reads(office: Office) -> None:
    hands = Hands(office, add_sample(office.store, OFFICE))
    hands.does(SetField(YEAR, "2019"))
    hands.saw(undo(office, hands.seen, "弄错了"))
    events = trail(office.store, hands.seen.document, 1)
    assert [(event.version, ACTIONS[event.action], event.reason) for event in events] == [(2, "填写", ""), (3, "撤销", "弄错了")]


def test_a_version_that_never_was_is_refused(office: Office) -> None:
    with pytest.raises(UsageError):
        changed_since(office, add_sample(office.store, OFFICE), 1, 9, "乙")
