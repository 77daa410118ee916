"""What one may not see is not there."""

import json

import pytest

from models.form import Problem
from service.access.roles import Role
from service.access.tokens import issue, revoke, tokens
from service.access.users import add_user, disable, set_role
from service.store.documents import State, mark
from service.store.outbox import deliveries
from service.store.owners import own
from service.store.reading import form
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add
from tests.service.web.serving import API, OTHER, Served

SHOWN = (
    "documents/{document}",
    "documents/{document}/record",
    "documents/{document}/original",
    "documents/{document}/events",
    "documents/{document}/pages/1.png",
    "documents/{document}/pages/1.jpg",
    "forms/{document}.1",
    "forms/{document}.1/fields",
    "forms/{document}.1/fields/fields.year",
    "forms/{document}.1/fields/fields.year/crop.png",
    "forms/{document}.1/findings",
    "forms/{document}.1/history",
)


@pytest.mark.parametrize("path", SHOWN)
def test_another_users_document_is_not_there(web: Served, path: str) -> None:
    def status(user: str, document: str) -> int:
        return web.client.get(f"{API}/{path.format(document=document)}", headers=web.archive.headers(user)).status_code

    mine, theirs = web.archive.mine, web.archive.theirs
    assert [status("uploader", mine), status("uploader", theirs), status("uploader", "0" * 64)] == [200, 404, 404]
    assert [status(OTHER, mine), status(OTHER, theirs)] == [404, 200]
    assert [status(role, theirs) for role in ("viewer", "reviewer", "admin")] == [200, 200, 200]


def test_what_is_not_there_and_what_may_not_be_seen_are_told_alike(web: Served) -> None:
    hidden, missing = (
        web.client.get(f"{API}/documents/{sha256}", headers=web.archive.headers("uploader")).json()
        for sha256 in (web.archive.theirs, "0" * 64)
    )
    assert hidden | {"request_id": ""} == missing | {"request_id": ""}


def test_lists_and_exports_hold_ones_own_alone(web: Served) -> None:
    headers = web.archive.headers("uploader")
    documents = web.client.get(f"{API}/documents", headers=headers).json()["documents"]
    forms = web.client.get(f"{API}/forms", params={"q": "环保"}, headers=headers).json()["forms"]
    exported = web.client.get(f"{API}/export", params={"format": "json"}, headers=headers).text
    assert {each["id"] for each in documents} == {each["document"] for each in forms} == {web.archive.mine}
    assert web.archive.mine in exported
    assert web.archive.theirs not in exported
    assert web.archive.theirs in web.client.get(f"{API}/export", params={"format": "json"}, headers=web.archive.headers("viewer")).text


def test_a_user_knows_a_document_by_his_own_name_for_it(web: Served) -> None:
    headers = web.archive.headers("uploader")
    assert web.client.get(f"{API}/documents/{web.archive.mine}", headers=headers).json()["name"] == "我的.tif"
    assert web.client.get(f"{API}/documents/{web.archive.mine}/record", headers=headers).json()["source"]["name"] == "我的.tif"


def test_a_user_is_not_told_since_when_and_where_others_have_his_document(web: Served) -> None:
    store = web.archive.store
    sha256 = add(store, b"%PDF-before", unit="审计局", year=2019)
    mark(store, sha256, State.FAILED, Problem(0, "input_encrypted", "It needs a password."))
    seen_by_all = web.client.get(f"{API}/documents/{sha256}", headers=web.archive.headers("viewer")).json()
    own(store, sha256, "uploader", "我的.pdf")
    told = web.client.get(f"{API}/documents/{sha256}", headers=web.archive.headers("uploader")).json()
    (row,) = (
        each
        for each in web.client.get(f"{API}/documents", headers=web.archive.headers("uploader")).json()["documents"]
        if each["id"] == sha256
    )
    events = web.client.get(f"{API}/documents/{sha256}/events", headers=web.archive.headers("uploader")).text
    assert (seen_by_all["year"], seen_by_all["unit"]) == (2019, "审计局")
    for mine in (told, row):
        assert (mine["year"], mine["unit"]) == (None, "")
        assert seen_by_all["changed_at"] < mine["added_at"] == mine["changed_at"]
    assert json.loads(events.partition("data: ")[2]) == told


