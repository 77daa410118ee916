"""Bodies that are too large are refused before they are read, and memory does not grow with what is sent."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.machine import resident_megabytes
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
