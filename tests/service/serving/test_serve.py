"""One process tree: it begins together, mends itself, and ends together, however it is ended."""

import http.client
import os
import signal
import time
from pathlib import Path

import pytest

from tests.service.planned_reader import pages_read
from tests.service.serving.receivers import wait_until
from tests.service.serving.run_answerer import METRICS
from tests.service.serving.running import SECONDS, running


def get(url: str, path: str = "/") -> tuple[int, str, dict[str, str]]:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)
    connection.request("GET", path, headers={"Authorization": f"Bearer {METRICS}"})
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


def test_two_processes_answer_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    with running(tmp_path / "home") as service:
        url = service.url()
        wait_until(lambda: len({get(url, "/process")[1] for _ in range(4)}) == 2, SECONDS)
        first = service.answerers()
        assert {int(get(url, "/process")[1]) for _ in range(4)} == first
        killed = first.pop()
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: killed not in service.answerers(), SECONDS)
        time.sleep(0.3)
        assert {int(get(url, "/process")[1]) for _ in range(4)} == first
        wait_until(lambda: len({get(url, "/process")[1] for _ in range(4)}) == 2, SECONDS)


def test_who_comes_while_nobody_answers_waits_for_who_is_next(tmp_path: Path) -> None:
    with running(tmp_path / "home", "--processes", "1") as service:
        url = service.url()
        first = get(url, "/process")[1]
        os.kill(int(first), signal.SIGKILL)
        assert get(url, "/process")[1] != first


def test_what_all_of_them_counted_is_added_up_and_their_worker_is_known(tmp_path: Path) -> None:
    with running(tmp_path / "home", "--web") as service:
        url = service.url()
        wait_until(lambda: get(url, "/readyz")[0] == 200, SECONDS)
        wait_until(lambda: service.log.read_text().count("Application startup complete") == 2, SECONDS)
        time.sleep(0.5)
        for _ in range(10):
            assert get(url, "/healthz")[0] == 200
        counted = {get(url, "/metrics")[1].partition('route="/healthz",status="200"} ')[2].partition("\n")[0] for _ in range(4)}
        assert counted == {"10.0"}
        (worker,) = service.workers()
        os.kill(worker, signal.SIGKILL)
        wait_until(lambda: {get(url, "/readyz")[0] for _ in range(2)} == {503}, SECONDS)


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
