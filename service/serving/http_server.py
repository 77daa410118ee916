"""uvicorn, set up for strangers: nobody holds a connection by sending slowly or not at all."""

import asyncio
import gc
import signal
import socket
from contextlib import suppress
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from models.errors import InstallationError
from service.serving.dealing import say_ready, take_connection

HEAD_SECONDS = 15.0
"""For a request's line and headers to arrive; a browser sends them at once."""

QUIET_SECONDS = 60.0
"""A body that stops coming for so long is given up: the line of whoever sends it is gone. So is an answer that nobody takes."""

LEAST_BYTES = 30_000
"""Of a body that is not whole after `QUIET_SECONDS`, in each such time: half of what a modem of 9600 bit/s brings."""

_MOST_CONNECTIONS = 500
"""Below the 1024 files that a process may usually have open. Beyond it, 503."""

_KEEP_ALIVE_SECONDS = 10
_GRACE_SECONDS = 5
"""For requests under way at the end; streams of events never end by themselves."""

_HEAD_BYTES = 16384


class PromptProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, which waits for nobody for ever and takes no head without end.

    Attributes:
        _patience: until the connection is given up, or looked at.
        _came: bytes of a body since then; None where none is awaited.
        _head: bytes of a head that is not whole; None where none has begun, or it is whole.
    """

    _patience: asyncio.TimerHandle | None = None
    _came: int | None = None
    _head: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it alike
        """Begin to wait."""
        super().connection_made(transport)
        if (sock := transport.get_extra_info("socket")) is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(QUIET_SECONDS * 1000))
        self._wait(HEAD_SECONDS)

    def on_message_begin(self) -> None:
        """See httptools."""
        super().on_message_begin()
        self._head = 0

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._head, self._came = None, 0
        super().on_headers_complete()
        self._wait(QUIET_SECONDS)

    def on_message_complete(self) -> None:
        """See httptools."""
        self._came = None
        self._stop_waiting()
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        """The head must be whole in time; a body must be whole soon, or go on to come."""
        super().data_received(data)
        if self._came is not None:
            self._came += len(data)
        elif self._head is not None:
            self._head += len(data)
            if self._head > _HEAD_BYTES:
                self.send_400_response("The head is too long.")
        if self._patience is None and (self.cycle is None or self.cycle.response_complete or self._head is not None):
            self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing to wait for."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self, seconds: float) -> None:
        self._stop_waiting()
        self._patience = self.loop.call_later(seconds, self._give_up)

    def _stop_waiting(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if self.flow.read_paused or (self._came or 0) >= LEAST_BYTES:  # it is we who do not read, or it comes
            self._came = 0
            self._wait(QUIET_SECONDS)
        else:
            self._patience = None
            self.transport.close()


class DealtServer(uvicorn.Server):
    """uvicorn over connections that another process has taken (`service.serving.dealing`)."""

    def __init__(self, config: uvicorn.Config, channel: socket.socket) -> None:
        """Connections come through ``channel``."""
        super().__init__(config)
        self._channel = channel
        self._beginning: set[asyncio.Task[None]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start the application, and only then ask for connections."""
        await super().startup(sockets or [])
        gc.collect()
        gc.freeze()  # what is loaded stays: to look through it for garbage held up one reply in ten by 150 ms
        asyncio.get_running_loop().add_reader(self._channel, self._take)
        say_ready(self._channel)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more; what is under way is finished."""
        asyncio.get_running_loop().remove_reader(self._channel)
        await super().shutdown(sockets)

    def _take(self) -> None:
        if (connection := take_connection(self._channel)) is not None:
            task = asyncio.get_running_loop().create_task(self._begin(connection))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)

    async def _begin(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        with suppress(OSError):  # whoever it was is gone
            await asyncio.get_running_loop().connect_accepted_socket(self._protocol, connection)

    def _protocol(self) -> PromptProtocol:
        return PromptProtocol(self.config, self.server_state, self.lifespan.state)


def make_server(application: Any, channel: socket.socket) -> DealtServer:
    """A server for an ASGI application; it writes no log of its own but through `logging`."""
    config = uvicorn.Config(
        application,
        http=PromptProtocol,
        ws="none",
        loop="asyncio",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    return DealtServer(config, channel)


def run_server(server: DealtServer) -> None:
    """Serve until a signal to end; requests under way are finished.

    Raises:
        KeyboardInterrupt: it has ended so.
        InstallationError: the application did not start.
    """
    earlier = signal.signal(signal.SIGHUP, server.handle_exit)
    try:
        with suppress(SystemExit):  # uvicorn's way to say that the application did not start
            server.run()
    finally:
        signal.signal(signal.SIGHUP, earlier)
    if not server.started:
        raise InstallationError("The service could not be started.", "The log says why; report it.")
    raise KeyboardInterrupt
