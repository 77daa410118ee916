"""One process tree: it begins together, mends itself, and ends together, however it is ended."""

import http.client
import os
import re
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePath

import pytest

from service.store.documents import Found, State, register
from service.store.home import find_home
from service.store.opening import open_store
from service.store.reading import counts
from tests.service.planned_reader import pages_read
from tests.service.serving.receivers import wait_until

MARK = "TESTED_SERVICE"
SECONDS = 60


class Running:
    """A service under test, and all processes that it started, told by a mark in their environment."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.mark = secrets.token_hex(8)
        command = [sys.executable, "-m", "tests.service.serving.run_service", str(home), *options]
        environment = os.environ | {MARK: self.mark}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True)
        self.said = ""

    def url(self) -> str:
        """Where it is, once it says so."""
        assert self.process.stdout is not None
        self.said += self.process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", self.said)
        assert found, self.process.stderr.read() if self.process.stderr else ""
        return found[0]

    def members(self) -> dict[int, str]:
        """Every living process of the tree with its command line."""
        wanted = f"{MARK}={self.mark}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if wanted in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def workers(self) -> list[int]:
        """The child that reads; empty while there is none."""
        return [process for process, command in self.members().items() if "run_worker" in command]

    def give(self, plan: str) -> None:
        """Have a plan read."""
        with open_store(find_home(str(self.home), None, None, {})) as store:
            register(store, Found(PurePath("/a.pdf")), BytesIO(plan.encode()))

    def done(self) -> int:
        """Documents read."""
        with open_store(find_home(str(self.home), None, None, {})) as store:
            return counts(store).documents[State.DONE]


@contextmanager
def running(home: Path, *options: str) -> Iterator[Running]:
    service = Running(home, *options)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.communicate()
        wait_until(lambda: not service.members())


def get(url: str, path: str = "/") -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)
    connection.request("GET", path)
    answer = connection.getresponse()
    told = answer.status, answer.read().decode(), {name.lower(): value for name, value in answer.getheaders()}
    connection.close()
    return told


def test_it_answers_and_reads_what_waits(tmp_path: Path) -> None:
    with running(tmp_path / "home") as service:
        status, text, headers = get(service.url())
        assert (status, text) == (200, "here")
        assert "server" not in headers
        service.give("pages=2")
        wait_until(lambda: service.done() == 1, SECONDS)


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_ends_everything_in_order(tmp_path: Path, ending: signal.Signals) -> None:
    """As Ctrl-C in a terminal: the signal goes to the whole group; a page is being read, and a stream of events never ends."""
    with running(tmp_path / "home") as service:
        url = service.url()
        service.give("pages=2 2=hang")
        wait_until(lambda: len(pages_read(service.home / "originals" / "x")) == 2, SECONDS)
        stream = http.client.HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)
        stream.request("GET", "/forever")
        assert stream.getresponse().readline() == b"again\n"
        os.killpg(service.process.pid, ending)
        assert service.process.wait(SECONDS) == 130
        wait_until(lambda: not service.members())
        stream.close()


def test_when_it_is_killed_nothing_of_it_stays(tmp_path: Path) -> None:
    with running(tmp_path / "home") as service:
        service.url()
        service.give("pages=1 1=child")
        wait_until(lambda: len(service.members()) >= 4, SECONDS)
        service.process.kill()
        wait_until(lambda: not service.members(), SECONDS)


def test_a_worker_that_dies_is_replaced_and_its_document_read(tmp_path: Path) -> None:
    with running(tmp_path / "home") as service:
        url = service.url()
        service.give("pages=1 1=slow")
        wait_until(service.workers, SECONDS)
        (first,) = service.workers()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: service.workers() not in ([], [first]), SECONDS)
        assert get(url)[0] == 200
        wait_until(lambda: service.done() == 1, SECONDS)


def test_when_it_is_killed_a_worker_that_hears_nothing_ends_too(tmp_path: Path) -> None:
    with running(tmp_path / "home", "--deaf") as service:
        service.url()
        wait_until(service.workers, SECONDS)
        service.process.kill()
        wait_until(lambda: not service.members(), SECONDS)


def test_the_first_start_prints_a_link_that_no_log_of_requests_would_show(tmp_path: Path) -> None:
    with running(tmp_path / "home", "--invitation", "once") as service:
        url = service.url()
        assert service.process.stdout is not None
        assert f" {url}/welcome#once\n" in service.process.stdout.readline()


def test_strangers_cannot_be_first(tmp_path: Path) -> None:
    with running(tmp_path / "home", "--invitation", "once", "--host", "0.0.0.0") as service:  # noqa: S104
        said, complained = service.process.communicate(timeout=SECONDS)
        assert service.process.returncode == 1
        assert "no password yet" in complained
        assert said == ""
    with running(tmp_path / "home", "--host", "0.0.0.0") as service:  # noqa: S104
        assert service.process.stdout is not None
        assert "http://0.0.0.0:" in service.process.stdout.readline()
