"""What disks and databases complain of, as errors that say what to do."""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.errors import (
    StoreBusyError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreReadOnlyError,
    StoreUnreachableError,
)

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FORBIDDEN = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})

_PRIMARY = 0xFF
"""SQLite's extended result codes carry the primary one in their low byte (sqlite.org/rescode.html)."""

_OF_SQLITE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_READONLY: StoreReadOnlyError,
    sqlite3.SQLITE_PERM: StoreReadOnlyError,
    sqlite3.SQLITE_CORRUPT: StoreDamagedError,
    sqlite3.SQLITE_NOTADB: StoreDamagedError,
    sqlite3.SQLITE_BUSY: StoreBusyError,
    sqlite3.SQLITE_LOCKED: StoreBusyError,
    sqlite3.SQLITE_CANTOPEN: StoreUnreachableError,
    sqlite3.SQLITE_IOERR: StoreUnreachableError,
}

_OF_SQLITE_EXTENDED: dict[int, type[StoreError]] = {sqlite3.SQLITE_IOERR_SHMSIZE: StoreFullError}
"""Where the primary code says too little: the file that SQLite keeps beside a database cannot grow (sqlite.org/rescode.html)."""

_OF_POSTGRESQL: dict[str, type[StoreError]] = {
    "53100": StoreFullError,  # disk_full
    "25006": StoreReadOnlyError,  # read_only_sql_transaction
    "42501": StoreReadOnlyError,  # insufficient_privilege
    "XX001": StoreDamagedError,  # data_corrupted
    "XX002": StoreDamagedError,  # index_corrupted
    "40001": StoreBusyError,  # serialization_failure
    "40P01": StoreBusyError,  # deadlock_detected
    "55P03": StoreBusyError,  # lock_not_available
    "57014": StoreBusyError,  # query_canceled
}
"""By SQLSTATE (PostgreSQL 15, appendix A)."""

_LOST_CONNECTION = ("08", "28", "3D", "53", "57P", "58")
"""Beginnings of SQLSTATEs: connection, authorization, no such database, no resources, shut down, the system's fault."""

_WORDS: dict[type[StoreError], tuple[str, str]] = {
    StoreFullError: ("There is no room left for {}.", "Make room there; nothing that was stored is lost, and the same command goes on."),
    StoreReadOnlyError: ("{} may not be written.", "Give this user the right to write there, then run the same command again."),
    StoreDamagedError: (
        "{} is damaged.",
        "Keep it, and bring back the last backup with `formtally restore`; originals are whole by their names.",
    ),
    StoreBusyError: ("{} is held by another program.", "Wait for that program, then run the same command again."),
    StoreUnreachableError: ("{} cannot be reached.", "Check that the disk or the server is there, and the name and rights given for it."),
}


def fault(kind: type[StoreError], place: str, reason: str = "") -> StoreError:
    """An error of ``kind`` about ``place``, a noun such as "The database 'a.sqlite3'"; ``reason`` in the words of who complains."""
    what, remedy = _WORDS[kind]
    said = what.format(place if what.startswith("{") else place[:1].lower() + place[1:])
    return kind(f"{said[:-1]}: {reason}." if reason else said, remedy)


@contextmanager
def disk_faults(place: str) -> Iterator[None]:
    """Turn a failure of the disk within the block into a `StoreError` about ``place``."""
    try:
        yield
    except OSError as error:
        kind = StoreFullError if error.errno in _FULL else StoreReadOnlyError if error.errno in _FORBIDDEN else StoreUnreachableError
        raise fault(kind, place, error.strerror or type(error).__name__) from error


@contextmanager
def database_faults(place: str, file: Path) -> Iterator[None]:
    """Turn what the database at ``place`` complains of into a `StoreError`; faults of our own statements stay what they are.

    Args:
        place: names it in messages.
        file: of SQLite, which cannot even be read where nothing may be written beside it.
    """
    try:
        yield
    except (DBAPIError, PoolTimeoutError) as error:
        found = database_fault(error, place, file)
        if found is None:
            raise
        raise found from error


def database_fault(error: BaseException | None, place: str, file: Path) -> StoreError | None:
    """What ``error`` means where the database complains by it; None where it is anything else. See `database_faults`."""
    if isinstance(error, PoolTimeoutError):
        return fault(StoreBusyError, place)
    if not isinstance(error, DBAPIError) or (kind := _kind_of(error.orig)) is None:
        return None
    if kind is StoreUnreachableError and file.is_file() and not os.access(file.parent, os.W_OK):
        kind = StoreReadOnlyError
    return fault(kind, place, _first_line(error.orig))


def _kind_of(error: BaseException | None) -> type[StoreError] | None:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0)
        return _OF_SQLITE_EXTENDED.get(code) or _OF_SQLITE.get(code & _PRIMARY)
    state = getattr(error, "sqlstate", None)
    if state is None:
        return StoreUnreachableError if type(error).__name__ == "OperationalError" else None  # no answer from a server at all
    return _OF_POSTGRESQL.get(state, StoreUnreachableError if state.startswith(_LOST_CONNECTION) else None)


def _first_line(error: BaseException | None) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".:")
