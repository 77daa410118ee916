"""Every event arrives, signed, whatever receivers do."""

import hashlib
import hmac
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise
from pathlib import Path

import pytest

from models.errors import StoreBusyError
from service.serving import posting
from service.serving.deliver import GIVEN_UP_AFTER, KEPT, Deliverer, deliver, next_attempt, sign
from service.serving.destination import UndeliveredError
from service.serving.outbox import Delivery
from tests.service.serving.receivers import LOOPBACK, MADE, SECRET, Clock, Got, MemoryOutbox, Receiver, delivery, receiver, wait_until

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


def genuine(got: Got) -> bool:
    return signed_with(SECRET, got)


def signed_with(secret: str, got: Got) -> bool:
    """As docs/operations.md tells receivers to check."""
    signed = got.headers["x-formtally-timestamp"].encode() + b"." + got.body
    wanted = "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, got.headers["x-formtally-signature"])


@contextmanager
def delivering(outbox: MemoryOutbox, speed: float = 50, seconds: float = 10) -> Iterator[None]:
    with Deliverer(outbox, LOOPBACK, Clock(speed), seconds):
        yield


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


def test_a_delivery_says_what_it_is_and_is_signed() -> None:
    with receiver() as server:
        deliver(delivery("7", server.url + "?a=1"), LOOPBACK, NOW)
    (got,) = server.got
    assert got.path == "/hook?a=1"
    assert got.body.decode() == '{"document": "标题"}'
    named = ("content-type", "x-formtally-event", "x-formtally-delivery", "x-formtally-timestamp", "host")
    assert [got.headers[name] for name in named] == [
        *("application/json", "document.done", "7", str(int(NOW.timestamp())), f"127.0.0.1:{server.port}")
    ]
    assert genuine(got)


def test_the_signature_is_the_one_of_the_documented_example() -> None:
    assert sign("secret", "1767268800", b"{}") == "sha256=" + hmac.new(b"secret", b"1767268800.{}", "sha256").hexdigest()
    assert sign("secret", "1767268800", b"{}") != sign("secret", "1767268801", b"{}")


def test_a_receiver_that_was_down_gets_every_event_once_it_is_back() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/hook"
    outbox = MemoryOutbox([delivery(str(number), url) for number in range(20)])
    with delivering(outbox):
        wait_until(lambda: len(outbox.errors.keys() | outbox.untried) == 20)
        assert outbox.done == []
        with receiver(port) as server:
            server.status = 503
            wait_until(lambda: server.got)
            server.status = 200
            wait_until(lambda: len(outbox.done) == 20)
    arrived = {got.headers["x-formtally-delivery"] for got in server.got}
    assert arrived == {str(number) for number in range(20)}
    assert sorted(outbox.done, key=int) == [str(number) for number in range(20)]
    assert all(map(genuine, server.got))


def test_receivers_that_hang_hold_nobody_else_up() -> None:
    with ExitStack() as stack:
        hanging = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(8)]
        outbox = MemoryOutbox(
            [
                delivery(f"{place}-{number}", f"http://127.0.0.1:{server.getsockname()[1]}/", webhook=f"h{place}")
                for place, server in enumerate(hanging)
                for number in range(30)
            ]
        )
        good = stack.enter_context(receiver())
        for number in range(30):
            outbox.add(delivery(f"good-{number}", good.url, webhook="good"))
        begun = time.monotonic()
        with delivering(outbox, speed=1, seconds=3):
            wait_until(lambda: len(good.got) == 30)
            assert time.monotonic() - begun < 3
            wait_until(lambda: len(outbox.errors) == 8 and len(outbox.untried) == 8 * 29)
            assert time.monotonic() - begun < 10  # one attempt a receiver, not thirty
        assert set(outbox.errors.values()) == {"no answer, or none that is HTTP"}
        assert sorted(outbox.attempts().values()) == [0] * 8 * 29 + [1] * 8


