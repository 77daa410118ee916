"""Lines parted where the paper has gaps, so that each part can be laid exactly over its ink."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from models.arrays import Bgr, Mask
from models.geometry import Box, Straightening
from ocr.crops import straight_crop
from service.export.searchable.lines import Line

_GAP = 0.5
"""Text heights of empty paper that part a line: characters stand closer, the halves of 八 too."""

_SQUARE = 1.1
"""Text heights that the square of a mark and the white beside the next character have at most."""
_MARK = re.compile("[，。、；：！？（）《》「」『』【】〈〉〔〕“”‘’,.;:!?()]")
"""Marks that do not fill their square. Recognizers tell half and full width apart badly, so both are here."""

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
    spans = _spans(_ink(straight_crop(pixels, frame, line.box)), _GAP * height)
    parts = [(span, said) for span, text in zip(spans, _shared(line, spans), strict=True) if (said := text.strip())]
    for (start, end), text in _closed(parts, _SQUARE * height):
        yield Run(Box(line.box.left + start, line.box.top, line.box.left + end, line.box.bottom), text)


def _closed(parts: Sequence[tuple[_Span, str]], square: float) -> Iterator[tuple[_Span, str]]:
    """``parts`` grown over the paper that belongs to the square of a mark beside it, up to a ``square``."""
    starts, ends = [start for (start, _), _ in parts], [end for (_, end), _ in parts]
    for index, ((_, left), (_, right)) in enumerate(pairwise(parts)):
        if starts[index + 1] - ends[index] > square:
            continue
        if _MARK.match(left[-1]):
            ends[index] = starts[index + 1]
        elif _MARK.match(right[0]):
            starts[index + 1] = ends[index]
    return zip(zip(starts, ends, strict=True), (text for _, text in parts), strict=True)


def _ink(crop: Bgr) -> Mask:
    """(h, w) bool; a stamp's colour is bright in one of its channels, so the brightest one shows none of it."""
    light = crop.max(axis=2)
    paper, dark = float(np.percentile(light, _PAPER_PERCENTILE)), float(light.min())
    marks: Mask = np.less(light, paper - _DARKER * (paper - dark))
    return marks if paper - dark >= _LEAST_CONTRAST else np.zeros_like(marks)


def _spans(ink: Mask, gap: float) -> list[_Span]:
    """(start, end) of the columns of ink that no ``gap`` parts; ends of the line belong to the outer ones."""
    columns = np.flatnonzero(ink.any(axis=0))
    width = float(ink.shape[1])
    if len(columns) == 0:
        return [(0.0, width)]
    cuts = np.flatnonzero(np.diff(columns) > gap)
    starts = [0.0, *(float(columns[cut + 1]) for cut in cuts)]
    ends = [*(float(columns[cut] + 1) for cut in cuts), width]
    return list(zip(starts, ends, strict=True))


def _shared(line: Line, spans: Sequence[_Span]) -> list[str]:
    """The characters of ``line``, each to the nearest of ``spans``."""
    shares = ["" for _ in spans]
    for character, place in zip(line.text, line.places, strict=True):
        x = place - line.box.left
        nearest = min(range(len(spans)), key=lambda index: max(spans[index][0] - x, x - spans[index][1], 0.0))
        shares[nearest] += character
    return shares
