"""Backup and restore: what comes back is what was there, and damage is told."""

import fcntl
import hashlib
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from models.errors import StoreBusyError, StoreDamagedError, StoreNewerError, UsageError
from service.store.backup import backup
from service.store.database import SQLITE, Database
from service.store.documents import State
from service.store.history import verify_history
from service.store.home import Home, find_home
from service.store.opening import Store, open_existing, open_store
from service.store.pages import keep_page, page_content
from service.store.reading import documents_in, form, forms
from service.store.restore import restore
from service.store.schema import EVENTS, METADATA
from service.store.search import proposed, search_values
from service.store.snapshot import snapshot, sqlite_file
from service.store.writing import note
from tests.postgres import new_database
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add, add_read, form_of, unknown_form


def _fill(store: Store) -> str:
    sha256 = add_read(store, form_of(), unknown_form())
    keep_page(store, sha256, 1, "3+a", b"content")
    correct(store, Correction(sha256, 1, 1, "fields.project_name", "甲", "li"))
    add(store, b"waiting", "乙/b.pdf")
    return sha256


def _rows(store: Store) -> dict[str, list[object]]:
    with store.database.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(table.select().order_by(*table.primary_key))]
            for table in METADATA.sorted_tables
        }


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Where the archive comes back to."""
    if request.param == "sqlite":
        return find_home(str(tmp_path / "new"), None, None, {})
    return find_home(str(tmp_path / "new"), new_database(request.getfixturevalue("postgres_cluster")), None, {})


def test_everything_comes_back_on_either_database(store: Store, new: Home, tmp_path: Path) -> None:
    sha256 = _fill(store)
    made = backup(store, tmp_path / "backup")
    assert (made.files, made.damaged, made.manifest.documents, made.manifest.corrections) == (3, (), 2, 1)
    restored = restore(tmp_path / "backup", new)
    assert (restored.copied.files, restored.copied.damaged, restored.tamperings) == (3, (), ())
    with open_store(new) as back:
        assert _rows(back) == _rows(store)
        with back.originals.local(sha256) as path:
            assert path.read_bytes() == b"%PDF-1"
        assert page_content(back, sha256, 1, "3+a") == b"content"
        for words, found in (("附注", 1), ("某局", 1), ("甲", 2), ("环保", 0)):
            with back.database.reading() as connection:
                dialect = connection.dialect.name
                assert len(connection.scalars(proposed(dialect), search_values(dialect, (words,))).all()) == found
        with pytest.raises(DBAPIError, match="only added"), back.database.writing() as connection:
            connection.execute(text("DELETE FROM corrections"))
        correct(back, Correction(sha256, 1, 2, "fields.project_name", "乙", "li"))
        assert verify_history(back.database, [made.manifest.history]) == []
        with back.database.writing() as connection:
            note(connection, sha256, "read", "The numbers of events go on.")
            assert connection.scalar(select(EVENTS.c.id).order_by(EVENTS.c.id.desc())) == 2


def test_only_what_is_new_is_copied_into_an_earlier_backup(store: Store, new: Home, tmp_path: Path) -> None:
    _fill(store)
    backup(store, tmp_path / "backup")
    add(store, b"third")
    again = backup(store, tmp_path / "backup")
    assert (again.files, again.manifest.documents) == (1, 3)
    assert len(list((tmp_path / "backup").glob("database-*"))) == 1
    restore(tmp_path / "backup", new)
    with open_store(new) as back:
        assert len(list(documents_in(back, State.WAITING))) == 2


def test_a_backup_is_one_moment_while_others_write(store: Store, tmp_path: Path, new: Home) -> None:
    sha256 = add_read(store)
    stop = threading.Event()

    def work() -> None:
        version = 1
        while not stop.is_set():
            version = correct(store, Correction(sha256, 1, version, "fields.project_name", str(version), "li"))

    writer = threading.Thread(target=work)
    writer.start()
    try:
        for _ in range(3):
            backup(store, tmp_path / "backup")
    finally:
        stop.set()
        writer.join()
    restored = restore(tmp_path / "backup", new)
    assert restored.tamperings == ()
    with open_store(new) as back:
        stored = form(back, sha256, 1)
        assert stored is not None
        assert stored.version == restored.copied.manifest.corrections + 1


def test_a_damaged_original_is_not_taken_over_and_told(store: Store, tmp_path: Path) -> None:
    sha256 = _fill(store)
    damaged = Path(store.home.files) / "originals" / sha256[:2] / sha256
    damaged.chmod(0o644)
    damaged.write_bytes(b"%PDF-X")
    made = backup(store, tmp_path / "backup")
    assert (made.files, made.damaged) == (2, (f"originals/{sha256[:2]}/{sha256}",))


def test_a_page_that_was_read_again_meanwhile_is_no_damage(
    store: Store, new: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = _fill(store)

    def then_read_again(database: Database, target: Path) -> None:
        snapshot(database, target)
        keep_page(store, sha256, 1, "3+a", b"read again")

    monkeypatch.setattr("service.store.backup.snapshot", then_read_again)
    assert backup(store, tmp_path / "backup").damaged == ()
    assert restore(tmp_path / "backup", new).copied.damaged == ()
    with open_store(new) as back:
        assert page_content(back, sha256, 1, "3+a") is None, "it is to be read again"


def test_what_the_backup_has_lost_is_told_and_the_rest_comes_back(store: Store, new: Home, tmp_path: Path) -> None:
    sha256 = _fill(store)
    backup(store, tmp_path / "backup")
    (tmp_path / "backup/originals" / sha256[:2] / sha256).unlink()
    (content,) = (path for path in (tmp_path / "backup/contents").rglob("*") if path.is_file())
    content.chmod(0o644)
    content.write_bytes(b"c0ntent")
    restored = restore(tmp_path / "backup", new)
    assert restored.copied.damaged == (f"originals/{sha256[:2]}/{sha256}", f"pages/{sha256[:2]}/{sha256}/3+a/1.msgpack")
    with open_store(new) as back:
        assert len(list(forms(back))) == 2
        assert page_content(back, sha256, 1, "3+a") is None, "it is to be read again"


def test_a_damaged_database_is_refused_and_leaves_no_archive(store: Store, new: Home, tmp_path: Path) -> None:
    _fill(store)
    made = backup(store, tmp_path / "backup")
    path = tmp_path / "backup" / made.manifest.database
    data = bytearray(path.read_bytes())
    data[5000] ^= 1
    path.write_bytes(data)
    with pytest.raises(StoreDamagedError, match="damaged"):
        restore(tmp_path / "backup", new)
    with open_store(new) as back:
        assert list(documents_in(back, State.DONE)) == []


def test_a_history_that_was_tampered_with_is_told(store: Store, new: Home, tmp_path: Path) -> None:
    _fill(store)
    drop = "DROP TRIGGER corrections_are_not_changed" + ("" if store.database.kind == SQLITE else " ON corrections")
    with store.database.writing() as connection:
        connection.execute(text(drop))
        connection.execute(text("UPDATE corrections SET reason = 'x'"))
    backup(store, tmp_path / "backup")
    assert [fault.row for fault in restore(tmp_path / "backup", new).tamperings] == [1]


def test_a_backup_of_a_newer_program_is_refused(store: Store, new: Home, tmp_path: Path) -> None:
    _fill(store)
    made = backup(store, tmp_path / "backup")
    path = tmp_path / "backup" / made.manifest.database
    with sqlite_file(path) as copy, copy.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    manifest = json.loads((tmp_path / "backup/manifest.json").read_text())
    (tmp_path / "backup/manifest.json").chmod(0o644)
    (tmp_path / "backup/manifest.json").write_text(json.dumps(manifest | {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}))
    with pytest.raises(StoreNewerError):
        restore(tmp_path / "backup", new)


def test_an_archive_is_never_restored_over_another(store: Store, tmp_path: Path) -> None:
    _fill(store)
    backup(store, tmp_path / "backup")
    before = _rows(store)
    with pytest.raises(UsageError, match="holds an archive already"):
        restore(tmp_path / "backup", store.home)
    assert _rows(store) == before


def test_a_folder_with_something_else_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/a.txt").write_text("mine")
    with pytest.raises(UsageError, match="something else"):
        backup(store, tmp_path / "mine")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["a.txt"]


@pytest.mark.parametrize("manifest", [None, "{}", "[", '{"format": "other/1"}'])
def test_what_is_no_finished_backup_is_not_restored(tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises((UsageError, StoreDamagedError)):
        restore(tmp_path, find_home(str(tmp_path / "new"), None, None, {}))
    assert not (tmp_path / "new").exists()


def test_two_backups_into_one_folder_do_not_meet(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "backup")
    with (tmp_path / "backup/lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(StoreBusyError):
            backup(store, tmp_path / "backup")


_BACKUP = """
import os, signal, sys
from pathlib import Path
from service.store import backup, files
from service.store.home import find_home
from service.store.opening import open_store
left = int(sys.argv[3])
write = files.FolderFiles.write
def counted(self, name, fill):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    write(self, name, fill)
files.FolderFiles.write = counted
with open_store(find_home(sys.argv[1], None, None, {})) as store:
    backup.backup(store, Path(sys.argv[2]))
