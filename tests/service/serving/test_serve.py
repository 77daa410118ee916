"""One process tree: it begins together, mends itself, and ends together, however it is ended."""

import http.client
import os
import signal
from pathlib import Path

import pytest

from tests.service.planned_reader import pages_read
from tests.service.serving.receivers import wait_until
from tests.service.serving.running import SECONDS, running


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
        said, _ = service.process.communicate(timeout=SECONDS)
        assert service.process.returncode == 1
        assert "no password yet" in service.log.read_text()
        assert said == ""
    with running(tmp_path / "home", "--host", "0.0.0.0") as service:  # noqa: S104
        assert service.process.stdout is not None
        assert "http://0.0.0.0:" in service.process.stdout.readline()
