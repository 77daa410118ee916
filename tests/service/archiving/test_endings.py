"""Ctrl-C and SIGTERM at the doors of an archive: what was registered or read stays, and nothing is left behind."""

import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from service.cli import main
from service.store.documents import State
from service.store.home import DATABASE_FILE, find_home
from service.store.opening import open_store
from service.store.reading import counts
from tests.service.doors import SECONDS, alive, descendants, left, originals, run, started, wait_until
from tests.service.planned_reader import LOG

INTERRUPTED = "formtally: interrupted. What was finished stays; run the same command to go on from there."


def end(process: "subprocess.Popen[str]", how: signal.Signals) -> str:
    """Ask ``process`` to end, which it does in good order and with all it started; what it had said on stdout."""
    family = descendants(process.pid)
    process.send_signal(how)
    out, err = process.communicate(timeout=SECONDS)
    assert (process.returncode, err.strip()) == (130, INTERRUPTED)
    wait_until(lambda: not any(map(alive, family)))
    return out


def documents(home: Path) -> dict[State, int]:
    with closing(open_store(find_home(str(home), None, None, {}))) as store:
        return {state: count for state, count in counts(store).documents.items() if count}


def read(home: Path) -> int:
    """How many pages workers began to read."""
    log = home / "originals" / LOG
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_adding_keeps_what_was_registered_and_goes_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    scans, home = tmp_path / "scans", tmp_path / "home"
    scans.mkdir()
    for number in range(200):
        (scans / f"{number}.pdf").write_text(f"pages=1 number={number}")
    with started("archive", "add", scans, "--home", home) as process:
        wait_until(lambda: len(list(home.glob("originals/*/*"))) > 5)
        end(process, signal.SIGINT)
    registered = documents(home)[State.WAITING]
    assert 5 <= registered < 200
    assert len(originals(home)) - registered in (0, 1)  # the original comes before the row that names it
    assert left(home) == []
    assert main(["archive", "add", str(scans), "--home", str(home)]) == 0
    assert capfd.readouterr().out == f"{200 - registered} documents added, {registered} known, 0 refused.\n"
    assert len(originals(home)) == 200


def test_reading_keeps_the_pages_that_were_read_and_goes_on(tmp_path: Path) -> None:
    scans, home = tmp_path / "scans", tmp_path / "home"
    scans.mkdir()
    (scans / "a.pdf").write_text("pages=1")
    (scans / "b.pdf").write_text("pages=3 3=hang-once")
    assert main(["archive", "add", str(scans), "--home", str(home)]) == 0
    with started("archive", "run", "--workers", "2", "--home", home) as process:
        wait_until(lambda: read(home) == 4 and documents(home).get(State.DONE))
        assert len(descendants(process.pid)) >= 2
        end(process, signal.SIGINT)
    assert documents(home) == {State.DONE: 1, State.READING: 1}
    assert left(home) == []
    again = run("archive", "run", "--workers", "2", "--home", home)
    assert again.stdout.endswith("2 documents (2 done), 4 forms (4 clear).\n"), again.stderr
    assert read(home) == 5
    assert left(home) == []


def test_a_worker_ends_at_once_in_the_middle_of_a_page(tmp_path: Path) -> None:
    scans, home = tmp_path / "scans", tmp_path / "home"
    scans.mkdir()
    (scans / "a.pdf").write_text("pages=2 2=hang")
    assert main(["archive", "add", str(scans), "--home", str(home)]) == 0
    with started("worker", "--workers", "1", "--home", home) as process:
        wait_until(lambda: read(home) == 2)
        end(process, signal.SIGTERM)
    assert documents(home) == {State.READING: 1}
    assert left(home) == []


def test_a_watch_keeps_what_it_has_registered(tmp_path: Path) -> None:
    scans, home = tmp_path / "scans", tmp_path / "home"
    scans.mkdir()
    (scans / "a.pdf").write_text("pages=1")
    with started("archive", "watch", scans, "--home", home) as process:
        wait_until(lambda: (home / DATABASE_FILE).exists() and documents(home))
        said = end(process, signal.SIGTERM)
    assert said == f"{scans}/a.pdf: added\n"
    assert documents(home) == {State.WAITING: 1}
    assert left(home) == []
