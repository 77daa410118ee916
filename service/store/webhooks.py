"""Webhooks: addresses that users want to be told at, of which events, and what each may be told of."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from models.errors import TooManyError, UsageError
from service.store.opening import Store
from service.store.schema import WEBHOOKS
from service.store.writing import Values, now, storable_text

MOST_OF_A_USER: Final = 20
"""Each costs a row with every event, and a thread while its receiver hangs; one a program that listens is enough."""


class Event(StrEnum):
    """What is told."""

    DONE = "document.done"
    FAILED = "document.failed"
    CORRECTED = "form.corrected"


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that a user wants to be told at.

    Attributes:
        id: drawn at random.
        user: whose it is.
        url: where to.
        secret: that signs what is sent; never shown in messages.
        events: of which.
        active: it is told at all.
        added_at: ISO 8601.
    """

    id: str
    user: str
    url: str
    secret: str = field(repr=False)
    events: tuple[Event, ...]
    active: bool
    added_at: str


def add_webhook(connection: Connection, user: str, url: str, events: Collection[Event], *, sees_all: bool) -> Webhook:
    """Tell ``url`` from now on; what is kept to sign with is drawn here. Who may do so is asked by `service.access.subscribing`.

    Args:
        connection: of a transaction that holds the user's row, so that what he may see stays as it is.
        user: who is known to the store.
        url: that was checked before; text here.
        events: of which; at least one.
        sees_all: of every document, else only of those that ``user`` uploaded.

    Raises:
        UsageError: no event was named.
        TooManyError: there are as many as a user may have.
    """
    if not events:
        raise UsageError("A webhook without events would never be told.", f"Name some of {', '.join(Event)}.")
    has = connection.scalar(select(func.count()).select_from(WEBHOOKS).where(WEBHOOKS.c.user == user)) or 0
    if has >= MOST_OF_A_USER:
        raise TooManyError(f"This user has {MOST_OF_A_USER} webhooks.", "Remove some that nobody listens to.")
    hook = Webhook(secrets.token_hex(16), user, storable_text(url), secrets.token_urlsafe(32), tuple(sorted(set(events))), True, now())
    row = {
        "id": hook.id,
        "user": user,
        "url": hook.url,
        "secret": hook.secret,
        "events": " ".join(hook.events),
        "sees_all": sees_all,
        "active": True,
        "added_at": hook.added_at,
    }
    connection.execute(WEBHOOKS.insert().values(row))
    return hook


def webhooks(store: Store, user: str) -> list[Webhook]:
    """The webhooks of ``user``, the oldest first.

    Raises:
        StoreError: the database cannot be read.
    """
    with store.database.reading() as connection:
        rows = connection.execute(select(WEBHOOKS).where(WEBHOOKS.c.user == user).order_by(WEBHOOKS.c.added_at, WEBHOOKS.c.id))
        return [webhook_of(dict(row._mapping)) for row in rows]


def remove_webhook(store: Store, user: str, webhook: str) -> bool:
    """Take a webhook of ``user`` away, with all that it was still to be told; whether there was one.

    Raises:
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        return connection.execute(delete(WEBHOOKS).where(_mine(user, webhook))).rowcount == 1


def activate_webhook(connection: Connection, user: str, webhook: str, *, active: bool) -> bool:
    """Tell a webhook of ``user`` again, or no more, in a transaction as for `add_webhook`; whether there is one.

    What waits for it goes on waiting.
    """
    return connection.execute(update(WEBHOOKS).where(_mine(user, webhook)).values(active=active)).rowcount == 1


def restrict_webhooks(connection: Connection, user: str, *, sees_all: bool, active: bool = True) -> None:
    """Let the webhooks of ``user`` be told what the user may see from now on; in the transaction that changes the user's role.

    Args:
        connection: of that transaction.
        user: whose role changes, or who may no longer log in.
        sees_all: of every document, else only of those that ``user`` uploaded.
        active: False where the user may see nothing any more; True leaves each as it is.
    """
    values: Values = {"sees_all": sees_all} | ({} if active else {"active": False})
    connection.execute(update(WEBHOOKS).where(WEBHOOKS.c.user == user).values(values))


def webhook_of(row: Mapping[str, Any]) -> Webhook:
    """The webhook of a row of `webhooks`, by column."""
    events = tuple(Event(name) for name in row["events"].split())
    return Webhook(row["id"], row["user"], row["url"], row["secret"], events, row["active"], row["added_at"])


def _mine(user: str, webhook: str) -> ColumnElement[bool]:
    return and_(WEBHOOKS.c.user == user, WEBHOOKS.c.id == storable_text(webhook))
