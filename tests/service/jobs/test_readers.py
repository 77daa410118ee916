"""One pool for many threads."""

import os
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from multiprocessing import active_children
from pathlib import Path

import pytest

from models.errors import FormTallyError
from models.limits import Limits
from service.jobs.readers import Readers
from service.messages import Inspect, Inspected, Kept, Read, Task
from service.pool import Lost, Pool, Result
from service.reader import ReaderSpec
from tests.service.planned_reader import PLANNED


def pool(folder: Path, size: int = 2) -> Pool:
    return Pool(size, ReaderSpec(PLANNED, Limits()), 1024, folder)


def wait_for(what: Callable[[], bool]) -> None:
    ending = time.monotonic() + 30
    while not what():
        assert time.monotonic() < ending
        time.sleep(0.02)


def no_fault(error: FormTallyError) -> None:
    raise AssertionError(error)


def plan(folder: Path, name: str, text: str) -> Path:
    path = folder / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def inspect(path: Path) -> Inspect:
    return Inspect(os.fsencode(path))


def read(path: Path) -> Read:
    return Read(os.fsencode(path), 1, path.name.encode() + b".content")


def test_each_thread_gets_its_own_answer(tmp_path: Path) -> None:
    paths = [plan(tmp_path, f"{pages}.pdf", f"pages={pages}") for pages in range(1, 9)]
    with Readers(pool(tmp_path), no_fault) as readers, ThreadPoolExecutor(len(paths)) as threads:
        answers = list(threads.map(lambda path: readers.ask(inspect(path), 60), paths))
    assert answers == [Inspected(pages, ()) for pages in range(1, 9)]


def test_a_free_worker_does_not_wait_for_the_busy_one(tmp_path: Path) -> None:
    slow, quick = plan(tmp_path, "slow.pdf", "pages=1 1=hang"), plan(tmp_path, "quick.pdf", "pages=1")
    with ThreadPoolExecutor(1) as threads:
        with Readers(pool(tmp_path), no_fault) as readers:
            waiting: Future[Result] = threads.submit(readers.ask, read(slow), 600)
            assert readers.ask(read(quick), 60) == Kept()
            assert not waiting.done()
        with pytest.raises(CancelledError):
            waiting.result(timeout=60)


def test_a_worker_that_dies_costs_its_own_task_alone(tmp_path: Path) -> None:
    dying, living = plan(tmp_path, "dying.pdf", "pages=1 1=die"), plan(tmp_path, "living.pdf", "pages=1")
    with Readers(pool(tmp_path), no_fault) as readers, ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(lambda path: readers.ask(read(path), 60), [dying, living]))
    assert answers == [Lost(working=True), Kept()]


def test_nobody_waits_for_workers_that_have_ended(tmp_path: Path) -> None:
    path = plan(tmp_path, "late.pdf", "pages=1")
    with Readers(pool(tmp_path), no_fault) as readers:
        pass
    with pytest.raises(CancelledError):
        readers.ask(inspect(path), 60)


def test_equal_tasks_are_answered_each(tmp_path: Path) -> None:
    path = plan(tmp_path, "same.pdf", "pages=3")
    with Readers(pool(tmp_path), no_fault) as readers, ThreadPoolExecutor(4) as threads:
        assert list(threads.map(lambda _: readers.ask(inspect(path), 60), range(4))) == [Inspected(3, ())] * 4


def test_a_fault_of_ours_is_told_and_leaves_nobody_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[FormTallyError] = []
    path = plan(tmp_path, "one.pdf", "pages=1")

    def results(*_: object) -> list[tuple[Task, Result]]:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(Pool, "results", results)
    with Readers(pool(tmp_path), told.append) as readers, pytest.raises(CancelledError):
        readers.ask(inspect(path), 60)
    assert [error.code for error in told] == ["installation"]


def test_workers_are_ended_when_nobody_asks_and_started_again_when_somebody_does(tmp_path: Path) -> None:
    path = plan(tmp_path, "a.pdf", "pages=3")

    def workers() -> int:
        return len(active_children())

    before = workers()
    with Readers(pool(tmp_path, 1), no_fault, idle_seconds=0.2) as readers:
        assert workers() == before
        for _ in range(2):
            assert readers.ask(inspect(path), 60) == Inspected(3, ())
            wait_for(lambda: workers() == before)


def test_a_worker_at_its_task_is_not_idle(tmp_path: Path) -> None:
    slow = plan(tmp_path, "slow.pdf", "pages=1 1=slow")
    with Readers(pool(tmp_path, 1), no_fault, idle_seconds=0.05) as readers:
        assert readers.ask(read(slow), 60) == Kept()
