"""Keeps one child process alive for as long as the service lives, and not a moment longer."""

import logging
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Self

_LOG = logging.getLogger(__name__)

PAUSES = (1.0, 2.0, 5.0, 15.0, 60.0)
"""Before the child is started again, s; the last again and again. A full disk or missing weights are mended by a person, not by haste."""

_STEADY_SECONDS = 120
"""A child that lived so long had started well: the pauses begin anew."""

END_SECONDS = 30.0
"""What a child may take to end in peace: a worker waits 20 s for the threads of its workflows."""

_LOOK_SECONDS = 0.2
_LONGEST_LINE = 4096


@dataclass(frozen=True, slots=True)
class Child:
    """What is to be kept alive.

    Attributes:
        command: that starts it.
        environment: of it, whole.
        name: in the log.
        descriptors: that it inherits, each under the same number.
        own_log: it writes into our log by itself, on standard error; else what it prints is put there line by line.
    """

    command: Sequence[str]
    environment: Mapping[str, str]
    name: str
    descriptors: Sequence[int] = ()
    own_log: bool = False


class Keeper:
    """Starts a child, starts it again when it dies, and ends it with the block.

    The child leads a session of its own: Ctrl-C in a terminal reaches only this process, which then ends the child in order. Its standard
    input is a pipe that nobody writes into and whose other end dies with this process, however it dies: by that the child knows.
    """

    def __init__(
        self,
        child: Child,
        pauses: Sequence[float] = PAUSES,
        patience: float = END_SECONDS,
        told: Callable[[bool], None] = lambda _: None,
    ) -> None:
        """Nothing is started yet.

        Args:
            child: to be kept.
            pauses: before it is started again, s.
            patience: for its end, s.
            told: hears whether it lives, each time that changes.
        """
        self._child = child
        self._pauses = tuple(pauses)
        self._patience = patience
        self._told = told
        self._ending, self._living = threading.Event(), threading.Event()
        self._keeping = threading.Thread(target=self._keep, name=f"formtally-keep-{child.name}", daemon=True)

    def __enter__(self) -> Self:
        """Start it."""
        self._keeping.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End it, in peace or else by force."""
        self.end()
        self._keeping.join()

    def end(self) -> None:
        """Begin to end it: several children may so end at the same time."""
        self._ending.set()

    def alive(self) -> bool:
        """Whether the child lives just now."""
        return self._living.is_set()

    def _keep(self) -> None:
        """One thread alone starts and ends the child, so that none is started behind an end."""
        failures = 0
        while not self._ending.is_set():
            begun = time.monotonic()
            code = self._live()
            if self._ending.is_set():
                return
            failures = 1 if time.monotonic() - begun > _STEADY_SECONDS else failures + 1
            pause = self._pauses[min(failures, len(self._pauses)) - 1]
            _LOG.error("the %s ended (%s) and is started again in %g s", self._child.name, _described(code), pause)
            self._ending.wait(pause)

    def _live(self) -> int | str:
        """One life of the child; its exit code, or why it was not born."""
        try:
            child = self._start()
        except OSError as error:
            return str(error)
        with child, self._lives():
            if child.stdout is not None:
                threading.Thread(target=_listen, args=(child.stdout, self._child.name), daemon=True).start()
            while child.poll() is None and not self._ending.wait(_LOOK_SECONDS):
                pass
            if child.poll() is None:
                _end(child, self._patience)
        return child.returncode

    def _start(self) -> subprocess.Popen[bytes]:
        output, errors = (subprocess.DEVNULL, None) if self._child.own_log else (subprocess.PIPE, subprocess.STDOUT)
        return subprocess.Popen(  # noqa: S603  the command is ours
            self._child.command,
            env=self._child.environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=errors,
            pass_fds=self._child.descriptors,
            start_new_session=True,
        )

    @contextmanager
    def _lives(self) -> Iterator[None]:
        self._living.set()
        self._told(True)
        try:
            yield
        finally:
            self._living.clear()
            self._told(False)


def _end(child: subprocess.Popen[bytes], patience: float) -> None:
    child.terminate()
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        child.kill()


def _listen(stream: IO[bytes], name: str) -> None:
    """Put what the child prints into the log, line by line."""
    log = logging.getLogger(f"{__name__}.{name}")
    while line := stream.readline(_LONGEST_LINE):
        log.info("%s", line.decode("utf-8", "backslashreplace").rstrip())


def _described(code: int | str) -> str:
    if isinstance(code, str):
        return code
    return f"signal {-code}" if code < 0 else f"exit code {code}"
