"""A store on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store.home import find_home
from service.store.opening import Store, open_store


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty archive."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else None
    with open_store(find_home(str(tmp_path / "home"), url, None, {})) as opened:
        yield opened
