"""A service for tests that speaks the agreed API, and one that says whatever it is told to."""

import hashlib
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

API = "/api/v1/documents"
TOKEN = "ft_for-tests"  # noqa: S105  of a test


def record(name: str, sha256: str) -> dict[str, Any]:
    source = {"name": name, "sha256": sha256, "pages": 2}
    return {"schema": "formtally/document/1", "source": source, "forms": [], "problems": []}


@dataclass(slots=True)
class Kept:
    """A document of the service."""

    name: str
    data: bytes
    seen: int = 0


@dataclass(slots=True)
class World:
    """What a service knows, which outlives the service.

    Attributes:
        kept: documents by SHA-256.
        states: that a document goes through; each look at it takes it one further.
        replies: taken instead of the service's own, from the front: a status, headers and a body for the next request of that kind.
        asked: method and path of every request.
        has_events: whether there are server-sent events.
        problems: of each document.
    """

    kept: dict[str, Kept] = field(default_factory=dict)
    states: list[str] = field(default_factory=lambda: ["waiting", "reading", "done"])
    replies: dict[str, list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    has_events: bool = True
    problems: list[dict[str, Any]] = field(default_factory=list)

    def status(self, sha256: str) -> dict[str, Any]:
        """As it is now; the next time it is one further."""
        kept = self.kept[sha256]
        state = self.states[min(kept.seen, len(self.states) - 1)]
        kept.seen += 1
        read = {"waiting": 0, "reading": 1}.get(state, 2)
        error = {"code": "input_damaged", "message": "It is cut off."} if state == "failed" else None
        return {"id": sha256, "name": kept.name, "state": state, "pages": 2, "pages_read": read, "error": error, "forms": []}


class Handler(BaseHTTPRequestHandler):
    """Speaks the agreed API."""

    protocol_version = "HTTP/1.1"
    world: World

    def do_POST(self) -> None:
        """An upload."""
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self.answer(401, {"Connection": "close"}, problem("not_logged_in", 401))
            return
        if self.replied("POST"):
            return
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return
        name, data = part(self.headers["Content-Type"], body)
        sha256 = hashlib.sha256(data).hexdigest()
        known = sha256 in self.world.kept
        self.world.kept.setdefault(sha256, Kept(name, data))
        document = {"id": sha256, "name": name, "state": "waiting", "known": known, "url": f"{API}/{sha256}"}
        self.answer(202, {"Location": f"{API}/{sha256}"}, json.dumps({"documents": [document], "refused": []}).encode())

    def do_GET(self) -> None:
        """A state, its events, or a record."""
        found = re.fullmatch(f"{API}/([0-9a-f]{{64}})(/events|/record|)", self.path)
        what = found[2].strip("/") or "status" if found else ""
        if self.replied(what):
            return
        if found is None or found[1] not in self.world.kept:
            self.answer(404, {}, problem("not_there", 404))
        elif what == "record":
            made = record(self.world.kept[found[1]].name, found[1]) | {"problems": self.world.problems}
            self.answer(200, {}, json.dumps(made).encode())
        elif what == "status":
            self.answer(200, {}, json.dumps(self.world.status(found[1])).encode())
        elif self.world.has_events:
            self.events(found[1])
        else:
            self.answer(404, {}, problem("not_there", 404))

    def events(self, sha256: str) -> None:
        """Until the end of the reading."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        state = ""
        while state not in ("done", "failed"):
            status = self.world.status(sha256)
            state = status["state"]
            self.wfile.write(f": here\n\nevent: state\ndata: {json.dumps(status)}\n\n".encode())
            time.sleep(0.01)

    def replied(self, what: str) -> bool:
        """Whether something else than the service's own answer was given."""
        self.world.asked.append(what)
        if not self.world.replies.get(what):
            return False
        status, headers, body = self.world.replies[what].pop(0)
        if status:
            self.answer(status, {"Connection": "close", **headers}, body)
        else:
            self.wfile.write(body)
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        return True

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """A whole answer."""
        self.close_connection = True
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # what is left of the request is read, or the system would throw the answer away with it
            self.wfile.write(body)
            self.connection.shutdown(socket.SHUT_WR)
            while self.connection.recv(65536):
                pass

    def log_message(self, *_: object) -> None:
        """Nothing."""


def part(kind: str, body: bytes) -> tuple[str, bytes]:
    """Name and bytes of the only file of a form, read by another parser than wrote it."""
    message = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    _, only = message.walk()
    assert only.get_param("name", header="Content-Disposition") == "files"
    head, _, rest = body.partition(b"\r\n\r\n")
    name = re.search(rb'filename="([^"]*)"', head)
    assert name is not None
    boundary = b"\r\n--" + kind.partition("boundary=")[2].encode() + b"--\r\n"
    return name[1].decode(), rest.removesuffix(boundary)


def problem(code: str, status: int, detail: str = "A reason.") -> bytes:
    """A body of problem+json."""
    return json.dumps({"type": "about:blank", "title": "No", "status": status, "detail": detail, "code": code, "instance": "/"}).encode()


@contextmanager
def service(world: World, port: int = 0) -> Iterator[str]:
    """A service over ``world`` for the block; its URL."""
    handler = type("OfThisWorld", (Handler,), {"world": world})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def raw(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Something that accepts connections and does as told; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, suppress(OSError):
                        answer(connection)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(10)
