"""Pictures of all pages, as the documents show them: the service over sample scans, seen by Chromium at 1366 x 768.

    pytest tests/service/web/pages/test_pictures.py --pictures docs/images    # make pictures

writes them anew. The records are those that the recognizer's recorded answers give (tests/resources/recordings). The figures are those of
a few forms that were approved with known mistakes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from models.form import Status
from service.access.roles import Role
from service.review.changes import SetField
from service.store.opening import Store
from tests.service.learning.samples import approve, form, number, read
from tests.service.web.pages.browsing import VIEWPORT, Window, window
from tests.service.web.pages.live import ROOT, Live, add_sample, live

MOST_BYTES = 200_000
"""Of a picture; one that is larger gets fewer colours, which no reader of a document sees."""

FEWEST_COLOURS = 50
"""A page that shows nothing has the colours of its bar and its ground."""

RECORD = "self_evaluation_phone.jpg"
OTHERS = ("performance_target_fax.pdf", "self_evaluation_copier.pdf", "self_evaluation_office.pdf")
TAUGHT = (("total_score", "98", "93", 4), ("total_weight", "100", "106", 2), ("execution_rate", "96.61", "96.67", 1))
"""Fields with their text, how it is misread, and in how many of twelve forms."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A service with something to show, a window of its administrator, and the id of the record that is looked at."""

    service: Live
    window: Window
    document: str

    def open(self, path: str, ready: str) -> None:
        """A page, once it has what ``ready`` selects."""
        self.window.open(path)
        self.window.page.wait_for_selector(ready)


@pytest.fixture(scope="module")
def shown(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    with live(tmp_path_factory.mktemp("home")) as service:
        for name in OTHERS:
            add_sample(service.store, name)
        document = add_sample(service.store, RECORD)
        with window(browser, service) as opened:
            opened.open("/login")
            opened.log_in(Role.ADMIN)
            yield Shown(service, opened, document)


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where pictures go."""
    wanted = request.config.getoption("--pictures")
    return Path(wanted) if wanted else tmp_path


def login(shown: Shown) -> None:
    """Before anybody has logged in; the session stays."""
    shown.window.page.context.clear_cookies()
    shown.open("/login", "#password")


def queue(shown: Shown) -> None:
    """With a row chosen."""
    shown.open("/reviews", "#filters[data-ready]")
    shown.window.page.keyboard.press("j")


def record(shown: Shown) -> None:
    """With the picture of a doubtful field beside it."""
    shown.open(f"/forms/{shown.document}.1", ".paper .spot.doubtful")
    shown.window.page.locator(".paper .spot.doubtful").first.focus()
    expect(shown.window.page.locator("#seen-crop")).not_to_have_js_property("naturalWidth", 0)


def review(shown: Shown) -> None:
    """At a number of which an equation is told."""
    shown.open(f"/review/{shown.document}.1", "#review[data-ready][data-page]")
    page = shown.window.page
    page.locator("textarea[data-path='tables.funds[0].execution_rate']").focus()
    expect(page.locator(".outline.active")).to_be_visible()
    expect(page.locator("#cut")).to_be_visible()
    page.wait_for_timeout(1500)  # the page of the scan comes to rest


def figures(shown: Shown) -> None:
    """Of twelve forms that were approved."""
    teach(shown.service.store)
    page = shown.window.page
    shown.open("/figures", "[data-plot=months] canvas")
    expect(page.locator("[data-plot=fields] canvas").first).to_be_visible()
    page.locator("[data-plot=months]").evaluate("plot => plot.scrollIntoView({ block: 'end' })")
    page.wait_for_timeout(1500)  # bars have grown


PAGES: Mapping[str, Callable[[Shown], None]] = {
    "queue": queue,
    "upload": lambda shown: shown.open("/upload", "#drop.scripted"),
    "documents": lambda shown: shown.open("/documents", ".list"),
    "forms": lambda shown: shown.open("/forms", ".list"),
    "record": record,
    "review": review,
    "figures": figures,
    "users": lambda shown: shown.open("/users", ".list"),
    "account": lambda shown: shown.open("/account", "main form"),
    "login": login,
}
"""What is done before each picture; the login last, since it ends the session."""


def teach(store: Store) -> None:
    """Twelve forms approved, with so many mistakes as `TAUGHT` says."""
    for place in range(12):
        right = form({name: number(text, row) for row, (name, text, _, _) in enumerate(TAUGHT)})
        wrong = {name: number(slip, row, Status.DOUBTFUL) for row, (name, _, slip, times) in enumerate(TAUGHT) if place < times}
        changes = [SetField(f"fields.{name}", right.fields[name].text) for name in wrong]
        right = replace(right, fields={**right.fields, "year": read("2020", 9)})
        machine = replace(right, fields={**right.fields, **wrong})
        approve(store, f"taught {place}", machine, right, *changes)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_its_picture_in_the_documents(name: str, shown: Shown, folder: Path) -> None:
    PAGES[name](shown)
    path = folder / f"{name}.png"
    shown.window.page.screenshot(path=path)
    with Image.open(path) as picture:
        assert picture.size == (VIEWPORT["width"], VIEWPORT["height"])
        seen = picture.convert("RGB")
    colours = seen.getcolors(maxcolors=seen.width * seen.height)
    assert colours is not None
    assert len(colours) > FEWEST_COLOURS
    if path.stat().st_size > MOST_BYTES:
        seen.quantize(256).save(path, optimize=True)
    assert (ROOT / "docs" / "images" / path.name).is_file()
    assert f"](images/{path.name})" in (ROOT / "docs" / "pages.md").read_text("utf-8")
