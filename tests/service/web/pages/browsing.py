"""Debian's Chromium, driven over its own protocol; it never leaves this machine."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.service.web.pages.live import Live
from tests.service.web.pages.visiting import PASSWORD

SECONDS = 20
"""For whatever a page waits for; the machine that runs the tests may be busy."""

VIEWPORT = {"width": 1366, "height": 768}

DROP = """([selector, files]) => {
  const transfer = new DataTransfer();
  for (const [name, text] of files) transfer.items.add(new File([text], name, { type: "application/pdf" }));
  for (const kind of ["dragover", "drop"])
    document.querySelector(selector).dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
}"""


def chromium_path() -> str:
    """Debian's browser; a test that wants it is skipped where it is missing, except under CI."""
    found = shutil.which("chromium")
    if found is None and os.environ.get("CI"):
        pytest.fail("Chromium is not installed: run scripts/system-packages check")
    if found is None:
        pytest.skip("Chromium is not installed: run scripts/system-packages check")
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser for the block, with nothing but this machine to talk to."""
    with sync_playwright() as playwright:
        here_alone = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=[here_alone])
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Window:
    """A page that is shown to a user, and what the browser complained of."""

    page: Page
    url: str
    complaints: list[str]

    def open(self, path: str) -> None:
        """Go to a page of the service."""
        self.page.goto(f"{self.url}{path}", wait_until="load")

    def log_in(self, user: str) -> None:
        """Fill the login, which must be on show."""
        self.page.fill("#name", user)
        self.page.fill("#password", PASSWORD)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "/login" not in url)

    def drop(self, *files: tuple[str, str]) -> None:
        """Drag files, by name and content, onto the place for them."""
        self.page.wait_for_selector("#drop.scripted")
        self.page.evaluate(DROP, ["#drop", [list(file) for file in files]])

    def row(self, name: str) -> Any:
        """The row of an upload."""
        return self.page.locator("#uploads li", has_text=name).first


@contextmanager
def window(browser: Browser, live: Live, **settings: Any) -> Iterator[Window]:
    """A window with cookies of its own, for the block. At its end it must not have run into anything that the policy forbids.

    Args:
        browser: that opens it.
        live: the service.
        settings: of the window, in place of those of a Chinese office (`Browser.new_context`).
    """
    context = browser.new_context(**{"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": VIEWPORT} | settings)
    context.set_default_timeout(SECONDS * 1000)
    page, complaints = context.new_page(), list[str]()

    def refused(reply: Response) -> None:
        if reply.status >= 500:
            complaints.append(f"{reply.status} {reply.url}")

    page.on("console", lambda message: complaints.append(message.text) if "Content Security Policy" in message.text else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", refused)
    page.on("dialog", lambda dialog: complaints.append(dialog.message) if dialog.type != "beforeunload" else dialog.accept())
    try:
        yield Window(page, live.url, complaints)
        assert complaints == []
    finally:
        context.close()
