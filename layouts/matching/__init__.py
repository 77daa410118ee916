"""Step 5: what was read becomes forms: which template, where each one begins and ends, and the role of every cell."""

from collections.abc import Sequence

from layouts.matching.blocks import Block, blocks_of
from layouts.matching.match import match_form
from layouts.matching.split import Run, split
from layouts.matching.unknown import unknown_form
from models.content import PageContent
from models.matched import MatchedForm
from models.template import Template

__all__ = ["Block", "Run", "match_forms", "match_run", "page_blocks", "runs_of"]


def match_forms(pages: Sequence[PageContent], templates: Sequence[Template]) -> tuple[MatchedForm, ...]:
    """All forms on ``pages``, in the order in which they begin.

    Args:
        pages: of one document, in reading order.
        templates: every kind of form that may occur.

    Returns:
        forms of the kinds known, and one of kind unknown for each table that fits none and each page of loose text; every piece of text is
        in one of their slots, except page numbers and the printed words of the form itself.
    """
    return tuple(map(match_run, runs_of(page_blocks(pages, templates), templates)))


def page_blocks(pages: Sequence[PageContent], templates: Sequence[Template]) -> tuple[Block, ...]:
    """The grids of ``pages`` in reading order, each with the lines around it; what forms are made of."""
    return blocks_of(pages, [title for template in templates for title in template.titles])


def runs_of(blocks: Sequence[Block], templates: Sequence[Template]) -> tuple[Run, ...]:
    """Which ``blocks`` make up which form, in the order in which forms begin; the blocks are the very objects that were given."""
    return split(blocks, templates)


def match_run(run: Run) -> MatchedForm:
    """The form that the blocks of ``run`` make up; of kind unknown where it has no template, then of its first block alone."""
    return match_form(run.template, run.blocks) if run.template is not None else unknown_form(run.blocks[0])
