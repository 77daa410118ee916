"""Keeps one child process alive for as long as the service lives, and not a moment longer."""

import logging
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
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


class Keeper:
    """Starts a child, starts it again when it dies, and ends it with the block.

    The child leads a session of its own: Ctrl-C in a terminal reaches only this process, which then ends the child in order. Its standard
    input is a pipe that nobody writes into and whose other end dies with this process, however it dies: by that the child knows.
    What it prints goes to the log.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        name: str,
        pauses: Sequence[float] = PAUSES,
        patience: float = END_SECONDS,
    ) -> None:
        """Nothing is started yet.

        Args:
            command: of the child.
            environment: of the child, whole.
            name: in the log.
            pauses: before it is started again, s.
            patience: for its end, s.
        """
        self._command = list(command)
        self._environment = dict(environment)
        self._name = name
        self._pauses = tuple(pauses)
        self._patience = patience
        self._ending, self._living = threading.Event(), threading.Event()
        self._keeping = threading.Thread(target=self._keep, name=f"formtally-keep-{name}", daemon=True)

    def __enter__(self) -> Self:
        """Start it."""
        self._keeping.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End it, in peace or else by force."""
        self._ending.set()
        self._keeping.join()

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
            _LOG.error("the %s ended (%s) and is started again in %g s", self._name, _described(code), pause)
            self._ending.wait(pause)

    def _live(self) -> int | str:
        """One life of the child; its exit code, or why it was not born."""
        pipe = subprocess.PIPE
        try:
            child = subprocess.Popen(  # noqa: S603  the command is ours
                self._command, env=self._environment, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, start_new_session=True
            )
        except OSError as error:
            return str(error)
        with child, self._lives():
            listening = threading.Thread(target=_listen, args=(child.stdout, self._name), daemon=True)
            listening.start()
            while child.poll() is None and not self._ending.wait(_LOOK_SECONDS):
                pass
            if child.poll() is None:
                _end(child, self._patience)
        return child.returncode

    @contextmanager
    def _lives(self) -> Iterator[None]:
        self._living.set()
        try:
            yield
        finally:
            self._living.clear()


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
