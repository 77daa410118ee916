"""The text that a file carries, line by line against what its pixels say: two witnesses that know nothing of each other.

A text layer alone proves nothing: it may be invisible, covered, left over from another recognizer, or its digits may stand for others. So
every line is recognized as on a scan, and the file's text is taken where the pixels say the same, or nothing worth doubting otherwise; a
figure is never taken against them.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.content import PageContent
from models.geometry import Box, Straightening
from models.page import PageImage
from models.reading import CellText, Lattice, Reading, certain
from models.textlayer import TextLayer
from ocr.lines import ink
from ocr.witnesses import Stretch, Verdict, compared, judged

_EVEN = float(np.log(0.5))
_CLOSING = frozenset("。；！？”’）》】」』")
"""Marks that may end a text on a line of their own."""
_PARTING = frozenset("，、：")
"""Marks between words that stand apart from their line where it begins or ends with them."""
_MOST_MARKS = 4
"""Of a cell that are in none of its lines; a dash of several characters alone is 2."""
_LONGER = 4
"""Times as many characters as are seen, from which the file tells another text, however long: a stranger chose its length."""


def confirm(content: PageContent, stored: PageImage, layer: TextLayer) -> PageContent:
    """``content`` with the text of ``layer`` in every line that it tells and whose pixels do not say otherwise.

    Args:
        content: the page as recognized from its pixels.
        stored: these pixels, before any cleaning.
        layer: the text that the file carries for it.
    """
    if not layer.characters:
        return content
    told, verdicts = _Told(layer, stored, content.straightening), set[Verdict | None]()

    def heard(readings: Sequence[Reading]) -> tuple[Reading, ...]:
        pairs = [_heard(reading, told.line(reading)) for reading in readings]
        verdicts.update(verdict for _, verdict in pairs)
        return tuple(reading for reading, _ in pairs)

    def heard_in(cell: CellText, box: Box) -> CellText:
        unseen = told.unseen(cell, box)
        readings = _with_unseen(heard(cell.readings), unseen)
        verdicts.update(Verdict.CONTRADICTED for reading in readings if reading.disputed and not reading.text)
        return replace(cell, readings=readings)

    grids = tuple(
        replace(grid, cells=tuple(heard_in(cell, grid.grid.cells[cell.cell].box) for cell in grid.cells)) for grid in content.grids
    )
    loose = heard(content.loose)
    return replace(content, grids=grids, loose=loose, from_text=bool(verdicts) and not {None, Verdict.CONTRADICTED} & verdicts)


class _Told:
    """A text layer, its characters where they stand in the straight frame."""

    def __init__(self, layer: TextLayer, stored: PageImage, frame: Straightening) -> None:
        """Take the boxes of the characters there."""
        self._layer, self._stored, self._boxes = layer, stored, layer.boxes * ([stored.size.width, stored.size.height] * 2)
        corners = np.stack([frame.points_from_page(self._boxes[:, :2]), frame.points_from_page(self._boxes[:, 2:])])
        self._low, self._high = corners.min(axis=0), corners.max(axis=0)
        self._middles = (self._low + self._high) / 2
        self._visible = np.array([not character.isspace() for character in layer.characters], np.bool_)

    def line(self, reading: Reading) -> str:
        """The characters whose middle lies in the line's box, left to right; none where one of them is not to be trusted."""
        inside = np.flatnonzero(self._in(reading.box))
        if not self._layer.drawn[inside].all():
            return ""
        return "".join(self._layer.characters[index] for index in inside[np.argsort(self._middles[inside, 0], kind="stable")]).strip()

    def unseen(self, cell: CellText, box: Box) -> tuple[Reading, ...]:
        """Characters in the ``box`` of ``cell`` that none of its lines holds, a reading each.

        A letter or digit is hidden or was overlooked: its cell is disputed. A mark is too small to be a line of its own: it is read where
        there is ink, alone in its cell or between words, and disputes its cell where it may belong to a figure.
        """
        left = self._in(box) & self._layer.drawn & self._visible
        for reading in cell.readings:
            left &= ~self._in(reading.box)
        places = np.flatnonzero(left).tolist()
        if len(places) > _MOST_MARKS or any(self._layer.characters[place].isalnum() for place in places):
            return (_dispute(self._box(places)),)
        if not cell.readings:
            return tuple(self._mark(place) for place in places if self._inked(place))
        known = _CLOSING | _PARTING
        sound = [place for place in places if self._layer.characters[place] in known and self._inked(place)]
        return tuple(self._mark(place) if place in sound else _dispute(self._box([place])) for place in places)

    def _mark(self, place: int) -> Reading:
        character = self._layer.characters[place]
        return Reading(self._box([place]), character, (1.0,), certain(character))

    def _box(self, places: list[int]) -> Box:
        return Box(*self._low[places].min(axis=0).tolist(), *self._high[places].max(axis=0).tolist())

    def _in(self, box: Box) -> NDArray[np.bool_]:
        x, y = self._middles.T
        return np.asarray((x >= box.left) & (x < box.right) & (y >= box.top) & (y < box.bottom), np.bool_)

    def _inked(self, place: int) -> bool:
        """Whether anything dark is drawn where the character is said to be. Cleaning takes small marks for dirt."""
        rows, columns = Box(*self._boxes[place].tolist()).grown(1, 1).slices(self._stored.size)
        return bool(ink(self._stored.pixels[rows, columns]).any())


