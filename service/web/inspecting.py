"""What an upload is looked at with before it is accepted: its type by content, its pages counted, and one of them really decoded.

It runs in a worker process (`service.pool`), which no engine is loaded in; the decoders run as children of that, within the limits.
"""

from collections.abc import Sequence
from pathlib import Path

from models.errors import InputError
from models.form import Problem, Source
from models.geometry import Box
from models.limits import Limits
from ocr.opening import inspect, open_page
from service.messages import Inspected, Region, Wanted
from service.reader import Assembly

_PAGES_TRIED = 3
"""A document is refused where none of its first pages can be decoded. A spoilt page among sound ones is a problem of its record."""


class OpeningReader:
    """A `service.reader.Reader` that only inspects."""

    version = "opening"

    def __init__(self, limits: Limits, target_error: float) -> None:  # noqa: ARG002  nothing is read
        """Nothing to load."""
        self._limits = limits

    def inspect(self, path: Path) -> Inspected:
        """Number of pages; raises `InputError` for a file that is no document, is over a limit, or gives no page."""
        facts = inspect(path, self._limits)
        tried = range(1, min(facts.pages, _PAGES_TRIED) + 1)
        for number in tried:
            try:
                open_page(path, number, self._limits)
                break
            except InputError:
                if number == tried[-1]:
                    raise
        return Inspected(facts.pages, ())

    def prepare(self) -> None:
        """Nothing to load."""

    def read(self, path: Path, page: int) -> bytes:
        """Not this reader's work."""
        raise TypeError(f"asked to read page {page} of {path}")

    def assemble(self, path: Path | None, pages: Sequence[bytes], source: Source, problems: Sequence[Problem]) -> Assembly:  # noqa: ARG002
        """Not this reader's work."""
        raise TypeError(f"asked to assemble {source}")

    def read_turned(self, path: Path, page: int, turns: int, others: Sequence[bytes]) -> bytes:  # noqa: ARG002
        """Not this reader's work."""
        raise TypeError(f"asked to read page {page} of {path}")

    def read_region(self, path: Path, page: int, box: Box, turns: int | None, wanted: Wanted) -> Region:  # noqa: ARG002
        """Not this reader's work."""
        raise TypeError(f"asked to read a part of page {page} of {path}")
