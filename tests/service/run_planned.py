"""A run in a process of its own, for tests that end it: ``python -m tests.service.run_planned INPUT OUT WORKERS``.

Imports stand where the program begins: each worker imports its main module anew.
"""

if __name__ == "__main__":
    import sys
    from pathlib import Path

    from models.limits import Limits
    from service.digitizing import digitize
    from service.settings import Settings
    from tests.service.planned_reader import PLANNED

    source, out, workers = sys.argv[1:]
    digitize(Settings((Path(source),), Path(out), int(workers), Limits()), PLANNED)
