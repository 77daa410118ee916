"""What a reviewer sees and does on the review page, and forms for it."""

import io
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, expect

from models.form import Alternative, Document, Field, Form, Review, Source, Status
from models.geometry import Box
from postprocess.places import Place, cells_of, doubted, updated
from service.store.opening import Store
from service.store.pages import keep_page
from service.store.reviews import NO_CHECKS, Checks
from service.store.saving import save_document
from tests.postprocess.records import GENUINE, Numbers, self_evaluation
from tests.service.kept import SAMPLES, kept
from tests.service.store.samples import add
from tests.service.web.pages.browsing import SECONDS, Window
from tests.service.web.pages.live import Live

SCORE, TOTAL = Place("score", "funds", 0), Place("total_score")
_NUMBERS = count(1)

MOST_TABS = 60
"""Longer than the way round any dialog."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The review page in a window."""

    window: Window
    store: Store

    @property
    def page(self) -> Any:
        """Of the browser."""
        return self.window.page

    def open(self, form: str) -> None:
        """Go to the review of a form, ready for keys."""
        self.window.open(f"/review/{form}")
        expect(self.page.locator("#review")).to_have_attribute("data-ready", "")
        expect(self.page.locator("#undo")).to_be_attached()

    def press(self, *keys: str) -> None:
        """One key after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str) -> None:
        """Press Tab until the element called ``name`` has the focus."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.innerText") == name:
                return
        raise AssertionError(name)

    @property
    def active(self) -> Locator:
        """The input that is large now."""
        found: Locator = self.page.locator(".cell.active textarea")
        return found

    def entry(self, path: str) -> Locator:
        """The input of a field."""
        found: Locator = self.page.locator(f'textarea[data-path="{path}"]')
        return found

    def expect_at(self, path: str) -> None:
        """The field at ``path`` is the active one: large, focused, shown in the dock."""
        expect(self.page.locator("#dock")).to_have_attribute("data-path", path)
        expect(self.active).to_have_attribute("data-path", path)
        expect(self.active).to_be_focused()

    def expect_kept(self, changes: int = 1) -> None:
        """The service has everything, so many changes among it."""
        expect(self.page.locator("#kept")).to_have_class("kept kept", timeout=changes * SECONDS * 1000)

    def cell(self, path: str) -> Locator:
        """The cell of a field."""
        found: Locator = self.page.locator(f'.cell:has(textarea[data-path="{path}"])')
        return found


def desk_of(window: Window, service: Live) -> Desk:
    """The desk that ``window`` shows."""
    return Desk(window, service.store)


def doubtful_form(*places: Place, numbers: Numbers = GENUINE["通讯费"]) -> Form:
    """A self-evaluation, all of which lies on page 1, a field in each place doubtful with a second reading."""
    form = doubted(self_evaluation(numbers), frozenset(places))
    form = updated(form, {place: boxed(field, index) for index, (place, field) in enumerate(cells_of(form).items())})
    return replace(form, review=Review.NEEDS_REVIEW)


def boxed(field: Field, index: int, page: int = 1) -> Field:
    """``field`` in a box of its own, with another reading where it is doubtful."""
    left, top = (index % 8) * 0.12 + 0.02, (index // 8) * 0.02 + 0.02
    others = (Alternative("7.77", 0.2), Alternative("1", 0.1)) if field.status is Status.DOUBTFUL else field.alternatives
    return replace(field, page=page, box=Box(left, top, left + 0.1, top + 0.015), alternatives=others)


def add_form(store: Store, form: Form, pages: int = 1, checks: Checks = NO_CHECKS) -> str:
    """Keep ``form`` as what was read of a scan of so many pages, to be looked at as ``checks`` say; its id."""
    sha256 = add(store, scan(pages))
    save_document(store, sha256, "3+a", Document(Source("扫描.tif", sha256, pages), (form,)), checks)
    return f"{sha256}.1"


def add_kept(store: Store, name: str) -> str:
    """Keep a scan of ``samples/`` with all that was read on its pages, so that forms can be put together anew; the id of its first form."""
    document, contents = kept(name)
    sha256 = add(store, (SAMPLES / name).read_bytes() + f"\n% {next(_NUMBERS)}\n".encode(), name)
    for number, content in enumerate(contents, 1):
        keep_page(store, sha256, number, "3+a", content)
    save_document(store, sha256, "3+a", replace(document, source=replace(document.source, sha256=sha256)))
    return f"{sha256}.1"


def scan(pages: int) -> bytes:
    """A TIFF that no other is like."""
    shade, data = next(_NUMBERS), io.BytesIO()
    sheets = [Image.new("L", (600, 850), 255 - shade - page) for page in range(pages)]
    sheets[0].save(data, "TIFF", save_all=True, append_images=sheets[1:], dpi=(72, 72))
    return data.getvalue()
