"""A document as a sequence of grids, each with the loose lines that go with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from layouts.matching.loose import loose_lines
from layouts.matching.scraps import tables
from layouts.matching.sheet import SheetCell
from layouts.matching.titles import find_title
from models.content import PageContent
from models.reading import GridText

SURE = 0.75
"""Similarity from which a title divides the lines between two forms: what stands above it belongs to the form before."""


@dataclass(frozen=True, slots=True)
class Block:
    """One grid, or a page without any.

    Attributes:
        page: 1-based.
        grid: None where the page holds loose text only.
        above: loose lines above it, top to bottom; all lines of a page without a grid.
        below: loose lines that follow it and belong to no other grid.
    """

    page: int
    grid: GridText | None
    above: tuple[SheetCell, ...] = ()
    below: tuple[SheetCell, ...] = ()


def blocks_of(pages: Sequence[PageContent], titles: Sequence[str]) -> tuple[Block, ...]:
    """All blocks in reading order; ``titles`` are those of every template. An empty page gives none."""
    blocks: list[Block] = []
    waiting: tuple[SheetCell, ...] = ()
    for page in pages:
        found, tail = _page_blocks(page, titles, waiting)
        waiting = tail
        blocks.extend(found)
    return (*blocks, Block(waiting[0].parts[0].page, None, waiting)) if waiting else tuple(blocks)


def _page_blocks(page: PageContent, titles: Sequence[str], waiting: tuple[SheetCell, ...]) -> tuple[list[Block], tuple[SheetCell, ...]]:
    """The blocks of ``page``, and the title at its foot that waits for a grid on the next page."""
    lines = loose_lines(page)
    grids = tables(page)
    if not grids:
        return ([Block(page.number, None, (*waiting, *lines))] if waiting or lines else []), ()
    blocks: list[Block] = []
    above = waiting
    for grid in grids:
        upper = tuple(line for line in lines if line.parts[0].box.centre[1] < grid.grid.box.top)
        lines = tuple(line for line in lines if line not in upper)
        before, heading = _divided(upper, titles) if blocks else ((), upper)
        if before:
            blocks[-1] = replace(blocks[-1], below=blocks[-1].below + before)
        blocks.append(Block(page.number, grid, above + heading))
        above = ()
    tail, orphan = _divided(lines, titles) if find_title(lines, titles) is not None else (lines, ())
    blocks[-1] = replace(blocks[-1], below=blocks[-1].below + tail)
    return blocks, orphan


def _divided(lines: tuple[SheetCell, ...], titles: Sequence[str]) -> tuple[tuple[SheetCell, ...], tuple[SheetCell, ...]]:
    """``lines`` before the title and from the title on; all are heading where there is no title."""
    title = find_title(lines, titles)
    if title is None or title.similarity < SURE:
        return (), lines
    top = title.line.parts[0].box.top
    return tuple(x for x in lines if x.parts[0].box.top < top), tuple(x for x in lines if x.parts[0].box.top >= top)
