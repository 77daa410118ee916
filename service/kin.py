"""A worker's kin: all processes it started, told by a mark in their environment.

Neither process groups nor parents tell them: what opens a stranger's file leads a session of its own, and a dead worker is nobody's parent.
"""

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_VARIABLE = "FORMTALLY_KIN"

_ROUNDS = 5
"""A process may be started while its kin are being ended; the next round finds it."""


@contextmanager
def marked() -> Iterator[str]:
    """Whatever is started within the block, and all that it starts, bears the mark that the block is given."""
    mark = secrets.token_hex(16)
    os.environ[_VARIABLE] = mark
    try:
        yield mark
    finally:
        del os.environ[_VARIABLE]


def own_mark() -> str:
    """The mark of this process; empty where it has none."""
    return os.environ.get(_VARIABLE, "")


def end_kin(mark: str) -> None:
    """Kill every process that bears ``mark``, except the one that calls."""
    for _ in range(_ROUNDS):
        kin = [process for process in _bearing(mark) if process != os.getpid()]
        for process in kin:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        if not kin:
            return


def _bearing(mark: str) -> Iterator[int]:
    wanted = f"{_VARIABLE}={mark}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it is another user's, or gone
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                yield int(folder.name)
