"""A character has a number for each of its widths."""

from hypothesis import given
from hypothesis import strategies as st

from service.export.searchable.glyphless import EM, Glyphless, width

STEP = EM // 40


@given(st.lists(st.tuples(st.sampled_from("预算9。"), st.floats(STEP, 3 * EM)), min_size=1))
def test_a_width_is_off_by_half_a_step_at_most_and_told_apart_from_others(wanted: list[tuple[str, float]]) -> None:
    font = Glyphless()
    seen: dict[bytes, tuple[str, int]] = {}
    for character, units in wanted:
        code, wide = font.encode(character, units)
        assert abs(wide - units) <= STEP / 2
        assert seen.setdefault(code, (character, wide)) == (character, wide)
    assert len(seen) == len(set(seen.values()))


def test_a_document_of_very_many_characters_does_not_run_out_of_numbers() -> None:
    font = Glyphless()
    for character in range(0x4E00, 0x4E00 + 18_000):
        for steps in (30, 40, 44):
            code, wide = font.encode(chr(character), steps * STEP)
            assert len(code) == 2
    assert wide == width(chr(character))
