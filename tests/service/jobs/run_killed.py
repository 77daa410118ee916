"""Adds a folder of plans to an archive and reads it; ends itself with SIGKILL at one of the moments when something becomes durable.

    python -m tests.service.jobs.run_killed HOME DATABASE FOLDER MOMENT [FILES]

A moment is a commit of a transaction that wrote, of ours or of DBOS, or a file taking its name: it dies just before the one numbered
MOMENT, from 1; 0 lets it live. FILES is where originals are, if not in HOME. At its end it prints how many there were.
"""

import os
import signal
import sys
import threading
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from models.limits import Limits
from service.archiving.adding import add
from service.archiving.running import unfinished, work
from service.jobs.crew import Means
from service.reader import ReaderSpec
from service.store.home import Home, find_home
from service.store.opening import open_store
from tests.service.planned_reader import PLANNED


class Moments:
    """Counts what becomes durable in this process."""

    def __init__(self, last: int) -> None:
        self.count, self._last, self._lock = 0, last, threading.Lock()

    def one(self) -> None:
        """One more is about to come; the last never does."""
        with self._lock:
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """See every commit and every renaming from now on."""
        rename = os.replace

        def replace(source: str, target: str) -> None:
            self.one()
            rename(source, target)

        def executed(connection: Connection, _: object, statement: str, *__: object) -> None:
            if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
                connection.info["wrote"] = True

        def committing(connection: Connection) -> None:
            if connection.info.pop("wrote", False):
                self.one()

        setattr(os, "replace", replace)  # noqa: B010  its other arguments are used by nobody here
        event.listen(Engine, "before_cursor_execute", executed)
        event.listen(Engine, "commit", committing)


def read(home: Home, folder: Path, moment: int) -> int:
    """Read what is in ``folder`` up to ``moment``, and tell how many moments there were; see the module."""
    moments = Moments(moment)
    with open_store(home) as store:
        moments.watch()
        for added in add(store, [folder], None, Limits()):
            assert added.refusal is None
        work(store, Means(ReaderSpec(PLANNED, Limits()), 2, 1024, (0.1,)), until=lambda now: not unfinished(now))
    return moments.count


def main() -> None:
    """Do it; see the module."""
    home, database, folder, moment, *files = sys.argv[1:]
    count = read(find_home(home, database or None, files[0] if files else None, {}), Path(folder), int(moment))
    sys.stdout.write(f"{count}\n")


if __name__ == "__main__":
    main()
