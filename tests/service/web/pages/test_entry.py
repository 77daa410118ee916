"""In and out: login, invitation, logout, language; and that no other site's page gets in between."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.invitations import invite
from service.access.roles import Role
from service.access.users import add_user
from service.web.pages.visit import own_path
from service.web.who import COOKIE
from tests.service.web.pages.conftest import People
from tests.service.web.pages.visiting import PASSWORD, Person, Seen
from tests.service.web.serving import Served

LOGIN = {"name": "viewer", "password": PASSWORD}


def test_who_is_nobody_logs_in_and_comes_back(people: People) -> None:
    asked = people["nobody"].get("/forms?q=环保&year=2020")
    assert asked.status_code == 303
    login = people["nobody"].get(asked.headers["location"])
    target = Seen(login).fields("next")[0]
    assert target is not None
    entered = people["nobody"].post("/login", **LOGIN, next=target)
    assert (entered.status_code, entered.headers["location"]) == (303, target)
    back = Person(people["nobody"].web, entered.cookies[COOKIE]).get(target)
    assert (back.status_code, Seen(back).fields("q")) == (200, ["环保"])


def test_a_wrong_password_is_said_and_the_name_stays(people: People) -> None:
    reply = people["nobody"].post("/login", **LOGIN | {"password": "wrong"})
    assert reply.status_code == 403
    assert COOKIE not in reply.cookies
    assert Seen(reply).fields("name") == ["viewer"]
    assert "用户名或密码不对" in reply.text
    assert "wrong" not in reply.text


def test_logging_out_ends_the_session(web: Served) -> None:
    entered = Person(web).post("/login", **LOGIN)
    person = Person(web, entered.cookies[COOKIE])
    csrf = Seen(person.get("/documents")).fields("csrf")[0]
    assert csrf is not None
    assert person.post("/logout", csrf=csrf).headers["location"] == "/login"
    assert person.get("/documents").headers["location"] == "/login?next=%2Fdocuments"


ELSEWHERE = ("https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example")


@pytest.mark.parametrize("address", [*ELSEWHERE, "", "evil"])
def test_a_login_leads_nowhere_else(people: People, address: str) -> None:
    assert Seen(people["nobody"].get(f"/login?next={quote(address)}")).fields("next") == ["/"]
    assert people["nobody"].post("/login", **LOGIN, next=address).headers["location"] == "/"
    assert people["viewer"].get(f"/login?next={quote(address)}").headers["location"] == "/"


@given(st.text())
def test_whatever_is_given_the_way_back_is_on_this_host(given_path: str) -> None:
    path = own_path(given_path)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert path.isprintable()


@pytest.mark.parametrize("path", ["/login", "/welcome", "/language"])
@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_sites_page_sends_no_form_of_a_stranger(people: People, path: str, headers: dict[str, str]) -> None:
    reply = people["nobody"].post_from(headers, path, **LOGIN, language="en", key="k", again=PASSWORD)
    assert reply.status_code == 403
    assert "set-cookie" not in reply.headers


def test_an_invitation_sets_a_password_once(web: Served) -> None:
    add_user(web.archive.store, "新同事", Role.UPLOADER)
    key = invite(web.archive.store, "新同事")
    stranger = Person(web)
    assert stranger.get("/welcome").status_code == 200
    assert "两次输入的密码不一致" in stranger.post("/welcome", key=key, password=PASSWORD, again="another").text
    weak = stranger.post("/welcome", key=key, **dict.fromkeys(("password", "again"), "password12"))
    assert (weak.status_code, Seen(weak).fields("key")) == (422, [key])
    entered = stranger.post("/welcome", key=f" {key} ", password=PASSWORD, again=PASSWORD)
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert Person(web, entered.cookies[COOKIE]).get("/").headers["location"] == "/upload"
    assert stranger.post("/welcome", key=key, password=PASSWORD, again=PASSWORD).status_code == 403


def test_a_language_is_kept_by_the_browser(people: People) -> None:
    reply = people["nobody"].post("/language", language="en", back="/login?next=%2Fforms")
    assert reply.headers["location"] == "/login?next=%2Fforms"
    chosen = people["nobody"].get("/login", Cookie=reply.headers["set-cookie"].partition(";")[0])
    assert '<html lang="en">' in chosen.text
    assert chosen.headers["content-language"] == "en"
    assert people["nobody"].post("/language", language="xx").status_code == 422


def test_a_browsers_language_is_spoken(people: People) -> None:
    assert '<html lang="en">' in people["nobody"].get("/login", Accept_Language="en-US,en;q=0.9").text
    assert '<html lang="zh-CN">' in people["nobody"].get("/login").text


def test_where_one_begins(people: People) -> None:
    begins = {role: people[role].get("/").headers["location"] for role in Role}
    assert begins == {"viewer": "/documents", "uploader": "/upload", "reviewer": "/reviews", "admin": "/reviews"}


def test_a_body_that_is_too_long_is_a_page_too(people: People) -> None:
    reply = people["nobody"].post("/login", name="x" * 300_000)
    assert reply.status_code == 413
