"""What a step does about errors: the one place where a workflow's become values, waits or the end of this process's work."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from models.errors import FormTallyError, PageUnreadableError
from models.form import Problem
from service.answers import problem_of
from service.jobs.desk import PassingError, StoppedError
from service.pool import Lost

_LOG = logging.getLogger(__name__)

_T = TypeVar("_T")


def patiently(attempt: Callable[[], _T], page: int, pauses: tuple[float, ...], stop: Callable[[FormTallyError], None]) -> _T | Problem:
    """What ``attempt`` comes to; tried again while what hinders it may pass, in the end a problem of ``page``.

    Args:
        attempt: what is to be done.
        page: 1-based; 0 for the whole document.
        pauses: before each further attempt, s.
        stop: is told what is not the document's fault.

    Raises:
        StoppedError: after ``stop`` was told.
    """
    for pause in (*pauses, None):
        try:
            return attempt()
        except PassingError:
            if pause is not None:
                time.sleep(pause)
        except FormTallyError as error:
            stop(error)
            raise StoppedError from error
        except Exception as error:  # noqa: BLE001  a fault of ours in one document must not cost the others; it is reported with its trace
            _LOG.exception("a step of a document failed")
            fault = PageUnreadableError(
                f"Reading failed with {type(error).__name__}: {error}.", "Report this, with the scan if you may share it."
            )
            return Problem(page, fault.code, str(fault))
    return problem_of(Lost(working=True), page)
