"""A service in a process of its own, for tests that look at it from outside: ``python -m tests.service.web.run_served HOME``.

Prints its port and an uploader's token.
"""

import signal
import sys
import threading
from pathlib import Path

from service.web.app import create_app
from tests.service.web.serving import archive, listening, settings

if __name__ == "__main__":
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with archive(Path(sys.argv[1])) as kept, listening(create_app(kept.store, settings())) as url:
        print(url.rpartition(":")[2], kept.tokens["uploader"], flush=True)
        ended.wait()
