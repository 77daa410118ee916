"""Every route of the application, asked by every role and by nobody."""

import pytest
from httpx2 import Response

from service.access.roles import Role
from service.web.who import COOKIE
from tests.service.web.serving import API, Served

ALL = frozenset(Role)
UPLOADERS = frozenset({Role.UPLOADER, Role.REVIEWER, Role.ADMIN})
CORRECTORS = frozenset({Role.REVIEWER, Role.ADMIN})
ADMINS = frozenset({Role.ADMIN})

OPEN = {("POST", f"{API}/session"), ("POST", f"{API}/welcome"), ("GET", "/healthz"), ("GET", "/readyz")}
"""What nobody may ask as well."""

IN_PERSON = {("POST", f"{API}/tokens")}
"""What no token may do, whoever has it."""

MAY: dict[tuple[str, str], frozenset[Role]] = {
    ("POST", f"{API}/documents"): UPLOADERS,
    ("GET", f"{API}/documents"): ALL,
    ("GET", f"{API}/documents/{{id}}"): ALL,
    ("GET", f"{API}/documents/{{id}}/record"): ALL,
    ("GET", f"{API}/documents/{{id}}/original"): ALL,
    ("GET", f"{API}/documents/{{id}}/events"): ALL,
    ("GET", f"{API}/documents/{{id}}/pages/{{n}}.png"): ALL,
    ("GET", f"{API}/documents/{{id}}/pages/{{n}}.jpg"): ALL,
    ("GET", f"{API}/forms"): ALL,
    ("GET", f"{API}/forms/{{id}}"): ALL,
    ("GET", f"{API}/forms/{{id}}/fields"): ALL,
    ("GET", f"{API}/forms/{{id}}/fields/{{path}}"): ALL,
    ("GET", f"{API}/forms/{{id}}/fields/{{path}}/crop.png"): ALL,
    ("GET", f"{API}/forms/{{id}}/findings"): ALL,
    ("POST", f"{API}/forms/{{id}}/corrections"): CORRECTORS,
    ("GET", f"{API}/forms/{{id}}/history"): ALL,
    ("POST", f"{API}/forms/{{id}}/region"): CORRECTORS,
    ("POST", f"{API}/documents/{{id}}/pages/{{n}}/turn"): CORRECTORS,
    ("GET", f"{API}/forms/{{id}}/differences"): CORRECTORS,
    ("GET", f"{API}/reviews"): CORRECTORS,
    ("GET", f"{API}/reviews/tallies"): CORRECTORS,
    ("POST", f"{API}/reviews/next"): CORRECTORS,
    ("PUT", f"{API}/forms/{{id}}/reservation"): CORRECTORS,
    ("DELETE", f"{API}/forms/{{id}}/reservation"): CORRECTORS,
    ("GET", f"{API}/forms/{{id}}/review"): CORRECTORS,
    ("POST", f"{API}/forms/{{id}}/changes"): CORRECTORS,
    ("POST", f"{API}/forms/{{id}}/undo"): CORRECTORS,
    ("POST", f"{API}/forms/{{id}}/redo"): CORRECTORS,
    ("POST", f"{API}/forms/{{id}}/approval"): CORRECTORS,
    ("POST", f"{API}/forms/{{id}}/equations"): CORRECTORS,
    ("GET", f"{API}/forms/{{id}}/draft"): CORRECTORS,
    ("PUT", f"{API}/forms/{{id}}/draft"): CORRECTORS,
    ("DELETE", f"{API}/forms/{{id}}/draft"): CORRECTORS,
    ("GET", f"{API}/documents/{{id}}/arrangement"): CORRECTORS,
    ("POST", f"{API}/documents/{{id}}/arrangement"): CORRECTORS,
    ("POST", f"{API}/documents/{{id}}/arrangement/undo"): CORRECTORS,
    ("GET", f"{API}/export"): ALL,
    ("GET", f"{API}/figures"): CORRECTORS,
    ("GET", f"{API}/webhooks"): UPLOADERS,
    ("POST", f"{API}/webhooks"): UPLOADERS,
    ("PATCH", f"{API}/webhooks/{{id}}"): UPLOADERS,
    ("DELETE", f"{API}/webhooks/{{id}}"): UPLOADERS,
    ("GET", f"{API}/webhooks/{{id}}/deliveries"): UPLOADERS,
    ("POST", f"{API}/session"): ALL,
    ("DELETE", f"{API}/session"): ALL,
    ("DELETE", f"{API}/sessions"): ALL,
    ("GET", f"{API}/me"): ALL,
    ("PUT", f"{API}/me/password"): ALL,
    ("POST", f"{API}/welcome"): ALL,
    ("GET", f"{API}/tokens"): ALL,
    ("POST", f"{API}/tokens"): ALL,
    ("DELETE", f"{API}/tokens/{{id}}"): ALL,
    ("GET", f"{API}/users"): ADMINS,
    ("POST", f"{API}/users"): ADMINS,
    ("GET", f"{API}/users/{{name}}"): ADMINS,
    ("PATCH", f"{API}/users/{{name}}"): ADMINS,
    ("POST", f"{API}/users/{{name}}/invitation"): ADMINS,
    ("GET", "/healthz"): ALL,
    ("GET", "/readyz"): ALL,
    ("GET", "/metrics"): ADMINS,
}
"""Who is not refused for what he is."""

_IDS = {"documents": "{document}", "forms": "{document}.1", "webhooks": "0" * 32, "tokens": "0" * 12}


def address(template: str, document: str) -> str:
    """Where a request goes that is about ``document``; the webhook and the token are nobody's."""
    kind = template.removeprefix(f"{API}/").partition("/")[0]
    filled = template.replace("{id}", _IDS.get(kind, "")).replace("{name}", "viewer").replace("{n}", "1").replace("{path}", "fields.year")
    return filled.replace("{document}", document)


def ask(web: Served, method: str, template: str, user: str) -> Response:
    """The answer to a request that says little but who asks."""
    return web.client.request(method, address(template, web.archive.mine), headers=web.archive.headers(user))


def test_every_route_is_in_the_matrix(web: Served) -> None:
    described = web.client.get(f"{API}/openapi.json").json()["paths"]
    assert {(method.upper(), path) for path, operations in described.items() for method in operations} == set(MAY)


@pytest.mark.parametrize(("method", "template"), MAY)
def test_a_route_is_open_to_those_who_may(web: Served, method: str, template: str) -> None:
    asked = {role: ask(web, method, template, role).status_code for role in Role}
    refused = {role for role, status in asked.items() if status in (401, 403)}
    if (method, template) in OPEN or template.endswith("/password"):
        assert refused == set()
    elif (method, template) in IN_PERSON:
        assert refused == set(Role)
    else:
        assert refused == set(Role) - MAY[method, template]
    assert {status for status in asked.values() if status >= 500} == set()


_FORGED: tuple[dict[str, str], ...] = (
    {},
    {"Authorization": "Bearer ft_forged"},
    {"Authorization": "Basic YWRtaW46YWRtaW4="},
    {"Cookie": f"{COOKIE}=forged"},
)


@pytest.mark.parametrize(("method", "template"), sorted(set(MAY) - OPEN))
def test_nobody_is_told_anything(web: Served, method: str, template: str) -> None:
    for credentials in _FORGED:
        reply = web.client.request(method, address(template, web.archive.mine), headers=credentials)
        assert (reply.status_code, reply.json()["code"]) == (401, "not_logged_in")
        assert reply.headers["www-authenticate"] == "Bearer"
