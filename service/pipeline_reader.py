"""Production's reader: the pipeline with PaddleOCR, loaded when the first page is read."""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from layouts.template_file import builtin_templates
from models.content import PageContent
from models.form import Alternative, Problem, Source
from models.geometry import Box
from models.limits import Limits
from models.reading import AskedLine, Engine, Lattice
from ocr.opening import inspect
from postprocess.calibration import Trust
from postprocess.second_look import Looks
from service import content_file, pipeline
from service.learned import learned_trust
from service.messages import Inspected, Region, Wanted
from service.reader import Assembly, SpoiltError
from service.region import PagesAtHand, read_value


class PipelineReader:
    """A `service.reader.Reader`."""

    def __init__(self, limits: Limits, target_error: float, learned: str = "") -> None:
        """Load nothing yet but what the folder ``learned`` holds, if one is given (`service.learned`).

        Raises:
            UsageError: that cannot be used.
        """
        self._trust = learned_trust(target_error, learned)
        self.version = f"{pipeline.VERSION}+{_digest(self._trust)}"
        self._limits = limits
        self._engine: Engine | None = None
        self._pages = PagesAtHand()

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

    def assemble(self, path: Path | None, pages: Sequence[bytes], source: Source, problems: Sequence[Problem]) -> Assembly:
        """The document made of encoded contents; loads PaddleOCR where a doubt is to be looked at again."""
        contents = _decoded(pages)
        looked: list[tuple[int, float]] = []
        seen: dict[AskedLine, tuple[Lattice, ...]] = {}

        def look(asked: Sequence[AskedLine]) -> Looks:
            if path is None:
                return {}
            engine, begun = self._loaded(), time.monotonic()
            looks = pipeline.look_again(path, engine, self._limits, contents, asked)
            looked.append((len(asked), time.monotonic() - begun))
            seen.update(looks)
            return looks

        document = pipeline.assemble(contents, source, problems, look, self._trust)
        kept = tuple(content_file.encode(page) for page in pipeline.with_seen(contents, seen)) if seen else ()
        return Assembly(document, sum(lines for lines, _ in looked), sum(seconds for _, seconds in looked), kept)

    def read_turned(self, path: Path, page: int, turns: int, others: Sequence[bytes]) -> bytes:
        """The content of ``page`` upright as a person says, encoded, with what was seen again on it."""
        engine = self._loaded()
        content = pipeline.read_page(path, page, engine, self._limits, turns)
        contents = sorted((*_decoded(others), content), key=lambda each: each.number)
        seen: dict[AskedLine, tuple[Lattice, ...]] = {}

        def look(asked: Sequence[AskedLine]) -> Looks:
            seen.update(pipeline.look_again(path, engine, self._limits, [content], [line for line in asked if line.page == page]))
            return {**pipeline.looks_at(contents), **seen}

        pipeline.assemble(contents, Source("", "", len(contents)), (), look, self._trust)
        (kept,) = pipeline.with_seen([content], seen)
        return content_file.encode(kept)

    def read_region(self, path: Path, page: int, box: Box, turns: int | None, wanted: Wanted) -> Region:
        """What stands in ``box``; the page stays at hand, since a person who has drawn one box draws another."""
        engine = self._loaded()
        found = read_value(self._pages.page(path, page, turns, engine, self._limits), box, wanted, engine, self._trust)
        others = tuple(Alternative(other.text, min(1.0, other.confidence)) for other in found.alternatives)
        return Region(found.text, found.confidence, others)

    def _loaded(self) -> Engine:
        if self._engine is None:
            from ocr.paddle import load_engine  # noqa: PLC0415  inspecting and assembling must not wait for it

            self._engine = load_engine(threads=1)
        return self._engine


def _decoded(pages: Sequence[bytes]) -> list[PageContent]:
    try:
        return [content_file.decode(page) for page in pages]
    except (msgspec.DecodeError, ValueError) as error:
        raise SpoiltError from error


def _digest(trusted: Trust) -> str:
    """Tells apart what else a record follows from: another template, another calibration or wanted error, and it may be another one."""
    taught = repr(trusted.lexicon) if trusted.lexicon.words else ""
    return hashlib.sha256((repr((builtin_templates(), trusted)) + taught).encode()).hexdigest()[:8]
