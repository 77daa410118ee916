"""Connections are taken by one process and dealt out, in turn, to those that answer.

If all listened at one socket, whichever wakes up first would take what there is, and of fifty connections one process might have forty.
A process that is not ready, or dead, is dealt nothing; while none is ready, connections wait where the kernel keeps them.
"""

import logging
import selectors
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

READY: Final = b"+"
"""What a process says once it answers."""

_DEALT: Final = b"."
"""What a connection comes with: a descriptor cannot be sent alone."""

_LOOK_SECONDS: Final = 0.2
_LOG = logging.getLogger("formtally.dealing")


@dataclass(slots=True)
class Seat:
    """A place for a process that answers, whichever process has it at the time.

    Attributes:
        here: this process' end of the channel to it.
        there: its end, which it inherits. It stays open here: what is dealt to a process that dies is found by the next.
        ready: whether the process answers.
    """

    here: socket.socket
    there: socket.socket
    ready: bool = field(default=False, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.here.close()
        self.there.close()

    def heard(self) -> None:
        """Take what the process says."""
        self.ready = self.here.recv(1) == READY

    def dealt(self, connection: socket.socket) -> bool:
        """Give it a connection; False where it is not ready, or takes none from the channel."""
        try:
            return self.ready and socket.send_fds(self.here, [_DEALT], [connection.fileno()]) > 0
        except OSError:  # it has stopped to take any
            return False


def make_seat() -> Seat:
    """A place that nobody has yet."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    here.setblocking(False)
    there.setblocking(False)
    return Seat(here, there)


def say_ready(channel: socket.socket) -> None:
    """What the process in a seat says as soon as it answers."""
    channel.send(READY)


def take_connection(channel: socket.socket) -> socket.socket | None:
    """A connection that was dealt to the process in a seat; None where there is none."""
    try:
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
    except BlockingIOError:
        return None
    return socket.socket(fileno=descriptors[0]) if descriptors else None


class Dealer:
    """Deals, in a thread of its own, for the block."""

    def __init__(self, listeners: Sequence[socket.socket], seats: Sequence[tuple[Seat, Callable[[], bool]]]) -> None:
        """Connections to ``listeners`` go to ``seats``, each with what tells whether a process has it that lives."""
        self._listeners = listeners
        self._seats = list(seats)
        self._ending = threading.Event()
        self._dealing = threading.Thread(target=self._deal, name="formtally-deal", daemon=True)

    def __enter__(self) -> Self:
        """Begin."""
        for listener in self._listeners:
            listener.setblocking(False)
        self._dealing.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take no more."""
        self._ending.set()
        self._dealing.join()

    def _deal(self) -> None:
        with selectors.DefaultSelector() as voices, selectors.DefaultSelector() as everything:
            for seat, _ in self._seats:
                voices.register(seat.here, selectors.EVENT_READ, seat)
                everything.register(seat.here, selectors.EVENT_READ, seat)
            for listener in self._listeners:
                everything.register(listener, selectors.EVENT_READ, listener)
            while not self._ending.is_set():
                for seat, alive in self._seats:
                    seat.ready &= alive()
                someone = any(seat.ready for seat, _ in self._seats)
                for key, _ in (everything if someone else voices).select(_LOOK_SECONDS):
                    if isinstance(key.data, Seat):
                        key.data.heard()
                    else:
                        self._take(key.data)

    def _take(self, listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
        except BlockingIOError:
            return  # whoever it was is gone
        except OSError as error:
            _LOG.warning("a connection cannot be taken: %s", error.strerror)
            self._ending.wait(_LOOK_SECONDS)  # there may be no descriptor left just now
            return
        with connection:
            for number, (seat, _) in enumerate(self._seats):
                if seat.dealt(connection):
                    self._seats.append(self._seats.pop(number))
                    return
        _LOG.warning("a connection was closed: nobody takes any")
