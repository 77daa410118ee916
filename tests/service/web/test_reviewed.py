"""The API tells of each form how far people have come with it, by whom and when, and lists by it."""

from typing import Any

import pytest

from service.review.changes import Approve, Return
from service.review.queue import give_back, take
from tests.service.review.settling import DOUBTED, does, moment_of
from tests.service.store.samples import add_read, form_of
from tests.service.web.serving import API, Served

UNTOUCHED = {"state": "none", "by": "", "at": "", "taken_by": ""}


@pytest.fixture(scope="module")
def document(web: Served) -> str:
    """Four forms: one that is clear, one that waits, one that was sent back, one that is approved."""
    document = add_read(web.archive.store, form_of(), DOUBTED, DOUBTED, DOUBTED, content=b"four")
    does(web.archive.store, document, "李四", Return(), number=3)
    does(web.archive.store, document, "张三", Approve(), number=4)
    return document


def asked(web: Served, path: str, user: str = "viewer") -> Any:
    """The JSON behind a path below the API."""
    reply = web.client.get(f"{API}{path}", headers=web.archive.headers(user))
    assert reply.status_code == 200, reply.text
    return reply.json()


def expected(web: Served, document: str) -> list[dict[str, str]]:
    """What is to be told of the forms, by their numbers."""
    sent_back, approved = (moment_of(web.archive.store, document, number) for number in (3, 4))
    return [
        UNTOUCHED,
        UNTOUCHED | {"state": "waiting"},
        UNTOUCHED | {"state": "returned", "by": "李四", "at": sent_back},
        UNTOUCHED | {"state": "approved", "by": "张三", "at": approved},
    ]


def test_lists_documents_and_forms_tell_the_same(web: Served, document: str) -> None:
    told = expected(web, document)
    assert [form["reviewed"] for form in asked(web, f"/documents/{document}")["forms"]] == told
    assert {form["number"]: form["reviewed"] for form in asked(web, f"/forms?document={document}")["forms"]} == dict(enumerate(told, 1))
    assert [asked(web, f"/forms/{document}.{number}")["reviewed"] for number in range(1, 5)] == told
    (row,) = (row for row in asked(web, "/documents")["documents"] if row["id"] == document)
    assert (row["forms"], row["to_review"], row["approved"]) == (4, 2, 1)


def test_what_the_machine_says_keeps_its_meaning(web: Served, document: str) -> None:
    forms = asked(web, f"/documents/{document}")["forms"]
    assert [form["review"] for form in forms] == ["clear", "needs_review", "needs_review", "needs_review"]
    assert [form["review"] for form in asked(web, f"/documents/{document}/record")["forms"]] == [form["review"] for form in forms]


@pytest.mark.parametrize(("state", "number"), [("none", 1), ("waiting", 2), ("returned", 3), ("approved", 4)])
def test_forms_are_listed_and_exported_by_what_people_have_said(web: Served, document: str, state: str, number: int) -> None:
    listed = asked(web, f"/forms?document={document}&reviewed={state}")["forms"]
    assert [form["number"] for form in listed] == [number]
    reply = web.client.get(f"{API}/export?document={document}&reviewed={state}&format=json", headers=web.archive.headers("viewer"))
    assert reply.text.count("\n") == 1
    assert f'"number":{number},' in reply.text
    assert f'"state":"{state}"' in reply.text


def test_who_works_on_a_form_is_told_for_as_long(web: Served, document: str) -> None:
    take(web.archive.store, document, 2, "李四")
    assert asked(web, f"/forms/{document}.2")["reviewed"] == UNTOUCHED | {"state": "waiting", "taken_by": "李四"}
    give_back(web.archive.store, document, 2, "李四")
    assert asked(web, f"/forms/{document}.2")["reviewed"] == UNTOUCHED | {"state": "waiting"}


def test_a_state_that_is_none_is_refused(web: Served) -> None:
    assert web.client.get(f"{API}/forms?reviewed=done", headers=web.archive.headers("viewer")).status_code == 422
