"""Places as paths, there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postprocess.places import Place, place_of

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)


@given(NAMES, NAMES, st.integers(0, 99_999))
def test_a_path_tells_the_place(name: str, table: str, row: int) -> None:
    for place in (Place(name), Place(name, table, row)):
        assert place_of(str(place)) == place


@pytest.mark.parametrize("path", ["", "fields", "fields.", "tables.funds[-1].score", "unplaced[0]", "fields.year\n", "tables.cells[0]"])
def test_what_is_no_place_of_a_template_is_none(path: str) -> None:
    assert place_of(path) is None
