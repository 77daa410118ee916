"""What the recognizer saw: text with the lattice of its alternatives, and where these stood."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.arrays import Bgr, Grey, frozen
from models.geometry import Box
from models.grid import Grid

BLANK = 0
"""The code point that stands for the CTC blank in a lattice; U+0000 is printed by no form."""

_NEVER = -80.0
"""Natural logarithm of a probability that decides nothing."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """The recognizer's most probable characters at each time step.

    Attributes:
        codes: (T, K) int32 Unicode code points, most probable first; `BLANK` is the CTC blank.
        log_probabilities: (T, K) float32, natural logarithm, of the full distribution (a row need not sum to 1).
    """

    codes: NDArray[np.int32] = field(compare=False, repr=False)
    log_probabilities: NDArray[np.float32] = field(compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check that both planes agree and forbid writing."""
        if self.codes.ndim != 2 or self.codes.shape != self.log_probabilities.shape:
            raise ValueError(f"codes and log_probabilities must be one (T, K), got {self.codes.shape} and {self.log_probabilities.shape}")
        frozen(self.codes)
        frozen(self.log_probabilities)


def certain(text: str, depth: int = 2) -> Lattice:
    """The lattice of a line that says ``text`` for sure, with ``depth`` (2 or more) characters a time step."""
    codes = np.full((2 * len(text), depth), BLANK, np.int32)  # a blank behind each character keeps repeated ones apart
    codes[::2, 0] = codes[1::2, 1] = [ord(character) for character in text]
    logs = np.full(codes.shape, _NEVER, np.float32)
    logs[:, 0] = 0.0
    return Lattice(codes, logs)


@dataclass(frozen=True, slots=True)
class LineCrop:
    """One text line cut out for the recognizer.

    Attributes:
        page: 1-based page it comes from.
        box: where it stood, straight frame, px.
        pixels: (h, w) uint8, dark text on light ground.
    """

    page: int
    box: Box
    pixels: Grey = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A text line to look at again.

    Attributes:
        page: 1-based.
        line: as it was cut out, straight frame, px; the ``cell`` itself where no ink was found in it, but a stamp that may hide some.
        cell: where it stands, straight frame, px; ink outside is a neighbour's.
        alone: it is all that its cell holds.
    """

    page: int
    line: Box
    cell: Box
    alone: bool = False


@dataclass(frozen=True, slots=True)
class SeenAgain:
    """What a line that was looked at again says, a lattice for each view."""

    asked: AskedLine
    views: tuple[Lattice, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """The best text of one line.

    Attributes:
        box: straight frame, px.
        text: best path through the lattice, spaces at both ends removed.
        confidences: probability of each character of ``text`` (0-1), of the same length.
        lattice: what else it might be.
        looks: what the same line says in other views (`ocr.second_look`), a lattice each; none where it was read once.
        passed_over: a mark of the line is in no character of ``text``.
        disputed: the text that the file itself carries says otherwise than the pixels.
    """

    box: Box
    text: str
    confidences: tuple[float, ...]
    lattice: Lattice = field(compare=False, repr=False)
    looks: tuple[Lattice, ...] = field(default=(), compare=False, repr=False)
    passed_over: bool = False
    disputed: bool = False

    def __post_init__(self) -> None:
        """A confidence belongs to each character."""
        if len(self.text) != len(self.confidences):
            raise ValueError(f"{len(self.text)} characters but {len(self.confidences)} confidences")


class Engine(Protocol):
    """Pixels to characters. PaddleOCR is one, recorded answers (tests) are another. Not safe to share between threads."""

    def recognize(self, crops: Sequence[LineCrop]) -> list[Lattice]:
        """One lattice for each crop, in the same order."""

    def detect(self, page: int, image: Bgr) -> list[Box]:
        """Boxes of the text lines in ``image`` ((H, W, 3) uint8 BGR), px of that image, top to bottom."""


@dataclass(frozen=True, slots=True)
class CellText:
    """What stands in one cell (index into the grid's ``cells``): its text lines, top to bottom, left to right."""

    cell: int
    readings: tuple[Reading, ...]
    sealed: bool = False
    """Stamp ink touches the cell."""


@dataclass(frozen=True, slots=True)
class GridText:
    """A grid with the text of its cells; ``cells[i]`` belongs to ``grid.cells[i]``."""

    grid: Grid
    cells: tuple[CellText, ...]
