"""Lines laid character by character over their ink: parted where the paper has gaps, met where the ink has."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from models.arrays import Bgr, Mask
from models.geometry import Box, Straightening
from ocr.crops import straight_crop
from service.export.searchable.characters import MARK, edges_of, ems_of
from service.export.searchable.lines import Line

_BESIDE = 0.18
"""Text heights beside a line within which a stroke that reaches into it may begin or end: so far a reading was cut out (`ocr.lines`)."""
_GAP = 0.5
"""Text heights of empty paper that part a line: characters stand closer, the halves of 八 too."""

_SQUARE = 1.1
"""Text heights that the square of a mark and the white beside the next character have at most."""

_DARKER = 0.3
"""Share of the way from the paper to the darkest ink of a line from which a pixel is ink."""
_PAPER_PERCENTILE = 90
"""Of the brightness of a line, which is its paper's: ink covers less than half of it."""
_LEAST_CONTRAST = 24
"""Grey levels; a line of less has no ink that could be told from the paper's grain."""

_SPECK = 0.28
"""Text heights both ways below which ink at an end of a part may be dirt (`ocr.lines.SPECK`)."""
_FLAT = frozenset("一二三—–-－~…·")
"""Characters beside marks that are as small, or fall to such pieces when they fade."""
_SPECK_GAP = 0.12
"""Text heights that dirt stands off at least: the dots of 心 stand closer."""
_STREAK = 0.25
"""Text heights across below which ink from top to bottom of a line may be a streak: the strokes of text end within it."""
_EM = 1.05
"""Text heights that an em has at least: the ink of a Chinese line is 0.92 to 0.95 em high."""
_PLACE = 0.2
"""Ems by which the recognizer may see a character aside: 刂 ends with a stroke as narrow as a ruling line."""
_LONG = 4.0
"""Ems of text from which the recognizer's places, each up to half an em off, tell how long an em is."""
_WHITE = 0.25
"""Ems that the ink of a part may be narrower than its characters: the white of the outer two, or what is faded of them."""


_Span: TypeAlias = tuple[float, float]
"""Start and end, px of the line."""


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a line and where it stands: from ``left`` to ``right``, straight frame, px."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class LaidLine:
    """A line, laid: ``top`` and ``bottom`` of its ink, straight frame, px, and its ``characters`` from left to right.

    Characters without a gap between them meet; where there is a gap it is on paper, with no space in it.
    """

    top: float
    bottom: float
    characters: tuple[Character, ...]

    @property
    def height(self) -> float:
        """Of the ink, px."""
        return self.bottom - self.top


def lay(line: Line, pixels: Bgr, frame: Straightening) -> LaidLine:
    """Lay ``line`` over its ink. Beside a mark that fills only half of its square there is no gap.

    Args:
        line: to be laid.
        pixels: (H, W, 3) uint8 BGR, the page as stored.
        frame: of the page.
    """
    height = line.box.height
    left, right = math.floor(line.box.left - _BESIDE * height), math.ceil(line.box.right + _BESIDE * height)
    seen = Box(left, line.box.top, right, line.box.bottom)  # whole px, as the page has them
    ink = _ink(straight_crop(pixels, frame, seen))
    strokes = _strokes(ink, line.box.moved(-seen.left, 0)) or [(line.box.left - seen.left, line.box.right - seen.left)]
    blank = [(before[1], behind[0]) for before, behind in pairwise(strokes)]
    spans = _spans(blank, strokes[0][0], strokes[-1][1], _GAP * height)
    parts = _joined(_shared(line.text, [place - seen.left for place in line.places], spans), _SQUARE * height)
    laid = (each for part in parts for each in _laid(_trimmed(part, ink, strokes, height), blank, seen.left))
    return LaidLine(line.box.top, line.box.bottom, tuple(laid))


@dataclass(frozen=True, slots=True)
class _Part:
    """Characters between two gaps: where their ink starts and ends (px of the line), and the middles of the characters."""

    start: float
    end: float
    text: str
    places: tuple[float, ...]


def _laid(part: _Part, blank: Sequence[_Span], origin: float) -> Iterator[Character]:
    edges = edges_of(part.text, part.places, blank, part.start, part.end)
    for character, (left, right) in zip(part.text, pairwise(edges), strict=True):
        yield Character(character, origin + left, origin + right)


def _joined(parts: Sequence[_Part], square: float) -> list[_Part]:
    """``parts`` with text, those put together that only the white of a mark's square divides, at most a ``square``."""
    joined: list[_Part] = []
    for part in parts:
        if not part.text:
            continue
        last = joined[-1] if joined else None
        if last is not None and part.start - last.end <= square and (MARK.match(last.text[-1]) or MARK.match(part.text[0])):
            joined[-1] = _Part(last.start, part.end, last.text + part.text, last.places + part.places)
        else:
            joined.append(part)
    return joined


