"""Asking a process of limited means about a stranger's file; what it says against the file is an error here."""

import logging
from concurrent.futures import CancelledError
from typing import Final

from models import errors
from models.errors import InputError, InstallationError, PageLostError, TooSlowError
from models.limits import Limits
from service.answers import NO_START, START_ATTEMPTS, raise_if_fatal, seconds_for
from service.jobs.readers import Readers
from service.messages import Failed, Task
from service.pool import Late, Lost, Result

_LOG = logging.getLogger("formtally.web")

_ATTEMPTS = 2
"""A file over which a process dies twice is at fault itself."""

_ENDING = InstallationError("The service is ending.", "Send it again when it is back.")


def ask(readers: Readers, task: Task, limits: Limits, shown: str, name: str) -> Result:
    """What comes of ``task``, which is no failure. Blocks.

    Args:
        readers: whom to ask.
        task: about one file.
        limits: on that file.
        shown: by what the process knows the file.
        name: by what a person knows it.

    Raises:
        InputError: the file is at fault.
        InstallationError: nobody can be asked.
    """
    died = 0
    for _ in range(_ATTEMPTS + START_ATTEMPTS):
        try:
            result = readers.ask(task, seconds_for(task, limits))
        except CancelledError:
            raise _ENDING from None
        died += isinstance(result, Lost) and result.working
        if not isinstance(result, Lost) or died == _ATTEMPTS:
            return _judged(result, shown, name)
    raise NO_START


def _judged(result: Result, shown: str, name: str) -> Result:
    match result:
        case Lost():
            raise PageLostError(f"{name!r} ends every process that looks at it.", "Scan it again, or save it by another program.")
        case Late():
            raise TooSlowError(f"{name!r} takes longer to open than it may.", "Scan it again at 300 dpi.")
        case Failed():
            if result.trace:
                _LOG.error(result.trace)
            raise_if_fatal(result)
            kind = _INPUT_ERRORS.get(result.code, InputError)
            raise kind(result.what.replace(repr(shown), repr(name)), result.remedy)
    return result


def _family(root: type[InputError]) -> dict[str, type[InputError]]:
    found = {root.code: root}
    for child in root.__subclasses__():
        found |= _family(child)
    return found


_INPUT_ERRORS: Final = _family(errors.InputError)
"""What a process sends is a code; here it is an error again."""
