"""The text that a page of a file carries besides its picture."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.arrays import frozen


@dataclass(frozen=True, slots=True)
class TextLayer:
    """The characters of one page, as the file tells them; none where it is a mere picture. They may lie: nothing drew what is told here.

    Attributes:
        characters: of the page, in no order that means anything; spaces only where the file has one.
        boxes: (N, 4) float64 left, top, right, bottom of each, as fractions (0-1) of the page as a viewer shows it; may lie outside of it.
        drawn: (N,) bool, False for what may stand for something else than what is seen there: invisible, on or beneath a picture, no
            Unicode of its own.
    """

    characters: str = ""
    boxes: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)), compare=False, repr=False)
    drawn: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(0, np.bool_), compare=False, repr=False)

    def __post_init__(self) -> None:
        """A box belongs to each character."""
        if self.boxes.shape != (len(self.characters), 4) or self.drawn.shape != (len(self.characters),):
            raise ValueError(f"{len(self.characters)} characters, boxes {self.boxes.shape}, drawn {self.drawn.shape}")
        frozen(self.boxes)
        frozen(self.drawn)
