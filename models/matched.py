"""A form found on its pages: which readings make which field, before any value is understood."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.geometry import Box
from models.reading import Reading

UNKNOWN = "unknown"
"""Kind of a page or table that fits no template."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The characters ``reading.text[start:end]`` that belong to a value.

    Attributes:
        page: 1-based page of the reading.
        reading: the text line.
        start: first character, 0-based.
        end: one past the last.
    """

    page: int
    reading: Reading
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.reading.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one value stands.

    Attributes:
        page: 1-based page of ``box``.
        box: the cell, or the text where there is no cell; straight frame of that page, px.
        pieces: the text lines in reading order, those of a continuing page after those of the first; none where blank.
        sealed: stamp ink touches the cell.
        loose: it stands outside of the tables.
    """

    page: int
    box: Box
    pieces: tuple[Piece, ...] = ()
    sealed: bool = False
    loose: bool = False

    @property
    def text(self) -> str:
        """As read, lines put together without anything between."""
        return "".join(piece.text for piece in self.pieces)


Row = Mapping[str, Slot]
"""Column name to slot."""


@dataclass(frozen=True, slots=True)
class UnknownCell:
    """A cell of a table that fits no template; ``row`` and ``column`` are 0-based."""

    row: int
    column: int
    row_span: int
    column_span: int
    slot: Slot


@dataclass(frozen=True, slots=True)
class MatchedForm:
    """One form.

    Attributes:
        kind: of the template, or `UNKNOWN`.
        template: name with version; empty for an unknown form.
        pages: 1-based, in reading order.
        fields: by name; a field of the template that was not found is absent.
        tables: by name, rows from top to bottom.
        unplaced: text on the form that is neither label, heading nor value; shown, never dropped.
        cells: all cells, for an unknown form only.
    """

    kind: str
    template: str
    pages: tuple[int, ...]
    fields: Mapping[str, Slot] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    unplaced: tuple[Slot, ...] = ()
    cells: tuple[UnknownCell, ...] = ()