def test_what_waits_behind_a_slow_receiver_has_not_been_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.serving.deliver._HELD", timedelta(seconds=0.1))
    with receiver() as server:
        server.before = lambda _: time.sleep(0.3)
        outbox = MemoryOutbox([delivery(str(number), server.url) for number in range(3)])
        with delivering(outbox, speed=1):
            wait_until(lambda: outbox.done)
            wait_until(lambda: outbox.untried == {"1", "2"})
        assert set(outbox.attempts().values()) <= {0}


def test_nothing_is_remembered_of_a_receiver_that_has_rested() -> None:
    with receiver() as server:
        server.status = 500
        outbox = MemoryOutbox([delivery(str(number), server.url, f"w{number}", MADE - timedelta(days=30)) for number in range(3)])
        with Deliverer(outbox, LOOPBACK, Clock(speed=50)) as deliverer:
            wait_until(lambda: len(outbox.lost) == 3)
            wait_until(lambda: not deliverer._lines)


def test_an_event_that_is_always_refused_does_not_hold_up_those_behind_it() -> None:
    def refuse(request: BaseHTTPRequestHandler) -> None:
        server.status = 400 if request.headers["X-FormTally-Delivery"] == "bad" else 200

    with receiver() as server:
        server.before = refuse
        outbox = MemoryOutbox([delivery("bad", server.url), *(delivery(f"later-{number}", server.url) for number in range(5))])
        with delivering(outbox):
            wait_until(lambda: len(outbox.done) == 5)
    assert outbox.errors["bad"] == "answered with status 400"


def test_a_redirect_is_not_followed() -> None:
    with receiver() as elsewhere, receiver() as server:
        server.status, server.answer_headers = 307, {"Location": elsewhere.url}
        with pytest.raises(UndeliveredError, match="307"):
            deliver(delivery("1", server.url), LOOPBACK, NOW)
    assert elsewhere.got == []


def test_this_machine_is_refused_unless_its_network_is_allowed() -> None:
    with receiver() as server, pytest.raises(UndeliveredError, match="not public"):
        deliver(delivery("1", server.url), (), NOW)
    assert server.got == []


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:9/", "http://10.1.2.3/", "http://169.254.169.254/latest/meta-data", "http://internal.invalid/", "http://[::1]/"],
)
def test_a_webhooks_owner_learns_nothing_of_the_network_here(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UndeliveredError) as refused:
        deliver(delivery("1", url), (), NOW)
    assert refused.value.told == "the name leads to no address that webhooks may reach"
    outbox = MemoryOutbox([delivery("1", url)])
    with Deliverer(outbox, (), Clock(speed=50)):
        wait_until(lambda: outbox.errors)
    assert outbox.errors == {"1": refused.value.told}
    assert str(refused.value) in caplog.text


def test_closed_silent_and_talkative_ports_are_told_alike() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.create_server(("127.0.0.1", 0)) as talking:
        thread = threading.Thread(target=_drip, args=(talking, b"SSH-2.0-OpenSSH_9.2\r\n", b"x"))
        thread.start()
        told = set()
        for port in (free_port(), silent.getsockname()[1], talking.getsockname()[1]):
            with pytest.raises(UndeliveredError) as refused:
                deliver(delivery("1", f"http://127.0.0.1:{port}/"), LOOPBACK, NOW, seconds=0.5)
            told.add(refused.value.told)
        thread.join()
    assert told == {"no answer, or none that is HTTP"}


