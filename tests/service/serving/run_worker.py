"""The worker of a service in tests: reads plans (`tests.service.planned_reader`) and ends with the service.

    python -m tests.service.serving.run_worker [deaf]

``deaf``: it does not hear a polite request to end. Imports stand where the program begins: each worker imports its main module anew.
"""

if __name__ == "__main__":
    import os
    import signal
    import sys
    import time

    from models.limits import Limits
    from service.archiving.running import work
    from service.jobs.crew import Means
    from service.reader import ReaderSpec
    from service.serving.reading import end_with
    from service.store.home import find_home
    from service.store.opening import open_store
    from tests.service.planned_reader import PLANNED

    if "deaf" in sys.argv:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        end_with(sys.stdin.fileno(), 0.5)
        while True:
            time.sleep(1)
    end_with(sys.stdin.fileno())
    with open_store(find_home(None, None, None, os.environ)) as kept:
        work(kept, Means(ReaderSpec(PLANNED, Limits()), 1, 1024, (0.1,)), until=lambda _: False)
