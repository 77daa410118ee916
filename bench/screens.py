"""Pictures of the pages for the documents: the service over the sample scans, seen by Chromium at 1366 x 768.

    python -m bench.screens docs/images

The records are those that the recognizer's recorded answers give (tests/resources/recordings), so that it takes a minute and no engine.
The figures are those of a few forms that were approved with known mistakes.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Browser, expect

from models.form import Status
from service.access.roles import Role
from service.review.changes import SetField
from service.store.opening import Store
from tests.service.learning.samples import approve, form, number, read
from tests.service.web.pages.browsing import Window, chromium, window
from tests.service.web.pages.live import Live, add_sample, live

MOST_BYTES = 200_000
"""Of a picture; one that is larger gets fewer colours, which no reader of a document sees."""

_RECORD = "self_evaluation_phone.jpg"
_OTHERS = ("performance_target_fax.pdf", "self_evaluation_copier.pdf", "self_evaluation_office.pdf")
_TAUGHT = (("total_score", "98", "93", 4), ("total_weight", "100", "106", 2), ("execution_rate", "96.61", "96.67", 1))
"""Fields with their text, how it is misread, and in how many of twelve forms."""


def main(folder: Path) -> None:
    """Write a picture of each page into ``folder``."""
    with TemporaryDirectory() as home, live(Path(home)) as service, chromium() as browser:
        for name in _OTHERS:
            add_sample(service.store, name)
        record = add_sample(service.store, _RECORD)
        with window(browser, service) as shown:
            shown.open("/login")
            _shoot(shown, folder / "login.png")
            shown.log_in(Role.ADMIN)
            for name, show in _pages(record).items():
                show(shown)
                _shoot(shown, folder / f"{name}.png")
        teach(service.store)
        _figures(browser, service, folder)


def _pages(record: str) -> dict[str, Callable[[Window], None]]:
    """What is done in a window before each picture."""
    return {
        "queue": _queue,
        "upload": lambda shown: _opened(shown, "/upload", "#drop.scripted"),
        "record": lambda shown: _record(shown, record),
        "review": lambda shown: _review(shown, record),
    }


def _opened(shown: Window, path: str, ready: str) -> None:
    shown.open(path)
    shown.page.wait_for_selector(ready)


def _queue(shown: Window) -> None:
    _opened(shown, "/reviews", "#filters[data-ready]")
    shown.page.keyboard.press("j")


def _record(shown: Window, document: str) -> None:
    shown.open(f"/forms/{document}.1")
    shown.page.locator(".paper .spot.doubtful").first.focus()
    expect(shown.page.locator("#seen-crop")).not_to_have_js_property("naturalWidth", 0)


def _review(shown: Window, document: str) -> None:
    """At a number of which an equation is told."""
    _opened(shown, f"/review/{document}.1", "#review[data-ready][data-page]")
    shown.page.locator("textarea[data-path='tables.funds[0].execution_rate']").focus()
    expect(shown.page.locator(".outline.active")).to_be_visible()
    expect(shown.page.locator("#cut")).to_be_visible()
    shown.page.wait_for_timeout(1500)  # the page of the scan comes to rest


def _figures(browser: Browser, service: Live, folder: Path) -> None:
    with window(browser, service) as shown:
        shown.open("/figures")
        shown.log_in(Role.REVIEWER)
        for plot in ("months", "fields"):
            expect(shown.page.locator(f"[data-plot={plot}] canvas").first).to_be_visible()
        shown.page.locator("[data-plot=months]").evaluate("plot => plot.scrollIntoView({ block: 'end' })")
        shown.page.wait_for_timeout(1500)  # bars have grown
        _shoot(shown, folder / "figures.png")


def teach(store: Store) -> None:
    """Twelve forms approved, with so many mistakes as `_TAUGHT` says."""
    for place in range(12):
        right = form({name: number(text, row) for row, (name, text, _, _) in enumerate(_TAUGHT)})
        wrong = {name: number(slip, row, Status.DOUBTFUL) for row, (name, _, slip, times) in enumerate(_TAUGHT) if place < times}
        changes = [SetField(f"fields.{name}", right.fields[name].text) for name in wrong]
        right = replace(right, fields={**right.fields, "year": read("2020", 9)})
        machine = replace(right, fields={**right.fields, **wrong})
        approve(store, f"taught {place}", machine, right, *changes)


def _shoot(shown: Window, path: Path) -> None:
    shown.page.screenshot(path=path)
    if path.stat().st_size > MOST_BYTES:
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(256).save(path, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