def _dispute(box: Box) -> Reading:
    """A line that says nothing but that somebody must look there."""
    return Reading(box, "", (), certain(""), disputed=True)


def _with_unseen(lines: tuple[Reading, ...], unseen: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """All of them in reading order, ``lines`` in that which they have; a mark that may part the digits of a number is in dispute."""
    found = list(lines)
    for reading in unseen:
        behind = next((place for place, line in enumerate(found) if _comes_before(reading.box, line.box)), len(found))
        around = "".join([*(line.text[-1:] for line in found[:behind][-1:]), *(line.text[:1] for line in found[behind : behind + 1])])
        parts_digits = reading.text in _PARTING and any(character.isdecimal() for character in around)
        found.insert(behind, _dispute(reading.box) if parts_digits else reading)
    return tuple(found)


def _comes_before(mark: Box, line: Box) -> bool:
    (x, y), (middle, height) = mark.centre, line.centre
    return x < middle if line.top <= y < line.bottom else y < height


def _heard(reading: Reading, told: str) -> tuple[Reading, Verdict | None]:
    """``reading`` as the file tells it and the verdict on that; as it is, and None, where the file tells nothing."""
    if not told:
        return reading, None
    if len(told) > _LONGER * (len(reading.text) + 1):
        return replace(reading, disputed=True), Verdict.CONTRADICTED
    stretches = compared(reading.text, reading.confidences, told)
    verdict = judged(stretches)
    if verdict is Verdict.CONTRADICTED:
        return replace(reading, disputed=True), verdict
    return _written(reading, stretches, disputed=verdict is Verdict.DISPUTED), verdict


def _written(reading: Reading, stretches: Sequence[Stretch], *, disputed: bool) -> Reading:
    """``reading`` with the text of the file; where that is disputed, its lattice offers what the pixels say too."""
    text = "".join(stretch.written for stretch in stretches)
    lattice = certain(text, max(2, reading.lattice.codes.shape[1]))
    passed_over = reading.passed_over and len(text) <= len(reading.text)  # where the file tells more, that may be the mark
    return replace(
        reading,
        text=text,
        confidences=(1.0,) * len(text),
        lattice=_offering(lattice, stretches) if disputed else lattice,
        passed_over=passed_over,
        disputed=disputed,
    )


def _offering(lattice: Lattice, stretches: Sequence[Stretch]) -> Lattice:
    """The certain ``lattice`` of ``stretches``, at each disputed character that of the pixels as likely as the file's."""
    codes, logs, end = lattice.codes.copy(), lattice.log_probabilities.copy(), 0
    for stretch in stretches:
        end += len(stretch.written)
        if stretch.verdict is Verdict.DISPUTED:
            codes[2 * (end - 1), 1] = ord(stretch.seen)
            logs[2 * (end - 1), :2] = _EVEN
    return Lattice(codes, logs)
