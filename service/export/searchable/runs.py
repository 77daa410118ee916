"""Lines parted where the paper has gaps, so that each part can be laid exactly over its ink."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from models.arrays import Bgr, Mask
from models.geometry import Box, Straightening
from ocr.crops import straight_crop
from service.export.searchable.characters import MARK, edges_of, even_parts
from service.export.searchable.lines import Line

_GAP = 0.5
"""Text heights of empty paper that part a line: characters stand closer, the halves of 八 too."""

_SQUARE = 1.1
"""Text heights that the square of a mark and the white beside the next character have at most."""
_WIDE = 0.2
"""Text heights from which a gap between two characters is the white of a mark's square, and they may meet at either end of it."""
_OFF = 0.05
"""Text heights by which a character may lie beside its ink before its part of the line is laid for itself: 1.5 px at 200 dpi."""

_DARKER = 0.3
"""Share of the way from the paper to the darkest ink of a line from which a pixel is ink."""
_PAPER_PERCENTILE = 90
"""Of the brightness of a line, which is its paper's: ink covers less than half of it."""
_LEAST_CONTRAST = 24
"""Grey levels; a line of less has no ink that could be told from the paper's grain."""


_Span: TypeAlias = tuple[float, float]
"""Start and end, px of the line."""


@dataclass(frozen=True, slots=True)
class Run:
    """Characters without a gap: ``text`` and the ``box`` of their ink, straight frame, px."""

    box: Box
    text: str


def runs_of(line: Line, pixels: Bgr, frame: Straightening) -> Iterator[Run]:
    """The parts of ``line``, each without spaces at its ends. Beside a mark that fills only half of its square there is no gap.

    Args:
        line: to be parted.
        pixels: (H, W, 3) uint8 BGR, the page as stored.
        frame: of the page.
    """
    height = line.box.height
    blank = _blank(_ink(straight_crop(pixels, frame, line.box)))
    for part in _joined(_shared(line, _spans(blank, line.box.width, _GAP * height)), _SQUARE * height):
        places = [place - line.box.left for place in part.places]
        edges = edges_of(part.text, places, _meetings(blank, _WIDE * height), part.start, part.end)
        for first, last in even_parts(edges, part.text, _OFF * height):
            box = Box(line.box.left + edges[first], line.box.top, line.box.left + edges[last], line.box.bottom)
            yield Run(box, part.text[first:last])


@dataclass(frozen=True, slots=True)
class _Part:
    """Characters between two gaps: where their ink starts and ends (px of the line), and the middles of the characters."""

    start: float
    end: float
    text: str
    places: tuple[float, ...]


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


def _ink(crop: Bgr) -> Mask:
    """(h, w) bool; a stamp's colour is bright in one of its channels, so the brightest one shows none of it."""
    light = crop.max(axis=2)
    paper, dark = float(np.percentile(light, _PAPER_PERCENTILE)), float(light.min())
    marks: Mask = np.less(light, paper - _DARKER * (paper - dark))
    return marks if paper - dark >= _LEAST_CONTRAST else np.zeros_like(marks)


def _blank(ink: Mask) -> list[_Span]:
    """The columns without ink, those before and behind all ink apart."""
    columns = np.flatnonzero(ink.any(axis=0))
    return [(float(left + 1), float(right)) for left, right in pairwise(columns.tolist()) if right - left > 1]


def _spans(blank: Sequence[_Span], width: float, gap: float) -> list[_Span]:
    """What lies between the ``blank`` columns that are a ``gap`` wide, in a line of such ``width``."""
    wide = [(start, end) for start, end in blank if end - start >= gap]
    return list(zip([0.0, *(end for _, end in wide)], [*(start for start, _ in wide), width], strict=True))


def _meetings(blank: Sequence[_Span], wide: float) -> list[float]:
    """Where characters may meet."""
    return [x for start, end in blank for x in ((start, end) if end - start > wide else ((start + end) / 2,))]


def _shared(line: Line, spans: Sequence[_Span]) -> list[_Part]:
    """The characters of ``line``, each to the nearest of ``spans``; without spaces at the ends."""
    shares: list[list[tuple[str, float]]] = [[] for _ in spans]
    for character, place in zip(line.text, line.places, strict=True):
        x = place - line.box.left
        nearest = min(range(len(spans)), key=lambda index: max(spans[index][0] - x, x - spans[index][1], 0.0))
        shares[nearest].append((character, place))
    return [_part(span, share) for span, share in zip(spans, shares, strict=True)]


def _part(span: _Span, characters: Sequence[tuple[str, float]]) -> _Part:
    seen = [index for index, (character, _) in enumerate(characters) if not character.isspace()]
    kept = characters[seen[0] : seen[-1] + 1] if seen else []
    return _Part(*span, "".join(character for character, _ in kept), tuple(place for _, place in kept))
