"""Webhooks are made and told again by those who may at that very moment: a user who is being shut out leaves none behind."""

from collections.abc import Collection

from sqlalchemy import Connection

from models.errors import UserDisabledError
from service.access.identity import Identity, demand
from service.access.roles import Right, Role
from service.access.users import locked_user
from service.store.opening import Store
from service.store.webhooks import Event, Webhook, activate_webhook, add_webhook


def subscribe(store: Store, user: str, url: str, events: Collection[Event]) -> Webhook:
    """Tell ``url``, which was checked before, of what ``user`` may see.

    Raises:
        UsageError: no event was named.
        TooManyError: the user has as many as one may have.
        UserUnknownError: there is no such user.
        UserDisabledError: the user may not log in, or not any more.
        ForbiddenError: the user may have no webhooks, or not any more.
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        subscriber = _subscriber(connection, user)
        return add_webhook(connection, subscriber.user, url, events, sees_all=subscriber.sees is None)


def switch(store: Store, user: str, webhook: str, *, active: bool) -> bool:
    """Tell a webhook of ``user`` again, or no more; whether there is one. What waits for it goes on waiting.

    Raises:
        UserUnknownError: there is no such user.
        UserDisabledError: the user may not log in, or not any more.
        ForbiddenError: the user may have no webhooks, or not any more.
        StoreError: nothing was written.
    """
    with store.database.writing() as connection:
        return activate_webhook(connection, _subscriber(connection, user).user, webhook, active=active)


def _subscriber(connection: Connection, user: str) -> Identity:
    """Who may have webhooks; neither disabled nor given another role before the end of this transaction."""
    row = locked_user(connection, user)
    if row.disabled:
        raise UserDisabledError("The user is disabled.", "Enable the user first.")
    return demand(Identity(row.name, Role(row.role)), Right.WEBHOOKS)
