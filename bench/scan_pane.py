"""How long a reviewer looks at an empty place beside the form: ``python -m bench.scan_pane [--busy 2]``.

Forms of the sample scans are opened in Chromium, each page for the first time (nothing of it is kept) and once more (the service has kept
its pictures, the browser nothing). Told is the time from asking for the form's address until a frame shows its scan, and until the sharpest
picture of it is there.
"""

import argparse
import multiprocessing
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, StorageState, expect

from service.access.credentials import set_password
from service.access.roles import Role
from tests.service.kept import COPIER, FAX, OFFICE, PHONE
from tests.service.web.pages.browsing import chromium, window
from tests.service.web.pages.live import Live, add_sample, served
from tests.service.web.pages.visiting import PASSWORD
from tests.service.web.serving import archive

SAMPLES = (OFFICE, COPIER, FAX, PHONE)

_SEEN = """() => new Promise((resolve) => {
  const told = {};
  const look = () => {
    const canvas = document.querySelector("#viewer canvas");
    const drawn = canvas?.width && canvas.getContext("2d").getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data[3];
    const sharp = performance.getEntriesByType("resource").some(({ name, responseEnd }) => name.endsWith(".png") && responseEnd);
    if (drawn) told.seen ??= performance.now();
    if (drawn && sharp) resolve([told.seen, performance.now()]);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
"""Milliseconds since the address was asked for: until the middle of the view shows something, and until that is as sharp as the scan."""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--busy", type=int, default=0, help="processes that do nothing but hold a core meanwhile")
    parser.add_argument("--times", type=int, default=4, help="that each form is opened, of each kind")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, archive(Path(folder) / "home") as kept:
        set_password(kept.store, Role.REVIEWER, PASSWORD)
        forms = {name: f"{add_sample(kept.store, name)}.1" for name in SAMPLES}
        with served(Path(folder)) as url, chromium() as browser, _busy(options.busy):
            service = Live(url, kept.store)
            with window(browser, service) as shown:
                shown.open("/login")
                shown.log_in(Role.REVIEWER)
                cookies = shown.page.context.storage_state()
            used = _Used(browser, service, cookies, f"{kept.mine}.1")
            used.open(used.known)
            print(f"{'':32}      first time            kept           (seconds until seen / sharp)")
            for name, form in forms.items():
                cold, warm = [], []
                for _ in range(options.times):
                    shutil.rmtree(Path(folder) / "home" / "cache" / "images", ignore_errors=True)
                    cold.append(used.open(form))
                    warm.append(used.open(form))
                print(f"{name:32} {_told(cold)}    {_told(warm)}", flush=True)


@dataclass(frozen=True, slots=True)
class _Used:
    """A browser that a reviewer works in.

    Attributes:
        browser: that opens windows.
        service: that is asked.
        cookies: of the reviewer.
        known: another form, opened before: the page's scripts are in the browser.
    """

    browser: Browser
    service: Live
    cookies: StorageState
    known: str

    def open(self, form: str) -> tuple[float, float]:
        """Seconds until the scan is seen, and until it is sharp, in a window that has shown another form before."""
        with window(self.browser, self.service, storage_state=self.cookies) as shown:
            shown.open(f"/review/{self.known}")
            expect(shown.page.locator("#review")).to_have_attribute("data-page", "1")
            shown.page.wait_for_load_state("networkidle")
            shown.page.goto(f"{shown.url}/review/{form}", wait_until="commit")
            seen, sharp = shown.page.evaluate(_SEEN)
        return seen / 1000, sharp / 1000


@contextmanager
def _busy(count: int) -> Iterator[None]:
    """As many processes hold a core each, for the block."""
    spinning = [multiprocessing.Process(target=_spin, daemon=True) for _ in range(count)]
    for each in spinning:
        each.start()
    try:
        yield
    finally:
        for each in spinning:
            each.terminate()
            each.join()


def _spin() -> None:
    while True:
        pass


def _told(waits: Sequence[tuple[float, float]]) -> str:
    seen, sharp = (statistics.median(each) for each in zip(*waits, strict=True))
    return f"{seen:5.2f} / {sharp:5.2f}"


if __name__ == "__main__":
    main()
