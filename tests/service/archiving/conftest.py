"""An archive and a folder of plans (`tests.service.planned_reader`)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.store.home import find_home
from service.store.opening import Store, open_store

Write = Callable[[str, str], Path]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as opened:
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
