"""The entry of a form in the queue of those that concern a person, written with its record."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from models.form import Finding, Form, Review, Status, Verdict
from models.template import Severity
from service.store.decisions import decision
from service.store.form_rows import fields_of
from service.store.holding import begun_before, held_for
from service.store.schema import REVIEW_RULES, REVIEWS
from service.store.writing import Record, Values


class ReviewState(StrEnum):
    """How far people have come with a form. That somebody works on it is no state: it ends by itself."""

    WAITING = "waiting"
    RETURNED = "returned"
    """Sent back by a second person, with a reason."""
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a form stands after what a person did.

    Attributes:
        state: how far people have come with it.
        closed: findings that a person has closed, by their place among the form's; they wait no more.
        editor: who changed it last; empty where this was no change.
        before: its entry in the queue until then.
        drawn: the share of clear forms that are looked at, where this one waits because it was drawn among them; else 0.
        unkeyed: paths of the fields that wait until two people have keyed them alike, whether or not the machine is sure of them.
        keyer: who alone has keyed all that still waits, so that it waits for another; empty where nobody has.
    """

    state: ReviewState
    closed: frozenset[int] = frozenset()
    editor: str = ""
    before: Record | None = None
    drawn: float = 0.0
    unkeyed: frozenset[str] = frozenset()
    keyer: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """What people look at beside what the machine leaves to them.

    Attributes:
        share: of the clear forms (0-1), drawn at random, that are looked at all the same.
        double_keyed: names of the fields and columns that two people key on each form that is looked at.
    """

    share: float = 0.0
    double_keyed: frozenset[str] = frozenset()


NO_CHECKS = Checks()
"""The machine is believed in whatever it is sure of."""

_DRAWING = "formtally/check/1"
"""What is hashed with the name of a form, so that its draw depends on nothing else: read again, the same form is drawn again."""


def drawn(document: str, number: int, share: float) -> bool:
    """Whether a form is among the ``share`` (0-1) of forms that are drawn at random; whoever is drawn at a share is so at a larger one."""
    digest = hashlib.sha256(f"{_DRAWING}/{document}.{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def standing_when_read(form: Form, document: str, number: int, checks: Checks) -> Standing | None:
    """Where a reading by the machine stands: it waits where it needs a person, or was drawn among the clear ones; None where neither."""
    unkeyed = frozenset(path for path in fields_of(form) if path.rpartition(".")[2] in checks.double_keyed)
    if form.review is Review.NEEDS_REVIEW:
        return Standing(ReviewState.WAITING, unkeyed=unkeyed)
    if drawn(document, number, checks.share):
        return Standing(ReviewState.WAITING, drawn=checks.share, unkeyed=unkeyed)
    return None


def doubts_of(form: Form, unkeyed: Collection[str] = ()) -> tuple[str, ...]:
    """Paths of the fields of ``form`` that a person must look at; of a cell that spans rows the first.

    Args:
        form: the record.
        unkeyed: paths of the fields that two people must key yet, which wait whatever the machine says of them.
    """
    first: dict[object, str] = {}
    for path, field in fields_of(form).items():
        if field.status is Status.DOUBTFUL or path in unkeyed:
            printed = (path.rpartition(".")[2], field.page, field.box) if field.box.area > 0 else path
            first.setdefault(printed, path)
    return tuple(first.values())


def open_findings(form: Form, closed: frozenset[int] = frozenset()) -> tuple[Finding, ...]:
    """What a person must still say something to: contradictions, and what rules could not settle, but for those ``closed``."""
    return tuple(finding for place, finding in enumerate(form.findings) if place not in closed and is_open(finding))


def is_open(finding: Finding) -> bool:
    """Whether ``finding`` wants a person, as long as none has closed it."""
    return finding.severity is Severity.ERROR or finding.verdict is Verdict.UNDECIDED


def enter_review(connection: Connection, row: Values, form: Form, standing: Standing | None = None) -> None:
    """Enter a record into the queue.

    Args:
        connection: of the transaction that writes the record.
        row: of `forms`.
        form: the record.
        standing: where it stands; None where it concerns nobody.
    """
    if standing is not None:
        _enter(connection, row, form, standing)


def _enter(connection: Connection, row: Values, form: Form, standing: Standing) -> None:
    state, before = standing.state, standing.before
    findings = open_findings(form, standing.closed)
    count = len(doubts_of(form, standing.unkeyed)) + len(findings)
    entered_at = before.entered_at if before is not None and before.state == state else row["made_at"]
    key = {"document": row["document"], "form": row["number"]}
    order = {"state": state.value, "rank": -count, "entered_at": entered_at}
    about = {name: row[name] for name in ("year", "unit", "kind")}
    editor = standing.editor or (before.editor if before is not None else "")
    taken = _holding(before, state, str(row["made_at"]))
    rest = {"open": count, "editor": editor, "keyer": standing.keyer, "drawn": before.drawn if before is not None else standing.drawn}
    by, at = decision(connection, str(row["document"]), int(str(row["number"]))) if state is not ReviewState.WAITING else ("", "")
    held = _held(before, str(row["made_at"])) if state is ReviewState.APPROVED else None
    decided = {"decided_by": by, "decided_at": at, "held": held}
    connection.execute(REVIEWS.insert().values({**key, **order, **about, **taken, **rest, **decided}))
    if rules := sorted({finding.rule for finding in findings}):
        connection.execute(REVIEW_RULES.insert(), [{"rule": rule, **order, **key} for rule in rules])


def _holding(before: Record | None, state: ReviewState, at: str) -> dict[str, str]:
    """Who holds a form that comes into ``state`` at ``at``: a person's judgement ends his holding."""
    names = ("taken_by", "taken_until", "taken_at")
    if before is None or (state is ReviewState.APPROVED and not before.taken_by):  # approved by one of whose time nothing is known
        return dict.fromkeys(names, "")
    if state is ReviewState.WAITING or not before.taken_by:
        return {name: before._mapping[name] for name in names}
    return {"taken_by": "", "taken_until": at, "taken_at": begun_before(at, held_for(before, at))}


def _held(before: Record | None, at: str) -> float | None:
    """Seconds that people have held a form that is approved at ``at``; None where nobody was said to."""
    return held_for(before, at).total_seconds() if before is not None and before.taken_by else None


def withdraw_review(connection: Connection, document: str, number: int) -> None:
    """Take the entry of a form out of the queue, if it has one."""
    connection.execute(delete(REVIEW_RULES).where(REVIEW_RULES.c.document == document, REVIEW_RULES.c.form == number))
    connection.execute(delete(REVIEWS).where(review_key(document, number)))


def review_of(connection: Connection, document: str, number: int) -> Record | None:
    """The entry of a form; None where it concerns nobody."""
    return connection.execute(select(REVIEWS).where(review_key(document, number))).one_or_none()


def review_key(document: str, number: int) -> ColumnElement[bool]:
    """The condition that picks the entry of one form."""
    return and_(REVIEWS.c.document == document, REVIEWS.c.form == number)
