"""How the pages of a document make its forms as they stand: what a person sees before putting them together anew."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from models.errors import NotReadYetError
from models.geometry import Box
from models.matched import UNKNOWN
from models.template import Template
from service.pipeline import templates
from service.review.acting import Office
from service.review.arranging import arranged as arrangement
from service.review.arranging import is_undoable, last_number, matter_read, together_turned
from service.review.decider import standing
from service.review.matter import Arrangement, BlockId, Matter
from service.store.schema import DOCUMENTS

_NOTHING: Final = Arrangement("", ())
"""What a form has that has ceased to be."""


@dataclass(frozen=True, slots=True)
class SeenBlock:
    """A table of a page, or all of a page of loose text.

    Attributes:
        place: on the page, from 0.
        box: in fractions of the page as stored (0-1); None for loose text.
        kind: of the form that the machine found it to belong to.
    """

    place: int
    box: Box | None
    kind: str


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page.

    Attributes:
        page: 1-based.
        blocks: in reading order; none where it is empty or could not be read.
        excluded: it has blocks, and no form has any of them.
        turned: degrees clockwise by which the page as stored was turned to be upright.
    """

    page: int
    blocks: tuple[SeenBlock, ...]
    excluded: bool
    turned: int


@dataclass(frozen=True, slots=True)
class ArrangedForm:
    """A form, or one that has ceased to be.

    Attributes:
        number: from 1.
        version: that it stands at, or stood at last.
        template: empty for kind unknown, and where it has ceased to be.
        blocks: page (1-based) and place on it; none where it has ceased to be.
        undo: whether the last thing done to it was an arrangement.
    """

    number: int
    version: int
    template: str
    blocks: tuple[BlockId, ...]
    undo: bool


@dataclass(frozen=True, slots=True)
class ArrangedDocument:
    """Pages, forms, and the templates that there are."""

    pages: tuple[SeenPage, ...]
    forms: tuple[ArrangedForm, ...]
    templates: tuple[Template, ...]


def arranged(office: Office, document: str) -> ArrangedDocument | None:
    """How a document is arranged; None where there is no such document.

    Raises:
        NotReadYetError: no form was read as yet.
        PagesNotKeptError: what was read on its pages is not there any more, or not by this program.
        StoreError: the database cannot be read.
    """
    with office.store.database.reading() as connection:
        pages = connection.scalar(select(DOCUMENTS.c.pages).where(DOCUMENTS.c.sha256 == document))
        numbers = range(1, last_number(connection, document) + 1)
        forms = [found for number in numbers if (found := standing(connection, document, number)) is not None]
    if pages is None:
        return None
    if not forms:
        raise NotReadYetError("No form of this document was read as yet.", "Ask again when it is done.")
    made = [arrangement(office, form) if form.record else _NOTHING for form in forms]
    matter = matter_read(office, forms[0], together_turned(made))
    shown = tuple(
        ArrangedForm(form.number, form.version, each.template, each.blocks, is_undoable(form))
        for form, each in zip(forms, made, strict=True)
    )
    used = {block for each in made for block in each.blocks}
    return ArrangedDocument(tuple(_pages(matter, pages, used)), shown, tuple(templates().values()))


def _pages(matter: Matter, count: int, used: set[BlockId]) -> Iterator[SeenPage]:
    known = templates()
    kinds = {block: known[each.template].kind if each.template in known else UNKNOWN for each in matter.arranged for block in each.blocks}
    for page in range(1, max([count, *matter.frames]) + 1):
        mine = [block for block in matter.blocks if block[0] == page]
        blocks = tuple(SeenBlock(block[1], _box(matter, block), kinds.get(block, UNKNOWN)) for block in mine)
        turns = matter.frames[page].turns if page in matter.frames else 0
        yield SeenPage(page, blocks, bool(mine) and used.isdisjoint(mine), turns % 4 * 90)


def _box(matter: Matter, place: BlockId) -> Box | None:
    grid, frame = matter.blocks[place].grid, matter.frames[place[0]]
    return frame.to_page(grid.grid.box).fractions(frame.stored) if grid is not None else None
