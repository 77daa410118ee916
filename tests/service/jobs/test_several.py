"""Several processes share one archive on PostgreSQL."""

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
from service.store.reading import counts, forms
from tests.service.planned_reader import LOG

DOCUMENTS = 12
SECONDS = 120


def start(home: Path, database: str, scans: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.service.jobs.run_killed", str(home), database, str(scans), "0"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def done(home: Path, database: str) -> int:
    with open_store(find_home(str(home), database, None, {})) as store:
        return counts(store).documents[State.DONE]


@pytest.mark.postgres
def test_two_processes_read_each_document_once_though_one_is_killed_half_way(tmp_path: Path, postgres_url: str) -> None:
    scans, home = tmp_path / "scans", tmp_path / "home"
    scans.mkdir()
    for number in range(DOCUMENTS):
        (scans / f"{number}.pdf").write_text(f"pages=2 1=slow number={number}")
    one, other = (start(home, postgres_url, scans) for _ in range(2))
    deadline = time.monotonic() + SECONDS
    while done(home, postgres_url) < DOCUMENTS // 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    one.send_signal(signal.SIGKILL)
    one.wait()
    assert other.wait(SECONDS) == 0
    with open_store(find_home(str(home), postgres_url, None, {})) as store:
        assert counts(store).documents == {state: DOCUMENTS if state is State.DONE else 0 for state in State}
        assert [form.version for form in forms(store)] == [1] * (2 * DOCUMENTS)
    read = Counter((home / "originals" / LOG).read_text().splitlines())
    assert len(read) == 2 * DOCUMENTS
    assert sum(read.values()) - len(read) <= 2  # pages that the killed one's workers had in hand
