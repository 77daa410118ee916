"""Small boxes that strokes of text or stains form: no tables, but what was read in them is text of the page."""

from models.content import PageContent
from models.reading import GridText, Reading

FEW_CELLS = 3
"""Cells up to which a narrow grid is a scrap; those seen on scans have one or two, the last row of a table has four."""

NARROW = 0.4
"""Share of the page's width below which a grid of few cells is a scrap. Tables of forms take 0.8 and more, scraps up to 0.15."""

INSIDE = 0.8
"""Share of a grid that lies within another one: no form has a table within a table."""

READ_TWICE = 0.5
"""Share of a line's box in that of another line, from which it is the same text read again."""


def tables(page: PageContent) -> tuple[GridText, ...]:
    """The grids of ``page`` that are tables and hold text, top to bottom."""
    return tuple(text for text in page.grids if not _scrap(page, text) and any(True for _ in _readings(text)))


def scattered(page: PageContent) -> tuple[Reading, ...]:
    """The text lines of ``page`` outside of its `tables`; of what was read twice only the line that is not a scrap's."""
    scraps = [reading for text in page.grids if _scrap(page, text) for reading in _readings(text)]
    known = [*page.loose, *(reading for text in tables(page) for reading in _readings(text))]
    again = [reading for reading in scraps if any(reading.box.covered_by(other.box) >= READ_TWICE for other in known)]
    return (*page.loose, *(reading for reading in scraps if reading not in again))


def _readings(text: GridText) -> list[Reading]:
    return [reading for cell in text.cells for reading in cell.readings if reading.text.strip()]


def _scrap(page: PageContent, text: GridText) -> bool:
    box = text.grid.box
    larger = (other.grid.box for other in page.grids if other is not text and other.grid.box.area > box.area)
    narrow = box.width < NARROW * page.straightening.straight.width
    return (narrow and len(text.grid.cells) <= FEW_CELLS) or any(box.covered_by(other) >= INSIDE for other in larger)
