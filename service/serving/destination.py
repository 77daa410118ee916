"""Where a webhook may lead: a stranger's URL must not make this machine speak to what only this machine can reach (SSRF)."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias
from urllib.parse import urlsplit

from models.errors import UsageError

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_PORTS = {"http": 80, "https": 443}
_LONGEST_URL = 2048
_UNICAST = IPv6Network("2000::/3")
"""All of IPv6 that is given out for the Internet (RFC 4291, IANA)."""

_TRANSLATED = IPv6Network("64:ff9b::/96")
"""IPv4 behind a translator (RFC 6052): the last 32 bits are the address."""

_NOWHERE = "the name leads to no address that webhooks may reach"
"""Whether there is such a name, and where it leads, is not told: names of internal machines could be tried."""

_REMEDY = "Give the http or https URL of a receiver, such as https://receiver.example/formtally."


class UndeliveredError(Exception):
    """A delivery did not arrive; says why, in words for the log.

    Attributes:
        told: the same for the webhook's owner, in words that say nothing of the network that this machine is in.
    """

    def __init__(self, why: str, told: str) -> None:
        """Keep both."""
        super().__init__(why)
        self.told = told


@dataclass(frozen=True, slots=True)
class Destination:
    """A webhook's URL, taken apart.

    Attributes:
        secure: whether by TLS.
        host: ASCII, without brackets: a name or an address.
        port: 1-65535.
        target: path and query, ASCII.
    """

    secure: bool
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """What the header ``Host`` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS["https" if self.secure else "http"] else f"{host}:{self.port}"


def parse_destination(url: str) -> Destination:
    """Take a webhook's URL apart.

    Raises:
        UsageError: it is no http(s) URL with a host, or it holds a user, a password or what no URL may hold.
    """
    if len(url) > _LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise UsageError("The webhook's URL is too long, or holds characters that must be written as escapes.", _REMEDY)
    try:
        parts = urlsplit(url)
        port = _PORTS[parts.scheme] if parts.port is None else parts.port
        host = (parts.hostname or "").encode("idna").decode("ascii")
    except (KeyError, ValueError) as error:
        raise UsageError("The webhook's URL is no http or https URL.", _REMEDY) from error
    if not host or "%" in host or port == 0 or "@" in parts.netloc:
        raise UsageError("The webhook's URL names no host, or a user, whom nobody would ask for a password.", _REMEDY)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme == "https", host, port, target)


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks such as ``10.1.0.0/16``, or single addresses.

    Raises:
        UsageError: one is none.
    """
    try:
        return tuple(ip_network(text.strip()) for text in texts)
    except ValueError as error:
        raise UsageError(f"A network of webhooks cannot be understood: {error}.", "Write it as 10.1.0.0/16.") from error


def resolve(destination: Destination, allowed: Iterable[Network]) -> list[Address]:
    """The addresses behind a destination's name, in the system's order.

    Who connects to these, and never asks for the name again, cannot be led elsewhere by a name server that answers otherwise the second
    time (DNS rebinding).

    Args:
        destination: of a webhook.
        allowed: networks that may be reached although they are not public.

    Raises:
        UndeliveredError: the name is unknown, or one of its addresses may not be reached.
    """
    networks = tuple(allowed)
    try:
        found = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UndeliveredError(f"the name {destination.host!r} cannot be resolved", _NOWHERE) from error
    addresses = list(dict.fromkeys(ip_address(each[4][0]) for each in found))
    for address in addresses:
        if not is_public(address) and not any(_inner(address) in network for network in networks):
            raise UndeliveredError(f"the address {address} is not public, and its network is not among those allowed", _NOWHERE)
    return addresses


def is_public(address: Address) -> bool:
    """Whether an address is one of the Internet, and of one machine."""
    inner = _inner(address)
    if isinstance(inner, IPv6Address) and inner not in _UNICAST:
        return False
    return inner.is_global and not inner.is_multicast and not inner.is_reserved


def _inner(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    tunnelled = address.teredo
    return address.ipv4_mapped or address.sixtofour or (tunnelled[1] if tunnelled is not None else address)
