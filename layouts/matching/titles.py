"""Lines that are a form's title."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from layouts.matching.labels import key, similarity
from layouts.matching.sheet import SheetCell, loose_cell
from models.reading import GridText

LEAST = 0.6
"""Similarity from which a line counts as a title. Titles of different forms of the family are alike to 0.82 (自评表, 目标表), so that
the labels decide which form it is. Other lines of such pages (年度, 附件, 单位：万元, signatures) have nothing in common with a title;
the headline of a notice that names one (关于填报财政项目支出绩效自评表的通知) reaches 0.61, worth next to nothing in the split."""

BANNERS = 3
"""Rows at the top of a grid in which a title may stand."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title found: the line (two printed lines as one) and how alike it is, 0-1."""

    line: SheetCell
    similarity: float


def find_title(lines: Sequence[SheetCell], titles: Sequence[str]) -> Title | None:
    """What is most like one of ``titles``: a line, a part of one, or two lines together; of equals the lower, nearer to the form."""
    found = [Title(line, _likeness(line, titles)) for line in [*lines, *_singles(lines), *_pairs(lines)]]
    good = [title for title in found if title.similarity >= LEAST]
    return max(good, key=lambda title: (title.similarity, title.line.parts[0].box.top), default=None)


def banners(page: int, text: GridText) -> Iterator[SheetCell]:
    """The first cells of a grid that are as wide as it, as lines: some forms print title and year within the rulings."""
    for cell, content in zip(text.grid.cells, text.cells, strict=True):
        if cell.column_span < text.grid.columns or cell.row >= BANNERS:
            return
        if content.readings:
            yield loose_cell(page, content.readings)


def _singles(lines: Sequence[SheetCell]) -> list[SheetCell]:
    """The readings of lines that have several, each as a line: a number of an annex may stand beside the title."""
    parts = [part for line in lines for part in line.parts if len(part.readings) > 1]
    return [loose_cell(part.page, [reading]) for part in parts for reading in part.readings]


def _pairs(lines: Sequence[SheetCell]) -> list[SheetCell]:
    neighbours = [(a.parts[0], b.parts[0]) for a, b in pairwise(lines)]
    return [loose_cell(a.page, a.readings + b.readings) for a, b in neighbours if a.page == b.page]


def _likeness(line: SheetCell, titles: Sequence[str]) -> float:
    """With and without what stands before it (a place, a year), since 2020年度 and the like may be part of the line."""
    text = key(line.script.text)
    keys = [key(title) for title in titles]
    whole = max((similarity(title, text) for title in keys), default=0.0)
    tail = max((similarity(title, text[-len(title) :]) for title in keys if len(text) <= 2 * len(title)), default=0.0)
    return max(whole, tail - 0.1 * (tail > whole))
