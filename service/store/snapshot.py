"""The whole database at one moment, as one SQLite file with the same tables; and such a file put into a database again."""

from pathlib import Path

from sqlalchemy import URL, Connection, false, func, select, text

from models.errors import StoreFullError
from service.store.database import POSTGRESQL, SQLITE, Database
from service.store.faults import fault
from service.store.schema import CATALOGUE, EVENTS, METADATA
from service.store.search import index_texts
from service.store.upgrading import upgrade
from service.wording import display

_AT_ONCE = 500
_NUMBERED = (CATALOGUE, EVENTS)
"""Tables that PostgreSQL numbers by itself, and that are to go on from where they were."""


def snapshot(database: Database, target: Path) -> None:
    """Write everything in ``database`` to ``target``, a new SQLite file, while others go on writing.

    Raises:
        StoreError: the database cannot be read, or the file not be written.
    """
    if database.kind == SQLITE:
        try:
            with database.bare() as connection:
                connection.execute(text("VACUUM INTO :target"), {"target": str(target)})
        except StoreFullError as error:
            raise fault(StoreFullError, f"The folder {display(target.parent)!r}") from error
        return
    with sqlite_file(target) as copy:
        upgrade(copy)
        with database.reading() as source, copy.writing() as connection:
            copy_tables(source, connection)
        close_log(copy)


def sqlite_file(path: Path) -> Database:
    """The database in a file; its name may hold any character."""
    return Database(URL.create(SQLITE, database=str(path)).render_as_string())


def copy_tables(source: Connection, target: Connection) -> None:
    """Copy every row of ``source`` into the empty tables of ``target``."""
    for table in METADATA.sorted_tables:
        rows = source.execution_options(yield_per=_AT_ONCE).execute(table.select()).mappings()
        for part in rows.partitions():
            target.execute(table.insert(), [dict(row) for row in part])
    index_texts(target)
    if target.dialect.name == POSTGRESQL:
        for table in _NUMBERED:
            following = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            target.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), following, false())))


def close_log(database: Database) -> None:
    """Make the one file of a SQLite database all there is of it."""
    with database.bare() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = DELETE")
