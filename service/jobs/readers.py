"""The workers of one process, shared by its threads: each workflow asks for a task and waits for what comes of it.

A pool belongs to one thread. That thread is here; the others leave their tasks in a queue and wake it through a pipe.
"""

import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing import Pipe
from types import TracebackType
from typing import Self

from service.messages import Task
from service.pool import Pool, Result


@dataclass(frozen=True, slots=True)
class _Asked:
    """A task, how long it may take (s), and who waits for it."""

    task: Task
    seconds: float
    answer: "Future[Result]"


class Readers:
    """A context manager around a `Pool`; leaving it ends the workers, and whoever still waits is told that they were lost."""

    def __init__(self, pool: Pool) -> None:
        """Nothing is started yet; ``pool`` is no longer the caller's."""
        self._pool = pool
        self._asked: deque[_Asked] = deque()
        self._lock = threading.Lock()
        self._here, self._there = Pipe(duplex=False)
        self._closing = False
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
        with self._lock:
            self._asked.append(asked)
        self._wake()
        return asked.answer.result()

    def _wake(self) -> None:
        with self._lock:  # one writer at a time
            self._there.send_bytes(b"\0")

    def _serve(self) -> None:
        under_way: dict[Task, Future[Result]] = {}
        with self._pool as pool:
            while not self._closing:
                self._hand_out(pool, under_way)
                if not pool.busy:
                    self._here.poll(None)
                for task, result in pool.results(self._here):
                    under_way.pop(task).set_result(result)
                while self._here.poll():
                    self._here.recv_bytes()
        for answer in (*under_way.values(), *(asked.answer for asked in self._asked)):
            answer.cancel()

    def _hand_out(self, pool: Pool, under_way: dict[Task, "Future[Result]"]) -> None:
        while pool.free > 0 and self._asked:
            asked = self._asked.popleft()
            under_way[asked.task] = asked.answer
            pool.start(asked.task, asked.seconds)
