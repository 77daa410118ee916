"""Bodies that are too large are refused before they are read, and memory does not grow with what is sent."""

import hashlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from service.machine import resident_megabytes
from service.store.documents import State
from service.store.home import find_home
from service.store.opening import open_store
from service.store.owners import owned
from service.store.progress import progress
from tests.service.web.serving import API, Served, served, settings

_MEGABYTE = 1_000_000


def test_what_announces_too_much_is_refused_unread(web: Served) -> None:
    def never() -> Iterator[bytes]:
        pytest.fail("the body was read")
        yield b""

    for path, announced in ((f"{API}/documents", 2_000_000_000), (f"{API}/session", 300_000), (f"{API}/users", 10**30)):
        reply = web.client.post(path, content=never(), headers={"Content-Length": str(announced)})
        assert (reply.status_code, reply.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(("path", "status"), [("session", 413), ("documents", 401)])
def test_what_announces_nothing_is_counted(web: Served, path: str, status: int) -> None:
    def much() -> Iterator[bytes]:
        yield from [b"x" * 100_000] * 10

    headers = {"Content-Type": "application/json"}
    reply = web.client.post(f"{API}/{path}", content=much(), headers=headers)
    assert reply.status_code == status


def test_an_upload_without_a_length_is_counted(tmp_path: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
        for _ in range(30):
            yield bytes(100_000)
        yield b"\r\n--x--\r\n"

    with served(tmp_path, settings(upload_megabytes=2)) as web:
        headers = web.archive.headers("uploader") | {"Content-Type": "multipart/form-data; boundary=x"}
        reply = web.client.post(f"{API}/documents", content=parts(), headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (413, "body_too_large")
        assert [path for path in (web.archive.store.home.folder / "scratch").rglob("*") if path.is_file()] == []


@contextmanager
def process(folder: Path) -> Iterator[tuple[int, int, str]]:
    """A service in a process of its own, for the block: its id, its port, an uploader's token."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.service.web.run_served", str(folder)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        text=True,
    ) as child:
        assert child.stdout is not None
        try:
            port, token = child.stdout.readline().split()
            yield child.pid, int(port), token
        finally:
            child.terminate()


def test_memory_is_flat_and_what_is_refused_is_not_read(tmp_path: Path) -> None:
    with process(tmp_path / "home") as (child, port, token):
        _send(port, token, 1)
        before = resident_megabytes(child)
        assert _send(port, token, 200) == 422  # it is no plan
        assert resident_megabytes(child) - before < 40
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", port)) as connection:
            head = f"POST {API}/documents HTTP/1.1\r\nHost: localhost\r\nContent-Length: {10**12}\r\n\r\n"
            connection.sendall(head.encode())
            assert b" 413 " in connection.recv(100)
        assert time.monotonic() - begun < 5


def _send(port: int, token: str, megabytes: int) -> int:
    """The status of an upload of one file of so many MB, sent piece by piece."""
    begin = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'
    end = b"\r\n--x--\r\n"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.putrequest("POST", f"{API}/documents")
    connection.putheader("Authorization", f"Bearer {token}")
    connection.putheader("Content-Type", "multipart/form-data; boundary=x")
    connection.putheader("Content-Length", str(len(begin) + megabytes * _MEGABYTE + len(end)))
    connection.endheaders()
    connection.send(begin)
    for _ in range(megabytes):
        connection.send(b"no plan " * (_MEGABYTE // 8))
    connection.send(end)
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_was_taken_outlives_a_kill(tmp_path: Path) -> None:
    plans = [f"pages={number}".encode() for number in range(1, 6)]
    with process(tmp_path / "home") as (child, port, token):
        for plan in plans:
            files, headers = [("files", ("a.pdf", plan))], {"Authorization": f"Bearer {token}"}
            assert httpx2.post(f"http://127.0.0.1:{port}{API}/documents", files=files, headers=headers, timeout=60).status_code == 202
        os.kill(child, signal.SIGKILL)
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        for plan in plans:
            sha256 = hashlib.sha256(plan).hexdigest()
            assert owned(store, sha256, "uploader")
            assert progress(store, [sha256])[sha256].state == State.WAITING
            with store.originals.local(sha256) as original:
                assert original.read_bytes() == plan
