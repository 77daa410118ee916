"""FormTally: opening, cleaning, grid and recognition of a page, one thread."""

from pathlib import Path

from answering import answer

from models.limits import Limits
from ocr.paddle import load_engine
from service.pipeline import read_page

_ENGINE = load_engine(1)


def _read(path: str) -> int:
    content = read_page(Path(path), 1, _ENGINE, Limits())
    return sum(len(cell.readings) for grid in content.grids for cell in grid.cells) + len(content.loose)


answer(_read)
