"""Many connections that ask one server again and again, as cheaply as asyncio can: the client shares the cores with the server."""

import asyncio
import itertools
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

_HEAD_END: Final = b"\r\n\r\n"
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_STATUS: Final = slice(9, 12)
"""Of ``HTTP/1.1 200 OK``."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Status, head and body of a reply."""

    status: int
    head: bytes
    body: bytes


@dataclass(frozen=True, slots=True)
class Load:
    """What came of one load.

    Attributes:
        statuses: how many replies of each.
        taken: ms of each request, the shortest first.
        seconds: that all of it took.
        cpu: seconds of them in which this client kept a core busy.
    """

    statuses: Counter[int]
    taken: Sequence[float]
    seconds: float
    cpu: float

    def share(self, part: float) -> float:
        """Ms that ``part`` (0-1) of the requests stayed within."""
        return self.taken[min(len(self.taken) - 1, int(part * len(self.taken)))]

    @property
    def rate(self) -> float:
        """Replies a second."""
        return len(self.taken) / self.seconds


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request, then its reply, whose length its head must tell."""

    def __init__(self) -> None:
        """Not connected yet."""
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self._got = bytearray()
        self._head = self._length = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio."""
        self._got += data
        if not self._head:
            end = self._got.find(_HEAD_END)
            if end < 0:
                return
            self._head = end + len(_HEAD_END)
            found = _LENGTH.search(self._got, 0, self._head)
            self._length = int(found[1]) if found is not None else 0
        if len(self._got) >= self._head + self._length and self._waiting is not None and not self._waiting.done():
            whole = bytes(self._got)
            self._waiting.set_result(Reply(int(whole[_STATUS]), whole[: self._head], whole[self._head :]))

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("the server hung up"))

    def ask(self, request: bytes) -> "asyncio.Future[Reply]":
        """The reply to a request, whole as it goes over the wire."""
        if self._transport is None:
            raise ConnectionError("not connected")
        self._got, self._head, self._length = bytearray(), 0, 0
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


@dataclass(frozen=True, slots=True)
class Server:
    """Where requests go."""

    host: str
    port: int

    async def connect(self) -> Connection:
        """A new connection."""
        return (await asyncio.get_running_loop().create_connection(Connection, self.host, self.port))[1]

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
        """A request as it goes over the wire; ``path`` is quoted already."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", *(f"{name}: {value}" for name, value in headers.items())]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("ascii") + body

    async def once(self, request: bytes) -> Reply:
        """One request on a connection of its own."""
        connection = await self.connect()
        try:
            return await connection.ask(request)
        finally:
            connection.close()

    async def load(self, requests: Sequence[bytes], connections: int, seconds: float) -> Load:
        """Ask ``requests`` in turn, from every connection the next as soon as it has the reply to the last (closed loop)."""
        opened = [await self.connect() for _ in range(connections)]
        taken: list[float] = []
        statuses: Counter[int] = Counter()
        turn = itertools.cycle(requests)
        begun, cpu = time.perf_counter(), time.process_time()

        async def ask(connection: Connection) -> None:
            while (start := time.perf_counter()) < begun + seconds:
                reply = await connection.ask(next(turn))
                taken.append(1000 * (time.perf_counter() - start))
                statuses[reply.status] += 1

        try:
            await asyncio.gather(*map(ask, opened))
            return Load(statuses, sorted(taken), time.perf_counter() - begun, time.process_time() - cpu)
        finally:
            for connection in opened:
                connection.close()
