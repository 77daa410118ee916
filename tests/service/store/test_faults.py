"""What goes wrong with disk and database has a name, and what was stored stands."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from models.errors import StoreBusyError, StoreDamagedError, StoreError, StoreFullError, StoreReadOnlyError, StoreUnreachableError
from service.store import database
from service.store.database import SQLITE
from service.store.documents import State, mark
from service.store.home import DATABASE_FILE, Home, find_home
from service.store.opening import Store, open_existing, open_store
from service.store.reading import form, forms
from service.store.saving import save_document
from tests.service.store.samples import add, add_read, document_of, form_of


@pytest.fixture
def sqlite_home(tmp_path: Path) -> Home:
    return find_home(str(tmp_path / "home"), None, None, {})


def test_a_full_database_says_so_and_goes_on_when_there_is_room(sqlite_home: Home) -> None:
    """SQLite's own limit on pages gives the very answer of a full disk, SQLITE_FULL."""
    with open_store(sqlite_home) as store:
        first = add_read(store, form_of("甲"))
        second = add(store, b"2")
        long = document_of(second, *(form_of("长" * 20_000) for _ in range(5)))
        with store.database.writing() as connection:
            connection.execute(text("PRAGMA max_page_count = 60"))
        with pytest.raises(StoreFullError, match="no room left for the database"):
            save_document(store, second, "3+a", long)
        assert [stored.document for stored in forms(store)] == [first]
        with store.database.writing() as connection:
            connection.execute(text("PRAGMA max_page_count = 100000"))
        save_document(store, second, "3+a", long)
        assert len(list(forms(store))) == 6


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """A file system of 2 MB; only root may mount one, and not everywhere."""
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no right to mount a small disk; the limits above stand for it")
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_full_disk_says_so_and_work_goes_on_when_there_is_room(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "disk"), open_store(find_home(str(tmp_path / "disk" / "home"), None, None, {})) as store:
        kept = add_read(store)
        with pytest.raises(StoreFullError):
            add(store, os.urandom(4_000_000))
        ballast = tmp_path / "disk" / "ballast"
        with pytest.raises(OSError, match="No space"):
            ballast.write_bytes(bytes(4_000_000))
        with pytest.raises(StoreFullError):
            _add_many(store, 100)
        with store.originals.local(kept) as path:
            assert path.read_bytes() == b"%PDF-1"
        assert len(list(forms(store))) == 1
        ballast.unlink()
        _add_many(store, 20)
        assert list((tmp_path / "disk/home/staging").iterdir()) == []


def _add_many(store: Store, count: int) -> None:
    for number in range(count):
        add(store, str(number).encode() * 1000)


def test_a_disk_that_was_mounted_read_only_says_so(tmp_path: Path) -> None:
    with _small_disk(tmp_path / "disk"):
        home = find_home(str(tmp_path / "disk" / "home"), None, None, {})
        with open_store(home) as store:
            add_read(store)
        subprocess.run(["mount", "-o", "remount,ro", tmp_path / "disk"], check=True)
        with pytest.raises(StoreReadOnlyError, match="may not be written"):
            open_store(home)


def test_a_read_only_database_says_so_and_is_read(sqlite_home: Home) -> None:
    with open_store(sqlite_home) as store:
        sha256 = add_read(store)
    path = sqlite_home.folder / DATABASE_FILE
    read_only = find_home(str(sqlite_home.folder), f"sqlite:///file:{path}?mode=ro&uri=true", None, {})
    with open_existing(read_only) as store:
        assert form(store, sha256, 1) is not None
        with pytest.raises(StoreReadOnlyError, match="may not be written"):
            mark(store, sha256, State.WAITING)


def test_a_read_only_database_of_a_server_says_so(store: Store) -> None:
    if store.database.kind == SQLITE:
        pytest.skip("see the test above")
    with pytest.raises(StoreReadOnlyError), store.database.reading() as connection:
        connection.execute(text("INSERT INTO users VALUES ('li', '')"))


@pytest.mark.parametrize("damage", [lambda data: b"x" * len(data), lambda data: data[:4096] + os.urandom(len(data) - 4096)])
def test_a_damaged_database_says_so_and_originals_stand(sqlite_home: Home, damage: Callable[[bytes], bytes]) -> None:
    with open_store(sqlite_home) as store:
        add_read(store)
    path = sqlite_home.folder / DATABASE_FILE
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(StoreDamagedError, match="formtally restore"):
        list(forms(open_existing(sqlite_home)))
    assert [original.read_bytes() for original in sqlite_home.folder.glob("originals/*/*")] == [b"%PDF-1"]


def test_a_database_that_is_held_says_so(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_SECONDS", 0.1)
    with open_store(sqlite_home) as store, closing(sqlite3.connect(sqlite_home.folder / DATABASE_FILE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusyError, match="held by another program"):
            add(store)
        assert list(forms(store)) == []


def test_a_server_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachableError, match="cannot be reached"):
        open_store(find_home(str(tmp_path), f"postgresql:///x?host={tmp_path}", None, {}))


@pytest.mark.postgres
def test_a_database_that_the_server_does_not_have_says_so(postgres_cluster: str, tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachableError, match="does not exist"):
        open_store(find_home(str(tmp_path), postgres_cluster.format("nothing"), None, {}))


def test_a_home_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="file"):
        open_store(find_home(str(tmp_path / "file" / "home"), None, None, {}))


@pytest.mark.postgres
def test_work_goes_on_after_the_server_has_dropped_every_connection(postgres_url: str, tmp_path: Path) -> None:
    with open_store(find_home(str(tmp_path), postgres_url, None, {})) as store:
        sha256 = add(store)
        with pytest.raises(StoreUnreachableError), store.database.writing() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        mark(store, sha256, State.DONE)
