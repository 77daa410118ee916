"""Reads the plans that come into an archive, in a process of its own: ``python -m tests.service.web.pages.run_worker HOME``.

Imports stand where the program begins: each worker imports its main module anew.
"""

if __name__ == "__main__":
    import sys

    from models.limits import Limits
    from service.archiving.running import work
    from service.ending import ends_orderly
    from service.jobs.crew import Means
    from service.reader import ReaderSpec
    from service.store.home import find_home
    from service.store.opening import open_store
    from tests.service.planned_reader import PLANNED

    with ends_orderly(), open_store(find_home(sys.argv[1], None, None, {})) as store:
        work(store, Means(ReaderSpec(PLANNED, Limits()), 1, 1024, (0.1,)), until=lambda _: False)
