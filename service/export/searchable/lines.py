"""The text lines of a document as its record says them: where a value was repaired or corrected, its lines say the record's text."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz.distance import Levenshtein

from layouts.matching import match_forms
from layouts.template_file import builtin_templates
from models.content import PageContent
from models.form import Document, Field, Form
from models.geometry import Box
from models.matched import MatchedForm, Piece, Slot
from models.reading import BLANK, Reading
from service.export.searchable.glyphless import width

_INPUT_HEIGHT, _STEP = 48, 8
"""A line is scaled to so many px of height for the recognizer, which then tells a time step for so many px of its width."""

_LINE_MARGIN = 0.18
"""Share of the text height that a reading's box goes beyond its ink (`ocr.lines.LINE_MARGIN`)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text line.

    Attributes:
        box: around its ink, straight frame, px.
        text: as the record says it.
        places: x of the middle of each character of ``text``, straight frame, px, as far as the recognizer tells.
    """

    box: Box
    text: str
    places: tuple[float, ...]


def lines_of(pages: Sequence[PageContent], document: Document) -> Mapping[int, tuple[Line, ...]]:
    """The lines of each page by its number: from top to bottom, a grid cell by cell.

    Args:
        pages: what was read.
        document: the record that came of it, or what corrections have made of it.
    """
    mended, added = _mended(pages, document)
    return {page.number: tuple(_lines(page, mended, added.get(page.number, ()))) for page in pages}


@dataclass(frozen=True, slots=True)
class _Change:
    """The characters ``start`` to ``end`` of a reading say ``text``."""

    start: int
    end: int
    text: str


_Place = tuple[int, Box]
"""Page and box of a reading: what it is known by."""


def _lines(page: PageContent, mended: Mapping[_Place, Sequence[_Change]], added: Sequence[tuple[Box, str]]) -> Iterator[Line]:
    readings = _in_order(page)
    height = float(np.median([_ink_height(reading.box) for reading in readings])) if readings else 0.0
    for reading in readings:
        text, places = _changed(reading, mended.get((page.number, reading.box), ()))
        if text.strip():
            yield Line(_ink(reading.box, height), text, places)
    for cell, text in added:
        yield _written_in(cell, text, height or cell.height)


def _in_order(page: PageContent) -> list[Reading]:
    """All readings from top to bottom, those of a grid together, cell by cell."""
    blocks = [(grid.grid.box.top, [reading for cell in grid.cells for reading in cell.readings]) for grid in page.grids]
    blocks += [(reading.box.top, [reading]) for reading in page.loose]
    return [reading for _, block in sorted(blocks, key=lambda block: block[0]) for reading in block]


def _mended(pages: Sequence[PageContent], document: Document) -> tuple[dict[_Place, list[_Change]], dict[int, list[tuple[Box, str]]]]:
    """What readings must be changed, and what texts stand in cells (straight frame) that nothing was read in."""
    changes: dict[_Place, list[_Change]] = defaultdict(list)
    added: dict[int, list[tuple[Box, str]]] = defaultdict(list)
    seen: set[tuple[int, Box, int]] = set()
    matched = match_forms(pages, builtin_templates())
    for slot, field in _pairs(matched, document.forms):
        pieces = [piece for piece in slot.pieces if piece.text]
        said = "".join(piece.text for piece in pieces)
        key = (slot.page, slot.box, pieces[0].start if pieces else 0)  # a merged cell is repeated on each of its rows
        if field.text == said or key in seen:
            continue
        seen.add(key)
        if not pieces:
            added[slot.page].append((slot.box, field.text))
            continue
        for piece, text in zip(pieces, _shared(pieces, said, field.text), strict=True):
            changes[piece.page, piece.reading.box].append(_Change(piece.start, piece.end, text))
    return changes, added


def _pairs(matched: Sequence[MatchedForm], forms: Sequence[Form]) -> Iterator[tuple[Slot, Field]]:
    """Where each field was read; nothing of a form that is no longer what its pages say it is."""
    for found, form in zip(matched, forms, strict=False):
        if (found.kind, found.pages) != (form.kind, form.pages):
            continue
        yield from ((found.fields[name], field) for name, field in form.fields.items() if name in found.fields)
        for table, rows in form.tables.items():
            for slots, row in zip(found.tables.get(table, ()), rows, strict=False):
                yield from ((slots[name], field) for name, field in row.items() if name in slots)
        yield from ((cell.slot, field) for cell, field in zip(found.cells, form.cell_fields, strict=False))


def _shared(pieces: Sequence[Piece], said: str, text: str) -> list[str]:
    """``text`` shared out over ``pieces``, which ``said`` something alike: each character to the piece of its counterpart."""
    owners = [index for index, piece in enumerate(pieces) for _ in piece.text]
    shares = ["" for _ in pieces]
    for operation in Levenshtein.opcodes(said, text):
        for place in range(operation.dest_start, operation.dest_end):
            counterpart = operation.src_start + place - operation.dest_start
            last = max(operation.src_start, operation.src_end - 1)
            shares[owners[min(counterpart, last, len(owners) - 1)]] += text[place]
    return shares


def _changed(reading: Reading, changes: Sequence[_Change]) -> tuple[str, tuple[float, ...]]:
    """Text and places of ``reading`` after all ``changes``, which do not overlap; those that do are left out."""
    places = _places(reading)
    text, end = reading.text, len(reading.text)
    known: list[float] = list(places)
    for change in sorted(changes, key=lambda change: change.start, reverse=True):
        if change.end > end:
            continue
        end = change.start
        old, new = text[change.start : change.end], change.text
        known[change.start : change.end] = _moved(known[change.start : change.end], old, new)
        text = text[: change.start] + new + text[change.end :]
    return text, tuple(known)


def _moved(places: Sequence[float], old: str, new: str) -> list[float]:
    """Places of the characters of ``new``, spread over those of ``old``."""
    if len(old) == len(new):
        return list(places)
    if not old or not new:
        return []
    return [float(x) for x in np.interp(np.linspace(0, len(old) - 1, len(new)), np.arange(len(old)), places)]


def _places(reading: Reading) -> list[float]:
    """The middle (x) of each character: of the time steps that the lattice's best path spends on it, else by usual widths."""
    box, codes = reading.box, reading.lattice.codes[:, :1].ravel()
    starts = np.flatnonzero(np.diff(codes, prepend=BLANK - 1))
    ends = np.append(starts[1:], len(codes))
    runs = [(chr(codes[start]), (start + end) / 2) for start, end in zip(starts, ends, strict=True) if codes[start] != BLANK]
    said = "".join(character for character, _ in runs)
    first = said.find(reading.text) if reading.text else -1
    if first < 0:
        return _spread(reading.text, box)
    step = _STEP * box.height / _INPUT_HEIGHT
    return [min(box.left + middle * step, box.right) for _, middle in runs[first : first + len(reading.text)]]


def _spread(text: str, box: Box) -> list[float]:
    """The middle (x) of each character of ``text`` where all have their usual widths."""
    ends = np.cumsum([width(character) for character in text])
    return [box.left + float(end - width(character) / 2) / float(ends[-1]) * box.width for character, end in zip(text, ends, strict=True)]


def _ink_height(box: Box) -> float:
    return box.height / (1 + 2 * _LINE_MARGIN)


def _ink(box: Box, height: float) -> Box:
    """``box`` of a reading without its margins: those above and below go by the line, those beside it by the page's text ``height``."""
    beside = min(_LINE_MARGIN * height, box.width / 4)
    return box.grown(-beside, -_LINE_MARGIN * _ink_height(box))


def _written_in(cell: Box, text: str, height: float) -> Line:
    """A text that only the record knows, in one line in the middle of its cell."""
    size = min(height, cell.height)
    middle = cell.centre[1]
    box = Box(cell.left, middle - size / 2, min(cell.right, cell.left + size * len(text)), middle + size / 2)
    return Line(box, text, tuple(_spread(text, box)))
