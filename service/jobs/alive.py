"""Which processes that do durable work are alive: each holds a lock that ends with it, however it ends.

With SQLite, which only one machine uses, that is a locked file in the home folder; with PostgreSQL an advisory lock of a session. No clock,
no heartbeat that may be late.
"""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from service.store.database import POSTGRESQL, Database
from service.store.opening import Store

_FOLDER = "processes"


def new_name() -> str:
    """A name that no other process has or had."""
    return f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}"


@contextmanager
def present(store: Store, name: str) -> Iterator[None]:
    """Hold the lock of ``name`` for the block, or as long as this process lives."""
    with _locked_in_database(store.database, name) if store.database.kind == POSTGRESQL else _locked_file(store.home.folder, name):
        yield


def absent(store: Store, names: Iterable[str]) -> list[str]:
    """Those of ``names`` whose processes have ended."""
    gone = _free_in_database if store.database.kind == POSTGRESQL else _free_file
    return [name for name in names if gone(store, name)]


@contextmanager
def _locked_file(home: Path, name: str) -> Iterator[None]:
    path = home / _FOLDER / name
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _free_file(store: Store, name: str) -> bool:
    path = store.home.folder / _FOLDER / name
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
    return True


_KEY = "hashtextextended(:name, 20820)"


@contextmanager
def _locked_in_database(database: Database, name: str) -> Iterator[None]:
    with database.session() as connection:
        connection.execute(text(f"SELECT pg_advisory_lock({_KEY})"), {"name": name})
        yield


def _free_in_database(store: Store, name: str) -> bool:
    with store.database.session() as connection:
        free = bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({_KEY})"), {"name": name}))
        if free:
            connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), {"name": name})
        return free
