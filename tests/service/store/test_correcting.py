"""Corrections: an event and a new version, or nothing at all."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from models.errors import StaleVersionError, UsageError
from models.form import Review, Status
from service.store.history import verify_history
from service.store.opening import Store
from service.store.reading import form
from service.store.schema import CORRECTIONS, EARLIER_FORMS, FIELDS, USERS
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add_read, changed, form_of, unknown_form


def test_a_correction_makes_a_new_version_and_an_event_that_tells_both_texts(store: Store) -> None:
    sha256 = add_read(store)
    assert correct(store, Correction(sha256, 1, 1, "tables.funds[0].executed", "980,711", "李四", "看不清")) == 2
    stored = form(store, sha256, 1)
    assert stored is not None
    field = stored.form.tables["funds"][0]["executed"]
    assert (stored.version, field.text, field.value, field.status, field.confidence) == (2, "980,711", None, Status.CONFIRMED, 1.0)
    assert stored.form.review == Review.NEEDS_REVIEW
    with store.database.reading() as connection:
        event = connection.execute(select(CORRECTIONS)).one()
        assert (event.id, event.user, event.version, event.text_before, event.text, event.reason) == (
            1,
            "李四",
            2,
            "980,710",
            "980,711",
            "看不清",
        )
        assert connection.scalar(select(FIELDS.c.text).where(FIELDS.c.path == "tables.funds[0].executed")) == "980,711"
        assert connection.scalar(select(EARLIER_FORMS.c.version)) == 1
        assert list(connection.scalars(select(USERS.c.name))) == ["李四"]
    assert verify_history(store.database) == []


def test_the_record_that_was_decided_anew_is_stored_with_it(store: Store) -> None:
    sha256 = add_read(store)
    decided = changed(form_of(year="2021"), "环保工程")
    correct(store, Correction(sha256, 1, 1, "fields.year", "2021", "li"), decided)
    stored = form(store, sha256, 1)
    assert stored is not None
    assert (stored.form, stored.year) == (decided, 2021)


def test_what_stands_nowhere_is_blank(store: Store) -> None:
    sha256 = add_read(store)
    correct(store, Correction(sha256, 1, 1, "fields.project_name", "", "li"))
    stored = form(store, sha256, 1)
    assert stored is not None
    field = stored.form.fields["project_name"]
    assert (field.text, field.value, field.status) == ("", None, Status.BLANK)


@pytest.mark.parametrize("path", ["tables.cells[0]", "unplaced[0]"])
def test_cells_of_an_unknown_form_are_corrected_too(store: Store, path: str) -> None:
    sha256 = add_read(store, unknown_form())
    correct(store, Correction(sha256, 1, 1, path, "乙", "li"))
    with store.database.reading() as connection:
        assert connection.scalar(select(FIELDS.c.text).where(FIELDS.c.path == path)) == "乙"


def test_of_two_who_saw_the_same_version_the_second_is_refused(store: Store) -> None:
    sha256 = add_read(store)
    first = Correction(sha256, 1, 1, "fields.project_name", "甲", "li")
    correct(store, first)
    with pytest.raises(StaleVersionError, match="version 2"):
        correct(store, replace(first, text="乙", user="wang"))
    with store.database.reading() as connection:
        assert list(connection.scalars(select(CORRECTIONS.c.text))) == ["甲"]


@pytest.mark.parametrize("change", [{"number": 2}, {"document": "0" * 64}, {"version": 7}])
def test_a_record_that_is_not_there_is_not_corrected(store: Store, change: dict[str, Any]) -> None:
    sha256 = add_read(store)
    with pytest.raises(StaleVersionError):
        correct(store, replace(Correction(sha256, 1, 1, "fields.project_name", "甲", "li"), **change))


@pytest.mark.parametrize("change", [{"user": ""}, {"text": "a\0b"}, {"reason": "\ud800"}])
def test_what_cannot_be_kept_is_refused_whole(store: Store, change: dict[str, Any]) -> None:
    sha256 = add_read(store)
    with pytest.raises(UsageError):
        correct(store, replace(Correction(sha256, 1, 1, "fields.project_name", "甲", "li"), **change))
    stored = form(store, sha256, 1)
    assert stored is not None
    assert stored.version == 1
    assert verify_history(store.database) == []
