"""The worker of a service: ``formtally worker`` that ends when the service is gone, also when that was killed.

    python -m service.serving.reading OPTION...

Its standard input is a pipe from the service that never says anything but its end.
"""

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from service.cli import main
from service.serving.keeping import END_SECONDS

_NICENESS = 10
"""Reading takes every core it is given; requests go first. The processes that read inherit it."""

_AUTOGROUP = Path("/proc/self/autogroup")
"""Of a session: Linux first shares the cores among sessions, each of which begins with the same share, and only within them by niceness
(sched(7)). The worker leads a session of its own."""

_SESSION_NICENESS = 5
"""Leaves reading a quarter of a core that requests keep busy without a pause: a page that takes 6 s alone must not take its whole minute
(`Limits.seconds_a_page`) and count as too slow."""


def step_back(autogroup: Path = _AUTOGROUP) -> None:
    """Let this process, its session and what it will start come after others."""
    os.nice(_NICENESS)
    with suppress(OSError):  # a kernel without it, or a container that shows it but does not let it be written
        autogroup.write_text(str(_SESSION_NICENESS))


def end_with(descriptor: int, patience: float = END_SECONDS) -> None:
    """End this process when ``descriptor`` ends: in order, or by force after ``patience`` seconds.

    The processes that read for it end with it by themselves (`service.worker`).
    """

    def watch() -> None:
        while os.read(descriptor, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(patience)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="end-with-service", daemon=True).start()


if __name__ == "__main__":
    step_back()
    end_with(sys.stdin.fileno())
    sys.exit(main(["worker", *sys.argv[1:]]))
