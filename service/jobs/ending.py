"""How a process that does durable work ends: everybody is told, and the threads of its workflows are waited for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from models.errors import FormTallyError

_SECONDS = 20
"""For the threads of workflows to end: they wait for nothing but the database any more."""


class Ending:
    """Shared by all threads of a process.

    Attributes:
        begun: nothing new is to be begun, and nothing more to be kept.
        fault: why, where something went wrong.
    """

    def __init__(self) -> None:
        """Not yet."""
        self.begun = threading.Event()
        self.fault: FormTallyError | None = None
        self._running: list[str] = []
        self._changed = threading.Condition()

    def begin(self, fault: FormTallyError | None = None) -> None:
        """End from now on; the first ``fault`` counts."""
        self.fault = self.fault or fault
        self.begun.set()

    @contextmanager
    def running(self, document: str) -> Iterator[None]:
        """The workflow of ``document`` runs for the block."""
        with self._changed:
            self._running.append(document)
        try:
            yield
        finally:
            with self._changed:
                self._running.remove(document)
                self._changed.notify_all()

    def documents(self) -> frozenset[str]:
        """Those whose workflows run in this process."""
        with self._changed:
            return frozenset(self._running)

    def wait(self) -> None:
        """Until no workflow runs any more, `_SECONDS` at the most."""
        with self._changed:
            self._changed.wait_for(lambda: not self._running, _SECONDS)
