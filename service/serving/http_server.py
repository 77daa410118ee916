"""uvicorn, set up for strangers: nobody holds a connection by sending slowly or not at all."""

import asyncio
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from models.errors import InstallationError
from service.serving.listening import BACKLOG

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


class PromptProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, which waits for nobody for ever.

    Attributes:
        _patience: until the connection is given up, or looked at.
        _came: bytes of a body since then; None where none is awaited.
    """

    _patience: asyncio.TimerHandle | None = None
    _came: int | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn narrows it alike
        """Begin to wait."""
        super().connection_made(transport)
        if (sock := transport.get_extra_info("socket")) is not None:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(QUIET_SECONDS * 1000))
        self._wait(HEAD_SECONDS)

    def data_received(self, data: bytes) -> None:
        """The head must be whole in time; a body must be whole soon, or go on to come."""
        super().data_received(data)
        if self.conn.their_state is h11.SEND_BODY:
            if self._came is None:
                self._came = 0
                self._wait(QUIET_SECONDS)
            self._came += len(data)
            return
        self._came = None
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._patience is None:
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


def make_server(application: Any) -> uvicorn.Server:
    """A server for an ASGI application; it writes no log of its own but through `logging`."""
    return uvicorn.Server(
        uvicorn.Config(
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
            backlog=BACKLOG,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=_GRACE_SECONDS,
            h11_max_incomplete_event_size=_HEAD_BYTES,
        )
    )


def run_server(server: uvicorn.Server, sockets: Sequence[socket.socket]) -> None:
    """Serve until a signal to end; requests under way are finished.

    Raises:
        KeyboardInterrupt: it has ended so.
        InstallationError: the application did not start.
    """
    earlier = signal.signal(signal.SIGHUP, server.handle_exit)
    try:
        with suppress(SystemExit):  # uvicorn's way to say that the application did not start
            server.run(sockets=list(sockets))
    finally:
        signal.signal(signal.SIGHUP, earlier)
    if not server.started:
        raise InstallationError("The service could not be started.", "The log says why; report it.")
    raise KeyboardInterrupt
