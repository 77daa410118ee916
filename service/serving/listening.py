"""The sockets that the service listens at, bound before anything else is started: a taken port is told at once."""

import errno
import socket
from collections.abc import Sequence
from ipaddress import ip_address

from models.errors import UsageError

BACKLOG = 512
"""Connections that wait to be taken."""

_REMEDY = "See `formtally serve --help`."


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen at every address of ``host``.

    Args:
        host: a name or an address of this machine.
        port: 0 for one that is free, the same at each address.

    Raises:
        UsageError: the name is unknown, or the port is taken or not for this user.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--host {host!r} is no name or address of this machine.", _REMEDY) from error
    bound: list[socket.socket] = []
    try:
        for family, _, _, _, place in dict.fromkeys(found):
            free = bound[0].getsockname()[1] if bound else port
            if (sock := _bound(family, (str(place[0]), free))) is not None:
                bound.append(sock)
    except OSError as error:
        for sock in bound:
            sock.close()
        raise UsageError(
            f"Nobody can listen at port {port} of {host!r}: {error.strerror}.", "Give another --port, or end what is there."
        ) from error
    if not bound:
        raise UsageError(f"--host {host!r} is no address of this machine.", _REMEDY)
    return bound


def only_this_machine(sockets: Sequence[socket.socket]) -> bool:
    """Whether nobody but programs of this machine can reach any of ``sockets``."""
    return all(ip_address(sock.getsockname()[0]).is_loopback for sock in sockets)


def _bound(family: int, place: tuple[str, int]) -> socket.socket | None:
    """A socket that listens; None where this machine has no such address (IPv6 may be off)."""
    try:
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # asyncio sends at once (TCP_NODELAY) where it knows TCP
    except OSError as error:
        if error.errno == errno.EAFNOSUPPORT:
            return None
        raise
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind(place)
        sock.listen(BACKLOG)
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRNOTAVAIL:
            return None
        raise
    return sock
