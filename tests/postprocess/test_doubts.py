"""What a person must look at although the recognizer is sure."""

from dataclasses import replace

import pytest

from models.form import Status
from models.geometry import Box
from models.matched import Piece, Slot
from models.reading import Reading, certain
from models.template import ValueKind
from postprocess.doubts import amount_in_doubt, misplaced, status_of
from postprocess.values import parse_value
from tests.postprocess.drawn import line


def piece(text: str, left: float, top: float) -> Piece:
    """``text`` as a line of 10 px a character and 20 px high."""
    read = line(text)
    return Piece(1, Reading(Box(left, top, left + 10 * len(text), top + 20), text, read.confidences, read.lattice), 0, len(text))


def status(kind: ValueKind, *pieces: Piece, width: float = 90, accepted: bool = True) -> Status:
    """The status of ``pieces`` in a cell ``width`` px wide."""
    slot = Slot(1, Box(0, 0, width, 60), pieces)
    return status_of(slot, slot.text, kind, parse_value(slot.text, kind), accepted)


def test_an_amount_that_wraps_in_a_full_cell_is_one() -> None:
    assert status(ValueKind.AMOUNT, piece("94,969,5", 5, 0), piece("97.00", 5, 30)) is Status.READ


@pytest.mark.parametrize(
    "pieces",
    [
        (piece("500", 5, 0), piece("300", 5, 30)),  # one above the other, with room for more beside the first
        (piece("9807", 5, 0), piece("8839", 50, 0)),  # side by side
    ],
)
def test_two_amounts_in_a_cell_are_not_one(pieces: tuple[Piece, ...]) -> None:
    assert status(ValueKind.AMOUNT, *pieces) is Status.DOUBTFUL


def test_numbers_parted_by_a_space_are_not_one() -> None:
    assert amount_in_doubt("500 300", parse_value("500 300", ValueKind.AMOUNT), "元")
    assert parse_value("90 130", ValueKind.PERCENT) is None
    assert parse_value("5 100", ValueKind.NUMBER) is None


def test_text_gathered_from_beside_its_cell_is_doubtful() -> None:
    assert status(ValueKind.TEXT, piece("道路养护", 5, 0)) is Status.READ
    assert status(ValueKind.TEXT, piece("道路养护", 5, 0), piece("编号", 120, 0)) is Status.DOUBTFUL


def test_what_the_pixels_leave_in_doubt_is_doubtful_and_a_blank_too() -> None:
    assert status(ValueKind.TEXT, piece("完成", 5, 0), accepted=False) is Status.DOUBTFUL
    assert status(ValueKind.TEXT, accepted=False) is Status.DOUBTFUL
    assert status(ValueKind.TEXT) is Status.BLANK


@pytest.mark.parametrize(
    ("kind", "expected"), [(ValueKind.DATE, Status.DOUBTFUL), (ValueKind.AMOUNT, Status.DOUBTFUL), (ValueKind.TEXT, Status.BLANK)]
)
def test_what_a_stamp_may_hide(kind: ValueKind, expected: Status) -> None:
    assert status_of(Slot(1, Box(0, 0, 90, 60), (), sealed=True), "", kind, None, accepted=True) is expected


def test_what_the_file_itself_says_otherwise_is_doubtful_however_sure_the_pixels_are() -> None:
    amount = piece("980,710", 5, 0)
    told = Piece(1, replace(amount.reading, disputed=True), 0, 7)
    assert status(ValueKind.AMOUNT, amount) is Status.READ
    assert status(ValueKind.AMOUNT, told) is Status.DOUBTFUL
    assert misplaced(Slot(1, Box(0, 0, 90, 60), (told,)), ValueKind.AMOUNT)


def test_a_blank_that_the_file_says_is_none_is_doubtful() -> None:
    hidden = Piece(1, Reading(Box(5, 0, 6, 1), "", (), certain(""), disputed=True), 0, 0)
    assert status(ValueKind.AMOUNT, hidden) is Status.DOUBTFUL
