"""The pages in a real browser: upload with progress, a login that ends in between, payloads, keyboard, accessibility, no script."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, FilePayload, StorageState, expect

from models.form import Review
from postprocess.places import Place, doubted
from service.access.invitations import invite
from service.access.roles import Role
from service.access.sessions import log_out_everywhere
from service.access.users import add_user
from service.review.changes import Approve, Return
from tests.postprocess.records import GENUINE, self_evaluation
from tests.service.review.settling import does
from tests.service.store.samples import add_read
from tests.service.web.pages.browsing import Window, window
from tests.service.web.pages.live import Live, live, worker
from tests.service.web.pages.test_payloads import PAYLOADS, spoilt
from tests.service.web.pages.visiting import PASSWORD

WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const wider = [...document.querySelectorAll("main *")].filter((it) => it.getBoundingClientRect().right > width);
  return wider.map((it) => it.outerHTML.slice(0, 80));
}"""
"""Elements that a page must be scrolled sideways for."""

MOST_TABS = 60
"""More than lie before the place for files on any page."""

SCAN = Path(__file__).resolve().parents[4] / "samples" / "self_evaluation_phone.jpg"
RECORD = doubted(self_evaluation(GENUINE["通讯费"]), frozenset({Place("score", "funds", 0), Place("total_score")}))


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:  # noqa: ARG001  no service where there is no browser
    """With a scan whose record has doubts, and with records that mean harm."""
    home = tmp_path_factory.mktemp("home")
    with live(home) as running:
        add_read(running.store, replace(RECORD, review=Review.NEEDS_REVIEW), content=SCAN.read_bytes())
        for payload in PAYLOADS:
            add_read(running.store, *spoilt(payload), content=payload.encode())
        with worker(home):
            yield running


@pytest.fixture(scope="module")
def logged_in(browser: Browser, service: Live) -> StorageState:
    """The cookies of the administrator."""
    with window(browser, service) as opened:
        opened.open("/")
        opened.log_in(Role.ADMIN)
        return opened.page.context.storage_state()


@pytest.fixture
def admin(browser: Browser, service: Live, logged_in: StorageState) -> Iterator[Window]:
    with window(browser, service, storage_state=logged_in) as opened:
        yield opened


def test_a_scan_is_dropped_watched_opened_and_downloaded(admin: Window) -> None:
    admin.open("/upload")
    admin.drop(("年度<b>表&amp;.pdf", "pages=3 1=slow 2=slow 3=slow"), ("坏的.pdf", "no plan"))
    expect(admin.row("坏的.pdf")).to_have_attribute("data-stage", "refused")
    expect(admin.row("坏的.pdf")).to_contain_text("文件已损坏")
    row = admin.row("年度<b>表&amp;.pdf")
    expect(row).to_have_attribute("data-stage", "reading")
    expect(row.locator("progress")).to_be_visible()
    expect(row).to_have_attribute("data-stage", "done")
    expect(row).to_contain_text("3/3 页")
    expect(admin.page.locator("#spoken")).to_have_text("年度<b>表&amp;.pdf：无需复核")
    row.get_by_role("link", name="第 2 张 绩效自评表").click()
    expect(admin.page.locator(".paper")).to_contain_text("2")
    with admin.page.expect_download() as saved:
        admin.page.get_by_role("link", name="下载 JSON").click()
    record = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert record["source"]["name"] == "年度<b>表&amp;.pdf"
    assert [form["fields"]["total_score"]["value"] for form in record["forms"]] == ["1", "2", "3"]
    with admin.page.expect_download() as saved:
        admin.page.get_by_role("link", name="下载原件").click()
    assert Path(saved.value.path()).read_text() == "pages=3 1=slow 2=slow 3=slow"


