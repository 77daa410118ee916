"""What one reviewer does to one form: decided again, checked against the rules about people, and written as one step of its history."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.errors import NothingToUndoError, NotSettledError, SamePersonError, StaleVersionError
from models.form import Form
from service.pipeline import templates
from service.review import wording
from service.review.changes import Approve, Arrange, Change, CloseFinding, Return, SetField, Undo, entry_of
from service.review.decider import Decider, Standing, earlier_record, standing
from service.review.deciding import Decided, closed_by
from service.review.drafts import draft_of
from service.review.keying import double_keyed, entered, is_keyed, unkeyed
from service.review.policy import ONE_PERSON, Policy, approvers, may_undo
from service.review.sheet import Sheet
from service.review.steps import Made, Taken, counting, redoable, since_arranged, undoable
from service.store.correcting import Step, record_steps
from service.store.form_rows import fields_of
from service.store.opening import Store
from service.store.reviews import ReviewState, doubts_of, open_findings
from service.store.writing import now

_LOOK = "Look at the record as it is now."


@dataclass(frozen=True, slots=True)
class Office:
    """Where reviewers work.

    Attributes:
        store: of the forms.
        decider: of the same store.
        policy: how many people it takes.
    """

    store: Store
    decider: Decider
    policy: Policy = ONE_PERSON


@dataclass(frozen=True, slots=True)
class Said:
    """A change that is wanted, and why."""

    change: Change
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """The form that a reviewer has before the eyes.

    Attributes:
        document: SHA-256 of the original, hex.
        number: of the form, from 1.
        version: of its record.
        user: who looks.
    """

    document: str
    number: int
    version: int
    user: str


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of it.

    Attributes:
        version: of the record, as ``If-Match`` wants it next.
        form: the record; None where the form has ceased to be.
        state: how far people have come with it.
        doubts: paths of fields that wait for a person.
        closed: places of the findings that need no person any more, because one has closed them.
    """

    version: int
    form: Form | None
    state: ReviewState
    doubts: tuple[str, ...]
    closed: frozenset[int]


def act(office: Office, seen: Seen, wanted: Sequence[Said], laid: str = "") -> Acted:
    """Make the changes ``wanted`` to a form, all of them or none, as one step that can be undone.

    Args:
        office: where they are made.
        seen: the form, and by whom.
        wanted: in their order; each names fields and rows as the one before it leaves them.
        laid: when the draft was saved that they are made of (`Step.laid`).

    Raises:
        StaleVersionError: somebody else has changed the form since it was seen.
        NotSettledError: it is to be approved, and something on it still waits for a person; or a finding is to be closed and names a
            field that two people must key.
        SamePersonError: it is to be approved by one who changed it.
        UsageError: a change names what is not on the form.
        StoreError: nothing was written.
    """
    form = standing_of(office, seen)
    _check_keyed(office, form, [said.change for said in wanted])
    asked = [replace(said, change=change) for said in wanted for change in _asked(office.policy, form.form, said.change)]
    made = [Made(said.change, seen.user, said.reason) for said in asked]
    found = office.decider.decide(form, made)
    _check(office.policy, form, made, found)
    state = state_after((*form.steps, Taken(form.version + 1, now(), tuple(made))))
    befores = _texts_before(form.form, made)
    entries = tuple(entry_of(said.change, before, said.reason) for said, before in zip(asked, befores, strict=True))
    editor = seen.user if any(not isinstance(said.change, Approve | Return) for said in asked) else ""
    place = entered(office.policy.double_keyed, found, state, editor)
    step = Step(seen.number, seen.version, entries, found.form, form.pipeline, place, laid)
    record_steps(office.store, seen.document, seen.user, (step,))
    office.decider.made(replace(form, version=form.version + 1))
    return _acted(office, form, found, state)


def undo(office: Office, seen: Seen, reason: str = "") -> Acted:
    """Take back the last step that counts: the record is again as it was before it.

    Raises:
        NothingToUndoError: nothing was done to the form, or it was put together anew (see `service.review.arranging`); or it would stand
            approved again, and this is not who may have it so (`service.review.policy.may_undo`).
        NotSettledError: it would stand approved again, and something on it waits for a person by now.
        SamePersonError: it would stand approved again by one who changed it, and two people are asked for by now.
        StaleVersionError: somebody else has changed the form since it was seen.
        StoreError: nothing was written.
    """
    form = standing_of(office, seen)
    version = undoable(form.steps)
    if not version:
        raise NothingToUndoError("Nothing was done to this form that could be undone.", _LOOK)
    return _put_back(office, seen, form, Made(Undo(version), seen.user, reason))


