"""Corrections over HTTP: nobody writes over what he has not seen."""

import pytest

from tests.service.web.serving import API, Served

SAID = {"path": "fields.project_name", "text": "治理项目", "reason": "印章遮住"}


@pytest.fixture
def form(web: Served) -> str:
    """Where the form is that is corrected."""
    return f"{API}/forms/{web.archive.theirs}.1"


def etag(web: Served, form: str) -> str:
    return web.client.get(form, headers=web.archive.headers("reviewer")).headers["etag"]


def test_a_correction_names_the_version_it_is_meant_for(web: Served, form: str) -> None:
    headers = web.archive.headers("reviewer")
    seen = etag(web, form)
    unsaid = web.client.post(f"{form}/corrections", json=SAID, headers=headers)
    assert (unsaid.status_code, unsaid.json()["code"]) == (428, "version_missing")
    for stale in ('"99"', f"W/{seen}", "1", ""):
        refused = web.client.post(f"{form}/corrections", json=SAID, headers=headers | {"If-Match": stale})
        assert (stale, refused.status_code, refused.json()["code"]) == (stale, 412, "store_stale")
    assert etag(web, form) == seen
    made = web.client.post(f"{form}/corrections", json=SAID, headers=headers | {"If-Match": f'"99", {seen}'})
    assert (made.status_code, made.headers["etag"], made.headers["location"]) == (201, etag(web, form), form)
    again = web.client.post(f"{form}/corrections", json=SAID, headers=headers | {"If-Match": seen})
    assert again.status_code == 412


def test_what_was_corrected_is_seen_and_remembered(web: Served, form: str) -> None:
    headers = web.archive.headers("reviewer")
    said = SAID | {"text": "第二次"}
    before = web.client.get(f"{form}/fields/fields.project_name", headers=headers).json()["field"]["text"]
    version = web.client.post(f"{form}/corrections", json=said, headers=headers | {"If-Match": etag(web, form)}).json()["version"]
    assert web.client.get(f"{form}/fields/fields.project_name", headers=headers).json()["field"]["text"] == "第二次"
    past = web.client.get(f"{form}/history", headers=headers).json()["corrections"][-1]
    by = {"at": "", "user": "reviewer", "version": version, "action": "set_field", "payload": {}, "hidden": False}
    assert past | {"at": ""} == by | {"text_before": before} | said
    of_others = web.client.get(f"{form}/history", params={"path": "fields.year"}, headers=headers).json()
    assert of_others == {"corrections": []}
    found = web.client.get(f"{API}/forms", params={"q": "第二次"}, headers=headers).json()["forms"]
    assert [each["id"] for each in found] == [form.rpartition("/")[2]]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (SAID | {"path": "fields.nothing"}, 404),
        (SAID | {"path": "../fields"}, 404),
        (SAID | {"text": "nul\0"}, 422),
        (SAID | {"text": None}, 422),
        (SAID | {"version": 1}, 422),
        ({"path": "fields.year"}, 422),
        (SAID | {"text": "x" * 20_001}, 422),
        ([], 422),
    ],
)
def test_what_makes_no_sense_changes_nothing(web: Served, form: str, said: object, status: int) -> None:
    seen = etag(web, form)
    reply = web.client.post(f"{form}/corrections", json=said, headers=web.archive.headers("reviewer") | {"If-Match": seen})
    assert reply.status_code == status
    assert etag(web, form) == seen


def test_a_lone_surrogate_is_refused(web: Served, form: str) -> None:
    headers = web.archive.headers("reviewer") | {"If-Match": etag(web, form), "Content-Type": "application/json"}
    reply = web.client.post(f"{form}/corrections", content=b'{"path": "fields.year", "text": "\\ud800"}', headers=headers)
    assert reply.status_code == 422


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "<script>alert(1)</script>", "\u202e!", "-2+3|cmd"])
def test_what_is_read_stays_data_wherever_it_is_told(web: Served, form: str, text: str) -> None:
    headers = web.archive.headers("reviewer")
    said = SAID | {"text": text}
    assert web.client.post(f"{form}/corrections", json=said, headers=headers | {"If-Match": etag(web, form)}).status_code == 201
    told = web.client.get(form, headers=headers)
    assert told.json()["form"]["fields"]["project_name"]["text"] == text
    assert told.headers["content-type"] == "application/json"
    exported = web.client.get(f"{API}/export", params={"format": "csv", "document": web.archive.theirs}, headers=headers)
    assert exported.headers["content-disposition"] == 'attachment; filename="forms.csv"'
    assert all(not cell.startswith(("=", "@", "-2")) for line in exported.text.splitlines() for cell in line.split(","))
