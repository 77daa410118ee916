"""Who has just shown who he is, remembered while nothing changes: a token that is revoked is dead at once all the same."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from service.access.identity import Identity
from service.access.secret import digest

SECONDS: Final = 1.0
"""What ends by the clock alone (a token's last day, a session left alone) is noticed so late."""

_MOST: Final = 10_000
"""Secrets remembered, 1 kB each; beyond, all are forgotten."""


class Remembered:
    """Identities by their secrets; only those that were found, so that guesses fill nothing. For the event loop alone.

    Whatever anybody commits to the database, in this process or another, changes the mark, and nothing from before is remembered.
    """

    def __init__(self, mark: Callable[[], int | None]) -> None:
        """``mark`` tells another number after each change, within microseconds; None where it cannot tell: `Changes.mark`."""
        self._mark = mark
        self._at: int | None = None
        self._known: dict[tuple[str, str], tuple[float, Identity]] = {}

    async def whose(self, kind: str, secret: str, look: Callable[[str], Awaitable[Identity | None]]) -> Identity | None:
        """Whose secret it is; None where it is nobody's, or not any more.

        Args:
            kind: of the secret: one that is good as one kind is not as another.
            secret: as it was sent.
            look: asks the database.
        """
        mark, key = self._mark(), (kind, digest(secret))
        if mark is None or mark != self._at:
            self._known.clear()
            self._at = mark
        since, identity = self._known.get(key, (0.0, None))
        if identity is not None and time.monotonic() - since < SECONDS:
            return identity
        asked_at = time.monotonic()
        identity = await look(secret)
        if identity is not None and mark is not None and mark == self._at:  # else it may be from before a change
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (asked_at, identity)
        return identity
