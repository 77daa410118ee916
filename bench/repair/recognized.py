"""From a scan of numbers to lattices, by the project's own stages; what was read once is kept."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.repair.printed import numbers
from bench.repair.scan import Scan
from models.content import PageContent
from models.geometry import Box, Size, Straightening
from models.grid import Cell, Grid
from models.matched import Piece, Slot
from models.page import CleanPage
from models.reading import Engine
from ocr.cleaning.page import develop
from ocr.recognize import recognize
from postprocess.places import Place
from service import content_file
from tests.forms.contents import SelfEvaluation

Spoiling = Callable[[SelfEvaluation, float, np.random.Generator], Scan]
"""A form, a level of noise and chance, to a scan."""


@dataclass(frozen=True, slots=True)
class Case:
    """One form under one level of noise.

    Attributes:
        index: of the form, 0-based.
        form: what is printed.
        noise: its name.
        level: of the noise.
        seed: of the run.
    """

    index: int
    form: SelfEvaluation
    noise: str
    level: float
    seed: int

    @property
    def chance(self) -> np.random.Generator:
        """For drawing and noise; the same form looks the same at every level of a noise but for the noise itself."""
        return np.random.default_rng([self.seed, self.index])


class Recognizer:
    """Reads cases, and keeps what it read below a folder. The engine is loaded when the first case must be read."""

    def __init__(self, kept: Path, load: Callable[[], Engine]) -> None:
        """Keep readings in ``kept``."""
        self._kept, self._load = kept, load
        self._engine: Engine | None = None

    def read(self, case: Case, spoil: Spoiling) -> dict[Place, Slot]:
        """The numbers of ``case``, each with its lattice."""
        path = self._kept / f"seed-{case.seed}" / f"{case.noise}-{case.level:g}" / f"{case.index:05}.content"
        if path.exists():
            return _slots(content_file.decode(path.read_bytes()), case.form)
        content = _recognized(case.form, spoil(case.form, case.level, case.chance), self._loaded())
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(content_file.encode(content))
        part.replace(path)
        return _slots(content, case.form)

    def _loaded(self) -> Engine:
        if self._engine is None:
            self._engine = self._load()
        return self._engine


def _recognized(form: SelfEvaluation, scan: Scan, engine: Engine) -> PageContent:
    """``scan`` cleaned and read; the row of a cell is the place's number among those of ``form``."""
    developed = develop(scan.pixels)
    size = Size(developed.grey.shape[1], developed.grey.shape[0])
    rows = {place: row for row, place in enumerate(numbers(form))}
    cells = tuple(Cell(rows[place], 0, 1, 1, box) for place, box in scan.cells.items())
    grid = Grid(Box(0, 0, size.width, size.height), (0.0, float(size.height)), (0.0, float(size.width)), cells)
    page = CleanPage(1, developed.grey, developed.seal, Straightening(size, size))
    return recognize(page, [grid], scan.dpi, engine)


def _slots(content: PageContent, form: SelfEvaluation) -> dict[Place, Slot]:
    places = list(numbers(form))
    (read,) = content.grids
    found = {}
    for text in read.cells:
        cell = read.grid.cells[text.cell]
        pieces = tuple(Piece(1, each, 0, len(each.text)) for each in text.readings if each.text)
        found[places[cell.row]] = Slot(1, cell.box, pieces, text.sealed)
    return found
