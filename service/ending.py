"""Requests to end a command."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ends_orderly() -> Iterator[None]:
    """For the block, a polite request to end (SIGTERM, a closed terminal) is the same as Ctrl-C."""
    earlier = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
