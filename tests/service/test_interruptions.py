"""Runs that are ended from outside, at their worst moments."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.service.planned_reader import pages_read

ROOT = Path(__file__).parents[2]
SECONDS = 60
"""For anything to happen; on an idle machine all of it takes less than three."""


@contextmanager
def _running(source: Path, workers: int = 2) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.service.run_planned", str(source), str(source.parent / "out"), str(workers)]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _wait_until(holds: Callable[[], object]) -> None:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < SECONDS, "it did not happen"
        time.sleep(0.02)


def _children(process: int) -> list[int]:
    """Processes that ``process`` started and that still live."""
    return [int(child) for task in Path(f"/proc/{process}/task").glob("*") for child in (task / "children").read_text().split()]


def _alive(process: int) -> bool:
    """Whether a process runs; one that has ended but was not waited for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _put(folder: Path, **plans: str) -> Path:
    folder.mkdir()
    for name, plan in plans.items():
        (folder / f"{name}.pdf").write_text(plan)
    return folder


def test_after_the_whole_run_was_killed_the_next_one_goes_on_page_by_page(tmp_path: Path) -> None:
    source = _put(tmp_path / "in", a="pages=1", b="pages=6 4=hang", c="pages=1")
    with _running(source, workers=1) as process:
        _wait_until(lambda: "b.pdf 4" in pages_read(source))
        workers = _children(process.pid)
        assert workers
        process.kill()
        _wait_until(lambda: not any(map(_alive, workers)))
    assert pages_read(source) == ["a.pdf 1", "b.pdf 1", "b.pdf 2", "b.pdf 3", "b.pdf 4"]
    assert not (tmp_path / "out/b.json").exists()
    done = (tmp_path / "out/a.json").stat().st_mtime_ns
    with _running(source, workers=1) as process:
        _wait_until(lambda: pages_read(source).count("b.pdf 4") == 2)
        process.send_signal(signal.SIGINT)
        process.wait(SECONDS)
    assert pages_read(source)[5:] == ["b.pdf 4"]
    assert (tmp_path / "out/a.json").stat().st_mtime_ns == done


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_keeps_what_was_finished_and_says_so(tmp_path: Path, ending: signal.Signals) -> None:
    source = _put(tmp_path / "in", a="pages=1", b="pages=2 2=hang")
    with _running(source, workers=1) as process:
        _wait_until(lambda: "b.pdf 2" in pages_read(source))
        workers = _children(process.pid)
        process.send_signal(ending)
        process.wait(SECONDS)
    _wait_until(lambda: not any(map(_alive, workers)))
    summary = json.loads((tmp_path / "out/summary.json").read_bytes())
    assert (summary["exit_code"], summary["finished"]) == (130, False)
    assert [entry["output"] for entry in summary["inputs"]] == ["a.json"]
    assert (tmp_path / "out/a.json").is_file()


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_what_a_worker_had_started_ends_with_the_run(tmp_path: Path, ending: signal.Signals) -> None:
    source = _put(tmp_path / "in", a="pages=1 1=child")
    with _running(source) as process:
        child = _child_of(source)
        assert _alive(child)
        process.send_signal(ending)
        _wait_until(lambda: not _alive(child))


def test_what_a_dead_worker_had_started_ends_too(tmp_path: Path) -> None:
    source = _put(tmp_path / "in", a="pages=2 1=orphan 2=hang")
    with _running(source, workers=1):
        child = _child_of(source)
        _wait_until(lambda: not _alive(child))


def _child_of(source: Path) -> int:
    mark = source / ".child"
    _wait_until(lambda: mark.exists() and mark.read_text())
    return int(mark.read_text())


def test_a_worker_killed_from_outside_while_idle_or_loading_costs_nothing(tmp_path: Path) -> None:
    source = _put(tmp_path / "in", a="pages=8 1=slow 2=slow 3=slow 4=slow 5=slow 6=slow 7=slow 8=slow")
    with _running(source, workers=2) as process:
        _wait_until(lambda: len(_children(process.pid)) >= 2)
        for child in _children(process.pid):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        assert process.wait(SECONDS) == 0
    document = json.loads((tmp_path / "out/a.json").read_bytes())
    assert len(document["forms"]) == 8


def test_a_second_run_over_the_same_folder_at_the_same_time_is_refused(tmp_path: Path) -> None:
    source = _put(tmp_path / "in", a="pages=1 1=hang")
    with _running(source) as first:
        _wait_until(lambda: pages_read(source))
        with _running(source) as second:
            second.wait(SECONDS)
            assert second.stderr is not None
            assert "Another run is writing" in second.stderr.read()
        assert first.poll() is None
