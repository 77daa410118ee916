"""People of each role."""

import pytest

from service.access.roles import Role
from tests.service.web.pages.visiting import Person, visiting
from tests.service.web.serving import Served

People = dict[str, Person]


@pytest.fixture(scope="module")
def people(web: Served) -> People:
    """Everybody who is logged in, by role, and the stranger ``nobody``."""
    return {role.value: visiting(web, role) for role in Role} | {"nobody": Person(web)}
