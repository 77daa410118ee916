"""What the nouns of reading promise."""

from hypothesis import given
from hypothesis import strategies as st

from models.reading import certain
from ocr.ctc import best_path


@given(st.text(st.characters(exclude_characters="\0")).map(str.strip), st.integers(2, 8))
def test_a_certain_lattice_says_its_text_and_nothing_else(text: str, depth: int) -> None:
    found, confidences = best_path(certain(text, depth))
    assert found == text
    assert set(confidences) <= {1.0}
