"""A run in a process of its own, for tests that end it: ``python -m tests.service.run_planned INPUT OUT WORKERS``."""

import sys
from pathlib import Path

from models.limits import Limits
from service.digitizing import digitize
from service.settings import Settings
from tests.service.planned_reader import PLANNED

if __name__ == "__main__":
    source, out, workers = sys.argv[1:]
    digitize(Settings((Path(source),), Path(out), int(workers), Limits()), PLANNED)
