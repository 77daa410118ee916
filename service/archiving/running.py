"""``formtally archive run`` and ``formtally worker``: work until everything is read, or until somebody ends it."""

import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

from models.errors import ExitCode, StoreBusyError, StoreUnreachableError
from service.archiving.progress import BarProgress, PlainProgress
from service.double_keying import double_keyed
from service.ending import ends_orderly
from service.jobs.crew import Crew, Means, at_work
from service.jobs.patience import Absence
from service.machine import sensible_workers
from service.reader import PIPELINE, ReaderSpec
from service.report import print_line
from service.settings import check_share, learned, limits_of, positive, setting_values, target_error
from service.store.documents import State
from service.store.home import home_of
from service.store.opening import Store, open_store
from service.store.reading import Counts, counts, failed, states
from service.store.reviewed import ReviewedState
from service.store.reviews import Checks
from service.store.writing import now as clock
from service.store.writing import shortly_before
from service.wording import plural

LOOK_SECONDS = 0.5
"""Between looks at what was done: what a person takes for at once."""

TAKE_OVER_SECONDS = 10
"""Between looks for the documents of processes that have ended."""


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
    reader = ReaderSpec(PIPELINE, limits_of(values), target_error(options.target_error, os.environ), learned(options.learned, os.environ))
    workers = sensible_workers() if options.workers is None else positive(options.workers, "--workers")
    checks = Checks(check_share(options.check_share, os.environ), double_keyed(options.double_keyed, os.environ))
    return Means(reader, workers, values["worker_megabytes"], checks=checks)


def work(store: Store, means: Means, until: Callable[[Mapping[State, int]], bool]) -> None:
    """Work until ``until`` says so of how many documents are in each state. A database that is away for a while is waited for.

    Raises:
        FormTallyError: there is no use in going on.
    """
    with at_work(store, means) as crew, BarProgress(store) if sys.stderr.isatty() else PlainProgress(store) as progress:
        turn, absence = _Turn(store, crew), Absence()
        while True:
            try:
                now = turn.take()
                progress.tell(now)
            except (StoreBusyError, StoreUnreachableError) as error:
                if absence.bear(error):
                    print_line(f"{error} Waiting for it.", sys.stderr)
            else:
                absence.end()
                if until(now):
                    return
            _wait(crew)


@dataclass(slots=True)
class _Turn:
    """What is to be done again and again."""

    store: Store
    crew: Crew
    _looked: float = -inf
    _handed_in: str = ""

    def take(self) -> dict[State, int]:
        """Hand in what has come, take over what others left; how many documents are in each state."""
        self.crew.keep()
        now = states(self.store)
        idle = now[State.WAITING] > 0 and not now[State.READING]
        if idle or self._looked == -inf:
            self.crew.start_over()  # whatever took these documents has gone
        if idle or time.monotonic() - self._looked >= TAKE_OVER_SECONDS:
            self.crew.take_over()
            self._handed_in, self._looked = "", time.monotonic()
        if now[State.WAITING]:
            begun = shortly_before(clock())
            self.crew.hand_in(self._handed_in)
            self._handed_in = begun
        return now


def _wait(crew: Crew) -> None:
    """Until it is time for another look.

    Raises:
        FormTallyError: there is no use in going on.
    """
    if crew.ending.begun.wait(LOOK_SECONDS) and crew.ending.fault is not None:
        raise crew.ending.fault


def unfinished(now: Mapping[State, int]) -> int:
    """Documents that are still to be read."""
    return now[State.WAITING] + now[State.READING]


def summary(now: Counts) -> str:
    """How much there is, and how far people have come with it, on one line."""
    states = ", ".join(f"{count} {state}" for state, count in now.documents.items() if count)
    forms = ", ".join(f"{count} {review.replace('_', ' ')}" for review, count in now.forms.items() if count)
    total = sum(now.documents.values())
    people = {state: count for state, count in now.reviewed.items() if count and state is not ReviewedState.NONE}
    reviews = ", ".join(f"{count} {state}" for state, count in people.items())
    told = f", {plural(sum(people.values()), 'review')} ({reviews})" if people else ""
    return f"{plural(total, 'document')} ({states or 'none'}), {plural(sum(now.forms.values()), 'form')} ({forms or 'none'}){told}."
