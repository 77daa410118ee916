"""What webhooks are to be told, written in the transaction of the event: none is lost, and none is told that did not happen.

A delivery that is handed out is due again after `LEASE_SECONDS`: if its sender dies, another sends it. So a receiver may be told twice, and
knows it by the id of the delivery.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, exists, or_, select, update

from models.form import Problem
from service.store.opening import Store
from service.store.schema import DELIVERIES, FORMS, OWNERS, WEBHOOKS
from service.store.webhooks import Event, Webhook, webhook_of
from service.store.writing import Record, later, now, plain, storable_text

LEASE_SECONDS: Final = 120
"""Longer than a sender takes for what it asks for at once; an attempt ends after 10 s."""

_LONGEST_ERROR: Final = 500
"""Characters kept of an error; answers of strangers are quoted in it."""


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event that one webhook is to be told.

    Attributes:
        id: drawn at random; the same whenever it is sent again.
        webhook: where to, and with which secret.
        event: what happened.
        document: SHA-256 of the original, hex.
        body: JSON, to be signed and sent as it is.
        attempts: that were begun, this one included; none that was handed back before it began.
        made_at: when the event happened, ISO 8601.
        next_at: when it is due; of one that was handed out, when it is due again.
        state: how far it has come.
        last_error: why the last attempt failed; empty where none did.
    """

    id: str
    webhook: Webhook
    event: Event
    document: str
    body: str = field(repr=False)
    attempts: int
    made_at: str
    next_at: str
    state: DeliveryState
    last_error: str


def tell_ended(connection: Connection, sha256: str, error: Problem | None) -> None:
    """Let all who listen be told that a document was read, or why it could not be.

    Args:
        connection: in the transaction that says so.
        sha256: the document.
        error: why it failed; None where it was read.
    """
    if error is not None:
        _tell(connection, Event.FAILED, sha256, {"code": error.code})  # the message names the file as whoever sent it first called it
        return
    numbers = connection.scalars(select(FORMS.c.number).where(FORMS.c.document == sha256).order_by(FORMS.c.number))
    _tell(connection, Event.DONE, sha256, {"forms": [f"{sha256}.{number}" for number in numbers]})


def tell_corrected(connection: Connection, sha256: str, number: int, version: int) -> None:
    """Let all who listen be told that a person has made a form's record anew, as ``version``; in the transaction that does."""
    _tell(connection, Event.CORRECTED, sha256, {"form": f"{sha256}.{number}", "version": version})


def due(store: Store, at: str, limit: int) -> list[Delivery]:
    """Deliveries that are due at ``at``, handed out to the caller alone, the longest due first.

    Each must be answered by `delivered`, `postponed`, `returned` or `given_up` within `LEASE_SECONDS`, or it is handed out again.

    Args:
        store: where they are.
        at: the time, ISO 8601 as the store writes it.
        limit: how many at most; as many as are sent within the lease.

    Raises:
        StoreError: the database cannot be read or written.
    """
    waits = (DELIVERIES.c.state == DeliveryState.WAITING, DELIVERIES.c.next_at <= at, WEBHOOKS.c.active)
    waiting = select(DELIVERIES.c.id).join(WEBHOOKS).where(*waits).order_by(DELIVERIES.c.next_at).limit(limit)
    with store.database.reading() as connection:
        if connection.scalar(waiting.limit(1)) is None:
            return []  # asked every second, this must not take the one right to write
    with store.database.writing() as connection:
        ids = list(connection.scalars(waiting.with_for_update(skip_locked=True, of=DELIVERIES)))
        again = later(at, LEASE_SECONDS)
        taken = update(DELIVERIES).where(DELIVERIES.c.id.in_(ids))
        connection.execute(taken.values(next_at=again, attempts=DELIVERIES.c.attempts + 1))
        found = {each.id: each for each in map(_delivery, connection.execute(_with_hooks().where(DELIVERIES.c.id.in_(ids))))}
    return [found[each] for each in ids]


def delivered(store: Store, delivery: str) -> None:
    """A delivery has arrived.

    Raises:
        StoreError: nothing was written.
    """
    _settle(store, delivery, state=DeliveryState.DELIVERED.value, last_error="")


