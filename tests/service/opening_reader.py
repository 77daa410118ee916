"""A reader for tests that opens pages for real and recognizes nothing on them."""

from collections.abc import Sequence
from pathlib import Path

from models.form import Alternative, Document, Problem, Source
from models.geometry import Box
from models.limits import Limits
from ocr.opening import inspect, open_page
from service.messages import Inspected, Region, Wanted
from service.reader import Assembly

OPENING = "tests.service.opening_reader:OpeningReader"


class OpeningReader:
    """A `service.reader.Reader`."""

    version = "opening-1"

    def __init__(self, limits: Limits, target_error: float) -> None:  # noqa: ARG002  nothing is accepted on its pixels
        """Nothing to load."""
        self._limits = limits

    def inspect(self, path: Path) -> Inspected:
        """As production does."""
        facts = inspect(path, self._limits)
        return Inspected(facts.pages, tuple(Problem(0, warning.code, str(warning)) for warning in facts.warnings))

    def prepare(self) -> None:
        """Nothing to load."""

    def read(self, path: Path, page: int) -> bytes:
        """Open the page, as production does."""
        return repr(open_page(path, page, self._limits).size).encode()

    def read_turned(self, path: Path, page: int, turns: int, others: Sequence[bytes]) -> bytes:
        """Open the page, as production does, and say what was asked."""
        return f"{open_page(path, page, self._limits).size} {turns} {len(others)}".encode()

    def read_region(self, path: Path, page: int, box: Box, turns: int | None, wanted: Wanted) -> Region:
        """Open the page, and say what was asked."""
        size = open_page(path, page, self._limits).size
        return Region(f"{wanted.path} {size.width}x{size.height} {box.left:.2f} {turns}", 0.5, (Alternative("乙", 0.25),))

    def assemble(self, path: Path | None, pages: Sequence[bytes], source: Source, problems: Sequence[Problem]) -> Assembly:  # noqa: ARG002  nothing to look at again
        """No forms: nothing was recognized."""
        assert all(page.startswith(b"Size(") for page in pages)
        return Assembly(Document(source, (), tuple(problems)))
