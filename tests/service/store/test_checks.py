"""Clear forms that are drawn at random for a person to look at all the same."""

from dataclasses import replace
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.form import Form, Review
from service.store.opening import Store
from service.store.reviews import Checks, drawn
from service.store.saving import save_document
from service.store.schema import REVIEWS
from tests.service.store.samples import add, document_of, form_of

CLEAR = form_of()


def saved(store: Store, form: Form, share: float, version: str = "3+a") -> list[tuple[str, float]]:
    """State and share of the entry in the queue, if there is one, once ``form`` was saved."""
    document = add(store)
    save_document(store, document, version, document_of(document, form), Checks(share))
    with store.database.reading() as connection:
        return [(row.state, row.drawn) for row in connection.execute(select(REVIEWS))]


def test_a_clear_form_waits_for_nobody_unless_it_was_drawn(store: Store) -> None:
    assert saved(store, CLEAR, 0.0) == []
    assert saved(store, CLEAR, 1.0) == []  # it was read at this version: nothing changes
    assert saved(store, form_of("另一"), 1.0, "4+a") == [("waiting", 1.0)]


def test_a_form_that_needs_a_person_anyway_is_none_of_the_drawn(store: Store) -> None:
    assert saved(store, replace(CLEAR, review=Review.NEEDS_REVIEW), 1.0) == [("waiting", 0.0)]


@given(st.text(), st.integers(1, 50), st.floats(0, 1), st.floats(0, 1))
def test_who_is_drawn_at_a_share_is_drawn_at_a_larger_one_and_always_the_same(text: str, number: int, one: float, other: float) -> None:
    document = sha256(text.encode("utf-8", "replace")).hexdigest()
    small, large = sorted((one, other))
    assert drawn(document, number, small) <= drawn(document, number, large)
    assert drawn(document, number, large) == drawn(document, number, large)
    assert not drawn(document, number, 0.0)
    assert drawn(document, number, 1.0)


def test_as_many_are_drawn_as_the_share_says() -> None:
    documents = [sha256(str(place).encode()).hexdigest() for place in range(20_000)]
    count = sum(drawn(document, 1, 0.02) for document in documents)
    assert 340 <= count <= 460  # three standard deviations of 400
