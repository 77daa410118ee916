"""A service for tests whose workers read plans, with an app of its own and an outbox in memory.

    python -m tests.service.serving.run_service HOME [--host HOST] [--invitation SECRET] [--deaf] [--web] [--processes N]

``--web``: app and outbox are the real ones, and webhooks may lead to this machine. ``--deaf``: the worker does not hear a request to end.
"""

import argparse
import logging
import sys

from models.errors import ExitCode, FormTallyError
from service.serving.outbox import StoredOutbox
from service.serving.serve import Parts, Service, serve
from service.store.home import find_home
from tests.service.serving.receivers import LOOPBACK, MemoryOutbox

ANSWERER = "from tests.service.serving.run_answerer import main; main()"


def main() -> int:
    """Do it; see the module. Errors end it as `service.cli` does."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--invitation", default="")
    parser.add_argument("--deaf", action="store_true")
    parser.add_argument("--web", action="store_true")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    worker = (sys.executable, "-m", "tests.service.serving.run_worker", *(["deaf"] if options.deaf else []))
    answerer = (sys.executable, "-c", ANSWERER, *(["--web"] if options.web else []))
    networks = LOOPBACK if options.web else ()
    service = Service(find_home(options.home, None, None, {}), options.host, 0, worker, answerer, options.processes, networks)
    parts = Parts(
        StoredOutbox if options.web else lambda _: MemoryOutbox(),
        lambda _: not options.invitation,
        lambda _: str(options.invitation),
    )
    try:
        serve(service, parts)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except FormTallyError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code


if __name__ == "__main__":
    sys.exit(main())
