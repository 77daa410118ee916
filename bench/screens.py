"""Pictures of the pages for the documents: the service over two sample scans, seen by Chromium at 1366 x 768.

    python -m bench.screens docs/images

The records are those that the recognizer's recorded answers give (tests/resources/recordings), so that it takes a minute and no engine.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import expect

from service.access.roles import Role
from tests.service.web.pages.browsing import chromium, window
from tests.service.web.pages.live import add_sample, live

_RECORD = "self_evaluation_phone.jpg"
_OTHERS = ("performance_target_fax.pdf", "self_evaluation_office.pdf")


def main(folder: Path) -> None:
    """Write ``upload.png`` and ``record.png`` into ``folder``."""
    with TemporaryDirectory() as home, live(Path(home)) as service, chromium() as browser:
        for name in _OTHERS:
            add_sample(service.store, name)
        record = add_sample(service.store, _RECORD)
        with window(browser, service) as shown:
            shown.open("/upload")
            shown.log_in(Role.ADMIN)
            shown.page.wait_for_selector("#drop.scripted")
            shown.page.screenshot(path=folder / "upload.png")
            shown.open(f"/forms/{record}.1")
            shown.page.locator(".paper .spot.doubtful").first.focus()
            expect(shown.page.locator("#seen-crop")).not_to_have_js_property("naturalWidth", 0)
            shown.page.screenshot(path=folder / "record.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
