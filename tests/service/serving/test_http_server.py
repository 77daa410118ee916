"""Nobody holds a connection by sending slowly or not at all; who sends in time is served, however large it is."""

import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from starlette.applications import Starlette

from models.errors import InstallationError
from service.serving import http_server
from service.serving.dealing import Dealer, make_seat
from service.serving.http_server import make_server, run_server
from service.serving.listening import listen
from service.store.opening import Store
from tests.service.serving.receivers import wait_until
from tests.service.serving.run_answerer import application


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Of a server whose patience is short."""
    monkeypatch.setattr(http_server, "HEAD_SECONDS", 0.5)
    monkeypatch.setattr(http_server, "QUIET_SECONDS", 1.0)
    monkeypatch.setattr(http_server, "LEAST_BYTES", 1)
    monkeypatch.setattr(http_server, "_MOST_CONNECTIONS", 8)
    (sock,) = listen("127.0.0.1", 0)
    with sock, make_seat() as seat:
        server = make_server(application(Store.__new__(Store)), seat.there)
        thread = threading.Thread(target=server.run)
        thread.start()
        with Dealer([sock], [(seat, lambda: True)]):
            yield sock.getsockname()[1]
        server.should_exit = True
        thread.join()


def seconds_until_closed(connection: socket.socket) -> float:
    begun = time.monotonic()
    connection.settimeout(10)
    while connection.recv(65536):
        pass
    return time.monotonic() - begun


def read_to(connection: socket.socket, end: bytes) -> bool:
    """Whether what comes ends so."""
    connection.settimeout(10)
    said = b""
    while not said.endswith(end) and (more := connection.recv(65536)):
        said += more
    return said.endswith(end)


@pytest.mark.parametrize("head", [b"", b"G", b"GET / HTTP/1.1\r\nHost: a\r\n"])
def test_a_head_that_does_not_come_is_not_waited_for(port: int, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(head)
        assert 0.3 < seconds_until_closed(connection) < 3


def test_a_head_that_comes_a_byte_at_a_time_is_not_waited_for(port: int) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        sent = 0
        with suppress(OSError):
            while sent < 1000:
                connection.sendall(b"G")
                sent += 1
                time.sleep(0.02)
    assert time.monotonic() - begun < 3
    assert sent < 1000


def test_a_second_head_on_the_same_connection_has_its_own_time(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(3):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_to(connection, b"here")
            time.sleep(0.3)
        connection.sendall(b"GET / HTTP/1.1\r\n")
        assert 0.3 < seconds_until_closed(connection) < 3


def test_a_body_that_stops_coming_is_given_up_and_one_that_comes_slowly_is_not(port: int) -> None:
    head = b"POST /measure HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(head)
        for _ in range(5):
            time.sleep(0.4)
            slow.sendall(b"x")
        assert read_to(slow, b"\r\n\r\n5")
    with socket.create_connection(("127.0.0.1", port)) as stopped:
        stopped.sendall(head + b"x")
        assert 0.5 < seconds_until_closed(stopped) < 4


@pytest.mark.parametrize("path", ["measure", "nowhere"])
def test_a_body_that_drips_is_given_up_read_or_not(port: int, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_server, "LEAST_BYTES", 100)
    begun, sent = time.monotonic(), 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /%b HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n" % path.encode())
        with suppress(OSError):
            while sent < 60:
                connection.sendall(b"x")
                sent += 1
                time.sleep(0.1)
    assert sent < 60
    assert time.monotonic() - begun < 5


def test_an_answer_that_takes_long_is_not_cut_off(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /forever HTTP/1.1\r\nHost: a\r\n\r\n")
        begun, seen = time.monotonic(), b""
        while time.monotonic() - begun < 2.5:
            seen += connection.recv(65536)
    assert seen.count(b"again") > 10


def test_those_who_hold_connections_are_gone_before_long_and_the_next_is_served(port: int) -> None:
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]

    def status() -> bytes:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            return connection.recv(65536).split(b" ")[1]

    assert status() == b"503"
    wait_until(lambda: status() == b"200")
    for connection in held:
        connection.close()


@pytest.mark.parametrize(
    "head", [b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000, b"GET /" + b"x" * 100_000, b"GET / HTTP/1.1\r\n" + b"X: x\r\n" * 20_000]
)
def test_a_head_without_end_costs_no_memory(port: int, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        with suppress(ConnectionError):  # it does not wait for the rest
            connection.sendall(head)
        assert b" 400 " in connection.recv(65536)


def test_empty_lines_instead_of_a_next_head_are_not_waited_for(port: int) -> None:
    begun = time.monotonic()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert read_to(connection, b"here")
        with suppress(OSError):
            while time.monotonic() - begun < 5:
                connection.sendall(b"\r\n")
                time.sleep(0.05)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "smuggled",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: -5\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"X: a\r\n Folded: b\r\n",
        b"X: a\nY: b\r\n",
    ],
)
def test_a_head_that_two_programs_may_read_differently_is_refused(port: int, smuggled: bytes) -> None:
    """Behind a proxy a second request could be hidden in it."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /measure HTTP/1.1\r\nHost: a\r\n" + smuggled + b"\r\nG")
        assert b" 400 " in connection.recv(65536)
        assert seconds_until_closed(connection) < 3


def test_requests_that_come_together_are_answered_in_their_order(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        many = [b"POST /measure HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b" % (size, b"x" * size) for size in (3, 0, 7)]
        connection.sendall(b"".join(many) + b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        said = b""
        while more := connection.recv(65536):
            said += more
    assert [part.rpartition(b"\r\n")[2] for part in said.split(b"HTTP/1.1 200")[1:]] == [b"3", b"0", b"7", b"here"]


def test_an_application_that_does_not_start_is_told() -> None:
    @asynccontextmanager
    async def broken(_: Starlette) -> AsyncIterator[None]:
        raise RuntimeError("no")
        yield

    with make_seat() as seat, pytest.raises(InstallationError):
        run_server(make_server(Starlette(lifespan=broken), seat.there))
    assert not seat.ready


def test_every_address_of_a_name_is_listened_at() -> None:
    sockets = listen("localhost", 0)
    ports = {sock.getsockname()[1] for sock in sockets}
    for sock in sockets:
        sock.close()
    assert len(ports) == 1