def _trimmed(part: _Part, ink: Mask, strokes: Sequence[_Span], height: float) -> _Part:
    """``part`` from its first to its last stroke, without the dirt at its ends.

    Ink at an end may be dirt where it is no character's place, or where the text has room without it. Where the text ends with what is
    as small as dirt, all ink counts.
    """
    own = [stroke for stroke in strokes if part.start <= stroke[0] < part.end]
    ems = ems_of(part.text)
    em = _em(part, ems, height)
    least = (sum(ems) - _WHITE) * em
    left, right = part.places[0] - ems[0] / 2 * em, part.places[-1] + ems[-1] / 2 * em
    while len(own) > 1 and not _small(part.text[0]) and own[1][0] - own[0][1] >= _SPECK_GAP * height:
        if not _dirty(_shape(own[0], ink, height), (left - own[0][1]) / em, room=own[-1][1] - own[1][0] >= least):
            break
        own.pop(0)
    while len(own) > 1 and not _small(part.text[-1]) and own[-1][0] - own[-2][1] >= _SPECK_GAP * height:
        if not _dirty(_shape(own[-1], ink, height), (own[-1][0] - right) / em, room=own[-2][1] - own[0][0] >= least):
            break
        own.pop()
    return replace(part, start=own[0][0], end=own[-1][1])


def _small(character: str) -> bool:
    """Whether the ink of ``character`` may be no larger than dirt."""
    return character in _FLAT or MARK.match(character) is not None


def _em(part: _Part, ems: Sequence[float], height: float) -> float:
    """Px of an em: by the line's height, less where that is more than the places of a long text tell, for the line is askew."""
    between = sum(ems) - (ems[0] + ems[-1]) / 2
    by_height = _EM * height
    return min(by_height, (part.places[-1] - part.places[0]) / between) if between >= _LONG else by_height


class _Shape(Enum):
    """What a stroke may be beside ink of a character."""

    SPECK = auto()
    STREAK = auto()
    NARROW = auto()
    CHARACTER = auto()


def _shape(stroke: _Span, ink: Mask, height: float) -> _Shape:
    """A streak reaches from top to bottom; what is left of a ruling line may not."""
    width = stroke[1] - stroke[0]
    rows = np.flatnonzero(ink[:, int(stroke[0]) : int(stroke[1])].any(axis=1))
    tall = int(rows[-1]) + 1 - int(rows[0])
    if max(width, tall) < _SPECK * height:
        return _Shape.SPECK
    if width >= _STREAK * height:
        return _Shape.CHARACTER
    return _Shape.STREAK if tall == len(ink) else _Shape.NARROW


def _dirty(shape: _Shape, outside: float, *, room: bool) -> bool:
    """Whether a stroke at an end that stands ``outside`` of its character's place, ems, is dirt; its text may have ``room`` without."""
    if shape is _Shape.NARROW:
        return outside >= _PLACE
    return shape is not _Shape.CHARACTER and (outside >= 0 or room)


def _ink(crop: Bgr) -> Mask:
    """(h, w) bool; a stamp's colour is bright in one of its channels, so the brightest one shows none of it."""
    light = crop.max(axis=2)
    paper, dark = float(np.percentile(light, _PAPER_PERCENTILE)), float(light.min())
    marks: Mask = np.less(light, paper - _DARKER * (paper - dark))
    return marks if paper - dark >= _LEAST_CONTRAST else np.zeros_like(marks)


def _strokes(ink: Mask, box: Box) -> list[_Span]:
    """The runs of columns with ``ink`` that are not wholly beside ``box``."""
    edges = np.flatnonzero(np.diff(ink.any(axis=0).astype(np.int8), prepend=0, append=0)).tolist()
    runs = zip(map(float, edges[::2]), map(float, edges[1::2]), strict=True)
    return [(start, end) for start, end in runs if start < box.right and end > box.left]


def _spans(blank: Sequence[_Span], start: float, end: float, gap: float) -> list[_Span]:
    """What lies from ``start`` to ``end`` between the ``blank`` columns that are a ``gap`` wide."""
    wide = [each for each in blank if each[1] - each[0] >= gap]
    return list(zip([start, *(end for _, end in wide)], [*(start for start, _ in wide), end], strict=True))


def _shared(text: str, places: Sequence[float], spans: Sequence[_Span]) -> list[_Part]:
    """The characters of ``text``, each to the nearest of ``spans``; without spaces at the ends."""
    shares: list[list[tuple[str, float]]] = [[] for _ in spans]
    for character, x in zip(text, places, strict=True):
        nearest = min(range(len(spans)), key=lambda index: max(spans[index][0] - x, x - spans[index][1], 0.0))
        shares[nearest].append((character, x))
    return [_part(span, share) for span, share in zip(spans, shares, strict=True)]


def _part(span: _Span, characters: Sequence[tuple[str, float]]) -> _Part:
    seen = [index for index, (character, _) in enumerate(characters) if not character.isspace()]
    kept = characters[seen[0] : seen[-1] + 1] if seen else []
    return _Part(*span, "".join(character for character, _ in kept), tuple(place for _, place in kept))
