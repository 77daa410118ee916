"""What DBOS complains of: faults of the database, which it only logs. They end this process's work, in one sentence.

On a full disk DBOS itself tries for ever, without a word, and drops what it has in hand.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import StoreBusyError, StoreUnreachableError
from service.jobs.ending import Ending
from service.store.database import Database
from service.store.faults import database_fault

_LOG = logging.getLogger(__name__)


@contextmanager
def heard(database: Database, ending: Ending) -> Iterator[None]:
    """For the block, begin ``ending`` when DBOS complains of ``database``; its other errors go to our own log."""
    logger, handler = logging.getLogger("dbos"), _Complaints(database, ending)
    logger.addHandler(handler)  # before DBOS adds the console, which it does where there is no other
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Complaints(logging.Handler):
    """Called in the thread that complains, while the exception is being handled: most of DBOS's records carry only its text."""

    def __init__(self, database: Database, ending: Ending) -> None:
        super().__init__(logging.WARNING)
        self._database, self._ending = database, ending

    def emit(self, record: logging.LogRecord) -> None:
        fault = database_fault(sys.exc_info()[1], self._database.place, self._database.file)
        if fault is None:
            if record.levelno >= logging.ERROR and not self._ending.begun.is_set():
                _LOG.error(record.getMessage(), exc_info=record.exc_info)
        elif not isinstance(fault, StoreBusyError | StoreUnreachableError):  # a database that is away for a while is waited for
            self._ending.begin(fault)
