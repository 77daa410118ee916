"""From scans to approved records: `formtally serve` with the real recognizer, and a reviewer who types what stands on the paper."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from models.form import Form, Status
from service.access.credentials import set_password
from service.access.roles import Role
from service.access.users import add_user
from service.store.home import find_home
from service.store.opening import Store, open_store
from service.store.reading import form as stored_form
from service.store.reviews import ReviewState, review_of
from tests.service.web.pages.browsing import window
from tests.service.web.pages.live import ROOT, Live, served
from tests.service.web.pages.review.desk import Desk, desk_of
from tests.service.web.pages.visiting import PASSWORD
from tests.truth import compare, load_truth

SAMPLES = ROOT / "samples"
PHONE, COPIER, OFFICE = "self_evaluation_phone.jpg", "self_evaluation_copier.pdf", "self_evaluation_office.pdf"
READ_MS = 240_000
"""For the reader to start and to read two pages, on a machine that does something else too."""

MOST_DOUBTS = 80
"""More than any sample has; whoever has pressed Enter so often stands still."""

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:  # noqa: ARG001  no service where there is no browser
    """The command, over an archive that knows two people and no scan."""
    folder = tmp_path_factory.mktemp("service")
    with open_store(find_home(str(folder / "home"), None, None, {})) as store:
        for role in (Role.ADMIN, Role.REVIEWER):
            add_user(store, role, role)
            set_password(store, role, PASSWORD)
        with served(folder) as url:
            yield Live(url, store)


@pytest.fixture
def desk(browser: Browser, service: Live) -> Iterator[Desk]:
    """Of a reviewer who has just logged in, and so stands before the queue."""
    with window(browser, service) as opened:
        opened.open("/")
        opened.log_in(Role.REVIEWER)
        opened.page.wait_for_selector("#filters[data-ready]")
        yield desk_of(opened, service)


def send(desk: Desk, name: str) -> str:
    """Choose a sample, and wait until it is read; the id of the document."""
    desk.page.wait_for_selector("#drop.scripted")
    desk.page.set_input_files("#files", SAMPLES / name)
    row = desk.window.row(name)
    expect(row).to_have_attribute("data-stage", "review", timeout=READ_MS)
    return str(row.get_attribute("data-id"))


def open_from_queue(desk: Desk, project: str) -> None:
    """Go down the queue to a project, and open it."""
    desk.page.evaluate("document.activeElement.blur()")
    focused = desk.page.locator(":focus")
    expect(desk.page.locator("#queue .open", has_text=project)).to_be_visible()
    for _ in range(desk.page.locator("#queue .open").count()):
        desk.press("j")
        if project in focused.inner_text():
            break
    desk.press("Enter")
    desk.page.wait_for_url("**/review/*")
    expect(desk.page.locator("#review")).to_have_attribute("data-ready", "")


def settle_doubts(desk: Desk, truth: dict[str, str]) -> int:
    """Go from doubt to doubt with Enter, and type what stands on the paper where something else was read; how many were typed."""
    typed = 0
    for _ in range(MOST_DOUBTS):
        if desk.page.locator("#left-fields").inner_text() == "0 格待核":
            return typed
        path = desk.page.locator("#dock").get_attribute("data-path") or ""
        if path in truth:
            desk.press("Control+a")
            desk.page.keyboard.type(truth[path])
            expect(desk.active).to_have_value(truth[path])
            typed += 1
        desk.press("Enter")
    raise AssertionError(desk.page.locator("#left-fields").inner_text())


def misread(form: Form, truth: dict[str, object]) -> dict[str, str]:
    """What stands on the paper, by the paths of the page, where the record says something else."""
    wrong = [read for read in compare(form, truth) if not read.right]
    return {f"{'tables' if '[' in read.path else 'fields'}.{read.path}": read.truth for read in wrong}


def kept_form(store: Store, document: str, number: int = 1) -> Form:
    found = stored_form(store, document, number)
    assert found is not None
    return found.form


def state(store: Store, document: str) -> ReviewState:
    with store.database.reading() as connection:
        entry = review_of(connection, document, 1)
    assert entry is not None
    return ReviewState(entry.state)


def approve(desk: Desk) -> None:
    """With its keys, from a page on which nothing waits."""
    expect(desk.page.locator("#all-done")).to_be_visible()
    here = desk.page.url
    desk.press("Control+Enter")
    desk.page.wait_for_url(lambda url: url != here)


def test_a_photograph_that_is_sent_is_settled_and_approved_by_keyboard_alone(desk: Desk) -> None:
    document = send(desk, PHONE)
    (truth,) = load_truth((SAMPLES / PHONE).with_suffix(".truth.json"))
    wrong = misread(kept_form(desk.store, document), truth)
    assert "fields.goal_target" in wrong  # ‰ was read as %0: somebody must type it
    open_from_queue(desk, str(truth["project_name"]))
    assert settle_doubts(desk, wrong) == len(wrong)
    desk.expect_kept(changes=MOST_DOUBTS)
    approve(desk)
    assert state(desk.store, document) is ReviewState.APPROVED
    assert misread(kept_form(desk.store, document), truth) == {}


def test_a_form_that_is_wrong_on_paper_is_approved_as_it_stands_there(desk: Desk) -> None:
    """Its weights make 100, and 90 is printed below them."""
    document = send(desk, COPIER)
    (truth,) = load_truth((SAMPLES / COPIER).with_suffix(".truth.json"))
    wrong = misread(kept_form(desk.store, document), truth)
    open_from_queue(desk, str(truth["project_name"]))
    assert settle_doubts(desk, wrong) == len(wrong)
    desk.expect_kept(changes=MOST_DOUBTS)
    page, left = desk.page, desk.page.locator("#left-findings")
    desk.press("Control+Enter")
    expect(page.locator(".as-printed input:focus")).to_be_visible()  # it cannot be approved: the first finding asks for a note
    expect(page.locator(".finding.open", has_text="分值应为 20+23+12+6+7+13+19=100，表上读作 90")).to_be_visible()
    for remaining in range(page.locator(".finding.open").count(), 0, -1):
        expect(left).to_have_text(f"{remaining} 条不符")
        expect(page.locator(".as-printed input:focus")).to_have_value("")
        page.keyboard.type("原件合计有误")
        desk.press("Enter")
    expect(left).to_have_text("0 条不符")
    approve(desk)
    form = kept_form(desk.store, document)
    assert state(desk.store, document) is ReviewState.APPROVED
    assert form.fields["total_weight"].text == "90"
    assert "weight_total" in [finding.rule for finding in form.findings]
    assert misread(form, truth) == {}


def test_a_box_that_is_drawn_on_the_page_is_read_into_its_field(desk: Desk) -> None:
    document = send(desk, OFFICE)
    truth = load_truth((SAMPLES / OFFICE).with_suffix(".truth.json"))[0]
    desk.open(f"{document}.1")
    executed = "tables.funds[0].executed"
    desk.entry(executed).fill("1")
    desk.press("Enter")
    desk.expect_kept()
    desk.entry(executed).focus()
    expect(desk.page.locator("#review")).to_have_attribute("data-page", "1")
    desk.page.wait_for_timeout(1000)  # until the page has come to rest below the mouse
    outline = desk.page.locator(".outline.active").bounding_box()
    assert outline is not None
    desk.press("F9")
    desk.page.mouse.move(outline["x"] - 2, outline["y"] - 2)
    desk.page.mouse.down()
    desk.page.mouse.move(outline["x"] + outline["width"] + 2, outline["y"] + outline["height"] + 2, steps=4)
    desk.page.mouse.up()
    expect(desk.active).to_have_value(truth["funds"][0]["executed"], timeout=READ_MS)
    desk.expect_at(executed)
    desk.press("Enter")
    desk.expect_kept()
    field = kept_form(desk.store, document).tables["funds"][0]["executed"]
    assert (field.text, field.status) == (truth["funds"][0]["executed"], Status.CONFIRMED)
