"""The database behind the store: SQLite in one file, or PostgreSQL, spoken to alike."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from models.errors import UsageError
from service.store.faults import database_faults
from service.wording import display

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_DRIVERS = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
"""By the first word of the URL; ``postgres`` is what hosters print."""

_BUSY_SECONDS = 30
"""A transaction of ours takes milliseconds; who waits longer waits for a foreign program."""

_CONNECT_SECONDS = 10
_KEEPALIVE = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""The server ends the session, and with it the locks, of a machine that is gone after 25 s; by itself it would take hours."""

_BEGIN = "formtally_begin"
"""Execution option: how a transaction begins on SQLite; empty where there is to be none."""
_DEFERRED = "BEGIN"
_REMEDY = "Give sqlite:///FILE or postgresql://USER@HOST/DATABASE."


class Database:
    """One database. Each block of `reading` or `writing` is one transaction.

    Attributes:
        kind: `SQLITE` or `POSTGRESQL`.
        place: a noun that names it in messages, without any secret.
        url: with its password: never to be shown.
        file: of SQLite; the current folder where there is none.
    """

    def __init__(self, url: str) -> None:
        """Nothing is opened yet.

        Raises:
            UsageError: ``url`` names no database that this program speaks to; the message does not repeat it.
        """
        parsed = _parsed(url)
        self.kind = parsed.get_backend_name()
        self.place = _place(parsed)
        self.file = _file(parsed)
        self.url = parsed.render_as_string(hide_password=False)
        self._engine = _sqlite_engine(parsed) if self.kind == SQLITE else _postgresql_engine(parsed)
        snapshot = {} if self.kind == SQLITE else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        self._readers = self._engine.execution_options(**snapshot)
        self._writers = self._engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of everything from the first statement to the end of the block.

        Raises:
            StoreError: the database is not there, damaged or held.
        """
        with database_faults(self.place, self.file), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes stand together when the block ends, and not at all when it raises.

        On SQLite the block holds the one right to write from its beginning.

        Raises:
            StoreError: the database is full, read-only, not there, damaged or held.
        """
        with database_faults(self.place, self.file), self._writers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def bare(self) -> Iterator[Connection]:
        """A connection to SQLite outside of any transaction, for the few statements that must not be in one."""
        with database_faults(self.place, self.file), self._engine.connect() as connection:
            yield connection.execution_options(**{_BEGIN: ""})

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """A connection to PostgreSQL whose statements stand by themselves: for locks that last as long as it does."""
        with database_faults(self.place, self.file), self._engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def lone_connection(self) -> sqlite3.Connection:
        """A connection to SQLite as the driver gives it, for the caller to close.

        Raises:
            sqlite3.Error: the database is not there.
        """
        lent = self._engine.raw_connection()
        found = lent.driver_connection
        lent.detach()
        assert isinstance(found, sqlite3.Connection)  # noqa: S101  PostgreSQL is not asked for one
        return found

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise UsageError("The database URL cannot be understood.", _REMEDY) from None  # the cause may quote a password
    driver = _DRIVERS.get(parsed.drivername.partition("+")[0])
    if driver is None or (driver.startswith(SQLITE) and parsed.database in (None, "", ":memory:")):
        raise UsageError("The database URL names neither a SQLite file nor a PostgreSQL database.", _REMEDY)
    return parsed.set(drivername=driver)


def _file(url: URL) -> Path:
    name = (url.database or "") if url.get_backend_name() == SQLITE else ""
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)


def _place(url: URL) -> str:
    if url.get_backend_name() == SQLITE:
        return f"The database '{display(_file(url))}'"
    return f"The database '{url.database or url.username}' on {url.host or 'this machine'}"


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, pool_use_lifo=True, connect_args={"timeout": _BUSY_SECONDS})

    def connected(connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # the driver begins no transaction of its own; `begun` does
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")  # a commit outlives a power cut

    def begun(connection: Connection) -> None:
        begin = connection.get_execution_options().get(_BEGIN, _DEFERRED)
        raw = connection.connection.dbapi_connection
        if begin == _DEFERRED and raw is not None:  # touches no file, so nothing can fail, and half of what reading a row takes is saved
            raw.cursor().execute(begin)
        elif begin:
            connection.exec_driver_sql(begin)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)
    return engine


def _postgresql_engine(url: URL) -> Engine:
    wait = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_SECONDS}
    alive = {} if "options" in url.query else {"options": _KEEPALIVE}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=wait | alive)

    def begun(connection: Connection) -> None:
        raw = connection.connection.dbapi_connection
        if raw is not None and not connection.get_execution_options().get("postgresql_readonly"):
            raw.read_only = None  # SQLAlchemy leaves False behind readers, which is READ WRITE, against what the server may have set

    event.listen(engine, "begin", begun)
    return engine
