"""A browser, a service, and reviewers who are logged in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, StorageState

from service.access.roles import Role
from tests.service.web.pages.browsing import window
from tests.service.web.pages.live import Live, live
from tests.service.web.pages.review.desk import Desk, desk_of


@pytest.fixture(scope="module")
def service(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:  # noqa: ARG001  no service where there is no browser
    """Without forms to review; each test adds its own."""
    with live(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def cookies(browser: Browser, service: Live) -> StorageState:
    """Of the reviewer."""
    with window(browser, service) as opened:
        opened.open("/")
        opened.log_in(Role.REVIEWER)
        return opened.page.context.storage_state()


@pytest.fixture
def desk(browser: Browser, service: Live, cookies: StorageState) -> Iterator[Desk]:
    """The reviewer's."""
    with window(browser, service, storage_state=cookies) as opened:
        yield desk_of(opened, service)
