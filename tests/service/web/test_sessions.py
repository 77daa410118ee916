"""Browsers: the cookie, and the proof that one of our own pages asks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Semaphore
from typing import NoReturn
from urllib.parse import quote

import pytest
from httpx2 import Response

from models.errors import WrongPasswordError
from service.access.credentials import set_password
from service.access.invitations import invite
from service.access.roles import Role
from service.access.tokens import issue
from service.access.users import add_user
from service.web.running import THREADS
from service.web.who import COOKIE
from tests.service.web.serving import API, BASE, Served

PASSWORD = "correct horse battery"  # noqa: S105  of a user of the tests


def log_in(web: Served, **headers: str) -> Response:
    set_password(web.archive.store, "reviewer", PASSWORD)
    return web.client.post(f"{API}/session", json={"name": "reviewer", "password": PASSWORD}, headers=headers)


def cookie_of(reply: Response) -> dict[str, str]:
    """What a browser sends from then on; the client of the tests keeps nothing."""
    secret = reply.cookies[COOKIE]
    reply.cookies.clear()
    return {"Cookie": f"{COOKIE}={secret}"}


@pytest.fixture(autouse=True)
def _forgetful(web: Served) -> None:
    web.client.cookies.clear()


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(web: Served) -> None:
    told = log_in(web).headers["set-cookie"].lower()
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in told.split(";")}
    assert "domain" not in told
    assert "expires" not in told


def test_a_change_needs_the_sessions_csrf_token(web: Served) -> None:
    reply = log_in(web)
    cookie, csrf = cookie_of(reply), reply.json()["csrf"]
    web.client.cookies.clear()
    said = {"label": "by a page"}

    def status(**headers: str) -> tuple[int, str]:
        made = web.client.post(
            f"{API}/tokens", json=said, headers=cookie | {name.replace("_", "-"): value for name, value in headers.items()}
        )
        return made.status_code, made.json().get("code", "")

    assert web.client.get(f"{API}/me", headers=cookie).json()["csrf"] == csrf
    assert status() == (403, "cross_site")
    assert status(X_CSRF_Token="0" * 64) == (403, "cross_site")
    assert status(X_CSRF_Token=csrf, Origin="https://evil.example") == (403, "cross_site")
    assert status(X_CSRF_Token=csrf, Origin="null") == (403, "cross_site")
    assert status(X_CSRF_Token=csrf, Sec_Fetch_Site="cross-site") == (403, "cross_site")
    assert status(X_CSRF_Token=csrf, Origin=BASE, Sec_Fetch_Site="same-origin") == (201, "")


def test_every_change_over_a_session_is_guarded(web: Served) -> None:
    cookie = cookie_of(log_in(web))
    described = web.client.get(f"{API}/openapi.json").json()["paths"]
    unsafe = [(method, path) for path, operations in described.items() for method in operations if method != "get"]
    for method, path in unsafe:
        if path in (f"{API}/session", f"{API}/welcome") and method == "post":
            continue
        web.client.cookies.clear()
        reply = web.client.request(method, path.replace("{", "").replace("}", ""), headers=cookie)
        assert (path, reply.status_code, reply.json()["code"]) == (path, 403, "cross_site")


@pytest.mark.parametrize("path", ["session", "welcome"])
def test_another_sites_page_cannot_log_a_browser_in(web: Served, path: str) -> None:
    said = {"session": {"name": "reviewer", "password": PASSWORD}, "welcome": {"secret": "x", "password": PASSWORD}}[path]
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "http://["}, {"Sec-Fetch-Site": "cross-site"}):
        assert web.client.post(f"{API}/{path}", json=said, headers=headers).json()["code"] == "cross_site"
    as_a_form_would = web.client.post(f"{API}/{path}", content=b'{"name":"reviewer"}', headers={"Content-Type": "text/plain"})
    assert as_a_form_would.status_code == 422


def test_logging_out_ends_the_session(web: Served) -> None:
    reply = log_in(web)
    headers = cookie_of(reply) | {"X-CSRF-Token": reply.json()["csrf"]}
    web.client.cookies.clear()
    assert web.client.delete(f"{API}/session", headers=headers).status_code == 204
    web.client.cookies.clear()
    assert web.client.get(f"{API}/me", headers=headers).status_code == 401


def test_another_password_ends_every_session(web: Served) -> None:
    reply = log_in(web)
    headers = cookie_of(reply) | {"X-CSRF-Token": reply.json()["csrf"]}
    web.client.cookies.clear()
    said = {"old": PASSWORD, "new": "staple staple staple"}
    assert web.client.put(f"{API}/me/password", json=said, headers=headers).status_code == 204
    assert web.client.get(f"{API}/me", headers=headers).status_code == 401


def test_another_password_ends_tokens_where_that_is_asked_for(web: Served) -> None:
    _, secret = issue(web.archive.store, "reviewer", "found by somebody")
    token = {"Authorization": f"Bearer {secret}"}
    log_in(web)
    said = {"old": PASSWORD, "new": "staple staple staple"}
    assert web.client.put(f"{API}/me/password", json=said, headers=token).status_code == 204
    assert web.client.get(f"{API}/me", headers=token).status_code == 200
    all_of_it = {"old": "staple staple staple", "new": PASSWORD, "revoke_tokens": True}
    assert web.client.put(f"{API}/me/password", json=all_of_it, headers=token).status_code == 204
    assert web.client.get(f"{API}/me", headers=token).status_code == 401


def test_no_token_makes_another(web: Served) -> None:
    reply = web.client.post(f"{API}/tokens", json={"label": "a second one"}, headers=web.archive.headers("admin"))
    assert (reply.status_code, reply.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("name", ["张三", "li.si@example"])
def test_where_a_new_user_is_can_be_asked(web: Served, name: str) -> None:
    made = web.client.post(f"{API}/users", json={"name": name, "role": "viewer"}, headers=web.archive.headers("admin"))
    assert made.headers["location"] == f"{API}/users/{quote(name, safe='')}"
    assert web.client.get(made.headers["location"], headers=web.archive.headers("admin")).json()["name"] == name


def test_an_invitation_sets_one_password(web: Served) -> None:
    add_user(web.archive.store, "newcomer", Role.VIEWER)
    said = {"secret": invite(web.archive.store, "newcomer"), "password": PASSWORD}
    assert web.client.post(f"{API}/welcome", json=said).json() == {"user": "newcomer"}
    assert web.client.post(f"{API}/welcome", json=said).json()["code"] == "invitation_invalid"
    assert web.client.post(f"{API}/session", json={"name": "newcomer", "password": PASSWORD}).json()["role"] == "viewer"


def test_a_wrong_password_says_no_more(web: Served) -> None:
    wrong = [web.client.post(f"{API}/session", json={"name": name, "password": "wrong wrong"}) for name in ("reviewer", "no such user")]
    assert [(reply.status_code, reply.json()["code"]) for reply in wrong] == [(401, "wrong_password")] * 2
    assert wrong[0].json()["detail"] == wrong[1].json()["detail"]


def test_who_guesses_is_told_when_he_is_heard_again(web: Served) -> None:
    add_user(web.archive.store, "guessed", Role.VIEWER)
    for _ in range(12):
        reply = web.client.post(f"{API}/session", json={"name": "guessed", "password": "wrong wrong"})
    assert (reply.status_code, reply.json()["code"]) == (429, "login_throttled")
    assert int(reply.headers["retry-after"]) >= 1


def test_logins_that_wait_hold_up_nobody_else(web: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    go, held = Event(), Semaphore(0)

    def slow(*_: object) -> NoReturn:
        held.release()
        go.wait(20)
        raise WrongPasswordError("No.", "Try again.")

    monkeypatch.setattr("service.web.session.log_in", slow)
    said = {"name": "reviewer", "password": PASSWORD}
    with ThreadPoolExecutor(THREADS + 3) as threads:
        logins = [threads.submit(web.client.post, f"{API}/session", json=said) for _ in range(THREADS + 2)]
        assert held.acquire(timeout=20)
        other = threads.submit(web.client.get, f"{API}/me", headers=web.archive.headers("viewer"))
        try:
            assert other.result(timeout=10).status_code == 200
        finally:
            go.set()
        assert [login.result().status_code for login in logins] == [401] * len(logins)
