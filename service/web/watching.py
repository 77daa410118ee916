"""How documents come along, told to whoever listens: one look at the database for all connections together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

from anyio import CapacityLimiter, to_thread

from models.errors import StoreError, TooBusyError
from service.store.progress import Progress

LOOK_SECONDS: Final = 0.5
"""Between looks: what a person takes for at once."""

MOST_LISTENERS: Final = 300
"""Connections held open at once; a process may have 1024 files open, and the others want to be answered too."""

MOST_OF_A_USER: Final = 50
"""Of these one user's: pages left open in as many windows."""

_LOG = logging.getLogger("formtally.watching")

Look: TypeAlias = Callable[[Collection[str]], dict[str, Progress]]


class Listener:
    """One connection's ear: it keeps the last word about one document."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self._said: Progress | None = None
        self._new = asyncio.Event()

    def tell(self, progress: Progress) -> None:
        """A new word, in place of one that was not heard yet."""
        self._said = progress
        self._new.set()

    async def heard(self, seconds: float) -> Progress | None:
        """The next word; None where none comes within ``seconds``."""
        try:
            await asyncio.wait_for(self._new.wait(), seconds)
        except TimeoutError:
            return None
        self._new.clear()
        return self._said


class Watcher:
    """Looks while anybody listens."""

    def __init__(self, look: Look) -> None:
        """``look`` tells how far documents have come; it is called in a thread of the watcher's own."""
        self._look = look
        self._listeners: dict[str, set[Listener]] = {}
        self._users: dict[str, int] = {}
        self._last: dict[str, Progress] = {}
        self._wanted = asyncio.Event()
        self._thread = CapacityLimiter(1)

    def _check_room(self, user: str) -> None:
        if sum(self._users.values()) >= MOST_LISTENERS or self._users.get(user, 0) >= MOST_OF_A_USER:
            raise TooBusyError("Too many connections listen already.", "Close some, or ask for the state instead.", 15)

    @asynccontextmanager
    async def listening(self, sha256: str, user: str) -> AsyncIterator[Listener]:
        """An ear for the block; the state as it is now is said first.

        Raises:
            TooBusyError: too many listen already.
        """
        self._check_room(user)
        listener = Listener()
        self._users[user] = self._users.get(user, 0) + 1
        self._listeners.setdefault(sha256, set()).add(listener)
        self._wanted.set()
        try:
            if sha256 in self._last:
                listener.tell(self._last[sha256])
            yield listener
        finally:
            self._leave(sha256, user, listener)

    def _leave(self, sha256: str, user: str, listener: Listener) -> None:
        self._users[user] -= 1
        if not self._users[user]:
            del self._users[user]
        self._listeners[sha256].discard(listener)
        if not self._listeners[sha256]:
            del self._listeners[sha256]
            self._last.pop(sha256, None)
        if not self._listeners:
            self._wanted.clear()

    async def run(self) -> None:
        """Watch until cancelled. A database that cannot be read is asked again."""
        while True:
            await self._wanted.wait()
            try:
                seen = await to_thread.run_sync(self._look, list(self._listeners), limiter=self._thread)
            except StoreError as error:
                _LOG.warning(str(error))
                seen = {}
            for sha256, progress in seen.items():
                if sha256 in self._listeners and self._last.get(sha256) != progress:
                    self._last[sha256] = progress
                    for listener in self._listeners[sha256]:
                        listener.tell(progress)
            await asyncio.sleep(LOOK_SECONDS)
