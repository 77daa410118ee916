"""An archive and a folder of plans (`tests.service.planned_reader`)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.store.opening import Store, open_store
from tests.service.store.ready import ready

Write = Callable[[str, str], Path]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """On SQLite."""
    with open_store(ready(tmp_path / "home")) as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a file below the folder ``scans``, folders included."""

    def written(name: str, text: str) -> Path:
        path = tmp_path / "scans" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return written
