"""A child is started again when it dies, not too often, and ended for good with its keeper."""

import logging
import os
import sys
import time
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from service.serving.keeping import Child, Keeper
from tests.service.serving.receivers import wait_until


def child(code: str, *arguments: str) -> Child:
    return Child([sys.executable, "-c", code, *arguments], os.environ, "worker")


def alive(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


NOTE = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); "


def test_it_is_started_again_with_longer_and_longer_pauses(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import sys, time; open(sys.argv[1], 'a').write(f'{time.monotonic()}\\n'); sys.exit(4)"
    with Keeper(child(code, str(log)), (0.1, 1.0)):
        wait_until(lambda: log.exists() and len(log.read_text().splitlines()) >= 4)
    begun = [float(line) for line in log.read_text().splitlines()]
    pauses = [after - before for before, after in pairwise(begun)]
    assert 0.1 <= pauses[0] < 1
    assert all(pause >= 1 for pause in pauses[1:])


def test_what_hears_nothing_is_ended_by_force(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {NOTE}time.sleep(600)"
    with Keeper(child(code, str(log)), patience=0.5):
        wait_until(lambda: log.exists() and log.read_text())
        begun = time.monotonic()
    assert 0.5 <= time.monotonic() - begun < 5
    assert not alive(int(log.read_text()))


def test_who_asks_is_told_whether_the_child_lives() -> None:
    keeper = Keeper(child("input()"), (600.0,), patience=0.5)
    assert not keeper.alive()
    with keeper:
        wait_until(keeper.alive)
    assert not keeper.alive()
    with Keeper(child(""), (600.0,)) as dead:
        wait_until(dead.alive)
        wait_until(lambda: not dead.alive())


def test_it_reads_nothing_from_the_terminal_and_leads_a_session_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "log"
    told = "f'{os.getsid(0) == os.getpid()} {os.fstat(0).st_mode >> 12}'"
    code = f"import os, sys, time; open(sys.argv[1], 'w').write({told}); time.sleep(600)"
    with Keeper(child(code, str(log))):
        wait_until(lambda: log.exists() and log.read_text())
    assert log.read_text() == "True 1"  # a pipe


def test_what_it_prints_goes_to_the_log_and_so_does_its_end(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    code = "import sys; print('a.pdf: 2 pages read'); sys.stderr.write('\\x1b[2J' + 'x' * 100_000); sys.exit(3)"
    with Keeper(child(code), (60.0,)):
        wait_until(lambda: any("exit code 3" in line for line in caplog.messages))
        wait_until(lambda: "a.pdf: 2 pages read" in caplog.messages)
    assert "the worker ended (exit code 3) and is started again in 60 s" in caplog.messages


def test_a_command_that_is_not_there_is_told_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    with Keeper(Child(["/nonexistent/program"], os.environ, "worker"), (0.05,)):
        wait_until(lambda: sum("No such file" in line for line in caplog.messages) >= 2)


def test_it_inherits_what_it_is_given_and_who_wants_to_is_told_of_each_life() -> None:
    reading, writing = os.pipe()
    told: list[bool] = []
    code = f"import os; os.write({writing}, b'heir')"
    heir = Child([sys.executable, "-c", code], os.environ, "worker", (writing,), own_log=True)
    with Keeper(heir, (600.0,), told=told.append):
        assert os.read(reading, 4) == b"heir"
        wait_until(lambda: told == [True, False])
    os.close(reading)
    os.close(writing)


def test_several_end_at_the_same_time(tmp_path: Path) -> None:
    slow = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: time.sleep(1.5) or sys.exit()); "
    logs = [tmp_path / name for name in ("a", "b", "c")]
    with ExitStack() as stack:
        keepers = [stack.enter_context(Keeper(child(f"{slow}{NOTE}time.sleep(600)", str(log)))) for log in logs]
        wait_until(lambda: all(log.exists() and log.read_text() for log in logs))
        begun = time.monotonic()
        for keeper in keepers:
            keeper.end()
    assert 1.4 < time.monotonic() - begun < 4
