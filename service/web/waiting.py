"""How many forms wait for a reviewer, as each page says it: counted every half minute at most, whoever looks."""

import time
from typing import Final

from models.errors import StoreError
from service.review.queue import count_waiting
from service.store.opening import Store

SECONDS: Final = 30.0
"""A number may be so old. Counting 100,000 forms takes some 10 ms, which no page is to pay that shows something else."""


class WaitingForms:
    """The number, remembered."""

    def __init__(self, store: Store) -> None:
        """Nothing is counted before somebody asks."""
        self._store = store
        self._known: tuple[float, int] | None = None

    def learn(self, count: int) -> None:
        """Somebody has counted anyway: there are ``count``."""
        self._known = (time.monotonic(), count)

    def count(self) -> int:
        """How many forms wait that nobody works on; as before where the database does not answer."""
        if self._known is None or time.monotonic() - self._known[0] > SECONDS:
            try:
                self.learn(count_waiting(self._store))
            except StoreError:  # the page shows something else, and says by itself what it misses
                self.learn(self._known[1] if self._known is not None else 0)
        return self._known[1] if self._known is not None else 0
