"""Who uploaded what."""

import pytest

from service.store.listed import FormFilter
from service.store.listing import list_forms
from service.store.opening import Store
from service.store.owners import own, owned, upload_of, uploads_since
from service.store.saving import save_document
from service.store.writing import later, now
from tests.service.store.samples import add, add_read, add_user, document_of, form_of


@pytest.fixture(autouse=True)
def _users(store: Store) -> None:
    add_user(store, "li")
    add_user(store, "wang")


def test_the_same_bytes_are_several_users_and_each_has_a_name_for_them(store: Store) -> None:
    sha256 = add(store)
    assert own(store, sha256, "li", "甲.pdf")
    assert own(store, sha256, "wang", "乙\0.pdf")
    assert not own(store, sha256, "li", "again.pdf")
    mine, others = upload_of(store, sha256, "li"), upload_of(store, sha256, "wang")
    assert mine is not None
    assert others is not None
    assert (mine.name, others.name, upload_of(store, sha256, "zhang")) == ("甲.pdf", "乙�.pdf", None)
    assert mine.at < others.at
    assert [owned(store, sha256, user) for user in ("li", "wang", "zhang")] == [True, True, False]
    assert not owned(store, add(store, b"other"), "li")


@pytest.mark.parametrize("first", ["owned", "read"])
def test_forms_are_their_owners_whichever_came_first(store: Store, first: str) -> None:
    sha256 = add(store) if first == "owned" else add_read(store)
    own(store, sha256, "li", "a.pdf")
    if first == "owned":
        save_document(store, sha256, "3+a", document_of(sha256, form_of()))
    add_read(store, content=b"of nobody")
    assert [row.document for row in list_forms(store, FormFilter(owner="li")).items] == [sha256]
    assert list_forms(store, FormFilter(owner="wang")).items == ()


def test_uploads_are_counted_from_a_moment_on_and_once(store: Store) -> None:
    before = now()
    for number in range(3):
        own(store, add(store, f"{number}".encode()), "li", "a.pdf")
    own(store, add(store, b"0"), "li", "b.pdf")
    own(store, add(store, b"0"), "wang", "b.pdf")
    assert uploads_since(store, "li", before) == 3
    assert uploads_since(store, "li", later(now(), 1)) == 0


@pytest.mark.parametrize(("document", "user"), [("0" * 64, "li"), (None, "nobody")])
def test_nobody_owns_what_is_not_there(store: Store, document: str | None, user: str) -> None:
    with pytest.raises(KeyError):
        own(store, document or add(store), user, "a.pdf")
