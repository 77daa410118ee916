"""Worker processes, each on a pipe of its own: whichever dies, at whatever moment, takes nothing with it but its own task."""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

import msgspec

from service.kin import end_kin, marked
from service.machine import resident_megabytes
from service.messages import Answer, Task, Working
from service.reader import ReaderSpec
from service.worker import serve

START_SECONDS = 180
"""For starting a worker and loading the engine: 5 s on an idle core, far more where many start at once from a slow disk."""

TASKS_A_WORKER = 1000
"""A worker is replaced after this many tasks: PaddleOCR's memory grows over tens of thousands of images (PaddleOCR#15866)."""

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM")
"""What tells NumPy, SciPy, ONNX Runtime and OpenCV to keep to one thread; read when they are loaded."""


@dataclass(frozen=True, slots=True)
class Lost:
    """The worker died. ``working``: over the task itself, else while it was being started."""

    working: bool


@dataclass(frozen=True, slots=True)
class Late:
    """The task took longer than it may; its worker was ended."""


Result: TypeAlias = Answer | Lost | Late


@dataclass(slots=True)
class _Worker:
    """A process and what it is doing; ``task`` None where idle."""

    process: SpawnProcess
    mark: str
    connection: Connection
    task: Task | None = None
    seconds: float = 0
    deadline: float = 0
    working: bool = False
    tasks: int = 0


class Pool:
    """At most ``size`` workers, started when they are needed; a context manager that leaves no process behind."""

    def __init__(self, size: int, reader: ReaderSpec, megabytes: int, out: Path) -> None:
        """Nothing is started yet.

        Args:
            size: workers.
            reader: what workers read with.
            megabytes: a worker that holds more after a task is replaced.
            out: folder that workers write into.
        """
        self._size = size
        self._reader = reader
        self._megabytes = megabytes
        self._out = os.fsencode(out)
        self._workers: list[_Worker] = []
        self._decoder: msgspec.msgpack.Decoder[Working | Answer] = msgspec.msgpack.Decoder(Working | Answer)

    def __enter__(self) -> Self:
        """Keep every thread count at one, for the processes to come."""
        resource_tracker.ensure_running()  # now, or it would be taken for kin of the first worker
        os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """End every worker at once."""
        for worker in self._workers:
            _end(worker)
        self._workers.clear()

    @property
    def free(self) -> int:
        """How many tasks can be started now."""
        return self._size - self.busy

    @property
    def busy(self) -> int:
        """How many tasks are under way."""
        return sum(worker.task is not None for worker in self._workers)

    def rest(self) -> None:
        """End the workers that have nothing to do; the next task starts one."""
        for worker in [worker for worker in self._workers if worker.task is None]:
            self._remove(worker)

    def start(self, task: Task, seconds: float) -> None:
        """Give ``task`` to a worker. Its ``seconds`` count from where all it needs is loaded."""
        worker = next((worker for worker in self._workers if worker.task is None), None) or self._new()
        worker.task, worker.seconds, worker.working = task, seconds, False
        worker.deadline = time.monotonic() + START_SECONDS
        with suppress(BrokenPipeError, ConnectionResetError):  # it died idle: `results` will find out
            worker.connection.send_bytes(msgspec.msgpack.encode(task))

    def results(self, interruption: Connection | None = None) -> list[tuple[Task, Result]]:
        """Wait until at least one task has come to an end, and tell which and how; empty where none is under way.

        Args:
            interruption: where it has something to say, waiting ends with what has come to an end until then; None waits on.
        """
        found: list[tuple[Task, Result]] = []
        interrupting = [] if interruption is None else [interruption]
        interrupted = False
        while self.busy and not found and not interrupted:
            nearest = min(worker.deadline for worker in self._workers if worker.task is not None)
            ready = wait([*(worker.connection for worker in self._workers), *interrupting], max(0.0, nearest - time.monotonic()))
            interrupted = interruption in ready
            for worker in list(self._workers):
                result = self._heard(worker) if worker.connection in ready else self._late(worker)
                if result is not None and worker.task is not None:
                    found.append((worker.task, result))
                    worker.task = None
        return found

    def _heard(self, worker: _Worker) -> Result | None:
        try:
            message = self._decoder.decode(worker.connection.recv_bytes())
        except (EOFError, OSError, msgspec.DecodeError):
            self._remove(worker)
            return Lost(worker.working)
        if isinstance(message, Working):
            worker.working, worker.deadline = True, time.monotonic() + worker.seconds
            return None
        worker.tasks += 1
        if worker.tasks >= TASKS_A_WORKER or resident_megabytes(worker.process.pid or 0) > self._megabytes:
            self._remove(worker)
        return message

    def _late(self, worker: _Worker) -> Result | None:
        if worker.task is None or time.monotonic() < worker.deadline:
            return None
        self._remove(worker)
        return Late() if worker.working else Lost(working=False)

    def _new(self) -> _Worker:
        here, there = get_context("spawn").Pipe()
        process = get_context("spawn").Process(target=serve, args=(there, self._reader, self._out), name="formtally-worker")
        with marked() as mark:
            process.start()
        there.close()
        worker = _Worker(process, mark, here)
        self._workers.append(worker)
        return worker

    def _remove(self, worker: _Worker) -> None:
        _end(worker)
        self._workers.remove(worker)


def _end(worker: _Worker) -> None:
    """End the worker with everything it started."""
    worker.process.kill()
    end_kin(worker.mark)
    worker.process.join()
    worker.process.close()
    worker.connection.close()
