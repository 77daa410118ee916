"""An office on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.review.acting import Office
from service.review.decider import Decider
from service.store.home import Home, find_home
from service.store.opening import Store, open_store
from tests.service.review.samples import TRUST


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """The place of an archive that is not there yet."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    return find_home(str(tmp_path / "home"), url, None, {})


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    """An empty archive."""
    with open_store(home) as opened:
        yield opened


@pytest.fixture
def office(store: Store) -> Office:
    """Where one person may correct and approve."""
    return Office(store, Decider(store, TRUST))
