"""Reading back: filters, order, one moment, flat memory."""

import tracemalloc
from contextlib import closing

import pytest
from sqlalchemy import insert, select

from models.form import Problem, Review
from service.store.documents import State, mark
from service.store.opening import Store
from service.store.reading import Selection, counts, document, documents_in, form, forms
from service.store.saving import save_document
from service.store.schema import DOCUMENTS, FORMS
from tests.service.store.samples import add, add_read, document_of, form_of, unknown_form


def _three(store: Store) -> None:
    add_read(store, form_of(year="2021", unit="乙局"), unknown_form(), content=b"1")
    add_read(store, form_of(year="2020", unit="甲局"), content=b"2")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Selection(), [None, 2020, 2021]),
        (Selection(year=2020), [2020]),
        (Selection(unit="乙局"), [2021]),
        (Selection(kind="unknown"), [None]),
        (Selection(review=Review.CLEAR), [2020, 2021]),
        (Selection(year=2020, unit="乙局"), []),
    ],
)
def test_forms_are_picked_by_year_unit_kind_and_review(store: Store, wanted: Selection, found: list[int | None]) -> None:
    _three(store)
    assert [stored.year for stored in forms(store, wanted)] == found


def test_a_stored_form_says_where_it_comes_from(store: Store) -> None:
    sha256 = add(store, path="甲/2020/a.pdf")
    save_document(store, sha256, "3+a", document_of(sha256, form_of()))
    (stored,) = forms(store)
    assert (stored.document, stored.number, stored.version, stored.path) == (sha256, 1, 1, "甲/2020/a.pdf")
    assert stored == form(store, sha256, 1)


def test_what_is_not_there_is_none(store: Store) -> None:
    assert document(store, "0" * 64) is None
    assert form(store, "0" * 64, 1) is None


def test_forms_are_those_of_the_moment_in_which_the_first_was_asked_for(store: Store) -> None:
    _three(store)
    with closing(forms(store)) as stream:
        next(stream)
        add_read(store, form_of(year="2022"), content=b"3")
        assert len(list(stream)) == 2
    assert len(list(forms(store))) == 4


def test_documents_wait_in_the_order_in_which_they_came(store: Store) -> None:
    waiting = [add(store, str(number).encode()) for number in range(5)]
    mark(store, waiting[2], State.READING)
    assert list(documents_in(store, State.WAITING)) == [*waiting[:2], *waiting[3:]]


def test_counts_tell_every_state(store: Store) -> None:
    _three(store)
    mark(store, add(store, b"3"), State.FAILED, Problem(0, "input_empty", "Empty."), pages=3)
    found = counts(store)
    assert found.documents == {State.WAITING: 0, State.READING: 0, State.DONE: 2, State.FAILED: 1}
    assert found.forms == {Review.CLEAR: 2, Review.NEEDS_REVIEW: 1}
    assert found.pages == 7


def test_an_empty_store_counts_nothing(store: Store) -> None:
    assert (sum(counts(store).documents.values()), counts(store).pages, list(forms(store))) == (0, 0, [])


def test_memory_stays_flat_over_many_forms(store: Store) -> None:
    sha256 = add_read(store)
    with store.database.writing() as connection:
        row = dict(connection.execute(select(FORMS)).mappings().one())
        connection.execute(insert(FORMS), [row | {"number": number, "record": row["record"] + " " * 20_000} for number in range(2, 3000)])
        assert connection.scalar(select(DOCUMENTS.c.sha256)) == sha256
    tracemalloc.start()
    assert sum(1 for _ in forms(store)) == 2999
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000, "60 MB of records were held at once"
