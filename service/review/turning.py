"""A page that the machine has read the wrong way up: a person turns it, and the forms that it belongs to are made anew from it.

The page is read again by whoever can (`others_of` says what that takes); what was read is kept beside the first reading and named in the
arrangement of each form, so that an undo needs no pixels.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from sqlalchemy import select

from models.errors import StaleVersionError, UsageError
from service.review.acting import Office, Seen
from service.review.arranging import Rearranged, arranged, last_number, matter_read, rearrange, together_turned
from service.review.decider import Standing, standing
from service.review.matter import Arrangement, BlockId, Turns
from service.review.steps import since_arranged
from service.store.opening import Store
from service.store.pages import keep_page, page_content, turned_version
from service.store.schema import FORMS


@dataclass(frozen=True, slots=True)
class Turn:
    """A page that a person turns.

    Attributes:
        document: SHA-256 of the original, hex.
        page: 1-based.
        turns: quarter turns clockwise (0-3) that make the page as stored upright.
        versions: of the records of the document's forms that the person saw, by number.
        user: who says so.
    """

    document: str
    page: int
    turns: int
    versions: Mapping[int, int]
    user: str


@dataclass(frozen=True, slots=True)
class Others:
    """What was read of a document beside the page that is turned: the version of the pipeline, and the pages as they are kept."""

    pipeline: str
    pages: tuple[bytes, ...]


def turned_pages(store: Store, document: str) -> dict[int, int]:
    """The pages of which people have said which way up they stand, and the quarter turns clockwise (0-3) of each.

    Raises:
        StoreError: the database cannot be read.
    """
    return dict(_turns(_forms(store, document)))


def others_of(office: Office, turn: Turn) -> Others:
    """What is needed to read the page as ``turn`` says.

    Raises:
        UsageError: the document has no forms, or the page was read that way up already.
        StoreError: the store cannot be read.
    """
    forms = _forms(office.store, turn.document)
    if not forms:
        raise UsageError("The document has no forms that a page could belong to.", "Read it first.")
    before = _turns(forms)
    matter = matter_read(office, forms[0], before)
    if turn.page in matter.frames and matter.frames[turn.page].turns == turn.turns:
        raise UsageError(f"Page {turn.page} was read that way up.", "Turn it otherwise.")
    turned = {page: turned_version(forms[0].pipeline, turns) for page, turns in before}
    pages = [page for page in matter.frames if page != turn.page]
    kept = [page_content(office.store, turn.document, page, turned.get(page, forms[0].pipeline)) for page in pages]
    return Others(forms[0].pipeline, tuple(content for content in kept if content is not None))


def turn_page(office: Office, turn: Turn, content: bytes, reason: str = "") -> Rearranged:
    """Keep ``content``, what was read on the page as ``turn`` says, and make the forms that it belongs to anew, as one step.

    These are the forms that have something on the page now, those that the machine would make of it, and whatever hangs together with
    them. What people have done to them before counts no more until the step is undone (`service.review.arranging.undo_arrangement`).

    Raises:
        UsageError: no form has or gets anything on the page.
        StaleVersionError: one of the forms stands at another version than the person saw.
        StoreError: nothing was written.
    """
    forms = _forms(office.store, turn.document)
    if not forms:
        raise UsageError("The document has no forms that a page could belong to.", "Read it first.")
    keep_page(office.store, turn.document, turn.page, turned_version(forms[0].pipeline, turn.turns), content)
    turns = tuple(sorted({**dict(_turns(forms)), turn.page: turn.turns}.items()))
    matter = matter_read(office, forms[0], turns)
    now = {form.number: arranged(office, form) for form in forms}
    elsewhere = {block for each in now.values() for block in each.blocks if block[0] != turn.page}
    runs = [replace(run, turns=turns) for run in matter.runs(elsewhere | {block for block in matter.blocks if block[0] == turn.page})]
    concerned = _hanging_together(turn.page, [*now.values(), *runs])
    mine = [form for form in forms if not concerned.isdisjoint(now[form.number].blocks)]
    made = [run for run in runs if not concerned.isdisjoint(run.blocks)]
    if not mine and not made:
        raise UsageError(f"There is nothing on page {turn.page} that a form could be made of.", "Turn it otherwise.")
    if any(turn.versions.get(form.number) != form.version for form in mine):
        raise StaleVersionError("Somebody else has changed one of the forms.", "Look at the document as it is now.")
    with office.store.database.reading() as connection:
        free = count(last_number(connection, turn.document) + 1)
    parts = _numbered(made, {form.number: now[form.number] for form in mine}, free)
    new = [Standing(turn.document, number, 0, forms[0].pipeline, "", ()) for number in parts if number not in now]
    seen = Seen(turn.document, mine[0].number if mine else new[0].number, 0, turn.user)
    return rearrange(office, seen, parts, sorted((*mine, *new), key=lambda form: form.number), reason)


def _forms(store: Store, document: str) -> list[Standing]:
    """The forms that a document has."""
    with store.database.reading() as connection:
        numbers = connection.scalars(select(FORMS.c.number).where(FORMS.c.document == document).order_by(FORMS.c.number)).all()
        found = [standing(connection, document, number) for number in numbers]
    return [form for form in found if form is not None]


def _turns(forms: Iterable[Standing]) -> Turns:
    """The pages that people have turned."""
    said = (since_arranged(form.steps)[0] for form in forms)
    return together_turned(Arrangement(each.template, each.blocks, each.turns) for each in said if each is not None)


def _hanging_together(page: int, arrangements: Sequence[Arrangement]) -> set[BlockId]:
    """The blocks on ``page``, before and after it is turned, and all that are in one form with them, or with these."""
    found: set[BlockId] = set()
    more = {block for each in arrangements for block in each.blocks if block[0] == page}
    while more != found:
        found = more
        more = {block for each in arrangements if not found.isdisjoint(each.blocks) for block in each.blocks}
    return found


def _numbered(made: Iterable[Arrangement], before: Mapping[int, Arrangement], free: Iterator[int]) -> dict[int, Arrangement]:
    """``made`` by number: that of the first form ``before`` that has a block of it, else a ``free`` one; the rest cease to be."""
    left, parts = dict(before), dict[int, Arrangement]()
    for each in made:
        known = next((number for number, other in left.items() if not set(each.blocks).isdisjoint(other.blocks)), 0)
        left.pop(known, None)
        parts[known or next(free)] = each
    return parts | dict.fromkeys(left, Arrangement("", ()))
