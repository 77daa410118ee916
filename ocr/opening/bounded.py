"""Run a program over a stranger's file within limits on time, memory and output, and name the way it ended.

The shell's own ``ulimit`` sets the limits and then becomes the program: no code of ours runs between fork and exec, so this is safe in
processes with threads, and it costs about a millisecond.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.errors import DamagedError, EncryptedError, FormTallyError, InstallationError, TooHungryError, TooLargeError, TooSlowError
from models.limits import Limits
from ocr.opening.source import Source

INPUT = "/dev/stdin"
"""What a child calls the stranger's file: its standard input. So a name can neither be taken for an option nor lead elsewhere meanwhile."""

_PREPARE = '{ ulimit -c 0; ulimit -v "$1"; ulimit -S -t "$2"; ulimit -f "$3"; } 2>/dev/null; shift 3; exec "$@"'
"""Where the system's own limit is lower already it refuses to raise it, and that one holds. The limit on the processor is soft: only then
does the child end with SIGXCPU and not with SIGKILL."""
_SLACK_BYTES = 1 << 20
"""Allowed over the pixels for headers and messages of a child."""
_SEEN_BYTES = 1 << 16
"""How much of a child's messages is looked at; a hostile file can provoke gigabytes of them."""
_CHILD = Path(__file__).with_name("child.py")
_TEXT_CHILD = Path(__file__).with_name("text_child.py")

_HUNGRY = re.compile(r"out of memory|bad_alloc|MemoryError|cannot allocate memory|failed to map segment", re.IGNORECASE)
_STARVED = re.compile(r"^Out of memory", re.MULTILINE)
_LARGE = re.compile(r"DecompressionBomb")
_LOCKED = re.compile(r"Incorrect password|security handler|Unsupported version/revision", re.IGNORECASE)
_NOT_INSTALLED = re.compile(r"ModuleNotFoundError|ImportError|error while loading shared libraries")


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left for one operation on one file.

    Attributes:
        limits: of the run.
        until: when time is up, seconds of `time.monotonic`.
    """

    limits: Limits
    until: float

    @classmethod
    def of(cls, limits: Limits) -> "Allowance":
        """The whole of it, from now on."""
        return cls(limits, time.monotonic() + limits.seconds_a_page)

    @property
    def output_bytes(self) -> int:
        """The most one child may write: three bytes for each pixel, and a little."""
        return 3 * self.limits.megapixels * 1_000_000 + _SLACK_BYTES


@dataclass(frozen=True, slots=True)
class Ended:
    """A child that ended by itself.

    Attributes:
        output: what it wrote to standard output, at its beginning.
        complaint: the beginning of what it wrote to standard error.
        status: its exit status; negative for a signal.
    """

    output: BinaryIO
    complaint: str
    status: int


def python_child(*arguments: str) -> list[str]:
    """The command that runs `ocr.opening.child` apart from our packages: isolated, started in tens of milliseconds."""
    return [sys.executable, "-I", str(_CHILD), *arguments]


def text_child(*arguments: str) -> list[str]:
    """The command that runs `ocr.opening.text_child` in the same way."""
    return [sys.executable, "-I", str(_TEXT_CHILD), *arguments]


@contextmanager
def run(command: Sequence[str], source: Source, allowance: Allowance) -> Iterator[Ended]:
    """Run ``command`` with ``source`` as standard input.

    Yields:
        The child, ended by itself, well or not (`checked` tells). Its output is gone when the context ends.

    Raises:
        InstallationError: the program is not installed.
        TooSlowError: time was up; the child and its children are killed.
    """
    program = shutil.which(command[0])
    if program is None:
        raise not_installed(command[0])
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        limited = ["/bin/sh", "-c", _PREPARE, "limited", *_limits(allowance), program, *command[1:]]
        # the command is ours, word for word; the stranger's file is standard input
        process = subprocess.Popen(limited, stdin=source.descriptor, stdout=output, stderr=errors, start_new_session=True)  # noqa: S603
        _wait(process, source.name, allowance)
        errors.seek(0)
        output.seek(0)
        yield Ended(output, errors.read(_SEEN_BYTES).decode("utf-8", "replace"), process.returncode)


def checked(ended: Ended, name: str) -> Ended:
    """``ended`` itself where it ended well, and memory sufficed: poppler leaves out what it has no memory for and still ends with 0.

    Args:
        ended: a child.
        name: of the stranger's file, for the message.

    Raises:
        FormTallyError: the named way in which it did not: too large, hungry, slow, encrypted, not installed, else damaged.
    """
    if ended.status == 0 and _STARVED.search(ended.complaint) is None:
        return ended
    raise _named(ended, name)


def not_installed(program: str) -> InstallationError:
    """The error for a missing program of poppler."""
    return InstallationError(f"{program} is missing.", "Install it: sudo apt-get install poppler-utils")


def _limits(allowance: Allowance) -> tuple[str, str, str]:
    seconds = max(1, int(allowance.until - time.monotonic()) + 1)
    # kibibytes of address space, seconds of processor, blocks of 512 bytes a file: the units POSIX gives ulimit
    return str(allowance.limits.megabytes * 1_000_000 // 1024), str(seconds), str(allowance.output_bytes // 512)


def _wait(process: subprocess.Popen[bytes], name: str, allowance: Allowance) -> None:
    """Wait without polling (``Popen.wait(timeout)`` sleeps up to 50 ms, ten times what pdfinfo takes)."""
    timer = threading.Timer(max(0.0, allowance.until - time.monotonic()), _kill, [process])
    timer.start()
    try:
        process.wait()
    finally:  # also where Ctrl-C ends the waiting: the child is in a session of its own and did not hear it
        timer.cancel()
        _kill(process)
        process.wait()
    if process.returncode == -signal.SIGKILL and time.monotonic() >= allowance.until:
        raise _slow(name)


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _named(ended: Ended, name: str) -> FormTallyError:
    if ended.status == -signal.SIGXCPU:
        return _slow(name)
    if ended.status == -signal.SIGXFSZ or _LARGE.search(ended.complaint):
        return TooLargeError(f"{name!r} has more pixels than the limit.", "Scan it at 300 dpi, or raise the limit on megapixels.")
    if ended.status == -signal.SIGKILL or _HUNGRY.search(ended.complaint):
        return TooHungryError(f"{name!r} needs more memory than the limit.", "Scan it again, or raise the limit on megabytes.")
    if _LOCKED.search(ended.complaint):
        return EncryptedError(f"{name!r} needs a password.", "Save it without a password.")
    if _NOT_INSTALLED.search(ended.complaint) or ended.status in (126, 127):
        return InstallationError(f"The program that opens pages cannot start: {_last_line(ended)}.", "Run `make setup` again.")
    return DamagedError(f"{name!r} cannot be decoded: {_last_line(ended)}.", "Scan or copy it again.")


def _slow(name: str) -> TooSlowError:
    return TooSlowError(f"Opening {name!r} took longer than the limit.", "Scan it again, or raise the limit on seconds a page.")


def _last_line(ended: Ended) -> str:
    lines = [line.strip() for line in ended.complaint.splitlines() if line.strip()]
    shown = "".join(character if character.isprintable() else "?" for character in lines[-1][:200]) if lines else f"status {ended.status}"
    return shown.rstrip(".")