def redo(office: Office, seen: Seen, reason: str = "") -> Acted:
    """Take back the last undo, if nothing was done since.

    Raises:
        NothingToUndoError: the last step was no undo; or it withdrew an approval, which somebody else gave.
        NotSettledError, SamePersonError: as `undo`.
        StaleVersionError: somebody else has changed the form since it was seen.
        StoreError: nothing was written.
    """
    form = standing_of(office, seen)
    version = redoable(form.steps)
    if not version:
        raise NothingToUndoError("Nothing was undone last.", _LOOK)
    return _put_back(office, seen, form, Made(Undo(version), seen.user, reason))


def approve(office: Office, seen: Seen) -> Acted:
    """Approve a form with what its reviewer has typed but not yet sent (`service.review.drafts`), as one step; his draft is used up by it.

    Raises:
        NotSettledError: something on it still waits for a person.
        SamePersonError: two people are asked for, and this one has changed it.
        StaleVersionError: somebody else has changed the form since it was seen.
        UsageError: he has typed where no field is.
        StoreError: nothing was written.
    """
    draft = draft_of(office.store, seen.document, seen.number, seen.user)
    if draft is not None and draft.version != seen.version:
        raise StaleVersionError(
            "What was typed belongs to another version of the form.", "Look at what is different, then keep or drop it."
        )
    typed = draft.texts if draft is not None else {}
    laid = draft.saved_at if draft is not None else ""
    return act(office, seen, [*(Said(SetField(path, text)) for path, text in typed.items()), Said(Approve())], laid)


def close_finding(form: Form, index: int) -> CloseFinding:
    """The change that closes the ``index``-th finding of ``form`` (0-based): what it names stands on paper as it was read.

    Raises:
        IndexError: there is no such finding.
    """
    finding, known = form.findings[index], fields_of(form)
    texts = tuple(known[path].text for path in finding.cells if path in known)
    return CloseFinding(finding.rule, finding.cells, finding.expected, texts)


def standing_of(office: Office, seen: Seen) -> Standing:
    """The form that a reviewer saw, as it still stands.

    Raises:
        StaleVersionError: it stands at another version, or there never was one.
        StoreError: the database cannot be read.
    """
    with office.store.database.reading() as connection:
        form = standing(connection, seen.document, seen.number)
    if form is None or form.version != seen.version:
        now_at = f"It stands at version {form.version}." if form is not None else "It is gone."
        raise StaleVersionError(f"Somebody else has changed the form. {now_at}", "Look at what is different, then go on from there.")
    return form


def _asked(policy: Policy, form: Form, change: Change) -> tuple[Change, ...]:
    return policy.asked(change) if is_keyed(form) else (change,)


def _check_keyed(office: Office, form: Standing, changes: Sequence[Change]) -> None:
    """Closing a finding says of each of its cells that the paper is so: of one that two people must key, nobody says so alone."""
    named = [path for change in changes if isinstance(change, CloseFinding) for path in change.cells]
    if not any(map(office.policy.is_double_keyed, named)):
        return
    waiting = unkeyed(double_keyed(office.policy.double_keyed, form.form, sheet_of(office, form).keyed))
    if alone := [path for path in named if path in waiting]:
        raise NotSettledError(f"{alone[0]} waits for two people to key it.", wording.TO_BE_KEYED.format(path=alone[0]))


def _check(policy: Policy, form: Standing, made: Sequence[Made], found: Decided) -> None:
    approving = [each for each in made if isinstance(each.change, Approve)]
    if not approving:
        return
    user = approving[0].user
    changes = tuple(each for each in made if not isinstance(each.change, Approve))
    steps = (*form.steps, Taken(form.version + 1, "", changes)) if changes else form.steps
    if not policy.may_approve(user, steps):
        raise SamePersonError("Whoever approves a form must not have changed it.", "Let somebody else approve it.")
    _check_settled(policy, found)


