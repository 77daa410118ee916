"""Options and fixtures of the whole suite."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests import postgres


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--record``: ask the real recognizer and write its answers to tests/resources/recordings anew; ``--pictures``: of the pages."""
    parser.addoption("--record", action="store_true", help="record the recognizer's answers on samples/ anew")
    parser.addoption("--pictures", metavar="DIR", help="folder to write pictures of the pages into (docs/images)")


def pytest_configure() -> None:
    """Programs that tests start hear Ctrl-C, also where a shell has started the suite in the background and therefore told it not to."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[str]:
    """A cluster for the whole run; started by the first test that wants it."""
    programs = postgres.programs()
    if programs is None:
        missing = "PostgreSQL's server is not installed: run scripts/system-packages check"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with postgres.cluster(programs) as url:
        yield url


@pytest.fixture
def postgres_url(postgres_cluster: str) -> str:
    """The URL of an empty database."""
    return postgres.new_database(postgres_cluster)
