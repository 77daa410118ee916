"""People of each role, and a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from service.access.roles import Role
from tests.service.web.pages.browsing import SECONDS, chromium
from tests.service.web.pages.visiting import Person, visiting
from tests.service.web.serving import Served

People = dict[str, Person]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's, shared by a module."""
    expect.set_options(timeout=SECONDS * 1000)
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def people(web: Served) -> People:
    """Everybody who is logged in, by role, and the stranger ``nobody``."""
    return {role.value: visiting(web, role) for role in Role} | {"nobody": Person(web)}
