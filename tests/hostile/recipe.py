"""How a hostile file is made, and what must come of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """One hostile file.

    Attributes:
        name: of the file; any bytes a file system takes.
        expected: code of the error; None where it opens.
        make: its bytes.
        page: 1-based page that is lost with ``expected``, all others open; 0 where the whole file is.
        warning: code of the warning it is read with; "" where there is none.
    """

    name: str
    expected: str | None
    make: Callable[[], bytes]
    page: int = 0
    warning: str = ""
