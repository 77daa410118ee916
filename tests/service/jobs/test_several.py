"""Several processes share one archive on PostgreSQL, each with a home of its own as on a machine of its own."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from service.store.documents import State
from service.store.home import find_home
from service.store.opening import open_store
from service.store.reading import forms, states
from tests import postgres
from tests.service.planned_reader import LOG, VERSION

DOCUMENTS = 12
SECONDS = 120
READ = "from tests.service.jobs.run_killed import main; main()"
"""Not by ``-m``: each worker imports its main module anew."""


def start(folder: Path, name: str, database: str, version: str = "planned-1") -> "subprocess.Popen[bytes]":
    scans, files = folder / "scans", folder / "files"
    command = [sys.executable, "-c", READ, str(folder / name), database, str(scans), "0", str(files)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ | {VERSION: version})


def plans(folder: Path) -> None:
    scans = folder / "scans"
    scans.mkdir()
    for number in range(DOCUMENTS):
        (scans / f"{number}.pdf").write_text(f"pages=2 1=slow number={number}")


def wait_until_done(folder: Path, database: str, count: int) -> None:
    deadline = time.monotonic() + SECONDS
    with open_store(find_home(str(folder / "looking"), database, str(folder / "files"), {})) as store:
        while states(store)[State.DONE] < count:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def pages_read_again(folder: Path, database: str) -> int:
    """How many pages were begun more than once, where all documents were read once."""
    with open_store(find_home(str(folder / "looking"), database, str(folder / "files"), {})) as store:
        assert states(store) == {state: DOCUMENTS if state is State.DONE else 0 for state in State}
        assert [form.version for form in forms(store)] == [1] * (2 * DOCUMENTS)
    read = Counter((folder / "files" / "originals" / LOG).read_text().splitlines())
    assert len(read) == 2 * DOCUMENTS
    return read.total() - len(read)


@pytest.mark.postgres
def test_two_processes_read_each_document_once_though_one_is_killed_half_way(tmp_path: Path, postgres_url: str) -> None:
    plans(tmp_path)
    one, other = (start(tmp_path, name, postgres_url) for name in ("one", "other"))
    wait_until_done(tmp_path, postgres_url, DOCUMENTS // 2)
    assert one.poll() is None
    one.send_signal(signal.SIGKILL)
    one.wait()
    assert other.wait(SECONDS) == 0
    assert pages_read_again(tmp_path, postgres_url) <= 2  # pages that the killed one's workers had in hand


def test_processes_with_readers_of_two_versions_read_each_document_once(tmp_path: Path) -> None:
    """As while an archive is being upgraded: neither reads what the other has begun, nor writes over what the other has read."""
    plans(tmp_path)
    database = f"sqlite:///{tmp_path}/archive.sqlite3"
    both = [start(tmp_path, version, database, version) for version in ("planned-1", "planned-2")]
    assert [process.wait(SECONDS) for process in both] == [0, 0]
    assert pages_read_again(tmp_path, database) == 0


@pytest.mark.postgres
def test_two_processes_go_on_when_the_server_was_started_again(tmp_path: Path) -> None:
    found = postgres.programs()
    if found is None:
        pytest.fail("PostgreSQL's server is not installed: run scripts/system-packages check")
    plans(tmp_path)
    with postgres.cluster(found) as cluster:
        database = postgres.new_database(cluster)
        both = [start(tmp_path, name, database) for name in ("one", "other")]
        wait_until_done(tmp_path, database, DOCUMENTS // 3)
        postgres.restart(found, cluster)
        assert [process.wait(SECONDS) for process in both] == [0, 0]
        pages_read_again(tmp_path, database)
