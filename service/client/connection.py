"""Requests to a service over HTTP. It may be slow, broken or something else: nothing is followed, nothing is read without bound."""

import select
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Protocol
from urllib.parse import urlsplit

from models.errors import ServiceAnswerError, UsageError
from service.wording import printable

API = "/api/v1"

_SECONDS = 120.0
"""For the next byte: the service looks at an upload before it answers."""

_LONGEST_LINE = 1_000_000
"""Bytes; the state of a document with a problem on each of 200 pages has 100,000."""

_STREAM_SECONDS = 600.0
"""After so long it is asked anew: whatever stands between may have forgotten the connection without a word."""

_PORTS = {"http": 80, "https": 443}
_REMEDY = "Give the address that `formtally serve` prints, such as http://127.0.0.1:8765."


class LostError(Exception):
    """The connection failed, before or within an answer: the same request may go well another time."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a service is, and who asks.

    Attributes:
        secure: by TLS.
        host: name or address.
        port: 1-65535.
        root: of its paths, without a slash at the end; empty where it has the host to itself.
        token: of the user; empty where there is none.
    """

    secure: bool
    host: str
    port: int
    root: str
    token: str = field(repr=False)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.secure else ''}://{host}:{self.port}{self.root}"


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer.

    Attributes:
        status: of HTTP.
        headers: by name in lower case.
        body: not longer than was asked for.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Body(Protocol):
    """What is sent, as often as it has to be."""

    @property
    def kind(self) -> str:
        """The header ``Content-Type``."""

    @property
    def length(self) -> int:
        """Bytes."""

    def __iter__(self) -> Iterator[bytes]:
        """All of them, from the beginning."""


def parse_place(url: str, token: str) -> Place:
    """The place that ``--url`` names.

    Raises:
        UsageError: it is no http(s) URL, or the token cannot be one; neither message repeats the token.
    """
    try:
        parts = urlsplit(url)
        port = _PORTS[parts.scheme] if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (KeyError, ValueError) as error:
        raise UsageError(f"--url {url!r} is no http or https URL.", _REMEDY) from error
    path = parts.path.rstrip("/")
    if (
        not host
        or not port
        or "@" in parts.netloc
        or parts.query
        or parts.fragment
        or not path.isascii()
        or not path.isprintable()
        or " " in path
    ):
        raise UsageError("--url must be a host, perhaps a port and a path, and nothing else.", _REMEDY)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise UsageError("The token holds characters that none has.", "Copy it once more, alone on one line.")
    return Place(parts.scheme == "https", host, port, path, token)


def get(place: Place, path: str, most_bytes: int) -> Reply:
    """Ask for ``path`` below the API.

    Raises:
        LostError: no answer, or half of one.
        ServiceAnswerError: it is longer than ``most_bytes``.
    """
    with _connected(place) as connection:
        connection.request("GET", f"{place.root}{API}{path}", headers=_headers(place, "application/json"))
        return _reply(connection, most_bytes)


def post(place: Place, path: str, body: Body, most_bytes: int) -> Reply:
    """Send ``body``; where the service answers before it has all of them, the rest is not sent.

    Raises:
        LostError: no answer, or half of one.
        ServiceAnswerError: it is longer than ``most_bytes``.
    """
    with _connected(place) as connection:
        connection.putrequest("POST", f"{place.root}{API}{path}", skip_accept_encoding=True)
        for name, value in {**_headers(place, "application/json"), "Content-Type": body.kind, "Content-Length": str(body.length)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        _send(connection, body)
        return _reply(connection, most_bytes)


@contextmanager
def stream(place: Place, path: str, kind: str, quiet_seconds: float) -> Iterator[Iterator[bytes]]:
    """The lines of an answer of type ``kind`` as they come, each with its end; they end when nothing has come for ``quiet_seconds``.

    There are none where the answer is of another type or its status is not 200.

    Raises:
        LostError: no answer.
    """
    with _connected(place) as connection:
        connection.request("GET", f"{place.root}{API}{path}", headers=_headers(place, kind))
        sock = connection.sock  # which an answer that ends with the connection takes over
        with closing(connection.getresponse()) as answer:
            if answer.status != HTTPStatus.OK or answer.headers.get_content_type() != kind:
                yield iter(())
                return
            sock.settimeout(quiet_seconds)
            yield _lines(answer)


def _lines(answer: HTTPResponse) -> Iterator[bytes]:
    """Lines until the end, however it comes; a line longer than `_LONGEST_LINE` is one."""
    begun = time.monotonic()
    try:
        while time.monotonic() - begun < _STREAM_SECONDS and (line := answer.readline(_LONGEST_LINE)):
            yield line
    except (OSError, HTTPException):
        return


@contextmanager
def _connected(place: Place) -> Iterator[HTTPConnection]:
    if place.secure:
        connection: HTTPConnection = HTTPSConnection(place.host, place.port, timeout=_SECONDS, context=ssl.create_default_context())
    else:
        connection = HTTPConnection(place.host, place.port, timeout=_SECONDS)
    with closing(connection):
        try:
            yield connection
        except ssl.SSLCertVerificationError as error:
            remedy = "Check the URL, or name the authority that signed it in SSL_CERT_FILE."
            raise ServiceAnswerError(f"The certificate of {place} cannot be trusted: {error.verify_message}.", remedy) from error
        except (OSError, HTTPException) as error:
            raise LostError(printable(str(error) or type(error).__name__)[:200]) from error


def _headers(place: Place, accepted: str) -> dict[str, str]:
    token = {"Authorization": f"Bearer {place.token}"} if place.token else {}
    return {"Accept": accepted, "User-Agent": "FormTally", "Connection": "close", **token}


def _send(connection: HTTPConnection, body: Iterable[bytes]) -> None:
    for chunk in body:
        if _has_answered(connection.sock):
            return
        try:
            connection.send(chunk)
        except (BrokenPipeError, ConnectionResetError):
            return  # it wants no more; why, it may have said before it closed


def _has_answered(sock: socket.socket) -> bool:
    """Whether something has come before all was sent. Under TLS that may be the protocol's own, and nobody can tell."""
    return not isinstance(sock, ssl.SSLSocket) and bool(select.select([sock], [], [], 0)[0])


def _reply(connection: HTTPConnection, most_bytes: int) -> Reply:
    with closing(connection.getresponse()) as answer:
        body = answer.read(most_bytes + 1)
        if len(body) > most_bytes:
            raise ServiceAnswerError(f"The service's answer is longer than {most_bytes} bytes.", "Check the URL; read the service's log.")
        if answer.length:  # `read` with a limit does not complain of an end that came too early
            raise LostError("the answer broke off")
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)
