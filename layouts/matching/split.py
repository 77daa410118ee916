"""Which blocks make up which form: the division of the whole document that explains most of what is printed on it.

Every way of cutting the document into forms is scored in words found (a title is worth several), and the best is kept, by dynamic
programming over the blocks. So a form is found by its labels where the title is unreadable, goes on for as many pages as it has,
and ends where the next begins, even on the same page.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from layouts.matching.blocks import Block
from layouts.matching.columns import first_scale, fit
from layouts.matching.evidence import OPENING, Evidence, evidence, marks, written
from models.reading import GridText
from models.template import Template

# The weights below are in words found. On each of the 36 forms of the samples the first page has all 23 or 25 words of its own template and
# 4 or 5 of the other, so that a form scores 25, the other template at most 0.7, and a page without words below -8: wide margins, which is
# why round numbers do.

TITLE = 6.0
"""What a clearly read title is worth."""

REPEATED_TITLE = 0.9
"""Share of this where the title of a continuing page only repeats that of the first: a little less, so that a form may also begin there."""

NEW_FORM = 4.0
"""What a form costs: fewer words than this are found on any table of figures (分值, 得分, 合计)."""

MISSING = 0.2
"""What each word of the template that is not there costs: among templates with the same words the one with fewer absent ones wins."""

REPEATED_HEADING = 0.8
"""What a heading is worth that repeats one of an earlier page."""

TWICE = -2.0
"""What a label costs that was already there: a form prints its fields once."""

FITTING = 1.0
"""What it is worth that a grid has the columns of the one before."""

CUT = 1.5
"""What it is worth that cells are open at the break on both sides."""

STRANGE = -2.0
"""What a page costs that lies within a form but does not belong to it."""

COLUMNS_MET = 0.75
"""Share of the inner column edges that must be those of the grid before."""

_FEWEST_EDGES = 4
"""A grid with fewer column edges than this fits too many others."""

_LONGEST_GAP = 3
"""A form does not go on so many blocks behind its last one; those between are strange."""

CONNECTED = 2.0
"""Words that connect a block with a form where the rulings do not."""

HOPELESS = 20.0
"""Words by which a form's score may fall before its longer versions are not looked at any more: another form of the kind costs over 30."""


@dataclass(frozen=True, slots=True)
class Run:
    """The blocks of one form; ``template`` is None for a block that fits none."""

    template: Template | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A form from block ``start`` to before ``end``: ``members`` of these belong to it."""

    score: float
    start: int
    template: Template | None
    members: tuple[int, ...]


def split(blocks: Sequence[Block], templates: Sequence[Template]) -> tuple[Run, ...]:
    """``blocks`` as forms in the order in which they begin."""
    texts = [written(block) for block in blocks]
    seen = [[evidence(text, template) for text in texts] for template in templates]
    best: list[_Part] = [_Part(0.0, 0, None, ())]
    candidates: list[list[_Part]] = [[] for _ in range(len(blocks) + 1)]
    for i in range(len(blocks)):
        candidates[i + 1].append(_Part(0.0, i, None, (i,)))
        for template, found in zip(templates, seen, strict=True):
            for end, part in _forms_from(i, blocks, template, found):
                candidates[end].append(part)
        best.append(max((_after(best, part) for part in candidates[i + 1]), key=lambda part: part.score))
    return _runs(blocks, best)


def _after(best: Sequence[_Part], part: _Part) -> _Part:
    """``part`` with the score of everything before it added."""
    return replace(part, score=part.score + best[part.start].score)


def _runs(blocks: Sequence[Block], best: Sequence[_Part]) -> tuple[Run, ...]:
    runs: list[tuple[int, Run]] = []
    end = len(blocks)
    while end > 0:
        part = best[end]
        runs.append((part.members[0], Run(part.template, tuple(blocks[i] for i in part.members))))
        runs.extend((i, Run(None, (blocks[i],))) for i in range(part.start, end) if i not in part.members)
        end = part.start
    return tuple(run for _, run in sorted(runs, key=lambda found: found[0]))


def _forms_from(start: int, blocks: Sequence[Block], template: Template, seen: Sequence[Evidence]) -> Iterator[tuple[int, _Part]]:
    """Every form of ``template`` that begins at block ``start``, with the index behind its last block."""
    if blocks[start].grid is None or not seen[start].found:
        return
    story, members = _Story(template, seen[start]), [start]
    yield start + 1, _Part(story.score, start, template, (start,))
    best = story.score
    for k in range(start + 1, len(blocks)):
        if k - members[-1] >= _LONGEST_GAP or story.score < best - HOPELESS:
            return
        if story.goes_on(_bond(blocks[members[-1]], blocks[k]), seen[k]):
            members.append(k)
            best = max(best, story.score)
            yield k + 1, _Part(story.score, start, template, tuple(members))
        else:
            story.strange()


class _Story:
    """The score of a form as block after block is added to it."""

    def __init__(self, template: Template, first: Evidence) -> None:
        self._marks = marks(template)
        self._opening = frozenset([i for i, mark in enumerate(self._marks) if not mark.repeats][:OPENING])
        self._found = set(first.found)
        self._earned = TITLE * first.title - NEW_FORM
        self._worth = self._weight(first.found)

    @property
    def score(self) -> float:
        """In words."""
        return self._earned + self._worth - MISSING * (len(self._marks) - len(self._found))

    def strange(self) -> None:
        """Pass over a block that does not belong to the form."""
        self._earned += STRANGE

    def goes_on(self, bond: float, found: Evidence) -> bool:
        """Add the block of which ``found`` is what it says, if enough connects it with the form."""
        twice = found.found & self._found
        repeated = {i for i in twice if self._marks[i].repeats}
        new = found.found - self._found
        if bond <= 0 and self._weight(new | repeated) < CONNECTED:
            return False
        opens = not self._opening.isdisjoint(found.found)
        self._earned += REPEATED_HEADING * self._weight(repeated) + TWICE * len(twice - repeated) + bond
        self._earned += -TITLE * found.title if opens else REPEATED_TITLE * TITLE * found.title
        self._worth += self._weight(new)
        self._found |= found.found
        return True

    def _weight(self, found: Iterable[int]) -> float:
        return sum(self._marks[i].weight for i in found)


def _bond(before: Block, block: Block) -> float:
    """What the rulings alone say for ``block`` going on with the table of ``before``."""
    if before.grid is None or block.grid is None:
        return 0.0
    foot = any(cell.open_bottom for cell in before.grid.grid.cells)
    head = any(cell.open_top for cell in block.grid.grid.cells)
    cut = foot and head and before.page != block.page
    return FITTING * _fits(before.grid, block.grid) + CUT * cut


def _fits(before: GridText, text: GridText) -> bool:
    scale = first_scale(before.grid.column_edges)
    places = [scale(x) for x in before.grid.column_edges]
    _, met = fit(text.grid.column_edges, places, scale.factor)
    return len(text.grid.column_edges) >= _FEWEST_EDGES and met >= COLUMNS_MET
