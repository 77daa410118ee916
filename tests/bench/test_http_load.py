"""The client of the benches: what it counts is what a server answered."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from bench.http_load import Load, Server

_SLOW_SECONDS = 0.02


@asynccontextmanager
async def _served(answer: Callable[[str], bytes]) -> AsyncIterator[Server]:
    """A server that answers each path so, in two pieces, until it answers nothing: then it hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readuntil(b"\r\n\r\n"):
            reply = answer(request.split()[1].decode())
            if not reply:
                break
            writer.write(reply[:20])
            await asyncio.sleep(_SLOW_SECONDS if b"slow" in request else 0)
            writer.write(reply[20:])
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield Server("127.0.0.1", server.sockets[0].getsockname()[1])


def _reply(path: str) -> bytes:
    status = "429 Too Many Requests" if path == "/full" else "200 OK"
    return f"HTTP/1.1 {status}\r\ncontent-type: text/plain\r\nContent-Length: {len(path)}\r\n\r\n{path}".encode()


def test_a_reply_is_whole() -> None:
    async def ask() -> tuple[int, bytes]:
        async with _served(_reply) as server:
            reply = await server.once(server.request("GET", "/full", {"X-Name": "value"}))
            return reply.status, reply.body

    assert asyncio.run(ask()) == (429, b"/full")


def test_requests_are_asked_in_turn_from_every_connection() -> None:
    async def ask() -> Load:
        async with _served(_reply) as server:
            paths = ("/full", "/slow", "/quick", "/quick")
            return await server.load([server.request("GET", path, {}) for path in paths], 3, 0.5)

    load = asyncio.run(ask())
    assert set(load.statuses) == {200, 429}
    assert load.statuses.total() == len(load.taken) > 3
    assert load.statuses[200] == pytest.approx(3 * load.statuses[429], abs=3)
    assert load.taken[0] <= load.share(0.5) <= load.share(1) == load.taken[-1]
    assert load.taken[-1] >= 1000 * _SLOW_SECONDS
    assert load.rate == len(load.taken) / load.seconds


def test_the_share_of_a_load_is_what_so_many_stay_within() -> None:
    load = Load(Counter({200: 100}), list(range(1, 101)), 2.0, 0.1)
    assert (load.share(0.5), load.share(0.95), load.rate) == (51, 96, 50)


def test_a_server_that_hangs_up_is_no_reply() -> None:
    async def ask() -> None:
        async with _served(lambda _: b"") as server:
            await server.load([server.request("GET", "/", {})], 2, 0.1)

    with pytest.raises(ConnectionError):
        asyncio.run(ask())
