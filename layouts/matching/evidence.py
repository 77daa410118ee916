"""What speaks for a template on each block: its title, and which of its printed words are there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from layouts.matching.blocks import Block
from layouts.matching.labels import begins, edits_allowed, key
from layouts.matching.script import Line, Script, script_of
from layouts.matching.sheet import SheetCell
from layouts.matching.titles import LEAST, banners, find_title
from models.template import Template, Where

OPENING = 4
"""The first so many labels of a template (of those that are not printed again) show that a form begins."""

SHORT = 0.5
"""What a label of two characters is worth beside longer ones: it may stand on any form."""

LONGEST = 60
"""Characters of a cell that are compared with labels; the longest label of the forms built in has 12."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word printed on the form.

    Attributes:
        spellings: its keys.
        weight: what finding it is worth.
        repeats: it may be printed again where the form goes on (headings, section names).
        leads: a value may follow in the same cell.
    """

    spellings: tuple[str, ...]
    weight: float
    repeats: bool
    leads: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one block says about one template.

    Attributes:
        title: 0 none, 1 exactly the title of the template.
        found: index in `marks` of each word that is there.
    """

    title: float
    found: frozenset[int]


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on one block, made ready for comparing.

    Attributes:
        lines: where a title may stand: loose lines above the grid, and its first cells where these are as wide as the grid.
        scripts: of every cell and loose line with text.
        keys: of these, digits made alike.
    """

    lines: tuple[SheetCell, ...]
    scripts: tuple[Script, ...]
    keys: tuple[str, ...]


def written(block: Block) -> Written:
    """The texts of ``block``."""
    contents = block.grid.cells if block.grid is not None else ()
    cells = [script_of(Line(block.page, reading) for reading in content.readings) for content in contents]
    scripts = tuple(script for script in [*cells, *(line.script for line in block.above)] if script.text)
    lines = (*block.above, *(banners(block.page, block.grid) if block.grid is not None else ()))
    return Written(lines, scripts, tuple(sorted({key(script.text[:LONGEST]) for script in scripts})))


@cache
def marks(template: Template) -> tuple[Mark, ...]:
    """The words of ``template``, those of its fields first, each once."""
    kept: dict[str, Mark] = {}
    for mark in _all_marks(template):
        if not any(spelling in kept for spelling in mark.spellings):
            kept.update(dict.fromkeys(mark.spellings, mark))
    return tuple(dict.fromkeys(kept.values()))


def evidence(text: Written, template: Template) -> Evidence:
    """What ``text`` says about ``template``."""
    title = find_title(text.lines, template.titles)
    strength = (title.similarity - LEAST) / (1 - LEAST) if title is not None else 0.0
    return Evidence(strength, frozenset(_found(text, template)))


def _all_marks(template: Template) -> Iterator[Mark]:
    for field in template.fields:
        if field.labels:
            yield _mark(
                field.labels,
                repeats=not set(field.labels).isdisjoint(template.fixed),
                leads=bool({Where.BEHIND, Where.INSIDE}.intersection(field.where)),
            )
    for table in template.tables:
        for column in table.columns:
            if "" not in column.headings:
                yield _mark(column.headings, repeats=True, leads=False)
        for row in table.rows:
            yield _mark((row,), repeats=False, leads=False)
    for word in template.fixed:
        yield _mark((word,), repeats=True, leads=False)


def _mark(words: Sequence[str], repeats: bool, leads: bool) -> Mark:
    spellings = tuple(key(word) for word in words)
    return Mark(spellings, SHORT if min(map(len, spellings)) <= 2 else 1.0, repeats, leads)


def _found(text: Written, template: Template) -> Iterator[int]:
    everything = marks(template)
    spellings = [(i, spelling) for i, mark in enumerate(everything) for spelling in mark.spellings]
    if not text.keys or not spellings:
        return
    distances = process.cdist([spelling for _, spelling in spellings], text.keys, scorer=Levenshtein.distance, dtype=np.int32)
    whole = {i for (i, spelling), row in zip(spellings, distances, strict=True) if row.min() <= edits_allowed(len(spelling))}
    for i, mark in enumerate(everything):
        if i in whole or (mark.leads and any(begins(spelling, script) for spelling in mark.spellings for script in text.scripts)):
            yield i
