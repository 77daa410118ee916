"""A form as one reviewer opens it: the record, what waits, who works on it, what he typed, and what can be undone."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.errors import StoreDamagedError
from models.form import Form
from service.review.acting import Office, sheet_of
from service.review.changes import Arrange, Undo
from service.review.decider import Standing, standing
from service.review.deciding import closed_by
from service.review.drafts import Draft, draft_of
from service.review.keying import DoubleKeyed, Keying, double_keyed, shown, unkeyed
from service.review.policy import may_undo
from service.review.queue import state_of
from service.review.queued import Waiting
from service.review.steps import Taken, redoable, undoable
from service.store.form_rows import fields_of
from service.store.reviews import ReviewState, doubts_of


@dataclass(frozen=True, slots=True)
class Opened:
    """A form before the eyes of one user.

    Attributes:
        user: who looks.
        standing: version, record and steps.
        form: the record as the user may see it (`service.review.keying.shown`).
        entry: in the queue; None where it concerns nobody.
        doubts: paths of fields that wait for a person.
        settled: paths of fields of which a person has said what stands there, and no second one is asked.
        closed: places of the findings that people have closed.
        keyed: what the user has keyed and nobody else as yet, by path; the record does not tell it.
        double_keyed: the cells that two people key; none once the form is approved.
        draft: what he has typed and not sent.
        undo: whether he can undo the last step alone.
        redo: whether he can do again what was undone last.
        rearranged: whether the last step put forms together anew, which is undone as a whole (`service.review.arranging`).
        may_approve: whether the rules about people let him.
    """

    user: str
    standing: Standing
    form: Form
    entry: Waiting | None
    doubts: tuple[str, ...]
    settled: tuple[str, ...]
    closed: tuple[int, ...]
    keyed: Mapping[str, str]
    double_keyed: tuple[DoubleKeyed, ...]
    draft: Draft | None
    undo: bool
    redo: bool
    rearranged: bool
    may_approve: bool


def opened(office: Office, document: str, number: int, user: str) -> Opened | None:
    """A form as it stands, for ``user``; None where there is none.

    Raises:
        StoreError: the database cannot be read.
    """
    with office.store.database.reading() as connection:
        found = standing(connection, document, number)
    if found is None or not found.record:
        return None
    sheet, entry = sheet_of(office, found), state_of(office.store, document, number)
    asked = office.policy.double_keyed if entry is None or entry.state is not ReviewState.APPROVED else frozenset[str]()
    cells = double_keyed(asked, found.form, sheet.keyed)
    waiting = unkeyed(cells)
    last = undoable(found.steps)
    rearranged = last > 0 and _concerns_several(_step(found.steps, last))
    back = redoable(found.steps)
    return Opened(
        user=user,
        standing=found,
        form=shown(found.form, cells, user),
        entry=entry,
        doubts=doubts_of(found.form, waiting),
        settled=tuple(path for path, field in fields_of(sheet.form).items() if field.settled and path not in waiting),
        closed=tuple(sorted(closed_by(found.form, sheet.closings))),
        keyed={cell.paths[0]: cell.said[user] for cell in cells if cell.keying(user) is Keying.KEYED},
        double_keyed=cells,
        draft=draft_of(office.store, document, number, user),
        undo=last > 0 and not rearranged and may_undo(user, last, found.steps),
        redo=back > 0 and not _concerns_several(_step(found.steps, back)) and may_undo(user, back, found.steps),
        rearranged=rearranged,
        may_approve=office.policy.may_approve(user, found.steps),
    )


def settled_by_people(office: Office, document: str, number: int) -> frozenset[str]:
    """Paths of the fields of a form of which people have said what stands there; none where there is no such form.

    Raises:
        StoreError: the database cannot be read.
    """
    with office.store.database.reading() as connection:
        found = standing(connection, document, number)
    if found is None or not found.record or not found.steps:
        return frozenset()
    return frozenset(path for path, field in fields_of(sheet_of(office, found).form).items() if field.settled)


def _step(steps: tuple[Taken, ...], version: int) -> Taken:
    for step in steps:
        if step.version == version:
            return step
    raise StoreDamagedError(f"No step made version {version}.", "Run `formtally history verify`.")


def _concerns_several(step: Taken) -> bool:
    changes = [made.change for made in step.changes]
    return any(isinstance(change, Arrange) or (isinstance(change, Undo) and bool(change.together)) for change in changes)
