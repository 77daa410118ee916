"""The seam between a run and what actually reads: production's `PipelineReader`, or a recorded one in tests.

Workers are told the reader by name (``module:function``), since a function does not cross into another process.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from models.errors import InstallationError
from models.form import Document, Problem, Source
from models.geometry import Box
from models.limits import Limits
from postprocess.calibration import TARGET_ERROR
from service.messages import Inspected, Region, Wanted


@dataclass(frozen=True, slots=True)
class Assembly:
    """A document, and what the second look at its doubts cost.

    Attributes:
        document: checked.
        lines: that were looked at again.
        seconds: this took, opening their pages included.
        pages: the encoded contents with what was seen there, to be kept in place of those given; none where no line was looked at.
    """

    document: Document
    lines: int = 0
    seconds: float = 0.0
    pages: tuple[bytes, ...] = ()


class Reader(Protocol):
    """Reads inputs page by page. Not safe to share between threads."""

    version: str
    """Part of the identity of a result: raised whenever the same scan may give another record."""

    def inspect(self, path: Path) -> Inspected:
        """Number of pages and warnings; raises `InputError`."""

    def prepare(self) -> None:
        """Load what `read` needs; raises `InstallationError`. Does nothing the second time."""

    def read(self, path: Path, page: int) -> bytes:
        """The content of ``page`` (1-based); raises `InputError`."""

    def assemble(self, path: Path | None, pages: Sequence[bytes], source: Source, problems: Sequence[Problem]) -> Assembly:
        """The document made of contents that `read` gave, doubts looked at again in the input at ``path``, if that is given.

        Raises:
            SpoiltError: one of ``pages`` is none.
        """

    def read_turned(self, path: Path, page: int, turns: int, others: Sequence[bytes]) -> bytes:
        """The content of ``page`` (1-based), which stands upright after so many quarter turns clockwise; raises `InputError`.

        Doubts are looked at again, as in a document of this page and ``others``.

        Raises:
            SpoiltError: one of ``others`` is none.
        """

    def read_region(self, path: Path, page: int, box: Box, turns: int | None, wanted: Wanted) -> Region:
        """What stands in ``box`` of ``page`` (1-based) as the value of the field ``wanted``; raises `InputError`.

        Args:
            path: of the input.
            page: of it.
            box: fractions of the page as stored (0-1).
            turns: quarter turns clockwise that make that page upright, where a person has said so.
            wanted: the field.
        """


class SpoiltError(Exception):
    """Kept contents are damaged or of another version."""


PIPELINE = "service.pipeline_reader:PipelineReader"
"""What production reads with."""


@dataclass(frozen=True, slots=True)
class ReaderSpec:
    """What a reader is made from, in this process or a worker.

    Attributes:
        name: of its factory, ``module:function``.
        limits: what one input may cost.
        target_error: share of accepted fields that may be wrong (0-1).
        learned: folder of what an office has taught (`service.learned`); empty where nothing.
    """

    name: str
    limits: Limits
    target_error: float = TARGET_ERROR
    learned: str = ""


def open_reader(spec: ReaderSpec) -> Reader:
    """The reader that the factory of ``spec`` makes for its limits and target error, and for what was learned where there is such.

    Raises:
        InstallationError: a library that it stands on is missing or does not load.
    """
    module, _, function = spec.name.partition(":")
    try:
        factory = cast("Callable[..., Reader]", getattr(import_module(module), function))
    except ImportError as error:
        raise InstallationError(f"A library cannot be loaded: {error}.", "Run `formtally doctor`.") from error
    taught = {"learned": spec.learned} if spec.learned else {}
    return factory(spec.limits, spec.target_error, **taught)
