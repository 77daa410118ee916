"""Production's reader: the pipeline with PaddleOCR, loaded when the first page is read."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from layouts.template_file import builtin_templates
from models.form import Document, Problem, Source
from models.limits import Limits
from models.reading import Engine
from ocr.opening import inspect
from service import content_file, pipeline
from service.messages import Inspected
from service.reader import SpoiltError


class PipelineReader:
    """A `service.reader.Reader`."""

    def __init__(self, limits: Limits) -> None:
        """Load nothing yet."""
        self.version = f"{pipeline.VERSION}+{_templates_digest()}"
        self._limits = limits
        self._engine: Engine | None = None

    def inspect(self, path: Path) -> Inspected:
        """Number of pages and warnings."""
        facts = inspect(path, self._limits)
        return Inspected(facts.pages, tuple(Problem(0, warning.code, str(warning)) for warning in facts.warnings))

    def prepare(self) -> None:
        """Load PaddleOCR with one thread; takes seconds."""
        self._loaded()

    def read(self, path: Path, page: int) -> bytes:
        """The content of ``page``, encoded."""
        return content_file.encode(pipeline.read_page(path, page, self._loaded(), self._limits))

    def assemble(self, pages: Sequence[bytes], source: Source, problems: Sequence[Problem]) -> Document:
        """The document made of encoded contents."""
        try:
            contents = [content_file.decode(page) for page in pages]
        except (msgspec.DecodeError, ValueError) as error:
            raise SpoiltError from error
        return pipeline.assemble(contents, source, problems)

    def _loaded(self) -> Engine:
        if self._engine is None:
            from ocr.paddle import load_engine  # noqa: PLC0415  inspecting and assembling must not wait for it

            self._engine = load_engine(threads=1)
        return self._engine


def _templates_digest() -> str:
    """Tells sets of templates apart: another template, and the same pages may make another record."""
    return hashlib.sha256(repr(builtin_templates()).encode()).hexdigest()[:8]
