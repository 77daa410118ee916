"""Who gives the right password is the user: one place that counts the try, checks it, and says no more than right or wrong."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, delete, select, update

from models.errors import LoginThrottledError, WrongPasswordError
from service.access.clock import Clock, system_clock
from service.access.names import login_of
from service.access.passwords import hash_password, is_outdated, is_password, rehash
from service.access.throttle import admit, give_back, succeeded, sweep
from service.access.users import find_user, locked_user
from service.store.opening import Store
from service.store.schema import INVITATIONS, SESSIONS, USERS
from service.store.writing import Record


def set_password(store: Store, name: str, password: str) -> None:
    """Give the user a password; all his sessions end, invitations too. Who may do so was asked before.

    Raises:
        UserUnknownError: there is no such user.
        WeakPasswordError: it is easily guessed, or too long.
        LoginThrottledError: too many passwords are being checked at this moment.
        StoreError: nothing was written.
    """
    kept = hash_password(password, find_user(store, name).name)
    with store.database.writing() as connection:
        replace_password(connection, locked_user(connection, name).name, kept)


def change_password(store: Store, name: str, old: str, new: str, address: str) -> None:
    """Give the user who knows the old password another; all his sessions end, this one too.

    Raises:
        WrongPasswordError: ``old`` is not the user's.
        WeakPasswordError: ``new`` is easily guessed, or too long.
        LoginThrottledError: too many tries.
        StoreError: nothing was written.
    """
    kept = hash_password(new, name)
    with proven(store, name, old, address, system_clock) as (connection, row):
        replace_password(connection, row.name, kept)


@contextmanager
def proven(store: Store, name: str, password: str, address: str, clock: Clock) -> Iterator[tuple[Connection, Record]]:
    """A transaction in which the user is who he says, and stays enabled; with his row, locked.

    It takes as long whether or not there is such a user.

    Raises:
        WrongPasswordError: name and password do not go together, or the user is disabled.
        LoginThrottledError: too many tries.
        StoreError: the database cannot be read or written.
    """
    login = login_of(name)
    admit(store, login, address, clock())
    with store.database.reading() as connection:
        row = connection.execute(select(USERS).where(USERS.c.login == login, USERS.c.login != "")).one_or_none()
    kept = row.password if row is not None else ""
    try:
        right = is_password(password, kept) and row is not None and not row.disabled
        fresh = rehash(password) if right and is_outdated(kept) else kept
    except LoginThrottledError:
        with store.database.writing() as connection:
            give_back(connection, login, address)
        raise
    if not right:
        raise WrongPasswordError("Name and password do not go together.", "Try again, or ask an administrator for an invitation.")
    with store.database.writing() as connection:
        succeeded(connection, login, address, clock())
        sweep(connection, clock())
        same = select(USERS).where(USERS.c.login == login, USERS.c.password == kept, ~USERS.c.disabled)
        found = connection.execute(same.with_for_update()).one_or_none()
        if found is None:  # changed or disabled while the password was checked
            raise WrongPasswordError("Name and password do not go together.", "Try again.")
        if fresh != kept:
            connection.execute(update(USERS).where(USERS.c.name == found.name).values(password=fresh))
        yield connection, found


def replace_password(connection: Connection, user: str, kept: str) -> None:
    """Write what is kept of a new password, and end sessions and invitations."""
    connection.execute(update(USERS).where(USERS.c.name == user).values(password=kept))
    for table in (SESSIONS, INVITATIONS):
        connection.execute(delete(table).where(table.c.user == user))
