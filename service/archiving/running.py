"""``formtally archive run`` and ``formtally worker``: work until everything is read, or until somebody ends it."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable

from models.errors import ExitCode
from service.archiving.progress import BarProgress, PlainProgress
from service.ending import ends_orderly
from service.jobs.crew import Crew, Means, at_work
from service.machine import sensible_workers
from service.reader import PIPELINE, ReaderSpec
from service.report import print_line
from service.settings import limits_of, positive, setting_values, target_error
from service.store.documents import State
from service.store.home import home_of
from service.store.opening import Store, open_store
from service.store.reading import Counts, counts, failed
from service.wording import plural

LOOK_SECONDS = 0.5
"""Between looks at what was done: what a person takes for at once."""

TAKE_OVER_SECONDS = 10
"""Between looks for documents that came meanwhile, and for those of processes that have ended."""


def run(options: Namespace) -> ExitCode:
    """Read everything that waits, by this process and any other at work, and say what came of it; 2 where something could not be read.

    Raises:
        FormTallyError: there is no use in going on.
        KeyboardInterrupt: Ctrl-C or a signal to end; the same command goes on.
    """
    with ends_orderly(), open_store(home_of(options)) as store:
        work(store, means_of(options), until=lambda now: not unfinished(now))
        last, faulty = counts(store), failed(store, ())
    print_line(summary(last), sys.stdout)
    return ExitCode.INPUT if faulty else ExitCode.OK


def run_worker(options: Namespace) -> ExitCode:
    """Read whatever waits until a signal to end.

    Raises:
        FormTallyError: there is no use in going on.
        KeyboardInterrupt: Ctrl-C or a signal to end.
    """
    with ends_orderly(), open_store(home_of(options)) as store:
        work(store, means_of(options), until=lambda _: False)
    return ExitCode.OK


def means_of(options: Namespace) -> Means:
    """What the command line and the environment give to work with.

    Raises:
        UsageError: a value makes no sense.
    """
    values = setting_values(vars(options), os.environ)
    reader = ReaderSpec(PIPELINE, limits_of(values), target_error(options.target_error, os.environ))
    workers = sensible_workers() if options.workers is None else positive(options.workers, "--workers")
    return Means(reader, workers, values["worker_megabytes"])


def work(store: Store, means: Means, until: Callable[[Counts], bool]) -> None:
    """Work until ``until`` says so of how much there is.

    Raises:
        FormTallyError: there is no use in going on.
    """
    with at_work(store, means) as crew, BarProgress(store) if sys.stderr.isatty() else PlainProgress(store) as progress:
        crew.start_over()
        looked = -TAKE_OVER_SECONDS * 1.0
        while True:
            now = counts(store)
            idle = now.documents[State.WAITING] and not now.documents[State.READING]
            if idle:
                crew.start_over()  # whatever took these documents has gone
            if idle or time.monotonic() - looked >= TAKE_OVER_SECONDS:
                crew.take_over()
                crew.hand_in()
                looked = time.monotonic()
            progress.tell(now)
            if until(now):
                return
            _wait(crew)


def _wait(crew: Crew) -> None:
    """Until it is time for another look.

    Raises:
        FormTallyError: there is no use in going on.
    """
    if crew.ending.begun.wait(LOOK_SECONDS) and crew.ending.fault is not None:
        raise crew.ending.fault


def unfinished(now: Counts) -> int:
    """Documents that are still to be read."""
    return now.documents[State.WAITING] + now.documents[State.READING]


def summary(now: Counts) -> str:
    """How much there is, on one line."""
    states = ", ".join(f"{count} {state}" for state, count in now.documents.items() if count)
    forms = ", ".join(f"{count} {review.replace('_', ' ')}" for review, count in now.forms.items() if count)
    total = sum(now.documents.values())
    return f"{plural(total, 'document')} ({states or 'none'}), {plural(sum(now.forms.values()), 'form')} ({forms or 'none'})."
