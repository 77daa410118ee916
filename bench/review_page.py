"""How long a reviewer waits for the page, in the browser: from Enter to the next field, and from a form's address to its first field.

Run: python -m bench.review_page [--forms 100000] [--opened 40] [--accepted 200]

The store holds as many entries of the queue as asked for (`bench.review.fill`), and forms of 30 indicators, all doubtful, that are
opened and gone through. Chromium on this machine draws the page, and says itself when a key was pressed and when the frame after it
was painted; a form is open once its first field has the focus and a frame shows it. Ends with code 1 where a wait is longer than it may be.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from bench.review import fill
from models.form import Form
from postprocess.places import Place
from service.access.credentials import set_password
from service.access.roles import Role
from tests.postprocess.records import GENUINE
from tests.service.web.pages.browsing import SECONDS, chromium, window
from tests.service.web.pages.live import Live, served
from tests.service.web.pages.review.desk import Desk, add_form, desk_of, doubtful_form
from tests.service.web.pages.visiting import PASSWORD
from tests.service.web.serving import archive

INDICATORS = 30
FIELD_MS = 100
"""Enter to the next field, p95: what is not longer feels immediate."""

FORM_MS = 300
"""A form's address to its first field, p95."""

WARM = 10
"""Forms opened before it counts: the browser keeps the scripts, and what reads scans beside us has started (10 s of a core)."""

_LISTEN = """() => {
  window.waits = [];
  document.addEventListener("keydown", ({ key, timeStamp }) => {
    if (key !== "Enter") return;
    const from = document.getElementById("dock").dataset.path;
    const look = () => {
      const active = document.activeElement;
      const { path } = document.getElementById("dock").dataset;
      const ready = active.matches("textarea.entry") && path !== from && path === active.dataset.path;
      if (ready) setTimeout(() => window.waits.push(performance.now() - timeStamp));
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, { capture: true });
}"""
"""Waits begin with the time that the browser gave the key, before any script has seen it, and end behind the frame that shows the field."""

_OPENED = """() => new Promise((resolve) => {
  const look = () => {
    const ready = document.getElementById("review")?.dataset.ready !== undefined && document.activeElement.matches("textarea.entry");
    if (ready) setTimeout(() => resolve(performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""


def main() -> int:
    """Print both measures; 1 where one is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--forms", type=int, default=100_000)
    parser.add_argument("--opened", type=int, default=40)
    parser.add_argument("--accepted", type=int, default=200)
    options = parser.parse_args()
    expect.set_options(timeout=SECONDS * 1000)
    with tempfile.TemporaryDirectory() as folder, archive(Path(folder) / "home") as kept:
        for role in Role:
            set_password(kept.store, role, PASSWORD)
        fill(kept.store, options.forms)
        with served(Path(folder)) as url, chromium() as browser:
            met = measure(Live(url, kept.store), browser, options.opened, options.accepted)
    return 0 if met else 1


def measure(service: Live, browser: Browser, forms: int, fields: int) -> bool:
    """Print both measures; whether both are met."""
    with window(browser, service) as shown:
        shown.open("/login")
        shown.log_in(Role.REVIEWER)
        desk = desk_of(shown, service)
        opened = [_open(desk, add_form(service.store, _form())) for _ in range(WARM + forms)][WARM:]
        accepted: list[float] = []
        while len(accepted) < fields:
            accepted += _accept(desk, add_form(service.store, _form()))
    met = _report("opening a form", [each.ready for each in opened], FORM_MS)
    _report("  until it has come", [each.came for each in opened], FORM_MS)
    return _report("key to next field", accepted, FIELD_MS) and met


def _form() -> Form:
    numbers = replace(GENUINE["通讯费"], indicators=(("3", "3"),) * INDICATORS, total_score="99.92")
    return doubtful_form(*(Place("score", "indicators", row) for row in range(INDICATORS)), numbers=numbers)


@dataclass(frozen=True, slots=True)
class Opened:
    """Milliseconds from asking for a form's page until all of it ``came``, and until its first field was ``ready``."""

    came: float
    ready: float


def _open(desk: Desk, form: str) -> Opened:
    desk.page.goto(f"{desk.window.url}/review/{form}", wait_until="commit")
    ready = float(desk.page.evaluate(_OPENED))
    expect(desk.page.locator("#review")).to_have_attribute("data-page", "1")  # its scan: who opens the next form before is not reading
    return Opened(float(desk.page.evaluate("performance.getEntriesByType('navigation')[0].responseEnd")), ready)


def _accept(desk: Desk, form: str) -> list[float]:
    """Milliseconds from each Enter to the field after it, at the speed of a hand that does not look."""
    _open(desk, form)
    page: Page = desk.page
    page.evaluate(_LISTEN)
    for _ in range(INDICATORS - 1):  # behind the last there is no field
        page.keyboard.press("Enter")
        time.sleep(0.15)
    page.wait_for_function("count => window.waits.length === count", arg=INDICATORS - 1)
    desk.expect_kept(changes=INDICATORS)
    return [float(each) for each in page.evaluate("window.waits")]


def _report(name: str, waits: Sequence[float], most: float) -> bool:
    p95 = sorted(waits)[int(0.95 * len(waits))]
    told = f"n {len(waits):4}   p50 {statistics.median(waits):6.1f}   p95 {p95:6.1f}   max {max(waits):6.1f}"
    print(f"{name:20} {told}   asked for p95 <= {most} ms", flush=True)
    return p95 <= most


if __name__ == "__main__":
    sys.exit(main())
