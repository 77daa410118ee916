"""A second look: text lines that left a doubt are read again in other ways.

What makes a character hard to tell is rarely the character: a line above that reaches into the crop, a seal lifted off too well or not
well enough, grey that blurs a stroke. Each view takes one of these away, or puts back what cleaning took, and the recognizer reads it
anew; whoever decides weighs all answers together (`postprocess.looks`). Averaging over altered inputs is test-time augmentation
(Krizhevsky, Sutskever and Hinton, 2012, section 4.1).
"""

from collections.abc import Iterator, Sequence
from statistics import median

import cv2
import numpy as np

from models.arrays import Grey
from models.geometry import Box
from models.page import CleanPage, PageImage
from models.reading import AskedLine, Engine, Lattice, LineCrop
from ocr.crops import cut_line, straight_crop
from ocr.ctc import weighed
from ocr.lines import FALLBACK_HEIGHT, LINE_MARGIN, RULE_MARGIN, find_lines, ink, text_height, without_rulings
from ocr.slash import lone_stroke

MARGIN = LINE_MARGIN / (1 + 2 * LINE_MARGIN)
"""Share of a crop's height that is margin (`ocr.lines.LINE_MARGIN`) above and below: a tighter cut has none of it, a wider one twice."""

SMALLER = 0.25
"""Share of a crop's height added as paper above and below: the recognizer scales each crop to one height, so its characters become a
third smaller."""

HEIGHT = 48
"""Side of the sheet of paper that stands for an empty cell, px."""

OWN = 0.5
"""Least share of a stroke's height that lies between the first cut's edges where it belongs to the line; less is a neighbour's."""

DARKEST, PAPER = 1, 90
"""Percentiles of an untouched crop that become black and white: a line has at least 1 % ink, and more than a tenth of its crop is paper
even under a stamp."""


def look_again(stored: PageImage, page: CleanPage, asked: Sequence[AskedLine], engine: Engine) -> list[tuple[Lattice, ...]]:
    """What each of the ``asked`` lines says in other views, as many lattices for each, in their order; one call of ``engine``.

    A view that shows the same pixels as another one of its line is read once.

    Args:
        stored: the page as stored, for what cleaning took away.
        page: the same page clean.
        asked: lines of it.
        engine: reads all views together.
    """
    grey = without_rulings(page.grey, [each.cell for each in asked], _text_height(asked))
    views = [_hidden(stored, page, each) if each.line == each.cell else list(_views(stored, page, grey, each)) for each in asked]
    same = [[_first_like(view, found) for view in found] for found in views]
    crops = [
        LineCrop(page.number, each.line, found[index])
        for each, found, twins in zip(asked, views, same, strict=True)
        for index in sorted(set(twins))
    ]
    answers = iter(zip(crops, engine.recognize(crops), strict=True))
    looks = [{index: _told(each, *next(answers)) for index in sorted(set(twins))} for each, twins in zip(asked, same, strict=True)]
    return [tuple(read[index] for index in twins) for read, twins in zip(looks, same, strict=True)]


def _told(asked: AskedLine, crop: LineCrop, lattice: Lattice) -> Lattice:
    """What the recognizer says, with what is known of print, as in the first reading."""
    return weighed(lone_stroke(lattice, crop.pixels) if asked.alone else lattice)


def _first_like(view: Grey, views: Sequence[Grey]) -> int:
    return next(index for index, other in enumerate(views) if np.array_equal(view, other))


def _text_height(asked: Sequence[AskedLine]) -> float:
    """Usual height of the text in ``asked``, px."""
    heights = [each.line.height for each in asked if each.line != each.cell]
    return median(heights) / (1 + 2 * LINE_MARGIN) if heights else 0.0


def _views(stored: PageImage, page: CleanPage, grey: Grey, asked: AskedLine) -> Iterator[Grey]:
    """Tighter, wider, without its neighbours, smaller, in black and white, with what was lifted off, without any colour."""
    line, cell = asked.line, asked.cell
    margin = MARGIN * line.height
    first = cut_line(grey, line, cell)
    wider = cut_line(grey, line.grown(margin, margin), cell)
    yield cut_line(grey, line.grown(-margin / 2, -margin), cell)
    yield wider
    yield without_neighbours(wider, round(margin))
    yield np.pad(first, ((round(SMALLER * len(first)),) * 2, (0, 0)), constant_values=255)
    yield np.asarray(cv2.threshold(first, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1], np.uint8)
    untouched = straight_crop(stored.pixels, page.straightening, line.intersection(cell))
    yield _stretched(np.asarray(cv2.cvtColor(untouched, cv2.COLOR_BGR2GRAY), np.uint8))
    yield _stretched(np.asarray(untouched.max(axis=2), np.uint8))


def _hidden(stored: PageImage, page: CleanPage, asked: AskedLine) -> list[Grey]:
    """What shows in an empty cell without the stamp's colour: one line in two views, or paper; nothing where there are more lines."""
    inside = asked.cell.grown(-RULE_MARGIN, -RULE_MARGIN)
    colourless = straight_crop(stored.pixels, page.straightening, inside).max(axis=2)
    paper = max(1.0, float(np.percentile(colourless, PAPER)))
    grey = np.asarray(np.clip(colourless * (255 / paper), 0, 255), np.uint8)
    whole = Box(-RULE_MARGIN, -RULE_MARGIN, grey.shape[1] + RULE_MARGIN, grey.shape[0] + RULE_MARGIN)
    found = find_lines(ink(grey), ink(grey), whole, text_height(ink(grey), [whole], FALLBACK_HEIGHT * stored.dpi))
    if len(found) > 1:
        return []
    view = cut_line(grey, found[0], whole) if found else np.full((HEIGHT, HEIGHT), 255, np.uint8)
    return [view, np.pad(view, ((round(SMALLER * len(view)),) * 2, (0, 0)), constant_values=255)]


def without_neighbours(crop: Grey, margin: int) -> Grey:
    """A copy of ``crop``, (h, w) uint8, without the strokes that reach into it from the lines above and below.

    Args:
        crop: a line with ``margin`` px above and below that are not its own.
        margin: px.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink(crop).astype(np.uint8), connectivity=8)
    tops, heights = stats[:, cv2.CC_STAT_TOP], stats[:, cv2.CC_STAT_HEIGHT]
    bottoms = tops + heights
    inside = np.minimum(bottoms, len(crop) - margin) - np.maximum(tops, margin)
    strange = ((tops == 0) | (bottoms == len(crop))) & (inside < OWN * heights) & (np.arange(count) > 0)
    marks = np.isin(labels, np.flatnonzero(strange)).astype(np.uint8)
    blurred = np.asarray(cv2.dilate(marks, np.ones((3, 3), np.uint8)), np.bool_)
    return np.asarray(np.where(blurred, 255, crop), np.uint8)


def _stretched(crop: Grey) -> Grey:
    """Ink to black and paper to white."""
    dark, light = np.percentile(crop, (DARKEST, PAPER))
    scaled = (crop.astype(np.float32) - dark) * (255 / max(1.0, light - dark))
    return np.asarray(np.clip(scaled, 0, 255), np.uint8)
