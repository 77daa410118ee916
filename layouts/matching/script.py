"""Text of one or several lines made comparable, each character knowing where it was read."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from models.matched import Piece
from models.reading import Reading


@dataclass(frozen=True, slots=True)
class Line:
    """One text line on its 1-based page."""

    page: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Script:
    """What is written in one place.

    Attributes:
        text: all lines put together, half-width forms (NFKC), without spaces.
        origins: of each character of ``text`` the index of its line and its index in that reading's text, both 0-based.
        lines: in reading order.
    """

    text: str
    origins: tuple[tuple[int, int], ...]
    lines: tuple[Line, ...]

    @property
    def starts(self) -> tuple[int, ...]:
        """Indexes in ``text`` at which a line begins, ascending."""
        return tuple(i for i, origin in enumerate(self.origins) if i == 0 or origin[0] != self.origins[i - 1][0])

    def pieces(self, start: int, end: int) -> tuple[Piece, ...]:
        """The characters ``text[start:end]`` as pieces of their readings, one for each line."""
        return tuple(
            Piece(self.lines[line].page, self.lines[line].reading, min(places), max(places) + 1)
            for line, places in _by_line(self.origins[start:end])
        )

    def doubt(self, start: int, end: int) -> float:
        """The least confidence among the characters ``text[start:end]``, 0-1; 1 where there are none."""
        return min((self.lines[line].reading.confidences[place] for line, place in self.origins[start:end]), default=1.0)

    def whole(self) -> tuple[Piece, ...]:
        """Every line that holds text, from its first character to its last."""
        return tuple(Piece(line.page, line.reading, 0, len(line.reading.text)) for line in self.lines if line.reading.text)


def script_of(lines: Iterable[Line]) -> Script:
    """The script of ``lines``, given in reading order."""
    kept = tuple(lines)
    marks = [(mark, (i, j)) for i, line in enumerate(kept) for j, char in enumerate(line.reading.text) for mark in _plain(char)]
    return Script("".join(mark for mark, _ in marks), tuple(origin for _, origin in marks), kept)


def compact(text: str) -> str:
    """``text`` as it would stand in `Script.text`."""
    return "".join(mark for char in text for mark in _plain(char))


def _plain(char: str) -> str:
    return "".join(unicodedata.normalize("NFKC", char).split())


def _by_line(origins: Sequence[tuple[int, int]]) -> list[tuple[int, list[int]]]:
    return [(line, [place for _, place in group]) for line, group in groupby(origins, key=lambda origin: origin[0])]
