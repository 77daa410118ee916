"""What was wrong with a reading."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.look import look
from service.learning.slips import NOTHING, Slip, confusions, slip_of


@pytest.mark.parametrize(
    ("read", "approved", "kind", "pairs"),
    [
        ("983,710", "988,710", Slip.DIGITS, (("3", "8"),)),
        ("98071", "980710", Slip.DIGITS, ((NOTHING, "0"),)),
        ("1,088,156.00", "1.088,156.00", Slip.MARKS, ((",", "."),)),
        ("90.13", "90.13%", Slip.MARKS, ((NOTHING, "%"),)),
        ("环呆项目", "环保项目", Slip.CHARACTERS, (("呆", "保"),)),
        ("完成项目建设", "未按计划实施", Slip.WORDS, ()),
        ("", "100", Slip.LOST, ((NOTHING, "1"), (NOTHING, "0"), (NOTHING, "0"))),
        ("印", "", Slip.MADE_UP, (("印", NOTHING),)),
    ],
)
def test_a_change_has_a_kind_and_its_characters(read: str, approved: str, kind: Slip, pairs: tuple[tuple[str, str], ...]) -> None:
    assert slip_of(read, approved) is kind
    assert confusions(read, approved) == pairs


def test_rows_that_are_missing_or_too_many_have_kinds_of_their_own() -> None:
    assert slip_of(None, "质量") is Slip.MISSED
    assert slip_of("质量", None) is Slip.NO_ROW


@given(st.text(max_size=12), st.text(max_size=12))
def test_characters_are_told_only_where_few_differ_and_never_of_what_looks_the_same(read: str, approved: str) -> None:
    pairs = confusions(read, approved)
    assert len(pairs) <= 3
    assert all(before != after for before, after in pairs)
    if look(read) == look(approved):
        assert pairs == ()
