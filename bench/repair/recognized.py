"""From a scan of numbers to lattices, by the project's own stages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.repair.scan import Scan
from models.geometry import Box, Size, Straightening
from models.grid import Cell, Grid
from models.matched import Piece, Slot
from models.page import CleanPage, PageImage
from models.reading import AskedLine, CellText, Engine
from ocr.cleaning.page import develop
from ocr.recognize import recognize
from ocr.second_look import look_again
from postprocess.places import Place
from postprocess.second_look import Looks
from tests.forms.contents import SelfEvaluation

Spoiling = Callable[[SelfEvaluation, float, np.random.Generator], Scan]
"""A form, a level of noise and chance, to a scan."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One scan of a form.

    Attributes:
        page: number by which its lines are known, 1-based.
        index: of the form, 0-based.
        form: what is printed.
        noise: its name.
        level: of the noise.
        seed: of the run.
        spoil: makes the scan.
    """

    page: int
    index: int
    form: SelfEvaluation
    noise: str
    level: float
    seed: int
    spoil: Spoiling

    def scanned(self) -> Scan:
        """The scan; the same form looks the same at every level of a noise but for the noise itself."""
        return self.spoil(self.form, self.level, np.random.default_rng([self.seed, self.index]))

    def file(self) -> Path:
        """Where what was read of it is kept."""
        return Path(f"seed-{self.seed}", f"{self.noise}-{self.level:g}", f"{self.index:05}.npz")


class Sitting:
    """One shot before the recognizer: scanned and cleaned once, read, and looked at again."""

    def __init__(self, shot: Shot, engine: Engine) -> None:
        """Scan and clean ``shot``."""
        self._shot, self._engine = shot, engine
        self._scan = shot.scanned()
        developed = develop(self._scan.pixels)
        size = Size(developed.grey.shape[1], developed.grey.shape[0])
        self._page = CleanPage(shot.page, developed.grey, developed.seal, Straightening(size, size))

    def read(self) -> dict[Place, Slot]:
        """The numbers, each with its lattice."""
        places, size = list(self._scan.cells), self._page.size
        cells = tuple(Cell(row, 0, 1, 1, box) for row, box in enumerate(self._scan.cells.values()))
        grid = Grid(Box(0, 0, size.width, size.height), (0.0, float(size.height)), (0.0, float(size.width)), cells)
        (read,) = recognize(self._page, [grid], self._scan.dpi, self._engine).grids
        return {places[text.cell]: self._slot(cells[text.cell].box, text) for text in read.cells}

    def _slot(self, box: Box, text: CellText) -> Slot:
        pieces = tuple(Piece(self._shot.page, each, 0, len(each.text)) for each in text.readings if each.text)
        return Slot(self._shot.page, box, pieces, text.sealed)

    def look(self, asked: Sequence[AskedLine]) -> Looks:
        """Further views of the lines ``asked``, all on this shot."""
        stored = PageImage(self._shot.page, self._scan.pixels, self._scan.dpi)
        return dict(zip(asked, look_again(stored, self._page, asked, self._engine), strict=True)) if asked else {}