def test_what_is_wrong_with_a_file_names_it_as_its_reader_knows_it(web: Served) -> None:
    store = web.archive.store
    sha256 = add(store, b"%PDF-locked")
    own(store, sha256, "uploader", "锁.pdf")
    mark(store, sha256, State.FAILED, Problem(0, "input_encrypted", "'a.pdf' needs a password."))

    def told(user: str, path: str) -> str:
        return web.client.get(f"{API}/documents/{sha256}{path}", headers=web.archive.headers(user)).text

    for path in ("", "/record"):
        assert "'锁.pdf' needs a password." in told("uploader", path)
        assert "a.pdf" not in told("uploader", path).replace("锁.pdf", "")
        assert "'a.pdf' needs a password." in told("viewer", path)


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_an_export_tells_nobody_anothers_name_for_his_file(web: Served, kind: str) -> None:
    def exported(user: str) -> str:
        asked = {"format": kind, "document": web.archive.mine}
        return web.client.get(f"{API}/export", params=asked, headers=web.archive.headers(user)).text

    assert "我的.tif" in exported("uploader")
    assert "甲/2020/a.pdf" not in exported("uploader")
    assert "甲/2020/a.pdf" in exported("viewer")


def test_a_token_is_dead_once_it_is_revoked(web: Served) -> None:
    issued, secret = issue(web.archive.store, "viewer", "short")
    headers = {"Authorization": f"Bearer {secret}"}
    assert web.client.get(f"{API}/me", headers=headers).status_code == 200
    assert revoke(web.archive.store, "viewer", issued)
    assert web.client.get(f"{API}/me", headers=headers).status_code == 401


def test_nobody_revokes_anothers_token(web: Served) -> None:
    issued, _ = issue(web.archive.store, "viewer", "kept")
    assert web.client.delete(f"{API}/tokens/{issued}", headers=web.archive.headers("admin")).status_code == 404
    assert issued in {token.id for token in tokens(web.archive.store, "viewer")}


def test_another_role_holds_from_the_next_request_on(web: Served) -> None:
    add_user(web.archive.store, "passing", Role.ADMIN)
    headers = {"Authorization": f"Bearer {issue(web.archive.store, 'passing', 'tests')[1]}"}
    assert web.client.get(f"{API}/users", headers=headers).status_code == 200
    set_role(web.archive.store, "passing", Role.VIEWER)
    assert web.client.get(f"{API}/users", headers=headers).status_code == 403
    disable(web.archive.store, "passing")
    assert web.client.get(f"{API}/me", headers=headers).status_code == 401


def test_a_webhook_is_its_users_alone(web: Served) -> None:
    said = {"url": "https://budget.example/told", "events": ["document.done"]}
    made = web.client.post(f"{API}/webhooks", json=said, headers=web.archive.headers("uploader")).json()
    assert made["secret"]
    other = web.archive.headers(OTHER)
    address = f"{API}/webhooks/{made['id']}"
    asked = [web.client.delete(address, headers=other), web.client.patch(address, json={"active": False}, headers=other)]
    assert [reply.status_code for reply in [*asked, web.client.get(f"{address}/deliveries", headers=other)]] == [404, 404, 404]
    listed = web.client.get(f"{API}/webhooks", headers=web.archive.headers("uploader"))
    assert [each["id"] for each in listed.json()["webhooks"]] == [made["id"]]
    assert made["secret"] not in listed.text


def test_a_webhook_is_told_no_more_than_its_user_may_see(web: Served) -> None:
    store = web.archive.store
    add_user(store, "demoted", Role.REVIEWER)
    headers = {"Authorization": f"Bearer {issue(store, 'demoted', 'tests')[1]}"}
    said = {"url": "https://budget.example/told", "events": ["form.corrected"]}
    hook = web.client.post(f"{API}/webhooks", json=said, headers=headers).json()["id"]

    def told() -> int:
        correct(store, Correction(web.archive.theirs, 1, version(web), "fields.project_name", "改", "reviewer"))
        return len(deliveries(store, "demoted", hook))

    assert told() == 1
    set_role(store, "demoted", Role.UPLOADER)
    assert told() == 1
    set_role(store, "demoted", Role.REVIEWER)
    assert told() == 2
    disable(store, "demoted")
    assert told() == 2


def version(web: Served) -> int:
    found = form(web.archive.store, web.archive.theirs, 1)
    assert found is not None
    return found.version
