"""Which pages and tables make which form, and by which template, as a person says: the forms concerned are read again from the kept pages.

Numbers of forms stay what they were: of a split form the first part keeps its number and the rest gets a new one, joined forms go on
under the first number, and what is left out ceases to be. Each is one step that is undone as a whole.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, func, select

from models.errors import NothingToUndoError, PagesNotKeptError, StaleVersionError, UsageError
from service.review.acting import Office, Seen, as_it_stood, check_undone, standing_of, state_after
from service.review.changes import Arrange, Undo, entry_of
from service.review.decider import Standing, earlier_record, standing
from service.review.deciding import Decided, decided
from service.review.keying import entered
from service.review.matter import Arrangement, BlockId, Matter, Turns
from service.review.steps import Made, Taken, since_arranged, undoable
from service.store.correcting import Entry, Step, record_steps
from service.store.reviews import ReviewState
from service.store.reviews import Standing as Place
from service.store.schema import CORRECTIONS, EARLIER_FORMS, FORMS
from service.store.writing import now

_UNUSABLE: Final = PagesNotKeptError(
    "What was read on the pages of this document cannot be used.", "Read it again with `formtally archive retry`."
)


@dataclass(frozen=True, slots=True)
class Rearranged:
    """What came of it: the version that each form stands at, and the forms that there are now among those concerned."""

    versions: Mapping[int, int]
    forms: tuple[int, ...]


def arrangement_of(office: Office, seen: Seen) -> Arrangement:
    """The template and the blocks of a form.

    Raises:
        StaleVersionError: it stands at another version.
        PagesNotKeptError: the pages of the document cannot be used.
    """
    return arranged(office, standing_of(office, seen))


def read_as(office: Office, seen: Seen, template: str, reason: str = "") -> Rearranged:
    """Read a form again by another template, or as kind unknown where that is empty.

    Raises:
        UsageError: there is no such template, or it cannot be laid over these pages.
        StaleVersionError: it stands at another version.
        StoreError: nothing was written.
    """
    form = standing_of(office, seen)
    return rearrange(office, seen, {form.number: replace(arranged(office, form), template=template)}, [form], reason)


def without_page(office: Office, seen: Seen, page: int, reason: str = "") -> Rearranged:
    """Leave page ``page`` (1-based) out of a form; where it has no other, the form ceases to be.

    Raises:
        UsageError: the form has nothing on that page.
        StaleVersionError: it stands at another version.
        StoreError: nothing was written.
    """
    form = standing_of(office, seen)
    known = arranged(office, form)
    left = tuple(block for block in known.blocks if block[0] != page)
    if left == known.blocks:
        raise UsageError(f"The form has nothing on page {page}.", "Name one of its pages.")
    return rearrange(office, seen, {form.number: replace(known, blocks=left)}, [form], reason)


def split_form(office: Office, seen: Seen, at: BlockId, template: str, reason: str = "") -> Rearranged:
    """Let a new form of ``template`` begin at the block ``at`` of this one.

    Raises:
        UsageError: the form has no such block behind its first, or there is no such template.
        StaleVersionError: it stands at another version.
        StoreError: nothing was written.
    """
    form = standing_of(office, seen)
    known = arranged(office, form)
    if at not in known.blocks[1:]:
        raise UsageError(f"No form can begin at {at}.", f"Name one of {', '.join(map(str, known.blocks[1:]))}.")
    cut = known.blocks.index(at)
    with office.store.database.reading() as connection:
        number = last_number(connection, seen.document) + 1
    new = Standing(seen.document, number, 0, form.pipeline, "", ())
    parts = {form.number: replace(known, blocks=known.blocks[:cut]), number: Arrangement(template, known.blocks[cut:], known.turns)}
    return rearrange(office, seen, parts, [form, new], reason)


def join_forms(office: Office, seen: Seen, other: Seen, reason: str = "") -> Rearranged:
    """Let what ``other`` has belong to the form ``seen``; the other ceases to be.

    Raises:
        UsageError: they are not two forms of one document.
        StaleVersionError: one of them stands at another version.
        StoreError: nothing was written.
    """
    if seen.document != other.document or seen.number == other.number:
        raise UsageError("Only two forms of one document can be joined.", "Name another form.")
    form, second = standing_of(office, seen), standing_of(office, other)
    known, added = arranged(office, form), arranged(office, second)
    joined = Arrangement(known.template, tuple(sorted((*known.blocks, *added.blocks))), together_turned((known, added)))
    parts = {form.number: joined, second.number: Arrangement("", ())}
    return rearrange(office, seen, parts, sorted((form, second), key=lambda each: each.number), reason)


def is_undoable(form: Standing) -> bool:
    """Whether the last thing done to a form was to put it together anew."""
    return _arrangement_done_last(form) is not None


def undo_arrangement(office: Office, seen: Seen, reason: str = "") -> Rearranged:
    """Take back the arrangement that was the last thing done to a form, for all forms that it concerned.

    Raises:
        NothingToUndoError: the last thing done was another, to this form or one of the others; or one of them would stand approved
            again (`service.review.acting.check_undone`, also for the next two).
        NotSettledError: something on that one waits for a person by now.
        SamePersonError: two people are asked for by now, and one has done all on it.
        StaleVersionError: the form stands at another version.
        StoreError: nothing was written.
    """
    form = standing_of(office, seen)
    last = _arrangement_done_last(form)
    if last is None:
        raise NothingToUndoError("The last thing done to this form was no arrangement.", "Undo that first.")
    with office.store.database.reading() as connection:
        forms = [_known(standing(connection, seen.document, number)) for number, _ in last.together]
        if any(undoable(each.steps) != made for each, (_, made) in zip(forms, last.together, strict=True)):
            raise NothingToUndoError("Something was done since to one of the forms concerned.", "Undo that first.")
        pairs = zip(forms, last.together, strict=True)
        records = {each.number: earlier_record(connection, seen.document, each.number, made - 1) for each, (_, made) in pairs}
    together = tuple((each.number, each.version + 1) for each in forms)
    steps = [
        _undone(office, each, records[each.number], Made(Undo(made, together), seen.user, reason))
        for each, (_, made) in zip(forms, last.together, strict=True)
    ]
    record_steps(office.store, seen.document, seen.user, steps)
    return _rearranged(steps)


def _arrangement_done_last(form: Standing) -> Arrange | None:
    version = undoable(form.steps)
    last = [made.change for step in form.steps if step.version == version for made in step.changes]
    return last[0] if last and isinstance(last[0], Arrange) else None


def rearrange(office: Office, seen: Seen, parts: Mapping[int, Arrangement], forms: Sequence[Standing], reason: str) -> Rearranged:
    """Read ``forms`` again, each as its part (by its number) says, as one step that is undone as a whole.

    Raises:
        UsageError: a part cannot be read as it says.
        StaleVersionError: a form is none any more.
        StoreError: nothing was written.
    """
    if any(each.version and not each.record for each in forms):
        raise StaleVersionError("One of the forms is none any more.", "Look at the document as it is now.")
    together = tuple((each.number, each.version + 1) for each in forms)
    steps = []
    for each in forms:
        part = parts[each.number]
        change = Arrange(part.template, part.blocks, together, _turns_on(part))
        found = decided(matter_read(office, each, change.turns).rearranged(change), ()) if part.blocks else None
        steps.append(_step(each, entry_of(change, reason=reason), found, _place(office, found, ReviewState.WAITING, seen.user)))
    record_steps(office.store, seen.document, seen.user, steps)
    return _rearranged(steps)


def _undone(office: Office, form: Standing, record: str, made: Made) -> Step:
    entry: Entry = entry_of(made.change, reason=made.reason)
    steps = (*form.steps, Taken(form.version + 1, now(), (made,)))
    before = Standing(form.document, form.number, form.version + 1, form.pipeline, record, steps)
    found = as_it_stood(office, before) if record else None
    if found is not None:
        check_undone(office.policy, before, found)
    return _step(form, entry, found, _place(office, found, state_after(steps), made.user))


def _place(office: Office, found: Decided | None, state: ReviewState, user: str) -> Place:
    """Where a form stands in the queue once ``user`` has made ``found`` of it; None where it ceases to be."""
    return entered(office.policy.double_keyed, found, state, user) if found is not None else Place(state, editor=user)


def _step(form: Standing, entry: Entry, found: Decided | None, place: Place) -> Step:
    """The step that makes ``found`` of ``form``; None where that ceases to be."""
    return Step(form.number, form.version, (entry,), found.form if found is not None else None, form.pipeline, place)


def arranged(office: Office, form: Standing) -> Arrangement:
    """How a form is arranged: by the last person who did, else by the machine."""
    by_person, _ = since_arranged(form.steps)
    if by_person is not None:
        return Arrangement(by_person.template, by_person.blocks, by_person.turns)
    return _matter(office, form).arranged[form.number - 1]


def _matter(office: Office, form: Standing) -> Matter:
    """The pages of a form, where they tell the record that the machine made of them.

    Raises:
        PagesNotKeptError: they cannot be used.
        StoreError: the database cannot be read.
    """
    matter = matter_read(office, form)
    if since_arranged(form.steps)[0] is None and form.version and not 1 <= form.number <= len(matter.arranged):
        raise _UNUSABLE
    return matter


def matter_read(office: Office, form: Standing, turns: Turns = ()) -> Matter:
    """The pages of the document of a form, those in ``turns`` as people say.

    Raises:
        PagesNotKeptError: they cannot be used.
        StoreError: the database cannot be read.
    """
    matter = office.decider.matter(form.document, form.pipeline, turns)
    if matter is None:
        raise _UNUSABLE
    return matter


def together_turned(arrangements: Iterable[Arrangement]) -> Turns:
    """Every page that is turned in one of ``arrangements``; a page on which several forms stand was turned for all of them."""
    return tuple(sorted({page: turns for each in arrangements for page, turns in each.turns}.items()))


def _turns_on(arrangement: Arrangement) -> Turns:
    """Those of the pages that the form has something on: what it has left behind may be turned otherwise for others."""
    pages = {page for page, _ in arrangement.blocks}
    return tuple((page, turns) for page, turns in arrangement.turns if page in pages)


def _known(form: Standing | None) -> Standing:
    if form is None:
        raise StaleVersionError("One of the forms is gone.", "Look at the document as it is now.")
    return form


def last_number(connection: Connection, document: str) -> int:
    """The highest number that a form of ``document`` ever had."""
    asked = (
        select(func.max(FORMS.c.number)).where(FORMS.c.document == document),
        select(func.max(EARLIER_FORMS.c.number)).where(EARLIER_FORMS.c.document == document),
        select(func.max(CORRECTIONS.c.form)).where(CORRECTIONS.c.document == document),
    )
    return max(connection.scalar(each) or 0 for each in asked)


def _rearranged(steps: Iterable[Step]) -> Rearranged:
    made = list(steps)
    return Rearranged({step.number: step.version + 1 for step in made}, tuple(step.number for step in made if step.record is not None))
