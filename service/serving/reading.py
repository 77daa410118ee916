"""The worker of a service: ``formtally worker`` that ends when the service is gone, also when that was killed.

    python -m service.serving.reading OPTION...

Its standard input is a pipe from the service that never says anything but its end.
"""

import os
import signal
import sys
import threading
import time

from service.cli import main
from service.serving.keeping import END_SECONDS

_NICENESS = 10
"""Reading takes every core it is given; requests go first. The processes that read inherit it."""


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
    os.nice(_NICENESS)
    end_with(sys.stdin.fileno())
    sys.exit(main(["worker", *sys.argv[1:]]))
