"""What a step does about errors: the one place where a workflow's become values, waits or the end of this process's work."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from models.errors import FormTallyError, PageUnreadableError, StoreBusyError, StoreError, StoreUnreachableError
from models.form import Problem
from service.answers import problem_of
from service.jobs.desk import PassingError, StoppedError
from service.jobs.ending import Ending
from service.pool import Lost

_LOG = logging.getLogger(__name__)

_T = TypeVar("_T")

AWAY_SECONDS = 300
"""How long the database may be away or held before there is no use in waiting: a server takes a minute or two to be started again."""

_AWAY_PAUSE = 2.0
"""Between looks whether it is back, s."""


def patiently(attempt: Callable[[], _T], page: int, pauses: tuple[float, ...], ending: Ending) -> _T | Problem:
    """What ``attempt`` comes to; tried again while what hinders it may pass, in the end a problem of ``page``.

    Args:
        attempt: what is to be done.
        page: 1-based; 0 for the whole document.
        pauses: before each further attempt, s.
        ending: is told what is not the document's fault, and tells that this process is ending.

    Raises:
        StoppedError: this process is ending: what ``attempt`` comes to now is nothing that may be kept.
    """
    for pause in (*pauses, None):
        try:
            return _with_database(attempt, ending)
        except PassingError:
            if pause is not None and ending.begun.wait(pause):
                raise StoppedError from None
        except FormTallyError as error:
            ending.begin(error)
            raise StoppedError from error
        except Exception as error:
            if ending.begun.is_set():
                raise StoppedError from error
            _LOG.exception("a step of a document failed")
            what = f"Reading failed with {type(error).__name__}: {error}."
            fault = PageUnreadableError(what, "Report this, with the scan if you may share it.")
            return Problem(page, fault.code, str(fault))
    return problem_of(Lost(working=True), page)


def _with_database(attempt: Callable[[], _T], ending: Ending) -> _T:
    """What ``attempt`` comes to when the database is there."""
    absence = Absence()
    while True:
        try:
            return attempt()
        except (StoreBusyError, StoreUnreachableError) as error:
            absence.bear(error)
            if ending.begun.wait(_AWAY_PAUSE):
                raise StoppedError from None


@dataclass(slots=True)
class Absence:
    """A database that is away or held, as long as that lasts."""

    _since: float = inf

    def bear(self, error: StoreError) -> bool:
        """Go on waiting; whether it has only just begun.

        Raises:
            StoreError: ``error``, where there is no use in waiting any longer.
        """
        begins, self._since = self._since == inf, min(self._since, time.monotonic())
        if time.monotonic() - self._since >= AWAY_SECONDS:
            raise error
        return begins

    def end(self) -> None:
        """It is back."""
        self._since = inf
