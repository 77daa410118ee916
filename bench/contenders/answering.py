"""How a contender talks: one JSON list of page files a line on standard input, one JSON answer a line on standard output.

Standard library only: it runs in the other programs' environments too.
"""

import json
import resource
import sys
import time
from collections.abc import Callable


def answer(read: Callable[[str], int]) -> None:
    """Read pages until standard input ends; ``read`` takes one file and says how many text lines it found."""
    out = sys.stdout
    sys.stdout = sys.stderr  # what the libraries print must not mix with the answers
    print("{}", file=out, flush=True)
    for request in sys.stdin:
        started = time.perf_counter()
        lines = sum(read(page) for page in json.loads(request))
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps({"seconds": seconds, "lines": lines, "peak_mb": peak}), file=out, flush=True)
