"""What stands in a part of a page that a reviewer has shown, read as the value of a field: `service.pipeline` for a region."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path

from layouts.grid import find_grids
from models.form import Field
from models.geometry import Box
from models.limits import Limits
from models.matched import Piece, Slot
from models.page import CleanPage, PageImage
from models.reading import Engine
from models.textlayer import TextLayer
from ocr.cleaning import clean
from ocr.confirm import confirm
from ocr.opening import open_page, text_layer
from ocr.recognize import Ground, ground
from ocr.region import read_region
from ocr.second_look import look_again
from postprocess.calibration import Trust
from postprocess.places import place_of
from postprocess.reassemble import Sought, value_at
from postprocess.second_look import in_doubt, lines_to_settle, slot_with_looks
from service.messages import Wanted
from service.pipeline import templates

AT_HAND = 3
"""Pages kept: of A4 at 300 dpi in colour each takes 50 MB."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page ready for regions of it to be read: what takes seconds is done.

    Attributes:
        stored: as stored.
        clean: straightened as the reading of the whole page did.
        layer: the text that the file carries.
        cells: of its tables, in reading order, straight frame, px.
        under: what the text in them is read from.
    """

    stored: PageImage = field(repr=False)
    clean: CleanPage = field(repr=False)
    layer: TextLayer = field(repr=False)
    cells: tuple[Box, ...]
    under: Ground


class PagesAtHand:
    """The pages that regions were read of last; whoever has drawn one box on a page draws another."""

    def __init__(self, most: int = AT_HAND) -> None:
        """None yet.

        Args:
            most: kept.
        """
        self._most = most
        self._pages: OrderedDict[tuple[Path, int, int, int | None], Page] = OrderedDict()

    def page(self, path: Path, number: int, turns: int | None, engine: Engine, limits: Limits) -> Page:
        """As `open_for_regions`; of a file that was written again since, anew."""
        key = (path, path.stat().st_mtime_ns, number, turns)
        found = self._pages.pop(key, None)
        self._pages[key] = found or open_for_regions(path, number, turns, engine, limits)
        while len(self._pages) > self._most:
            self._pages.popitem(last=False)
        return self._pages[key]


def open_for_regions(path: Path, number: int, turns: int | None, engine: Engine, limits: Limits) -> Page:
    """Page ``number`` (1-based) of the file at ``path``.

    Args:
        path: of the original.
        number: of the page.
        turns: quarter turns clockwise that make it upright, where a person has said so.
        engine: tells upright from upside down, where nobody has.
        limits: on opening it.

    Raises:
        InputError: the page cannot be opened.
    """
    stored = open_page(path, number, limits)
    page = clean(stored, engine, turns)
    cells = tuple(cell.box for grid in find_grids(page) for cell in grid.cells)
    return Page(stored, page, text_layer(path, number, limits), cells, ground(page, cells, stored.dpi))


def read_value(page: Page, box: Box, wanted: Wanted, engine: Engine, trusted: Trust) -> Field:
    """What stands in ``box`` (fractions of the page as stored, 0-1) as the value of the field ``wanted``.

    Its lines are put together as those of a cell, and looked at again where they leave a doubt that a look may settle.
    """
    frame = page.clean.straightening
    region = frame.from_page(box.scaled(frame.stored.width, frame.stored.height))
    seen = confirm(read_region(page.clean, page.under, page.cells, region, engine), page.stored, page.layer)
    (table,) = seen.grids
    pieces = tuple(Piece(seen.number, line, 0, len(line.text)) for cell in table.cells for line in cell.readings)
    slot = Slot(seen.number, table.grid.box, pieces, any(cell.sealed for cell in table.cells))
    sought = Sought(place_of(wanted.path), templates().get(wanted.template), wanted.unit)
    found = value_at(slot, sought, frame, trusted, bilevel=page.clean.bilevel)
    asked = tuple(lines_to_settle(slot, found)) if in_doubt(found) else ()
    if asked:
        looks = dict(zip(asked, look_again(page.stored, page.clean, asked, engine), strict=True))
        found = value_at(slot_with_looks(slot, looks), sought, frame, trusted, bilevel=page.clean.bilevel)
    return replace(found, box=box)
