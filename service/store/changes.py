"""Whether anything has changed in a database: asked in microseconds, so that what was read a moment ago need not be read again."""

import sqlite3
from types import TracebackType
from typing import Final, Self

from service.store.database import SQLITE, Database

_QUESTION: Final = "PRAGMA data_version"
"""Another number after every commit of another connection, in this process or not (https://sqlite.org/pragma.html#pragma_data_version)."""


class Changes:
    """A connection that only asks this; for one thread at a time."""

    def __init__(self, database: Database) -> None:
        """Connect at the first question."""
        self._database = database
        self._connection: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._connection is not None:
            self._connection.close()

    def mark(self) -> int | None:
        """The same number as before where nothing was committed in between; None where that cannot be told, as on PostgreSQL."""
        if self._database.kind != SQLITE:
            return None
        try:
            if self._connection is None:
                self._connection = self._database.lone_connection()
            return int(self._connection.execute(_QUESTION).fetchone()[0])
        except sqlite3.Error:
            return None  # whoever reads instead is told why
