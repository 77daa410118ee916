"""What the queue and the history tell of how far people have come with a form."""

import json
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from sqlalchemy import Column, ColumnElement, Connection, and_, select

from service.store.reviewed import UNTOUCHED, Reviewed, ReviewedState
from service.store.schema import CORRECTIONS, REVIEWS

APPROVE: Final = "approve"
RETURN: Final = "return"
UNDO: Final = "undo"
"""Actions of the history that settle how far people have come."""

Told: TypeAlias = Sequence[str | None]
"""The values of `REVIEWED_COLUMNS` in a row; None in all where a form has no entry."""

REVIEWED_COLUMNS: Final = tuple(REVIEWS.c[name] for name in ("state", "decided_by", "decided_at", "taken_by", "taken_until"))
"""What `reviewed_of` is made of, to be selected from a query that `REVIEWS` is joined to by `entry_of_form`, as an outer table."""


def entry_of_form(document: Column[Any], number: Column[Any]) -> ColumnElement[bool]:
    """The condition that an entry of the queue is that of a form, by the columns that name it."""
    return and_(REVIEWS.c.document == document, REVIEWS.c.form == number)


def reviewed_of(told: Told, moment: str) -> Reviewed:
    """What people have said of a form, as it stood at ``moment`` (ISO 8601)."""
    state, by, at, taken_by, taken_until = told
    if state is None:
        return UNTOUCHED
    held = taken_until is not None and taken_until > moment
    return Reviewed(ReviewedState(state), by or "", at or "", (taken_by or "") if held else "")


def decision(connection: Connection, document: str, number: int) -> tuple[str, str]:
    """Who approved a form or sent it back, and when: of the last such event that was not undone. Both are empty where there is none.

    An undo names the version that it undoes, and may be undone itself: so the history is read from its end.
    """
    mine = (CORRECTIONS.c.document == document, CORRECTIONS.c.form == number, CORRECTIONS.c.action.in_((APPROVE, RETURN, UNDO)))
    columns = (CORRECTIONS.c.version, CORRECTIONS.c.action, CORRECTIONS.c.payload, CORRECTIONS.c.user, CORRECTIONS.c.at)
    undone = set[int]()
    for version, action, payload, user, at in connection.execute(select(*columns).where(*mine).order_by(CORRECTIONS.c.id.desc())):
        if version in undone:
            continue
        if action != UNDO:
            return user, at
        undone.add(json.loads(payload)["version"])
    return "", ""
