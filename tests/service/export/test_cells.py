"""No text becomes a formula, and none is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.export.cells import armed, begins_formula, disarmed
from service.wording import without_controls

_openings = st.text(st.sampled_from(" \t\n\r\0'\"“＇\u3000\u200b\ufeff=+-@＝＋－＠﹢﹣−甲1"), max_size=4)
texts = st.builds(lambda opening, rest: opening + rest, _openings, st.text(max_size=8))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠a", "﹣1", "−1", "\t=1", "\r\n=1", "\0", "\x1b[0m"]
)
@pytest.mark.parametrize("before", ["", " ", "\u3000", "'", '"', "“", "＇", "\ufeff", "\u200b", " ' "])
def test_what_begins_as_a_formula_is_marked(before: str, text: str) -> None:
    cell = disarmed(before + text)
    assert not _runs(cell)
    assert cell[0] == "'" or "�" in cell


@pytest.mark.parametrize("text", ["", "办公设备购置", "980,710", "—", "——", "（=1）", "1-2", "a=b", "'甲'", "“引”", "10%", "/", "≥95"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert disarmed(text) == text


@given(texts)
def test_no_text_runs_and_every_text_can_be_had_back(text: str) -> None:
    cell = disarmed(text)
    assert not _runs(cell)
    assert armed(cell) == without_controls(text)
    assert begins_formula(cell) == (cell != without_controls(text))


def _runs(cell: str) -> bool:
    """What a spreadsheet does: it looks at the first character, at most after spaces; a leading apostrophe makes a text."""
    return cell.lstrip(" \u3000\ufeff\u200b")[:1] in ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\0")
