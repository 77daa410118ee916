"""The tables of a store brought to what this program expects; a store of a newer program is left alone."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from models.errors import StoreNewerError
from service.store.database import POSTGRESQL, SQLITE, Database
from service.store.schema import REVISION

_LOCK = 0x666F726D74616C79
"""Key of PostgreSQL's advisory lock: "formtaly" in ASCII, so that no other program has it by chance."""


def upgrade(database: Database) -> None:
    """Make or mend the tables, in one transaction; programs that open the same store at once wait for each other.

    Raises:
        StoreNewerError: the tables are those of a newer program; nothing was touched.
        StoreError: the database cannot be read or written.
    """
    if database.kind == SQLITE:
        _log_ahead(database)
    with database.reading() as connection:
        if revision_of(connection) == REVISION:
            return
    with database.writing() as connection:
        if database.kind == POSTGRESQL:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        config = _config(connection)
        found = revision_of(connection)
        if found is not None and found not in {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}:
            raise StoreNewerError(
                f"{database.place} was made by a newer FormTally (tables {found}, this one knows {REVISION}).",
                "Install that version or a later one; nothing was touched.",
            )
        command.upgrade(config, "head")


def has_tables(database: Database) -> bool:
    """Whether there is a store, of this program or another version; nothing is made by asking."""
    if database.kind == SQLITE and not database.file.exists():
        return False
    with database.reading() as connection:
        return revision_of(connection) is not None


def revision_of(connection: Connection) -> str | None:
    """The migration that the tables are at; None where there are none."""
    return MigrationContext.configure(connection).get_current_revision()


def _log_ahead(database: Database) -> None:
    """Let readers go on while another writes (sqlite.org/wal.html); the file remembers it."""
    with database.bare() as connection:
        if connection.exec_driver_sql("PRAGMA journal_mode").scalar() != "wal":
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