def test_a_scan_that_was_approved_before_says_by_whom_when_it_comes_again(admin: Window, service: Live) -> None:
    content = "pages=2      "
    admin.open("/upload")
    admin.drop(("再来.pdf", content))
    expect(admin.row("再来.pdf")).to_have_attribute("data-stage", "done")
    document = sha256(content.encode()).hexdigest()
    does(service.store, document, "张<b>三", Approve(), number=2)
    admin.drop(("再来.pdf", content))
    expect(admin.row("再来.pdf")).to_have_attribute("data-stage", "approved")
    expect(admin.row("再来.pdf").locator(".how-far")).to_have_text(re.compile(r"^已通过 张<b>三 20\d\d-\d\d-\d\d \d\d:\d\d$"))
    does(service.store, document, "李四", Return(), number=1)
    admin.open("/upload")
    expect(admin.row("再来.pdf").locator(".how-far")).to_have_text(re.compile("^退回 李四 20"))
    expect(admin.row("再来.pdf")).to_have_attribute("data-stage", "returned")


@pytest.mark.parametrize(
    ("path", "key", "size"), [("/upload", "Enter", 1), ("/upload", "Space", 2), ("/reviews", "Enter", 3), ("/reviews", "Space", 4)]
)
def test_files_are_chosen_by_keyboard(admin: Window, path: str, key: str, size: int) -> None:
    with admin.page.expect_file_chooser() as asked:  # before the page is opened: a browser that hears of it too late asks a person
        admin.open(path)
        admin.page.wait_for_selector("#drop.scripted")
        for _ in range(MOST_TABS):
            admin.page.keyboard.press("Tab")
            if admin.page.evaluate("document.activeElement.id") == "files":
                break
        admin.page.keyboard.press(key)
    assert asked.value.is_multiple()
    name = f"键盘{size}.pdf"
    asked.value.set_files([FilePayload(name=name, mimeType="application/pdf", buffer=f"pages=1 kilobytes={size}".encode())])
    expect(admin.row(name)).to_have_attribute("data-stage", "done")


def test_progress_goes_on_without_events(admin: Window) -> None:
    admin.page.route("**/events", lambda route: route.abort())
    admin.open("/upload")
    admin.drop(*((f"第{number}份.pdf", "pages=1 look=slow" + " " * number) for number in range(3)))
    for number in range(3):
        expect(admin.row(f"第{number}份.pdf")).to_have_attribute("data-stage", "done")


def test_a_page_of_a_document_tells_its_end_by_itself(admin: Window) -> None:
    admin.open("/upload")
    admin.drop(("等待.pdf", "pages=2 1=slow 2=slow  "))
    expect(admin.row("等待.pdf").locator("a.name")).to_have_attribute("href", re.compile("^/documents/"))
    admin.row("等待.pdf").locator("a.name").click()
    expect(admin.page.locator("#standing .stage")).to_have_text("无需复核")
    expect(admin.page.locator("ol.heads li")).to_have_count(2)


def test_a_login_that_ends_in_between_loses_nothing(browser: Browser, service: Live) -> None:
    with window(browser, service) as here:
        here.open("/")
        here.log_in(Role.REVIEWER)
        here.open("/upload")
        log_out_everywhere(service.store, Role.REVIEWER)
        here.drop(("断开.pdf", "pages=1   "))
        expect(here.page.locator("#expired")).to_be_visible()
        here.page.locator("#go-on").click()
        expect(here.page.locator("#expired")).to_be_visible()
        with here.page.context.expect_page() as opened:
            here.page.locator("#expired a").click()
        Window(opened.value, here.url, []).log_in(Role.REVIEWER)
        opened.value.close()
        here.page.locator("#go-on").click()
        expect(here.page.locator("#expired")).to_be_hidden()
        expect(here.row("断开.pdf")).to_have_attribute("data-stage", "done")


