"""The way of the data, on one screen: a page is read (steps 1-4), the pages of a document become forms (steps 5-7)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeAlias

from layouts.grid import find_grids
from layouts.matching import match_forms
from layouts.template_file import builtin_templates
from models.content import PageContent
from models.errors import InputError
from models.form import Document, Form, Problem, Review, Source
from models.geometry import Straightening
from models.limits import Limits
from models.matched import UNKNOWN, MatchedForm
from models.reading import AskedLine, Engine, Lattice, SeenAgain
from models.template import Template
from ocr import second_look
from ocr.cleaning import clean
from ocr.confirm import confirm
from ocr.opening import open_page, text_layer
from ocr.recognize import recognize
from postprocess.calibration import Trust
from postprocess.check import check_file
from postprocess.reassemble import reassemble
from postprocess.second_look import Looks, lines_in_doubt, with_looks

Look: TypeAlias = Callable[[Sequence[AskedLine]], Looks]
"""Looks again at lines."""

VERSION = "6"
"""Raised whenever the same scan may give another record; results of another version are read again."""


def read_page(path: Path, number: int, engine: Engine, limits: Limits, turns: int | None = None) -> PageContent:
    """Everything that stands on page ``number`` (1-based) of the file at ``path``.

    Args:
        path: any name at all.
        number: of the page.
        engine: reads lines.
        limits: on opening the page.
        turns: quarter turns clockwise (0-3) that make the page as stored upright, where a person has said so.

    Raises:
        InputError: the page cannot be opened.
    """
    stored = open_page(path, number, limits)
    page = clean(stored, engine, turns)
    seen = recognize(page, find_grids(page), stored.dpi, engine)
    return replace(confirm(seen, stored, text_layer(path, number, limits)), turned=turns is not None)


def assemble(pages: Sequence[PageContent], source: Source, problems: Sequence[Problem], look: Look, trusted: Trust) -> Document:
    """The checked record of a document from its ``pages``, in reading order.

    Args:
        pages: those that could be read.
        source: the input.
        problems: of the pages that are missing.
        look: looks again at lines that left a doubt, once for all of them.
        trusted: what is accepted, and what leaves a doubt.
    """
    frames = {page.number: page.straightening for page in pages}
    matched = match_forms(pages, tuple(templates().values()))
    copied = frozenset(page.number for page in pages if page.bilevel)
    first = _records(matched, frames, trusted, copied)
    asked = lines_in_doubt(matched, first)
    looks = look(asked) if asked else {}
    records = _records([with_looks(form, looks) for form in matched], frames, trusted, copied) if looks else first
    spoilt = frozenset(problem.page for problem in problems if problem.page > 0)
    strange = frozenset(record.pages[0] for record in records if record.kind == UNKNOWN)
    forms = (replace(record, review=Review.NEEDS_REVIEW) if lacks(record, spoilt, strange) else record for record in records)
    told = tuple(sorted(page.number for page in pages if page.from_text))
    return Document(replace(source, text_pages=told), tuple(forms), tuple(problems))


def look_again(path: Path, engine: Engine, limits: Limits, pages: Sequence[PageContent], asked: Sequence[AskedLine]) -> Looks:
    """Further views of the lines ``asked`` on ``pages`` of the file at ``path``; where a page no longer opens alike, none of its lines."""
    known = {page.number: page for page in pages}
    looks: dict[AskedLine, tuple[Lattice, ...]] = {}
    for number in sorted({line.page for line in asked}):
        lines = [line for line in asked if line.page == number]
        with suppress(InputError):  # it opened a moment ago; without a second look its doubts stand
            stored = open_page(path, number, limits)
            frame = known[number].straightening
            page = clean(stored, engine, frame.turns if known[number].turned else None)
            if page.straightening == frame:
                looks |= zip(lines, second_look.look_again(stored, page, lines, engine), strict=True)
    return looks


def with_seen(pages: Sequence[PageContent], looks: Looks) -> tuple[PageContent, ...]:
    """``pages``, each with the ``looks`` that were taken at it, in place of earlier ones."""
    seen = [SeenAgain(asked, views) for asked, views in looks.items()]
    return tuple(replace(page, seen_again=tuple(each for each in seen if each.asked.page == page.number)) for page in pages)


def looks_at(pages: Sequence[PageContent]) -> Looks:
    """The looks that `with_seen` has kept."""
    return {each.asked: each.views for page in pages for each in page.seen_again}


def _records(
    matched: Sequence[MatchedForm], frames: Mapping[int, Straightening], trusted: Trust, copied: frozenset[int]
) -> tuple[Form, ...]:
    """The forms of one file, their values typed and their rules asked."""
    known = [templates().get(form.template) for form in matched]
    return check_file(
        [(reassemble(form, template, frames, trusted, copied), template) for form, template in zip(matched, known, strict=True)]
    )


@cache
def templates() -> dict[str, Template]:
    """The templates that come with the program, by name."""
    return {template.name: template for template in builtin_templates()}


def lacks(form: Form, spoilt: frozenset[int], strange: frozenset[int]) -> bool:
    """Whether a part of ``form`` may stand elsewhere: on a page that could not be read, or in a strange table that begins where it ends.

    Args:
        form: a record.
        spoilt: pages that could not be read.
        strange: pages on which a table begins that fits no template.
    """
    near = range(form.pages[0] - 1, form.pages[-1] + 2)
    return not spoilt.isdisjoint(near) or (form.kind != UNKNOWN and not strange.isdisjoint(range(form.pages[-1], form.pages[-1] + 2)))
