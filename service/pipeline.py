"""The way of the data, on one screen: a page is read (steps 1-4), the pages of a document become forms (steps 5-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from layouts.grid import find_grids
from layouts.matching import match_forms
from layouts.template_file import builtin_templates
from models.content import PageContent
from models.form import Document, Form, Problem, Review, Source
from models.geometry import Straightening
from models.limits import Limits
from models.matched import MatchedForm
from models.reading import Engine
from models.template import Template
from ocr.cleaning import clean
from ocr.opening import open_page
from ocr.recognize import recognize
from postprocess.check import check_file
from postprocess.reassemble import reassemble

VERSION = "2"
"""Raised whenever the same scan may give another record; results of another version are read again."""


def read_page(path: Path, number: int, engine: Engine, limits: Limits) -> PageContent:
    """Everything that stands on page ``number`` (1-based) of the file at ``path``.

    Raises:
        InputError: the page cannot be opened.
    """
    stored = open_page(path, number, limits)
    page = clean(stored, engine)
    return recognize(page, find_grids(page), stored.dpi, engine)


def assemble(pages: Sequence[PageContent], source: Source, problems: Sequence[Problem]) -> Document:
    """The checked record of a document from its ``pages``, in reading order; ``problems`` are those of pages that are missing."""
    frames = {page.number: page.straightening for page in pages}
    spoilt = frozenset(problem.page for problem in problems if problem.page > 0)

    checked = _records(match_forms(pages, tuple(_templates().values())), frames)
    forms = tuple(replace(form, review=Review.NEEDS_REVIEW) if _near(form.pages, spoilt) else form for form in checked)
    return Document(source, forms, tuple(problems))


def _records(matched: Sequence[MatchedForm], frames: Mapping[int, Straightening]) -> tuple[Form, ...]:
    """The forms of one file, their values typed and their rules asked."""
    templates = [_templates().get(form.template) for form in matched]
    return check_file([(reassemble(form, template, frames), template) for form, template in zip(matched, templates, strict=True)])


@cache
def _templates() -> dict[str, Template]:
    return {template.name: template for template in builtin_templates()}


def _near(pages: Sequence[int], spoilt: frozenset[int]) -> bool:
    """Whether a page that could not be read may belong to a form on ``pages``: it lies between or next to them."""
    return any(pages[0] - 1 <= page <= pages[-1] + 1 for page in spoilt)