def postponed(store: Store, delivery: str, error: str, next_at: str) -> None:
    """A delivery has failed, and is due again at ``next_at``, ISO 8601.

    Raises:
        StoreError: nothing was written.
    """
    _settle(store, delivery, last_error=storable_text(error)[:_LONGEST_ERROR], next_at=next_at)


def returned(store: Store, deliveries: Collection[str], next_at: str) -> None:
    """Deliveries were not tried, and are due at ``next_at``, ISO 8601; what handing them out had counted is taken back.

    Raises:
        StoreError: nothing was written.
    """
    waits = (DELIVERIES.c.id.in_(deliveries), DELIVERIES.c.state == DeliveryState.WAITING, DELIVERIES.c.attempts > 0)
    with store.database.writing() as connection:
        connection.execute(update(DELIVERIES).where(*waits).values(attempts=DELIVERIES.c.attempts - 1, next_at=next_at))


def given_up(store: Store, delivery: str, error: str) -> None:
    """A delivery has failed for the last time.

    Raises:
        StoreError: nothing was written.
    """
    _settle(store, delivery, state=DeliveryState.GIVEN_UP.value, last_error=storable_text(error)[:_LONGEST_ERROR])


def deliveries(store: Store, user: str, webhook: str, limit: int = 50) -> list[Delivery]:
    """What one webhook of ``user`` was told or is to be told, the newest first.

    Raises:
        StoreError: the database cannot be read.
    """
    mine = (WEBHOOKS.c.user == user, DELIVERIES.c.webhook == storable_text(webhook))
    with store.database.reading() as connection:
        rows = connection.execute(_with_hooks().where(*mine).order_by(DELIVERIES.c.made_at.desc(), DELIVERIES.c.id).limit(limit))
        return list(map(_delivery, rows))


def forget_settled(store: Store, before: str) -> int:
    """Remove what was delivered or given up and happened before ``before``, ISO 8601; how many were removed.

    Raises:
        StoreError: nothing was removed.
    """
    settled = (DELIVERIES.c.state != DeliveryState.WAITING, DELIVERIES.c.made_at < before)
    with store.database.writing() as connection:
        return connection.execute(delete(DELIVERIES).where(*settled)).rowcount


def _tell(connection: Connection, event: Event, sha256: str, details: Mapping[str, object]) -> None:
    seen = or_(WEBHOOKS.c.sees_all, exists().where(OWNERS.c.document == sha256, OWNERS.c.user == WEBHOOKS.c.user))
    hooks = select(WEBHOOKS.c.id, WEBHOOKS.c.events).where(WEBHOOKS.c.active, seen)
    at = now()
    rows = []
    for hook in connection.execute(hooks.with_for_update(read=True, key_share=True)):  # none is removed until there are rows that name it
        if event in hook.events.split():
            delivery = secrets.token_hex(16)
            told = {"id": delivery, "event": event.value, "at": at, "document": sha256, **details}
            rows.append(
                {
                    "id": delivery,
                    "webhook": hook.id,
                    "event": event.value,
                    "document": sha256,
                    "body": plain(json.dumps(told, ensure_ascii=False)),
                    "state": DeliveryState.WAITING.value,
                    "attempts": 0,
                    "next_at": at,
                    "last_error": "",
                    "made_at": at,
                }
            )
    if rows:
        connection.execute(DELIVERIES.insert(), rows)


def _settle(store: Store, delivery: str, **values: str) -> None:
    """One that was settled meanwhile by another sender, whose lease it was, stays so."""
    waits = (DELIVERIES.c.id == delivery, DELIVERIES.c.state == DeliveryState.WAITING)
    with store.database.writing() as connection:
        connection.execute(update(DELIVERIES).where(*waits).values(values))


def _with_hooks() -> Select[*tuple[Any, ...]]:
    hook = [column.label(f"hook_{column.name}") for column in WEBHOOKS.columns]
    return select(DELIVERIES, *hook).join(WEBHOOKS, WEBHOOKS.c.id == DELIVERIES.c.webhook)


def _delivery(row: Record) -> Delivery:
    names = row._mapping
    hook = webhook_of({column.name: names[f"hook_{column.name}"] for column in WEBHOOKS.columns})
    return Delivery(
        id=row.id,
        webhook=hook,
        event=Event(row.event),
        document=row.document,
        body=row.body,
        attempts=row.attempts,
        made_at=row.made_at,
        next_at=row.next_at,
        state=DeliveryState(row.state),
        last_error=row.last_error,
    )
