"""A store is made, brought up to date, and left alone where it is of a newer program."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from models.errors import StoreNewerError, UsageError
from service.store import migrations
from service.store.database import Database
from service.store.home import Home, find_home
from service.store.opening import Store, open_existing, open_store
from service.store.reading import counts
from service.store.schema import METADATA, REVISION
from service.store.upgrading import revision_of, upgrade

_OPEN = """
import sys
from service.store.home import find_home
from service.store.opening import open_store
with open_store(find_home(sys.argv[1], sys.argv[2], None, {})) as store:
    with store.database.reading() as connection:
        pass
"""


def test_the_migrations_make_the_tables_that_the_program_uses(store: Store) -> None:
    def ours(_: object, name: str | None, *__: object) -> bool:
        return not (name or "").startswith("search")  # the index of each database for the rows of `texts`

    with store.database.reading() as connection:
        options = {"compare_type": True, "include_object": ours}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []
        assert revision_of(connection) == REVISION


def test_the_newest_migration_is_the_one_that_is_expected() -> None:
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_current_head() == REVISION


def test_opening_again_changes_nothing(home: Home) -> None:
    for _ in range(2):
        with open_store(home) as store:
            assert counts(store).pages == 0


def test_the_home_is_nobody_elses(tmp_path: Path) -> None:
    with open_store(find_home(str(tmp_path / "a" / "home"), None, None, {})) as store:
        assert store.home.folder.stat().st_mode & 0o077 == 0


def test_a_store_of_a_newer_program_is_refused_and_not_touched(home: Home) -> None:
    with open_store(home) as store, store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreNewerError, match="9999"):
        open_store(home)
    with Database(home.database) as database, database.reading() as connection:
        assert revision_of(connection) == "9999"


def test_a_migration_that_fails_half_way_leaves_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.folder.mkdir(parents=True)
    with Database(home.database) as database:
        with monkeypatch.context() as patch:
            patch.setattr("alembic.operations.Operations.create_index", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                upgrade(database)
        with database.reading() as connection:
            assert inspect(connection).get_table_names() == []
        upgrade(database)


def test_processes_that_open_a_new_store_at_once_wait_for_each_other(home: Home) -> None:
    command = [sys.executable, "-c", _OPEN, str(home.folder), home.database]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(6)]
    assert [process.communicate()[1].decode() for process in running] == [""] * len(running)
    assert [process.returncode for process in running] == [0] * len(running)


def test_what_needs_an_archive_does_not_make_one(home: Home) -> None:
    with pytest.raises(UsageError, match="holds no archive"):
        open_existing(home)
    assert not home.folder.exists()
    open_store(home).close()
    open_existing(home).close()
