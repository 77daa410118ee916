"""Step 5: what was read becomes forms: which template, where each one begins and ends, and the role of every cell."""

from collections.abc import Sequence

from layouts.matching.blocks import blocks_of
from layouts.matching.match import match_form
from layouts.matching.split import split
from layouts.matching.unknown import unknown_form
from models.content import PageContent
from models.matched import MatchedForm
from models.template import Template

__all__ = ["match_forms"]


def match_forms(pages: Sequence[PageContent], templates: Sequence[Template]) -> tuple[MatchedForm, ...]:
    """All forms on ``pages``, in the order in which they begin.

    Args:
        pages: of one document, in reading order.
        templates: every kind of form that may occur.

    Returns:
        forms of the kinds known, and one of kind unknown for each table that fits none and each page of loose text; every piece of text is
        in one of their slots, except page numbers and the printed words of the form itself.
    """
    blocks = blocks_of(pages, [title for template in templates for title in template.titles])
    runs = split(blocks, templates)
    return tuple(match_form(run.template, run.blocks) if run.template is not None else unknown_form(run.blocks[0]) for run in runs)
