"""An empty archive, and a place for one, on each database."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from sqlalchemy import make_url

from service.store.home import Home, find_home
from service.store.opening import Store, open_store
from tests import postgres
from tests.service.store.ready import ready


@pytest.fixture(scope="session")
def postgres_tables(postgres_cluster: str) -> str:
    """The name of a database with the tables of an empty archive; to be copied."""
    url = postgres.new_database(postgres_cluster)
    with TemporaryDirectory() as folder:
        open_store(find_home(folder, url, None, {})).close()
    return make_url(url).database or ""


@pytest.fixture
def postgres_archive(postgres_cluster: str, postgres_tables: str) -> str:
    """The URL of a database with the tables of an empty archive."""
    return postgres.new_database(postgres_cluster, postgres_tables)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """The place of an archive that is not there yet."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    return find_home(str(tmp_path / "home"), url, None, {})


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty archive."""
    if request.param == "postgres":
        home = find_home(str(tmp_path / "home"), request.getfixturevalue("postgres_archive"), None, {})
    else:
        home = ready(tmp_path / "home")
    with open_store(home) as opened:
        yield opened
