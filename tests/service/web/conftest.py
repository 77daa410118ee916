"""An application for the tests of a module."""

from collections.abc import Iterator

import pytest

from tests.service.web.serving import Served, served


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Shared by a module: what a test adds stays."""
    with served(tmp_path_factory.mktemp("home")) as running:
        yield running