def test_a_name_that_leads_elsewhere_the_second_time_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the first answer is harmless, the second is not. There is no second question."""
    asked: list[str] = []
    system = socket.getaddrinfo

    def answer(host: str, port: int, *rest: int, **named: int) -> object:
        if host != "rebind.example":
            return system(host, port, *rest, **named)
        asked.append(host)
        return system("127.0.0.1" if len(asked) == 1 else "127.0.0.9", port, *rest, **named)

    with receiver() as server:
        monkeypatch.setattr("socket.getaddrinfo", answer)
        deliver(delivery("1", f"http://rebind.example:{server.port}/"), LOOPBACK, NOW)
    assert asked == ["rebind.example"]
    assert server.got[0].headers["host"] == f"rebind.example:{server.port}"


def _drip(server: socket.socket, line: bytes, forever: bytes) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(line)
        try:
            while True:
                connection.sendall(forever)
                time.sleep(0.05)
        except OSError:
            pass


@pytest.mark.parametrize(
    ("line", "forever", "outcome"),
    [
        (b"", b"H", "no answer"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: 1\r\n", "no answer"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", "no answer"),
        (b"nonsense\r\n\r\n", b"x", "RemoteProtocolError"),
        (b"HTTP/1.1 200 OK\r\n", b"X-A: " + b"1" * 50000 + b"\r\n", "RemoteProtocolError"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x", ""),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1_000_000, ""),
    ],
)
def test_an_answer_that_never_ends_costs_its_time_and_no_more(line: bytes, forever: bytes, outcome: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_drip, args=(server, line, forever))
        thread.start()
        begun = time.monotonic()
        given = delivery("1", f"http://127.0.0.1:{server.getsockname()[1]}/")
        if outcome:
            with pytest.raises(UndeliveredError, match=outcome):
                deliver(given, LOOPBACK, NOW, seconds=1)
        else:
            deliver(given, LOOPBACK, NOW, seconds=1)
        assert time.monotonic() - begun < 2
        thread.join()


def test_a_receiver_without_a_certificate_that_can_be_checked_gets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    new = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*new, *names, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with Receiver() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = server.url.replace("http:", "https:")
        with pytest.raises(UndeliveredError, match="certificate verify failed"):
            deliver(delivery("1", url), LOOPBACK, NOW)
        monkeypatch.setattr(posting, "_tls", lambda: ssl.create_default_context(cafile=str(certificate)))
        deliver(delivery("2", url), LOOPBACK, NOW)
        server.shutdown()
        thread.join()
    assert [got.headers["x-formtally-delivery"] for got in server.got] == ["2"]


def test_it_is_tried_for_three_days_and_then_given_up() -> None:
    tried: list[timedelta] = []
    now: datetime | None = MADE
    while now is not None:
        tried.append(now - MADE)
        now = next_attempt(replace(delivery("1", ""), attempts=len(tried)), now)
    seconds = [int(each.total_seconds()) for each in tried[:6]]
    assert seconds == [0, 5, 35, 155, 755, 4355]
    assert GIVEN_UP_AFTER - timedelta(hours=1) <= tried[-1] < GIVEN_UP_AFTER


def test_what_is_given_up_is_not_tried_again() -> None:
    with receiver() as server:
        server.status = 500
        outbox = MemoryOutbox([delivery("old", server.url, made_at=MADE - timedelta(days=30))])
        with delivering(outbox):
            wait_until(lambda: outbox.lost)
    assert (outbox.lost, len(server.got)) == (["old"], 1)


def test_a_store_that_cannot_be_read_for_a_while_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(MemoryOutbox):
        faults = 1

        def due(self, now: datetime, limit: int) -> list[Delivery]:
            if self.faults:
                self.faults -= 1
                raise StoreBusyError("The database is held.", "Wait.")
            return super().due(now, limit)

    monkeypatch.setattr("service.serving.deliver._FAULT_SECONDS", 0.1)
    with receiver() as server:
        outbox = Busy([delivery("1", server.url)])
        with delivering(outbox):
            wait_until(lambda: outbox.done == ["1"])


def test_what_is_settled_is_forgotten_a_month_later_and_looked_for_once_an_hour() -> None:
    outbox = MemoryOutbox()
    with delivering(outbox, speed=3600):
        wait_until(lambda: len(outbox.forgotten) >= 3)
    ages = [after - before for before, after in pairwise(outbox.forgotten)]
    assert outbox.forgotten[0] < MADE - KEPT + timedelta(hours=1)
    assert all(age >= timedelta(hours=1) for age in ages)


def test_an_end_waits_for_what_is_under_way_and_leaves_the_rest() -> None:
    with receiver() as server:
        server.before = lambda _: time.sleep(0.5)
        outbox = MemoryOutbox([delivery(str(number), server.url) for number in range(50)])
        with delivering(outbox, speed=1):
            wait_until(lambda: server.got)
        assert 1 <= len(outbox.done) <= 3
        assert len(outbox.done) == len(server.got)
        assert set(outbox.attempts().values()) == {0}
