"""Which processes that do durable work are alive: each holds a lock that ends with it, however it ends.

With SQLite, which only one machine uses, that is a locked file beside the database; with PostgreSQL an advisory lock of a session. No
clock, no heartbeat that may be late.
"""

import fcntl
import logging
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from service.store.database import POSTGRESQL, Database
from service.store.faults import database_faults, disk_faults
from service.store.opening import Store
from service.wording import display

_LOG = logging.getLogger(__name__)


def new_name() -> str:
    """A name that no other process has or had."""
    return f"{os.uname().nodename}-{os.getpid()}-{secrets.token_hex(4)}"


@contextmanager
def present(store: Store, name: str) -> Iterator[Callable[[], None]]:
    """Hold the lock of ``name`` for the block, or as long as this process lives.

    The block is given what makes sure of it: a server that was started again has forgotten its locks.

    Raises:
        StoreError: the lock cannot be had.
    """
    with _in_database(store.database, name) if store.database.kind == POSTGRESQL else _locked_file(_folder(store), name) as keep:
        yield keep


def absent(store: Store, names: Iterable[str]) -> list[str]:
    """Those of ``names`` whose processes have ended."""
    gone = _free_in_database if store.database.kind == POSTGRESQL else _free_file
    return [name for name in names if gone(store, name)]


def _folder(store: Store) -> Path:
    """Beside the database: whoever works on it looks there, whichever home folder he has."""
    return store.database.file.parent / "processes"


@contextmanager
def _locked_file(folder: Path, name: str) -> Iterator[Callable[[], None]]:
    path = folder / name
    with disk_faults(f"The folder {display(folder)!r}"):
        folder.mkdir(exist_ok=True)
        file = path.open("xb")
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield lambda: None  # the lock of an open file is never lost
        finally:
            path.unlink(missing_ok=True)


def _free_file(store: Store, name: str) -> bool:
    path = _folder(store) / name
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
def _in_database(database: Database, name: str) -> Iterator[Callable[[], None]]:
    with ExitStack() as stack:
        lock = _LockInDatabase(database, name, stack)
        lock.take()
        yield lock.keep


@dataclass(slots=True)
class _LockInDatabase:
    """An advisory lock of a session of its own, in ``stack``."""

    database: Database
    name: str
    stack: ExitStack
    session: Connection | None = None

    def take(self) -> None:
        self.session = None
        self.stack.close()  # the session that was lost, if there was one
        with database_faults(self.database.place, self.database.file):
            self.session = self.stack.enter_context(self.database.session())
            self.session.execute(text(f"SELECT pg_advisory_lock({_KEY})"), {"name": self.name})

    def keep(self) -> None:
        try:
            if self.session is not None:
                self.session.execute(text("SELECT 1"))
                return
        except DBAPIError as error:
            _LOG.warning("the lock of %s was lost: %s", self.name, type(error.orig).__name__)
        self.take()


def _free_in_database(store: Store, name: str) -> bool:
    with store.database.session() as connection:
        free = bool(connection.scalar(text(f"SELECT pg_try_advisory_lock({_KEY})"), {"name": name}))
        if free:
            connection.execute(text(f"SELECT pg_advisory_unlock({_KEY})"), {"name": name})
        return free
