"""Which characters of a form have found their role; the others are listed, never dropped."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from layouts.matching.labels import words
from layouts.matching.sheet import SheetCell
from models.matched import Slot
from models.reading import Reading


class Ledger:
    """Notes what is used; mutable, lives for one form."""

    def __init__(self, cells: Iterable[SheetCell]) -> None:
        """``cells`` are all of the form, those for its loose lines included."""
        self._cells = tuple(cells)
        self._free = {cell: set(range(len(cell.script.text))) for cell in self._cells}

    def use(self, cell: SheetCell) -> None:
        """All of ``cell`` has its role."""
        self.use_part(cell, 0, len(cell.script.text))

    def use_part(self, cell: SheetCell, start: int, end: int) -> None:
        """The characters ``cell.script.text[start:end]`` have theirs."""
        self._free.get(cell, set()).difference_update(range(start, end))

    def use_readings(self, readings: Iterable[Reading]) -> None:
        """All characters of ``readings`` have their role, in whatever cell they stand."""
        wanted = {id(reading) for reading in readings}
        for cell, free in self._free.items():
            lines = {i for i, line in enumerate(cell.script.lines) if id(line.reading) in wanted}
            free.difference_update(i for i, (line, _) in enumerate(cell.script.origins) if line in lines)

    def free(self, cell: SheetCell) -> bool:
        """Whether nothing of ``cell`` is used."""
        return len(self._free[cell]) == len(cell.script.text)

    def untouched(self) -> tuple[SheetCell, ...]:
        """Cells with text of which nothing is used."""
        return tuple(cell for cell in self._cells if cell.script.text and self.free(cell))

    def rest(self) -> Iterator[Slot]:
        """What is left, run by run; punctuation beside a used part (brackets around a value, a colon) is used too."""
        for cell in self._cells:
            for run in _runs(sorted(self._free[cell])):
                start, end = _trimmed(cell.script.text, *run)
                if start < end:
                    yield replace(cell.slot_of(cell.script.pieces(start, end)), loose=cell.top < 0)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """``start`` and ``end`` drawn in over punctuation, where used text lies beyond."""
    while 0 < start < end and not words(text[start]):
        start += 1
    while start < end < len(text) and not words(text[end - 1]):
        end -= 1
    return start, end


def _runs(places: list[int]) -> Iterator[tuple[int, int]]:
    """Ascending ``places`` as half-open runs of neighbours."""
    start = 0
    for i in range(1, len(places) + 1):
        if i == len(places) or places[i] != places[i - 1] + 1:
            yield places[start], places[i - 1] + 1
            start = i
