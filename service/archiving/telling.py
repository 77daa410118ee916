"""``formtally archive status`` and ``formtally archive retry``: what there is, and another try for what could not be read."""

import sys
from argparse import Namespace

from models.errors import ExitCode
from service.archiving.progress import problem_lines
from service.archiving.running import summary
from service.report import print_line
from service.store.documents import State, mark
from service.store.home import home_of
from service.store.opening import open_existing
from service.store.reading import counts, failed
from service.wording import plural


def run_status(options: Namespace) -> ExitCode:
    """Print how much there is, and what could not be read; 2 where there is such.

    Raises:
        FormTallyError: the store cannot be read.
    """
    with open_existing(home_of(options)) as store:
        now, faulty = counts(store), failed(store, ())
    print_line(summary(now), sys.stdout)
    for each in faulty:
        for line in problem_lines(each):
            print_line(f"{each.sha256[:12]} {line}", sys.stdout)
    return ExitCode.INPUT if faulty else ExitCode.OK


def run_retry(options: Namespace) -> ExitCode:
    """Have documents that could not be read tried again by the next ``archive run``.

    Raises:
        FormTallyError: the store cannot be written.
    """
    with open_existing(home_of(options)) as store:
        again = failed(store, options.documents)
        for each in again:
            mark(store, each.sha256, State.WAITING)
    print_line(f"{plural(len(again), 'document')} to be tried again.", sys.stdout)
    return ExitCode.OK
