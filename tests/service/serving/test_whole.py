"""The whole service: uploads over HTTP are read, told to webhooks and sent back, though it is killed in between."""

import json
import re
import signal
import socket
import subprocess
import sys
import threading
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from models.errors import ExitCode
from service.access.roles import Role
from service.access.subscribing import subscribe
from service.access.tokens import issue
from service.access.users import add_user
from service.cli import main
from service.store.home import find_home
from service.store.opening import open_store
from service.store.reading import forms
from service.store.webhooks import Event
from tests.service.planned_reader import pages_read
from tests.service.serving.receivers import receiver, wait_until
from tests.service.serving.running import SECONDS, running
from tests.service.serving.test_deliver import signed_with

UPLOADS = 20


def prepared(home: Path) -> str:
    """An archive with an uploader; the token."""
    with open_store(find_home(str(home), None, None, {})) as store:
        add_user(store, "lu", Role.UPLOADER)
        return issue(store, "lu", "tests")[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def upload(url: str, token: str, plan: str) -> str | None:
    """The id that a 202 names; None where there was no answer."""
    body = f'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n{plan}\r\n--b--\r\n'.encode()
    connection = HTTPConnection(url.removeprefix("http://"), timeout=SECONDS)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=b"}
    try:
        connection.request("POST", "/api/v1/documents", body, headers)
        answer = connection.getresponse()
        said: dict[str, Any] = json.loads(answer.read())
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return str(said["documents"][0]["id"]) if answer.status == 202 else None


def test_a_killed_service_honours_every_202_and_reads_nothing_twice(tmp_path: Path) -> None:
    home = tmp_path / "home"
    token = prepared(home)
    promised: list[str] = []

    def one(url: str, number: int) -> None:
        if (found := upload(url, token, f"pages=2 1=slow number={number}")) is not None:
            promised.append(found)

    with running(home, "--web") as service:
        url = service.url()
        threads = [threading.Thread(target=one, args=(url, number)) for number in range(UPLOADS)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(promised) >= 5, SECONDS)
        service.process.kill()
        for thread in threads:
            thread.join()
        wait_until(lambda: not service.members(), SECONDS)
    assert promised
    with running(home, "--web") as service:
        url = service.url()
        wait_until(lambda: set(promised) <= service.read(), SECONDS)  # before anything is sent again, which would hide a loss
        again = [upload(url, token, f"pages=2 1=slow number={number}") for number in range(UPLOADS)]
        assert set(promised) <= set(again)
        wait_until(lambda: service.done() == UPLOADS, SECONDS)
    with open_store(find_home(str(home), None, None, {})) as store:
        assert Counter(form.version for form in forms(store)) == {1: 2 * UPLOADS}
    read = Counter(pages_read(home / "originals" / "x"))
    assert sum(read.values()) - len(read) <= 2  # pages that were in hand when it was killed


def test_a_receiver_that_was_down_is_told_of_every_document_once_it_is_back(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    token = prepared(home)
    with open_store(find_home(str(home), None, None, {})) as store:
        hook = subscribe(store, "lu", f"http://127.0.0.1:{port}/hook", [Event.DONE, Event.FAILED])
    with running(home, "--web") as service:
        url = service.url()
        wanted = {upload(url, token, plan) for plan in ("pages=1", "pages=2", "pages=1 1=die")}
        wait_until(lambda: service.ended() == 3, SECONDS)
        service.process.send_signal(signal.SIGTERM)  # what is not delivered outlives the service
        service.process.wait(SECONDS)
    with running(home, "--web") as service, receiver(port) as server:
        service.url()
        wait_until(lambda: len({got.headers["x-formtally-delivery"] for got in server.got}) == 3, SECONDS)
    assert {json.loads(got.body)["document"] for got in server.got} == wanted
    assert Counter(got.headers["x-formtally-event"] for got in server.got) == {"document.done": 2, "document.failed": 1}
    assert all(signed_with(hook.secret, got) for got in server.got)


def test_what_is_sent_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("FORMTALLY_TOKEN", prepared(home))
    plans = {"good.pdf": "pages=2", "page.pdf": "pages=3 2=damaged", "none.pdf": "no plan", "dying.pdf": "pages=1 1=die"}
    for name, plan in plans.items():
        (tmp_path / name).write_text(plan)
    with running(home, "--web") as service:
        url = service.url()
        capsys.readouterr()
        assert main(["send", *(str(tmp_path / name) for name in plans), "--url", url]) == ExitCode.INPUT
        said = capsys.readouterr()
        assert main(["send", str(tmp_path / "good.pdf"), "--url", url, "--out", str(tmp_path / "out")]) == ExitCode.OK
    records = [json.loads(line) for line in said.out.splitlines()]
    assert {record["source"]["name"]: len(record["forms"]) for record in records} == {
        "good.pdf": 2,
        "page.pdf": 2,
        "dying.pdf": 0,
    }
    for line in ("none.pdf: input_damaged", "page.pdf: page 2: input_damaged", "dying.pdf: page 1: page_lost"):
        assert line in said.err
    assert json.loads((tmp_path / "out/good.json").read_bytes()) == records[0]


@pytest.mark.engine
def test_the_door_of_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    home, page = tmp_path / "home", tmp_path / "page.png"
    monkeypatch.setenv("FORMTALLY_TOKEN", prepared(home))
    Image.new("L", (1240, 1754), 255).save(page, "PNG", dpi=(150, 150))
    command = [sys.executable, "-m", "service.cli", "serve", "--home", str(home), "--port", "0", "--workers", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
            assert found is not None
            assert re.search(rf"{found[0]}/welcome#\S{{43}}$", process.stdout.readline())
            assert main(["send", str(page), "--url", found[0]]) == ExitCode.OK
            assert json.loads(capsys.readouterr().out)["source"]["pages"] == 1
        finally:
            process.send_signal(signal.SIGINT)
            log = process.stderr.read()
        assert process.wait(SECONDS) == ExitCode.INTERRUPTED
    *lines, last = log.strip().splitlines()
    assert "interrupted" in last
    assert all(json.loads(line) for line in lines if line)
    assert "ft_" not in log


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "x"], "--port"),
        (["--port", "99999"], "--port"),
        (["--workers", "0"], "--workers"),
        (["--processes", "0"], "--processes"),
        (["--max-pages", "x"], "--max-pages"),
        (["--target-error", "2"], "--target-error"),
        (["--host", "0.0.0.0"], "--name"),  # noqa: S104
        (["--host", "nowhere.invalid"], "--host"),
        (["--host", "192.0.2.1"], "--host"),
        (["--webhook-network", "10.0.0.1/8"], "10.0.0.1/8"),
        (["--metrics-token-file", "/nowhere/token"], "/nowhere/token"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--home", str(tmp_path), *arguments]) == ExitCode.USAGE
    assert words in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["serve", "--home", str(tmp_path), "--port", str(taken.getsockname()[1])]) == ExitCode.USAGE
    assert "Address already in use" in capsys.readouterr().err
