"""One bit that a process shows to its children: nothing of it stays on any disk."""

import os
from types import TracebackType
from typing import Final, Self

_SHOWN: Final = b"1"


class Sign:
    """What the process shows that made it; children inherit ``descriptor`` and ask `shown`."""

    def __init__(self) -> None:
        """Nothing is shown yet."""
        self.descriptor = os.memfd_create("formtally-sign")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        os.close(self.descriptor)

    def show(self, shown: bool) -> None:
        """Show it, or show it no more."""
        os.pwrite(self.descriptor, _SHOWN if shown else b"0", 0)


def shown(descriptor: int) -> bool:
    """Whether the sign is shown just now."""
    return os.pread(descriptor, 1, 0) == _SHOWN
