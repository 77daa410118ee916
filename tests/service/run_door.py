"""Any command of ``formtally`` with the reader of tests, in a process of its own: ``python -m tests.service.run_door COMMAND…``."""

import sys

from service.archiving import running
from service.cli import main
from tests.service.planned_reader import PLANNED

if __name__ == "__main__":
    setattr(running, "PIPELINE", PLANNED)  # noqa: B010  a constant everywhere else
    sys.exit(main(sys.argv[1:]))
