"""Runs `run_killed` over one folder of plans into many archives, some at once; what it stands on is imported once, and each run forked.

    python -c "from tests.service.jobs.run_many_killed import main; main()" FOLDER

Reads a line a run, ``["HOME", "DATABASE", MOMENT]``, and prints on its last line the codes with which they ended, in the same order. How
many moments there were in a run that lived stands in HOME.moments. By ``-c``, since each worker imports its main module anew.
"""

import json
import os
import signal
import sys
from pathlib import Path

from service.store.home import find_home
from tests.service.jobs.run_killed import read

AT_ONCE = 4
"""A run waits more than it computes."""

SECONDS = 120
"""A run that takes longer is ended, which is no code that a test expects."""

Run = tuple[str, str, int]
"""Home, database (empty for the one in the home), moment."""


def main() -> None:
    """Do it; see the module."""
    folder, runs = Path(sys.argv[1]), [json.loads(line) for line in sys.stdin]
    running: dict[int, int] = {}
    codes: dict[int, int] = {}
    for number, run in enumerate(runs):
        if len(running) == AT_ONCE:
            _await_one(running, codes)
        child = os.fork()
        if child == 0:
            _read(folder, run)
            return  # and ends as any program does
        running[child] = number
    while running:
        _await_one(running, codes)
    sys.stdout.write(json.dumps([codes[number] for number in range(len(runs))]) + "\n")


def _await_one(running: dict[int, int], codes: dict[int, int]) -> None:
    """Move the run that ends next from ``running``, numbers by process, to ``codes``, by number."""
    child, status = os.wait()
    codes[running.pop(child)] = os.waitstatus_to_exitcode(status)


def _read(folder: Path, run: Run) -> None:
    home, database, moment = run
    signal.alarm(SECONDS)
    count = read(find_home(home, database or None, None, {}), folder, moment)
    Path(f"{home}.moments").write_text(str(count))