def test_an_invitation_link_sets_the_password_and_leaves_no_trace(browser: Browser, service: Live) -> None:
    add_user(service.store, "王五", Role.VIEWER)
    key = invite(service.store, "王五")
    with window(browser, service) as here:
        here.open(f"/welcome#{key}")
        expect(here.page.locator("#key")).to_have_value(key)
        assert here.page.url == f"{here.url}/welcome"
        here.page.locator("#password").fill(PASSWORD)
        here.page.locator("#again").fill(PASSWORD)
        here.page.keyboard.press("Enter")
        here.page.wait_for_url("**/documents")
        expect(here.page.locator(".me")).to_contain_text("王五")


def test_a_record_is_read_with_keyboard_alone(admin: Window) -> None:
    admin.open("/forms?q=系统运维&review=needs_review")
    admin.page.locator("tbody th a").first.focus()
    admin.page.keyboard.press("Enter")
    admin.page.wait_for_url("**/forms/*.1")
    after = admin.page.locator("#after")
    expect(after).to_be_visible()
    after.focus()
    admin.page.keyboard.press("Enter")
    active = admin.page.locator(".spot.active")
    expect(active).to_have_class(re.compile("doubtful"))
    expect(active).to_be_focused()
    expect(admin.page.locator("#seen-text")).to_have_text(active.locator(".text").inner_text())
    expect(admin.page.locator("#seen-crop")).not_to_have_js_property("naturalWidth", 0)
    admin.page.keyboard.press("Tab")
    expect(admin.page.locator(".spot.active")).to_be_focused()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_runs_nowhere(admin: Window, payload: str) -> None:
    admin.open(f"/forms/{sha256(payload.encode()).hexdigest()}.1")
    spot = admin.page.locator(".paper .spot").nth(3)
    spot.hover()
    expect(admin.page.locator("#seen-text")).to_have_text(payload)
    expect(admin.page.locator("#seen-others")).to_contain_text(payload)
    assert admin.page.locator("#evil").count() == 0


def test_without_script_everything_but_progress_works(browser: Browser, service: Live) -> None:
    with window(browser, service, java_script_enabled=False) as here:
        here.open("/upload")
        here.log_in(Role.UPLOADER)
        here.page.set_input_files("#files", {"name": "无脚本.pdf", "mimeType": "application/pdf", "buffer": b"pages=1    "})
        here.page.get_by_role("button", name="上传").click()
        row = here.page.locator("#uploads li").first
        expect(row).to_contain_text("无脚本.pdf")
        row.locator("a.name").click()
        expect(here.page.locator("h1")).to_have_text("无脚本.pdf")


PAGES = ("/upload", "/documents", "/forms", "/figures", "/users", "/account", "document", "record")


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_axe_finds_nothing_serious(browser: Browser, service: Live, logged_in: StorageState, language: str) -> None:
    axe = Axe()
    for cookies, paths in ((None, ("/login", "/welcome")), (logged_in, PAGES)):
        with window(browser, service, locale=language, storage_state=cookies) as here:
            for path in paths:
                here.open(resolved(here, path))
                if path == "record":
                    here.page.locator(".paper .spot").first.focus()
                    expect(here.page.locator("#seen")).to_be_visible()
                found = axe.run(here.page).response["violations"]
                serious = [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")]
                assert serious == [], path


def test_pages_fit_at_twice_the_size(browser: Browser, service: Live, logged_in: StorageState) -> None:
    """1366 x 768 at 200 % has 683 x 384 CSS pixels: nothing but tables that scroll by themselves may be wider."""
    with window(browser, service, viewport={"width": 683, "height": 384}, storage_state=logged_in) as here:
        for path in PAGES:
            here.open(resolved(here, path))
            assert here.page.evaluate(WIDER) == [], path


def resolved(here: Window, path: str) -> str:
    """``document`` and ``record``: those of the sample."""
    if path.startswith("/"):
        return path
    here.open("/forms?q=系统运维")
    link = here.page.locator(f"tbody a[href^='/{'documents' if path == 'document' else 'forms'}/']").first.get_attribute("href")
    assert link is not None
    return link
