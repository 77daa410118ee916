"""The workers of one process, shared by its threads: each workflow asks for a task and waits for what comes of it.

A pool belongs to one thread. That thread is here; the others leave their tasks in a queue and wake it through a pipe.
"""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass
from multiprocessing import Pipe
from types import TracebackType
from typing import Self

from models.errors import FormTallyError, InstallationError
from service.messages import Task
from service.pool import Pool, Result

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A task, how long it may take (s), and who waits for it."""

    task: Task
    seconds: float
    answer: "Future[Result]"


class Readers:
    """A context manager around a `Pool`; leaving it ends the workers, and whoever still waits is told that they were lost."""

    def __init__(self, pool: Pool, stop: Callable[[FormTallyError], None], idle_seconds: float | None = None) -> None:
        """Nothing is started yet; ``pool`` is no longer the caller's.

        Args:
            pool: the workers.
            stop: is told when they cannot be asked any more.
            idle_seconds: after which workers are ended that nobody has asked for anything; None to keep them.
        """
        self._pool, self._stop, self._idle_seconds = pool, stop, idle_seconds
        self._asked: deque[_Asked] = deque()
        self._lock = threading.Lock()
        self._here, self._there = Pipe(duplex=False)
        self._closing = self._closed = False
        self._thread = threading.Thread(target=self._serve, name="readers", daemon=True)

    def __enter__(self) -> Self:
        """Start the thread that the pool belongs to."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End every worker."""
        self._closing = True
        self._wake()
        self._thread.join()
        self._here.close()
        self._there.close()

    def ask(self, task: Task, seconds: float) -> Result:
        """Wait until a worker has done ``task``, or died of it, or has taken longer than ``seconds``.

        Raises:
            CancelledError: the workers were ended before.
        """
        asked = _Asked(task, seconds, Future())
        with self._lock:  # one writer at a time, and none behind the last
            if self._closed:
                raise CancelledError
            self._asked.append(asked)
            self._there.send_bytes(b"\0")
        return asked.answer.result()

    def _wake(self) -> None:
        with self._lock:
            if not self._closed:
                self._there.send_bytes(b"\0")

    def _serve(self) -> None:
        under_way: list[_Asked] = []
        try:
            with self._pool as pool:
                while not self._closing:
                    self._hand_out(pool, under_way)
                    if not pool.busy and not self._here.poll(self._idle_seconds):
                        pool.rest()
                        self._here.poll(None)
                    for task, result in pool.results(self._here):
                        done = next(asked for asked in under_way if asked.task is task)
                        under_way.remove(done)
                        done.answer.set_result(result)
                    while self._here.poll():
                        self._here.recv_bytes()
        except OSError as error:  # no process can be started any more
            self._stop(InstallationError(f"Workers cannot be started: {error.strerror}.", "Free memory or processes, then run again."))
        except Exception as error:  # noqa: BLE001  nobody would be answered any more, and nobody told
            _LOG.exception("handing out tasks failed")
            self._stop(
                InstallationError(f"Handing out tasks failed with {type(error).__name__}: {error}.", "Report this; run again to go on.")
            )
        finally:
            with self._lock:
                self._closed = True
                left = [*under_way, *self._asked]
            for asked in left:
                asked.answer.cancel()

    def _hand_out(self, pool: Pool, under_way: list[_Asked]) -> None:
        while pool.free > 0 and self._asked:
            asked = self._asked.popleft()
            under_way.append(asked)
            pool.start(asked.task, asked.seconds)
