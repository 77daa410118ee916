"""Drafts: kept by user and form, forgotten when they say nothing."""

from dataclasses import replace

import pytest

from models.errors import UsageError
from service.review.drafts import MOST_CHARACTERS, Draft, draft_of, drafts_of, drop_draft, keep_draft
from service.store.opening import Store
from tests.service.store.samples import add_read


def test_each_user_has_a_draft_of_his_own_and_the_last_one_stands(store: Store) -> None:
    draft = Draft(add_read(store), 1, "甲", 1, {"fields.year": "2021"}, "")
    keep_draft(store, draft)
    last = keep_draft(store, replace(draft, texts={"fields.year": "<b>\"'"}))
    keep_draft(store, replace(draft, user="乙", texts={"fields.year": "2019"}))
    assert draft_of(store, draft.document, 1, "甲") == last
    assert drafts_of(store, "甲") == (last,)
    assert drop_draft(store, draft.document, 1, "甲")
    assert not drop_draft(store, draft.document, 1, "甲")
    assert draft_of(store, draft.document, 1, "乙") is not None


def test_a_draft_that_says_nothing_is_none(store: Store) -> None:
    draft = Draft(add_read(store), 1, "甲", 1, {"fields.year": "2021"}, "")
    keep_draft(store, draft)
    keep_draft(store, replace(draft, texts={}))
    assert drafts_of(store, "甲") == ()


@pytest.mark.parametrize("texts", [{"a": "\0"}, {"\ud800": ""}, {"a": "x" * MOST_CHARACTERS}])
def test_what_cannot_be_kept_is_refused(store: Store, texts: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        keep_draft(store, Draft(add_read(store), 1, "甲", 1, texts, ""))


def test_there_is_no_draft_of_what_is_not_there(store: Store) -> None:
    with pytest.raises(UsageError):
        keep_draft(store, Draft("0" * 64, 1, "甲", 1, {"a": "b"}, ""))
