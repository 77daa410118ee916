"""Receivers of webhooks for tests, on this machine, and an outbox in memory."""

import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from service.serving.outbox import Delivery

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
SECRET = "shared between two"  # noqa: S105  of a test


@dataclass(frozen=True, slots=True)
class Got:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Receiver(ThreadingHTTPServer):
    """Notes what comes and answers with ``status``; ``before`` may do something first."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        self.got: list[Got] = []
        self.status = 204
        self.answer_headers: dict[str, str] = {}
        self.before: Callable[[BaseHTTPRequestHandler], Any] = lambda _: None
        super().__init__(("127.0.0.1", port), _Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = self.server
        assert isinstance(receiver, Receiver)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        receiver.before(self)
        receiver.got.append(Got(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(receiver.status)
        for name, value in receiver.answer_headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def receiver(port: int = 0) -> Iterator[Receiver]:
    """A receiver that answers for the block."""
    with Receiver(port) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


MADE = datetime(2026, 1, 1, tzinfo=UTC)


def delivery(name: str, url: str, webhook: str = "w", made_at: datetime = MADE) -> Delivery:
    return Delivery(name, webhook, url, SECRET, "document.done", '{"document": "标题"}', 1, made_at)


class MemoryOutbox:
    """See `service.serving.outbox.Outbox`."""

    def __init__(self, deliveries: Sequence[Delivery] = ()) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[datetime, Delivery]] = {}
        self.done: list[str] = []
        self.lost: list[str] = []
        self.forgotten: list[datetime] = []
        self.errors: dict[str, str] = {}
        self.untried: set[str] = set()
        for each in deliveries:
            self.add(each)

    def add(self, delivery: Delivery) -> None:
        with self._lock:
            self._waiting[delivery.id] = (delivery.made_at, replace(delivery, attempts=0))

    def due(self, now: datetime, limit: int) -> list[Delivery]:
        with self._lock:
            names = sorted((at, name) for name, (at, _) in self._waiting.items() if at <= now)[:limit]
            found = [replace(each, attempts=each.attempts + 1) for _, each in (self._waiting[name] for _, name in names)]
            self._waiting |= {each.id: (now + timedelta(minutes=2), each) for each in found}
            return found

    def delivered(self, delivery: Delivery) -> None:
        with self._lock:
            self.done.append(delivery.id)
            del self._waiting[delivery.id]

    def postponed(self, delivery: Delivery, error: str, next_at: datetime) -> None:
        with self._lock:
            self.errors[delivery.id] = error
            self._waiting[delivery.id] = (next_at, delivery)

    def returned(self, deliveries: Collection[Delivery], next_at: datetime) -> None:
        with self._lock:
            for each in deliveries:
                self.untried.add(each.id)
                self._waiting[each.id] = (next_at, replace(each, attempts=each.attempts - 1))

    def attempts(self) -> dict[str, int]:
        """How often each that waits was tried."""
        with self._lock:
            return {name: each.attempts for name, (_, each) in self._waiting.items()}

    def given_up(self, delivery: Delivery, error: str) -> None:
        with self._lock:
            self.errors[delivery.id] = error
            self.lost.append(delivery.id)
            del self._waiting[delivery.id]

    def forget(self, before: datetime) -> None:
        self.forgotten.append(before)


@dataclass(slots=True)
class Clock:
    """A clock that runs ``speed`` times as fast as others, from the moment when the deliveries were made."""

    speed: float
    begun: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        return MADE + timedelta(seconds=(time.monotonic() - self.begun) * self.speed)


def wait_until(holds: Callable[[], object], seconds: float = 30) -> None:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < seconds, "it did not happen"
        time.sleep(0.01)
