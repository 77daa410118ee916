"""Waiting for a document: its events as they come (server-sent events), and asking now and then where there are none."""

import time
from collections.abc import Callable, Iterable, Iterator

from models.errors import ServiceAnswerError
from service.client.answers import Status, check, parse
from service.client.connection import Place, get, stream
from service.client.patience import Tell, patiently

POLL_SECONDS = 2.0
"""Between questions where no events come; a page takes seconds."""

_QUIET_SECONDS = 60.0
"""A stream that says nothing for so long, not even that it lives, is given up and the question asked."""

_MOST_BYTES = 1_000_000
_EVENTS = "text/event-stream"

See = Callable[[Status], None]


def wait_for(place: Place, sha256: str, see: See, tell: Tell) -> Status:
    """The last state of a document, once it is done or failed.

    Args:
        place: of the service.
        sha256: id of the document.
        see: is told of each state.
        tell: is told where the service cannot be reached for a while.

    Raises:
        NotTakenError: there is no such document any more.
        ServiceError: the service does not answer, or not as agreed.
        UsageError: the token is not accepted any more.
    """
    while True:
        status = patiently(place, lambda: _look(place, sha256, see), tell)
        if status.has_ended:
            return status
        time.sleep(POLL_SECONDS)


def _look(place: Place, sha256: str, see: See) -> Status:
    """The state when the events end; asked for where they end too early."""
    with stream(place, f"/documents/{sha256}/events", _EVENTS, _QUIET_SECONDS) as lines:
        for data in event_data(lines, "state"):
            status = _status(data, sha256)
            see(status)
            if status.has_ended:
                return status
    reply = get(place, f"/documents/{sha256}", _MOST_BYTES)
    check(reply)
    status = _status(reply.body, sha256)
    see(status)
    return status


def _status(body: bytes, sha256: str) -> Status:
    status = parse(body, Status)
    if status.id != sha256:
        raise ServiceAnswerError("The service answers for another document.", "Check the URL; read the service's log.")
    return status


def event_data(lines: Iterable[bytes], kind: str) -> Iterator[bytes]:
    """The data of each whole event of a kind (WHATWG HTML, 9.2.6); an event that is too long ends them."""
    event, data = b"", bytearray()
    for line in lines:
        name, _, value = line.rstrip(b"\r\n").partition(b":")
        value = value.removeprefix(b" ")
        if not line.endswith(b"\n") or len(data) + len(value) > _MOST_BYTES:
            return
        if not name and not value and line.strip() == b"":
            if event == kind.encode() and data:
                yield bytes(data).removesuffix(b"\n")
            event, data = b"", bytearray()
        elif name == b"event":
            event = value
        elif name == b"data":
            data += value + b"\n"
