"""One POST to a stranger's server: to an address that was checked, within a time that nothing can stretch, following nothing.

httpx and the standard library count each read by itself, so that a server which sends a byte now and then holds them for as long as it
likes, and ask for the name again when they connect. Hence a socket with a deadline, and h11 for the protocol.
"""

import socket
import ssl
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from http import HTTPStatus

import h11

from service.serving.destination import Address, Destination, UndeliveredError
from service.wording import printable

SECONDS = 10.0
"""For connecting, sending and the answer, together."""

_MOST_BYTES = 65536
"""An answer is a line and a few headers; what is longer is not read on."""

_NO_ANSWER = "no answer, or none that is HTTP"
"""Told alike of a port that is closed, is silent or speaks otherwise: nobody maps a network with webhooks."""

_MOST_ADDRESSES = 4
_CHUNK = 16384


def post(destination: Destination, addresses: Sequence[Address], headers: Mapping[str, str], body: bytes, seconds: float = SECONDS) -> None:
    """Deliver ``body``; done when the answer's status is 2xx.

    Args:
        destination: where to.
        addresses: of its host, checked; tried one after the other.
        headers: beside ``Host`` and ``Content-Length``.
        body: whole.
        seconds: for all of it.

    Raises:
        UndeliveredError: no connection, no answer in time, or another status.
    """
    deadline = time.monotonic() + seconds
    try:
        with _connected(destination, addresses, deadline) as stream:
            status = _exchange(stream, _request(destination, headers, body), body, deadline)
    except TimeoutError as error:
        raise UndeliveredError(f"no answer within {seconds:g} s", _NO_ANSWER) from error
    except ssl.SSLCertVerificationError as error:
        raise UndeliveredError(_said(error), "its certificate cannot be verified") from error
    except (OSError, h11.ProtocolError) as error:
        raise UndeliveredError(_said(error), _NO_ANSWER) from error
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise UndeliveredError(f"answered with status {status}", f"answered with status {status}")


def _said(error: Exception) -> str:
    return printable(f"{type(error).__name__}: {error}")[:200]


def _request(destination: Destination, headers: Mapping[str, str], body: bytes) -> h11.Request:
    told = {"Host": destination.authority, "Content-Length": str(len(body)), "Connection": "close", **headers}
    return h11.Request(method="POST", target=destination.target, headers=list(told.items()))


@contextmanager
def _connected(destination: Destination, addresses: Sequence[Address], deadline: float) -> Iterator[socket.socket]:
    plain = _socket(addresses[:_MOST_ADDRESSES], destination.port, deadline)
    with plain:
        if not destination.secure:
            yield plain
            return
        plain.settimeout(_left(deadline))
        with _tls().wrap_socket(plain, server_hostname=destination.host) as stream:
            yield stream


def _socket(addresses: Sequence[Address], port: int, deadline: float) -> socket.socket:
    for address in addresses[:-1]:
        try:
            return socket.create_connection((str(address), port), _left(deadline) / 2)
        except OSError:
            continue  # the next may be reachable: IPv4 behind an IPv6 that leads nowhere
    return socket.create_connection((str(addresses[-1]), port), _left(deadline))


def _exchange(stream: socket.socket, request: h11.Request, body: bytes, deadline: float) -> int:
    """Send, and give the status of the answer."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=_CHUNK)
    parts = (connection.send(request), connection.send(h11.Data(data=body)), connection.send(h11.EndOfMessage()))
    stream.settimeout(_left(deadline))
    stream.sendall(b"".join(part for part in parts if part is not None))
    for event in _events(connection, stream, deadline):
        if isinstance(event, h11.Response):
            with suppress(OSError, h11.ProtocolError):  # it has answered: the rest is read only to let it end in peace
                deque(_events(connection, stream, deadline), maxlen=0)
            return event.status_code
    raise UndeliveredError("the answer is no answer", _NO_ANSWER)


def _events(connection: h11.Connection, stream: socket.socket, deadline: float) -> Iterator[object]:
    """What the other side says, until its end or `_MOST_BYTES`."""
    read = 0
    while read < _MOST_BYTES:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            stream.settimeout(_left(deadline))
            data = stream.recv(_CHUNK)
            read += len(data)
            connection.receive_data(data)
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return
        else:
            yield event


def _left(deadline: float) -> float:
    """Seconds until then.

    Raises:
        TimeoutError: there are none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


@cache
def _tls() -> ssl.SSLContext:
    """Certificates are checked against the system's authorities (``SSL_CERT_FILE`` names others)."""
    return ssl.create_default_context()
