"""What the forms of a document are decided from: its kept pages, cut into blocks, and the forms that the machine made of these."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import TypeAlias

import msgspec
from sqlalchemy import select

from layouts.matching import Block, Run, match_run, page_blocks, runs_of
from models.content import PageContent
from models.errors import StoreDamagedError, UsageError
from models.form import Form
from models.geometry import Straightening
from models.matched import UNKNOWN
from postprocess.calibration import Trust
from postprocess.reassemble import reassemble
from postprocess.reconcile import UNKNOWN as NO_HABITS
from postprocess.reconcile import habits_around
from postprocess.second_look import Looks, with_looks
from service import content_file
from service.pipeline import lacks, looks_at, templates
from service.review.changes import Arrange
from service.review.deciding import Base
from service.store.opening import Store
from service.store.pages import PageState, page_content, turned_version
from service.store.schema import PAGES

BlockId: TypeAlias = tuple[int, int]
"""Page (1-based), and place (0-based) among the grids of that page; a page of loose text is one."""


Turns: TypeAlias = tuple[tuple[int, int], ...]
"""Page (1-based) and quarter turns clockwise (0-3) of each page of which a person has said which way up it stands, in their order."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A form before it is read: its template (empty for kind unknown), its blocks, and which of their pages people have turned."""

    template: str
    blocks: tuple[BlockId, ...]
    turns: Turns = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """The pages of one document as one version of the pipeline read them.

    Attributes:
        blocks: in reading order.
        arranged: by the machine, in the order of the forms' numbers.
        forms: the same reassembled, no rule asked.
        frames: 1-based page number to the way back to the page as stored.
        looks: that were taken at its lines.
        trusted: what is accepted.
        copied: 1-based pages that have no grey.
        spoilt: 1-based pages that could not be read.
    """

    blocks: Mapping[BlockId, Block]
    arranged: tuple[Arrangement, ...]
    forms: tuple[Form, ...]
    frames: Mapping[int, Straightening]
    looks: Looks
    trusted: Trust
    copied: frozenset[int]
    spoilt: frozenset[int]

    def base(self, number: int) -> Base | None:
        """What form ``number`` (from 1) is decided from as the machine arranged it; None where it made no such form."""
        if not 1 <= number <= len(self.forms):
            return None
        return self._base(self.forms[number - 1], number - 1, self._strange(frozenset()))

    def rearranged(self, change: Arrange) -> Base:
        """What a form is decided from as a person arranged it.

        Raises:
            UsageError: there is no such template or block, or the kind allows no more than one.
        """
        form = self.reassembled(Arrangement(change.template, change.blocks))
        mine = frozenset(change.blocks)
        return self._base(form, None, self._strange(mine), mine)

    def runs(self, places: Collection[BlockId]) -> list[Arrangement]:
        """The forms that the machine would make of the blocks at ``places`` alone, in the order in which they begin."""
        names = {id(block): place for place, block in self.blocks.items()}
        runs = runs_of([block for place, block in self.blocks.items() if place in places], tuple(templates().values()))
        return [_arrangement(run, names) for run in runs]

    def reassembled(self, arrangement: Arrangement) -> Form:
        """The form that an arrangement makes, no rule asked.

        Raises:
            UsageError: there is no such template or block, or the kind allows no more than one.
        """
        known = templates()
        template = known.get(arrangement.template)
        blocks = tuple(block for place, block in self.blocks.items() if place in arrangement.blocks)
        if arrangement.template and template is None:
            raise UsageError(f"There is no template {arrangement.template!r}.", f"Name one of {', '.join(known)}.")
        if not blocks or len(blocks) != len(arrangement.blocks) or (template is None and len(blocks) > 1):
            raise UsageError("A form needs blocks of its document, one of kind unknown exactly one.", "Look at the document as it is now.")
        if template is not None and all(block.grid is None for block in blocks):
            raise UsageError("A form of a known kind needs a table, and these pages have none.", "Take another page, or kind unknown.")
        return self._reassembled(Run(template, blocks))

    def _reassembled(self, run: Run) -> Form:
        return reassemble(with_looks(match_run(run), self.looks), run.template, self.frames, self.trusted, self.copied)

    def _base(self, form: Form, index: int | None, strange: frozenset[int], blocks: frozenset[BlockId] = frozenset()) -> Base:
        """The base of ``form``, the ``index``-th (0-based) of the machine's or one made of ``blocks``."""
        known = templates()
        template = known.get(form.template)
        own = {index} if index is not None else {i for i, each in enumerate(self.arranged) if not blocks.isdisjoint(each.blocks)}
        habits = NO_HABITS
        if template is not None:
            others = [(each, known[each.template]) for i, each in enumerate(self.forms) if i not in own and each.template in known]
            habits = habits_around([*others, (form, template)])[-1]
        return Base(form, template, habits, lacks(form, self.spoilt, strange))

    def _strange(self, taken: frozenset[BlockId]) -> frozenset[int]:
        """Pages on which a table begins that fits no template and that no person has put elsewhere."""
        pairs = zip(self.forms, self.arranged, strict=True)
        return frozenset(form.pages[0] for form, each in pairs if form.kind == UNKNOWN and taken.isdisjoint(each.blocks))


def matter_of(store: Store, document: str, version: str, trusted: Trust, turns: Turns = ()) -> Matter | None:
    """What version ``version`` of the pipeline has read of a document; None where nothing of it can be used.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.database.reading() as connection:
        rows = connection.execute(
            select(PAGES).where(PAGES.c.document == document, PAGES.c.version == version).order_by(PAGES.c.number)
        ).all()
    turned = {page: turned_version(version, quarters) for page, quarters in turns}
    read = {row.number: version for row in rows if row.state == PageState.READ} | turned
    try:
        kept = [page_content(store, document, number, read[number]) for number in sorted(read)]
        pages = [content_file.decode(content) for content in kept if content is not None]
    except (StoreDamagedError, msgspec.DecodeError, ValueError):
        return None
    if not pages or len(pages) != len(read):
        return None
    return matter_from(pages, frozenset(row.number for row in rows) - read.keys(), trusted)


def matter_from(pages: Sequence[PageContent], spoilt: frozenset[int], trusted: Trust) -> Matter:
    """The same from the pages themselves."""
    known = tuple(templates().values())
    blocks = page_blocks(pages, known)
    names = _named(blocks)
    runs = runs_of(blocks, known)
    matter = Matter(
        blocks={names[id(block)]: block for block in blocks},
        arranged=tuple(_arrangement(run, names) for run in runs),
        forms=(),
        frames={page.number: page.straightening for page in pages},
        looks=looks_at(pages),
        trusted=trusted,
        copied=frozenset(page.number for page in pages if page.bilevel),
        spoilt=spoilt,
    )
    forms = tuple(matter.reassembled(each) for each in matter.arranged)
    return replace(matter, forms=forms)


def _arrangement(run: Run, names: Mapping[int, BlockId]) -> Arrangement:
    return Arrangement(run.template.name if run.template is not None else "", tuple(names[id(block)] for block in run.blocks))


def _named(blocks: Sequence[Block]) -> dict[int, BlockId]:
    """The name of each block, by its identity: blocks may be equal."""
    counters: dict[int, count[int]] = {}
    return {id(block): (block.page, next(counters.setdefault(block.page, count()))) for block in blocks}
