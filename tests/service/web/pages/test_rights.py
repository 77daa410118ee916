"""Every page and every form, asked by every role, by nobody, and without the page's secret."""

import pytest
from fastapi.routing import APIRoute

from service.access.roles import Role
from service.web.pages import account, archive, entry, figures, people, record, review, reviews, upload, wording
from tests.service.web.pages.conftest import People

ALL = frozenset(Role)
UPLOADERS = frozenset({Role.UPLOADER, Role.REVIEWER, Role.ADMIN})
CORRECTORS = frozenset({Role.REVIEWER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})
NOBODY = {
    ("GET", "/login"),
    ("POST", "/login"),
    ("GET", "/welcome"),
    ("POST", "/welcome"),
    ("POST", "/language"),
    ("GET", "/texts/{language}.json"),
}
"""Open to strangers."""

MAY: dict[tuple[str, str], frozenset[Role]] = {
    ("GET", "/"): ALL,
    ("POST", "/logout"): ALL,
    ("GET", "/reviews"): CORRECTORS,
    ("POST", "/reviews/next"): CORRECTORS,
    ("POST", "/reviews/release"): CORRECTORS,
    ("GET", "/upload"): UPLOADERS,
    ("POST", "/upload"): UPLOADERS,
    ("GET", "/documents"): ALL,
    ("GET", "/documents/{id}"): ALL,
    ("GET", "/forms"): ALL,
    ("GET", "/forms/{id}"): ALL,
    ("GET", "/figures"): CORRECTORS,
    ("GET", "/review/{id}"): CORRECTORS,
    ("GET", "/account"): ALL,
    ("POST", "/account/password"): ALL,
    ("POST", "/account/tokens"): ALL,
    ("POST", "/account/tokens/revoke"): ALL,
    ("GET", "/users"): ADMINS,
    ("POST", "/users"): ADMINS,
    ("POST", "/users/role"): ADMINS,
    ("POST", "/users/access"): ADMINS,
    ("POST", "/users/invitation"): ADMINS,
}
FORMS = sorted(path for method, path in MAY if method == "POST")
FIELDS = {"name": "no one", "role": "viewer", "open": "true"}


def address(people: People, path: str) -> str:
    """Of the uploader's own document and form."""
    mine = people["admin"].web.archive.mine
    return path.replace("{id}", f"{mine}.1" if path.startswith(("/forms", "/review")) else mine)


def test_every_page_is_in_the_matrix() -> None:
    routers = (account, archive, entry, figures, people, record, review, reviews, upload, wording)
    routes = [route for module in routers for route in module.router.routes if isinstance(route, APIRoute)]
    assert {(method, route.path) for route in routes for method in route.methods or ()} == set(MAY) | NOBODY


@pytest.mark.parametrize(("method", "path"), sorted(MAY))
def test_a_page_is_open_to_those_who_may(people: People, method: str, path: str) -> None:
    if path == "/logout":
        return  # test_entry: it would end the session of the tests
    sent = {role: people[role] for role in Role}
    if method == "GET":
        statuses = {role: person.get(address(people, path)).status_code for role, person in sent.items()}
    else:
        statuses = {role: person.post(f"{path}?csrf={person.csrf}", **FIELDS).status_code for role, person in sent.items()}
    assert {role for role, status in statuses.items() if status == 403} == set(Role) - MAY[method, path]
    assert max(statuses.values()) < 500


@pytest.mark.parametrize(("method", "path"), sorted(MAY))
def test_nobody_is_led_to_the_login(people: People, method: str, path: str) -> None:
    asked = people["nobody"].get if method == "GET" else people["nobody"].post
    reply = asked(address(people, path))
    assert (reply.status_code, reply.headers["location"].partition("?")[0]) == (303, "/login")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_of_another_site_changes_nothing(people: People, path: str) -> None:
    admin = people["admin"]
    right = f"{path}?csrf={admin.csrf}" if path == "/upload" else path
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}):
        assert admin.post_from(headers, right, **FIELDS).status_code == 403
    for secret in ("", "0" * 64, people["viewer"].csrf, "ü"):
        assert admin.post(path, csrf=secret, **FIELDS).status_code == 403


def test_another_users_document_is_not_there(people: People) -> None:
    theirs, uploader = people["admin"].web.archive.theirs, people["uploader"]
    for path in (f"/documents/{theirs}", f"/forms/{theirs}.1", f"/documents/{'0' * 64}", f"/forms/{'0' * 64}.1"):
        reply = uploader.get(path)
        assert (reply.status_code, "您无权查看" in reply.text) == (404, True)
    for path in ("/documents", "/forms", "/upload"):
        assert theirs not in uploader.get(path).text
        assert people["admin"].web.archive.mine in uploader.get("/documents").text