"""


@pytest.mark.parametrize("writes", range(6))
def test_a_backup_that_was_killed_goes_on(tmp_path: Path, writes: int) -> None:
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        _fill(store)
        killed = subprocess.run([sys.executable, "-c", _BACKUP, tmp_path / "home", tmp_path / "backup", str(writes)], check=False)
        assert killed.returncode == (0 if writes == 5 else -9)
        assert backup(store, tmp_path / "backup").damaged == ()
        restored = restore(tmp_path / "backup", find_home(str(tmp_path / "new"), None, None, {}))
        assert restored.copied.damaged == ()
    assert [path.name for path in (tmp_path / "backup/staging").iterdir()] == []
    assert list((tmp_path / "backup").glob("snapshot*")) == []


_RESTORE = """
import os, signal, sys
from pathlib import Path
from service.store import restore
from service.store.home import find_home
restore._put_back = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
restore.restore(Path(sys.argv[1]), find_home(sys.argv[2], None, None, {}))
"""


def test_a_restoring_that_was_killed_is_no_archive_and_goes_on(tmp_path: Path) -> None:
    new = find_home(str(tmp_path / "new"), None, None, {})
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        _fill(store)
        backup(store, tmp_path / "backup")
        killed = subprocess.run([sys.executable, "-c", _RESTORE, tmp_path / "backup", tmp_path / "new"], check=False)
        assert killed.returncode == -9
        with pytest.raises(UsageError, match="holds no archive"):
            open_existing(new)
        assert restore(tmp_path / "backup", new).copied.files == 1, "the originals were there; pages are written again"
        with open_store(new) as back:
            assert _rows(back) == _rows(store)
    assert list(new.folder.glob("restoring*")) == []


def test_a_log_without_its_database_is_in_the_way(store: Store, tmp_path: Path) -> None:
    backup(store, tmp_path / "backup")
    new = find_home(str(tmp_path / "new"), None, None, {})
    new.folder.mkdir()
    (new.folder / "formtally.sqlite3-wal").write_bytes(b"left")
    with pytest.raises(UsageError, match="holds an archive already"):
        restore(tmp_path / "backup", new)
