"""Readings for tests, with the lattice that a recognizer would have given: each character one time step, a blank before and behind."""

from collections.abc import Sequence
from math import log

import numpy as np

from models.geometry import Box
from models.matched import Piece, Slot
from models.reading import BLANK, Lattice, Reading

Step = Sequence[tuple[str, float]]
"""Characters ("" for the blank) with their probabilities, best first."""

SURE = 0.9999


def lattice(steps: Sequence[Step]) -> Lattice:
    """The lattice of ``steps``; the shorter ones are filled up with characters of no probability to speak of."""
    width = max((len(step) for step in steps), default=1)
    codes = np.full((len(steps), width), ord("\u2400"), np.int32)
    logs = np.full((len(steps), width), -80.0, np.float32)
    for row, step in enumerate(steps):
        for column, (character, probability) in enumerate(step):
            codes[row, column] = ord(character) if character else BLANK
            logs[row, column] = log(probability)
    return Lattice(codes, logs)


def line(text: str, unsure: dict[int, Step] | None = None) -> Reading:
    """A line that reads ``text``, sure but for the characters at the indices of ``unsure``."""
    doubts = unsure or {}
    steps: list[Step] = [[("", SURE)]]
    for index, character in enumerate(text):
        steps += [doubts.get(index, [(character, SURE)]), [("", SURE)]]
    confidences = tuple(doubts[index][0][1] if index in doubts else SURE for index in range(len(text)))
    return Reading(Box(100, 100, 100 + 10 * len(text), 120), text, confidences, lattice(steps))


CELL = Box(100, 100, 300, 150)


def slot(*lines: Reading | str, sealed: bool = False, page: int = 1, box: Box = CELL) -> Slot:
    """A cell with these lines, whole."""
    readings = [entry if isinstance(entry, Reading) else line(entry) for entry in lines]
    return Slot(page, box, tuple(Piece(page, reading, 0, len(reading.text)) for reading in readings), sealed)