def check_undone(policy: Policy, form: Standing, found: Decided) -> None:
    """Where the last step of ``form``, an undo, lets an approval count again that did not: that it holds as a new one would.

    Args:
        policy: of the office.
        form: as it will stand.
        found: its record, with what people have said of it.

    Raises:
        NothingToUndoError: it is for another to do so.
        NotSettledError: something on the form waits for a person.
        SamePersonError: two people are asked for, and whoever gave the approval has changed the form.
    """
    approved_by, last = approvers(form.steps), form.steps[-1]
    if not approved_by:
        return
    if not may_undo(last.changes[0].user, last.undoes, form.steps[:-1]):
        raise NothingToUndoError("An approval that was taken back is given again by the same person.", "Approve the form yourself.")
    if not all(policy.may_approve(each, form.steps) for each in approved_by):
        raise SamePersonError("Whoever approves a form must not have changed it.", "Let somebody else approve it.")
    _check_settled(policy, found)


def _check_settled(policy: Policy, found: Decided) -> None:
    waiting = unkeyed(double_keyed(policy.double_keyed, found.form, found.keyed))
    doubts, findings = [path for path in doubts_of(found.form) if path not in waiting], open_findings(found.form, found.closed)
    if doubts:
        raise NotSettledError(f"{len(doubts)} fields are doubtful.", wording.OPEN_FIELDS.format(count=len(doubts), first=doubts[0]))
    if waiting:
        count, first = len(doubts_of(found.form, waiting)), doubts_of(found.form, waiting)[0]
        raise NotSettledError(f"{count} fields wait for two people to key them.", wording.OPEN_KEYINGS.format(count=count, first=first))
    if findings:
        first = findings[0].message
        raise NotSettledError(f"{len(findings)} findings are open.", wording.OPEN_FINDINGS.format(count=len(findings), first=first))


def _put_back(office: Office, seen: Seen, form: Standing, made: Made) -> Acted:
    """Write the record again that stood before the step that is undone."""
    version = made.change.version if isinstance(made.change, Undo) else 0
    undone = next(step for step in form.steps if step.version == version)
    if any(isinstance(each.change, Arrange) or (isinstance(each.change, Undo) and each.change.together) for each in undone.changes):
        raise NothingToUndoError("The last thing done was to put forms together anew.", "Undo the arrangement as a whole.")
    with office.store.database.reading() as connection:
        record = earlier_record(connection, seen.document, seen.number, version - 1)
    after = replace(form, version=form.version + 1, record=record, steps=(*form.steps, Taken(form.version + 1, now(), (made,))))
    found, state = as_it_stood(office, after), state_after(after.steps)
    check_undone(office.policy, after, found)
    place = entered(office.policy.double_keyed, found, state, seen.user)
    step = Step(seen.number, seen.version, (entry_of(made.change, reason=made.reason),), found.form, form.pipeline, place)
    record_steps(office.store, seen.document, seen.user, (step,))
    return _acted(office, form, found, state)


def as_it_stood(office: Office, form: Standing) -> Decided:
    """The record of ``form``, which is not decided again, and what people have said of it that counts."""
    sheet = sheet_of(office, form)
    return Decided(form.form, frozenset(closed_by(form.form, sheet.closings)), sheet.keyed)


def sheet_of(office: Office, form: Standing) -> Sheet:
    """What people have said of a form since it was last arranged; no rule has been asked about it.

    Raises:
        StaleVersionError: the form has ceased to be.
    """
    origin = office.decider.origin(form)
    return Sheet(origin, templates().get(origin.template)).after(since_arranged(form.steps)[1])


def state_after(steps: Sequence[Taken]) -> ReviewState:
    """How far people have come: the last step that counts tells."""
    last = counting(steps)[-1:]
    changes = [made.change for step in last for made in step.changes]
    if any(isinstance(change, Approve) for change in changes):
        return ReviewState.APPROVED
    return ReviewState.RETURNED if any(isinstance(change, Return) for change in changes) else ReviewState.WAITING


def _texts_before(form: Form, made: Sequence[Made]) -> list[str]:
    """The text that each change finds where it is made: a row that was added before it has moved what is below."""
    sheet, found = Sheet(form, templates().get(form.template)), list[str]()
    for place, each in enumerate(made):
        known, path = fields_of(sheet.form), entry_of(each.change).path
        found.append(known[path].text if path in known else "")
        if any(not isinstance(other.change, Approve | Return) for other in made[place + 1 :]):
            sheet = sheet.after((each,))
    return found


def _acted(office: Office, form: Standing, found: Decided, state: ReviewState) -> Acted:
    waiting = entered(office.policy.double_keyed, found, state).unkeyed
    return Acted(form.version + 1, found.form, state, doubts_of(found.form, waiting), found.closed)
