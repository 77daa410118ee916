"""Invitations: a secret by which a user without a password, or one who has forgotten it, sets one, once."""

from datetime import timedelta

from sqlalchemy import delete, select

from models.errors import InvitationError, UserDisabledError
from service.access.clock import Clock, system_clock
from service.access.credentials import replace_password
from service.access.passwords import hash_password
from service.access.secret import digest, new_secret
from service.access.users import locked_user
from service.store.opening import Store
from service.store.schema import INVITATIONS
from service.store.writing import put, stamp

VALID = timedelta(hours=24)
"""Time to be told it and to type a password; a link in an old message is worth nothing."""

PATH = "/welcome#"
"""Of the page that takes the secret, which follows: what stands behind # no browser sends and no server logs."""


def invite(store: Store, user: str, clock: Clock = system_clock) -> str:
    """Make an invitation in place of earlier ones; its secret, which is told this once. The old password holds until it is used.

    Raises:
        UserUnknownError: there is no such user.
        UserDisabledError: the user may not log in.
        StoreError: nothing was written.
    """
    secret = new_secret()
    with store.database.writing() as connection:
        row = locked_user(connection, user)
        if row.disabled:
            raise UserDisabledError("The user is disabled.", "Enable the user first.")
        put(connection, INVITATIONS, {"user": row.name, "sha256": digest(secret), "ends_at": stamp(clock() + VALID)})
    return secret


def accept(store: Store, secret: str, password: str, clock: Clock = system_clock) -> str:
    """Set the password of the invited user, whose name is returned; all his sessions end. The invitation is used up.

    Raises:
        InvitationError: it was used, has expired or never was.
        WeakPasswordError: the password is easily guessed, or too long; the invitation still holds.
        LoginThrottledError: too many passwords are being checked at this moment.
        StoreError: nothing was written.
    """
    held = (INVITATIONS.c.sha256 == digest(secret)) & (INVITATIONS.c.ends_at > stamp(clock()))
    with store.database.reading() as connection:
        invited: str | None = connection.scalar(select(INVITATIONS.c.user).where(held))
    if invited is None:
        raise _invalid()
    kept = hash_password(password, invited)
    with store.database.writing() as connection:
        locked_user(connection, invited)  # before what is the user's, as everywhere: in another order two would wait for each other
        if not connection.execute(delete(INVITATIONS).where(held)).rowcount:  # somebody else was quicker
            raise _invalid()
        replace_password(connection, invited, kept)
    return invited


def _invalid() -> InvitationError:
    return InvitationError("This invitation was used, has expired or never was.", "Ask an administrator for another.")
