"""What an answer of a worker means: a problem of the input, or the end of all work; the same for every door."""

from models.errors import ExitCode, FormTallyError, InstallationError, OutputError, PageLostError, PageUnreadableError, TooSlowError
from models.form import Problem
from models.limits import Limits
from service.messages import Assemble, Failed, ReadTurned, Spoilt, Task
from service.pool import Late, Lost

LOST = PageLostError("The worker process died twice over this.", "Look at it with `formtally show`; run again to have it tried once more.")
LATE = TooSlowError("This took longer than the limit.", "Raise --page-seconds if the page is worth it.")
SPOILT = PageUnreadableError("Pages read are kept on disk, but could not be read back, twice.", "Check the disk, then run again.")

START_ATTEMPTS = 3
"""Workers in a row that die before they do anything: then it is not the input's fault."""

NO_START = InstallationError(
    "Worker processes end before they can read anything.", "Run `formtally doctor`; try fewer --workers if memory is short."
)

_SECONDS_A_KEPT_PAGE = 10
"""For putting together a document, for each of its pages, beside the time for one page. It takes well under a second."""


def problem_of(failure: Lost | Late | Spoilt | Failed, page: int) -> Problem:
    """What is said of ``page`` (1-based; 0 for the whole input) whose task came to ``failure``."""
    match failure:
        case Failed():
            return Problem(page, failure.code, f"{failure.what} {failure.remedy}")
        case Lost():
            error: FormTallyError = LOST
        case Late():
            error = LATE
        case Spoilt():
            error = SPOILT
    return Problem(page, error.code, str(error))


def is_fatal(result: object) -> bool:
    """Whether ``result`` says that there is no use in going on: it is not the input's fault."""
    return isinstance(result, Failed) and result.exit_code in (ExitCode.INSTALLATION, ExitCode.OUTPUT)


def raise_if_fatal(result: object) -> None:
    """Raise what the worker sent as a value, where it is not the input's fault.

    Raises:
        InstallationError: a part is missing; no input can be read.
        OutputError: results cannot be written.
    """
    if isinstance(result, Failed) and is_fatal(result):
        kind = InstallationError if result.exit_code == ExitCode.INSTALLATION else OutputError
        raise kind(result.what, result.remedy)


def seconds_for(task: Task, limits: Limits) -> float:
    """How long ``task`` may take.

    A page has the limit for being opened, which ends by itself then, and once more for being read, or looked at again.
    """
    if isinstance(task, Assemble):
        return limits.seconds_a_page + (_SECONDS_A_KEPT_PAGE + limits.seconds_a_page) * len(task.pages)
    if isinstance(task, ReadTurned):
        return 3 * limits.seconds_a_page + _SECONDS_A_KEPT_PAGE * len(task.others)
    return 2 * limits.seconds_a_page
