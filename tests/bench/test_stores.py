"""The generated archives: whole, the same for the same seed, and as a store writes them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.stores import UPLOADERS, YEARS, fill
from service.store.home import find_home
from service.store.listed import DocumentFilter, FormFilter, FormRow
from service.store.listing import list_documents, list_forms
from service.store.opening import Store, open_store
from service.store.reading import form


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Of eighteen forms."""
    with open_store(find_home(str(tmp_path / "a"), None, None, {})) as opened:
        fill(opened, 18, 1)
        yield opened


def _rows(store: Store) -> tuple[FormRow, ...]:
    return list_forms(store).items


@pytest.mark.parametrize(("seed", "same"), [(1, True), (2, False)])
def test_the_same_seed_makes_the_same_archive(store: Store, tmp_path: Path, seed: int, *, same: bool) -> None:
    with open_store(find_home(str(tmp_path / "b"), None, None, {})) as other:
        fill(other, 18, seed)
        assert (_rows(other) == _rows(store)) == same


def test_what_is_listed_is_what_stands_in_the_records(store: Store) -> None:
    assert len(list_documents(store).items) == 18
    for row in _rows(store):
        stored = form(store, row.document, row.number)
        assert stored is not None
        assert (stored.version, stored.year, stored.unit, stored.form.kind) == (row.version, row.year, row.unit, row.kind)
        assert row.year in YEARS
        assert row.unit
        found = list_forms(store, FormFilter(text=row.project, document=row.document)).items
        assert row.project == "" or [each.id for each in found] == [row.id]


def test_uploaders_have_their_shares(store: Store) -> None:
    counts = {user: len(list_documents(store, DocumentFilter(owner=user)).items) for user in UPLOADERS}
    assert counts["zhang"] > 4 * counts["li"]
