"""What pages show and do without any script: lists, uploads, the account, users."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.form import Problem, Review
from service.access.roles import Role
from service.access.sessions import identify_session
from service.access.tokens import identify_token, issue
from service.access.users import add_user, find_user
from service.store.documents import State, mark
from service.store.owners import own
from service.web.pages import archive
from service.web.pages.written import written_bytes, written_moment
from service.web.who import COOKIE
from tests.service.store.samples import add, add_read, changed, form_of
from tests.service.web.pages.conftest import People
from tests.service.web.pages.visiting import PASSWORD, Person, Seen, visiting
from tests.service.web.serving import Served, served, settings


def text_of(person: Person, path: str) -> str:
    """What stands on a page."""
    reply = person.get(path)
    assert reply.status_code == 200, path
    return Seen(reply).text


def test_a_plain_form_uploads_and_says_what_it_did_not_take(people: People) -> None:
    assert people["uploader"].send(("甲.pdf", b"pages=4")).headers["location"] == "/upload"
    reply = people["uploader"].send(("乙.pdf", b"no plan"), ("丙.pdf", b"pages=5"))
    said = Seen(reply).text
    assert reply.status_code == 422
    assert "乙.pdf：未接收。文件已损坏" in said
    assert said.count("排队") == 2
    assert [name for name in ("甲.pdf", "乙.pdf", "丙.pdf") if f">{name}</a>" in reply.text] == ["甲.pdf", "丙.pdf"]
    assert ("meta", {"http-equiv": "refresh", "content": "10"}) in Seen(reply).elements


def test_a_plain_upload_without_the_pages_secret_is_not_read(people: People) -> None:
    for secret in ("", "0" * 64, people["viewer"].csrf):
        assert people["uploader"].send(("丁.pdf", b"pages=6"), csrf=secret).status_code == 403
    assert "丁.pdf" not in text_of(people["uploader"], "/upload")


def test_a_plain_upload_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with served(tmp_path, settings(upload_megabytes=1)) as web:
        reply = visiting(web, Role.UPLOADER).send(("大.pdf", b" " * 1_100_000))
        assert reply.status_code == 413


def test_a_full_queue_says_when_to_come_again(tmp_path: Path) -> None:
    with served(tmp_path, settings(most_waiting=0)) as web:
        reply = visiting(web, Role.UPLOADER).send(("戊.pdf", b"pages=1"))
        assert (reply.status_code, reply.headers["retry-after"]) == (429, "60")
        assert "请 60 秒后再传" in reply.text


def test_documents_stand_with_their_states(people: People) -> None:
    store = people["admin"].web.archive.store
    waiting, reading, failed = (add(store, name.encode(), f"{name}.pdf", "某局", 2019) for name in ("等", "读", "坏"))
    mark(store, reading, State.READING, pages=7)
    mark(store, failed, State.FAILED, Problem(0, "input_encrypted", "It is encrypted."))
    doubted = add_read(store, replace(form_of(), review=Review.NEEDS_REVIEW), content=b"doubted")
    everything = people["viewer"].get("/documents")
    classes = {attributes.get("class") for tag, attributes in Seen(everything).elements if tag == "span"}
    stages = {name for name in classes if str(name).startswith("stage ")}
    assert stages == {"stage waiting", "stage reading", "stage failed", "stage review", "stage done"}
    assert "文件有密码保护" in everything.text
    assert f"/forms/{doubted}.1" in Seen(people["viewer"].get("/forms?reviewed=waiting")).links()
    for state, document in (("waiting", waiting), ("reading", reading), ("failed", failed)):
        listed = people["viewer"].get(f"/documents?state={state}&year=2019&unit=某局&after=").text
        assert [each for each in (waiting, reading, failed) if each in listed] == [document]
    assert "没有符合条件的内容" in text_of(people["viewer"], "/documents?year=1999")
    assert "It is encrypted." not in text_of(people["viewer"], f"/documents/{failed}")
    assert "It is encrypted." in people["viewer"].get(f"/documents/{failed}", accept_language="en").text


def test_an_address_that_nothing_has_is_a_page_for_browsers_and_a_problem_for_programs(people: People) -> None:
    browser = "text/html,application/xhtml+xml,*/*;q=0.8"
    reply = people["viewer"].get("/nothing", accept=browser)
    assert (reply.status_code, "没有这个页面" in reply.text) == (404, True)
    assert reply.headers["content-type"].startswith("text/html")
    for path, accept in (("/nothing", "*/*"), ("/api/v1/nothing", browser)):
        told = people["viewer"].get(path, accept=accept)
        assert (told.status_code, told.headers["content-type"]) == (404, "application/problem+json")
    assert people["viewer"].post("/nothing").status_code == 404


@pytest.mark.parametrize("query", ["year=abc", "year=0", "year=10000", "year=²", "state=lost", "after=nonsense!", f"unit={'x' * 500}"])
def test_what_makes_no_sense_is_said(people: People, query: str) -> None:
    reply = people["viewer"].get(f"/documents?{query}")
    assert reply.status_code == 422
    assert "请求有误" in reply.text


def test_forms_are_found_by_words_and_filters(people: People) -> None:
    store = people["admin"].web.archive.store
    document = add_read(store, changed(form_of(year="2031", unit="水务局"), "河道疏浚工程"), content=b"river")
    row = f"/forms/{document}.1"
    for query in ("q=疏浚", "year=2031", "unit=水务局", "year=2031&kind=self_evaluation&finding=funds_sum&q=河道&review="):
        assert row in Seen(people["viewer"].get(f"/forms?{query}")).links(), query
    for query in ("q=浚疏", "year=2030", "unit=水务", "q=河道&kind=performance_target", "q=河道&review=needs_review", 'q="OR"'):
        assert row not in Seen(people["viewer"].get(f"/forms?{query}")).links(), query


def test_an_export_asks_for_what_the_list_shows(people: People) -> None:
    links = Seen(people["viewer"].get("/forms?q=环保 项目&year=&kind=self_evaluation")).links()
    (export,) = (link for link in links if link.startswith("/api/"))
    assert export == "/api/v1/export?q=%E7%8E%AF%E4%BF%9D+%E9%A1%B9%E7%9B%AE&kind=self_evaluation&format=xlsx"
    assert people["viewer"].get(export).content.startswith(b"PK")


def test_pages_of_a_list_follow_each_other(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ROWS", 2)
    path, seen, pages = "/forms?kind=self_evaluation", list[str](), 0
    while path:
        links = Seen(people["viewer"].get(path)).links()
        seen += [link for link in links if link.startswith("/forms/")]
        path, pages = next((link for link in links if "after=" in link and link.startswith("/forms?")), ""), pages + 1
        assert pages < 20
    assert len(seen) == len(set(seen)) > 2
    assert pages > 1


def test_a_record_shows_findings_signs_and_downloads(people: People) -> None:
    mine = people["uploader"].web.archive.mine
    reply = people["uploader"].get(f"/forms/{mine}.1")
    seen = Seen(reply)
    assert "合计不符" in seen.text
    assert "我的.tif" in seen.text
    assert "#tables.funds%5B0%5D.executed" in seen.links()
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert "tables.funds[0].executed" in ids
    for link in seen.links():
        if link.startswith("/"):
            assert people["uploader"].get(link).status_code in (200, 303), link


def test_another_password_ends_the_other_sessions_and_not_this_browser(web: Served) -> None:
    add_user(web.archive.store, "changing", Role.VIEWER)
    here, elsewhere = visiting(web, "changing"), Person(web)
    elsewhere = Person(web, here.cookie, here.csrf)
    assert "两次输入的密码不一致" in here.post("/account/password", old=PASSWORD, new="a", again="b").text
    assert "密码太短" in here.post("/account/password", old=PASSWORD, new="short", again="short").text
    other = "the river is deep in spring"
    assert "用户名或密码不对" in here.post("/account/password", old="wrong", new=other, again=other).text
    reply = here.post("/account/password", old=PASSWORD, new=other, again=other)
    assert reply.headers["location"] == "/account?said=password"
    assert "密码已修改" in text_of(Person(web, reply.cookies[COOKIE]), "/account?said=password")
    assert elsewhere.get("/account").status_code == 303


def test_tokens_are_revoked_with_the_password_where_the_box_is_ticked(web: Served) -> None:
    here = visiting(web, add_user(web.archive.store, "robbed", Role.VIEWER))
    assert "同时作废" not in here.get("/account").text
    _, secret = issue(web.archive.store, "robbed", "夜间")
    assert "同时作废全部令牌" in here.get("/account").text
    reply = here.post("/account/password", old=PASSWORD, new="the river is deep", again="the river is deep", tokens_too="true")
    assert reply.headers["location"] == "/account?said=all"
    assert identify_token(web.archive.store, secret) is None
    assert "全部令牌均已失效" in text_of(Person(web, reply.cookies[COOKIE]), "/account?said=all")


def test_a_token_is_shown_once_and_revoked_at_once(people: People) -> None:
    viewer, store = people["viewer"], people["viewer"].web.archive.store
    made = viewer.post("/account/tokens", label=" 夜间 ", days="30")
    secret = Seen(made).text.partition("ft_")[2].split()[0]
    assert identify_token(store, f"ft_{secret}") is not None
    later = viewer.get("/account")
    assert secret not in later.text
    assert "夜间" in later.text
    tokens = [value for value in Seen(later).fields("token") if value]
    for token in tokens:
        assert viewer.post("/account/tokens/revoke", token=token).headers["location"] == "/account?said=revoked"
    assert identify_token(store, f"ft_{secret}") is None
    assert viewer.post("/account/tokens/revoke", token=tokens[0]).status_code == 404
    for label, days in (("", "30"), ("x" * 101, "30"), ("a\tb", "30"), ("good", "-1"), ("good", "many")):
        assert viewer.post("/account/tokens", label=label, days=days).status_code == 422
    assert "还没有令牌" in text_of(viewer, "/account")


def test_nobody_revokes_anothers_token(people: People) -> None:
    (theirs,) = (value for value in Seen(people["reviewer"].get("/account")).fields("token"))
    assert theirs is not None
    assert people["admin"].post("/account/tokens/revoke", token=theirs).status_code == 404


def test_an_administrator_makes_invites_changes_and_closes_an_account(people: People) -> None:
    admin, web = people["admin"], people["admin"].web
    made = admin.post("/users", name="李四", role="uploader")
    link = Seen(made).text.partition("http://")[2].split()[0]
    assert link.startswith("localhost:8765/welcome#")
    assert link not in admin.get("/users").text
    entered = Person(web).post("/welcome", key=link.partition("#")[2], password=PASSWORD, again=PASSWORD)
    li = Person(web, entered.cookies[COOKIE])
    assert li.get("/users").status_code == 403
    assert "已有同名用户" in admin.post("/users", name="李四", role="viewer").text
    assert Seen(admin.post("/users", name=" ", role="viewer")).text.count("可见字符") == 1
    assert admin.post("/users/role", name="李四", role="reviewer").headers["location"] == "/users"
    assert find_user(web.archive.store, "李四").role is Role.REVIEWER
    assert admin.post("/users/role", name="李四", role="emperor").status_code == 422
    assert admin.post("/users/access", name="李四", open="false").headers["location"] == "/users"
    assert identify_session(web.archive.store, li.cookie) is None
    assert "该用户已停用" in admin.post("/users/invitation", name="李四").text
    assert admin.post("/users/access", name="李四", open="true").headers["location"] == "/users"
    assert "welcome#" in admin.post("/users/invitation", name="李四").text


def test_the_last_administrator_stays(people: People) -> None:
    for path, fields in (("/users/role", {"role": "viewer"}), ("/users/access", {"open": "false"})):
        reply = people["admin"].post(path, name="admin", **fields)
        assert (reply.status_code, "至少要保留一名管理员" in reply.text) == (409, True)


def test_a_user_sees_a_document_by_his_own_name_for_it(people: People) -> None:
    mine = people["uploader"].web.archive.mine
    own(people["admin"].web.archive.store, mine, Role.REVIEWER, "复核员的.tif")
    assert "我的.tif" in text_of(people["uploader"], f"/documents/{mine}")
    assert "复核员的.tif" in text_of(people["reviewer"], "/upload")
    assert "复核员的.tif" not in text_of(people["uploader"], f"/documents/{mine}")


SIZES = ((0, "0 B"), (999, "999 B"), (1000, "1 kB"), (481_234, "481 kB"), (1_500_000, "1.5 MB"), (2 * 10**9, "2 GB"))


@pytest.mark.parametrize(("count", "text"), SIZES)
def test_sizes(count: int, text: str) -> None:
    assert written_bytes(count) == text


def test_moments() -> None:
    assert written_moment("2020-03-01T08:15:00.000000Z") == "2020-03-01 08:15"
    assert written_moment("") == ""
