"""Who gives the right password is the user: one place that counts the try, checks it, and says no more than right or wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, select, update

from models.errors import LoginThrottledError, WrongPasswordError
from service.access.clock import Clock, system_clock
from service.access.names import login_of
from service.access.passwords import check_password, hash_password, is_outdated, is_password, rehash
from service.access.throttle import admit, give_back, succeeded, sweep
from service.access.users import find_user, locked_user
from service.store.opening import Store
from service.store.schema import INVITATIONS, SESSIONS, TOKENS, USERS
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


def change_password(store: Store, name: str, old: str, new: str, address: str, *, revoke_tokens: bool = False) -> None:  # noqa: PLR0913  what a form says
    """Give the user who knows the old password another; all his sessions end, this one too.

    Args:
        store: the archive.
        name: of the user.
        old: as typed.
        new: as typed.
        address: of the client, for the throttle.
        revoke_tokens: all tokens end too, as they must where somebody else may have known the password; programs that use them stop.

    Raises:
        WrongPasswordError: ``old`` is not the user's.
        WeakPasswordError: ``new`` is easily guessed, or too long.
        LoginThrottledError: too many tries.
        StoreError: nothing was written.
    """
    check_password(new, name)
    proof = _prove(store, name, old, address, system_clock)
    with _given_back_where_busy(store, proof.login, address):
        kept = hash_password(new, name)  # behind the throttle: a hash is what costs
    with _entered(store, proof, system_clock) as (connection, row):
        replace_password(connection, row.name, kept)
        if revoke_tokens:
            connection.execute(delete(TOKENS).where(TOKENS.c.user == row.name))


@contextmanager
def proven(store: Store, name: str, password: str, address: str, clock: Clock) -> Iterator[tuple[Connection, Record]]:
    """A transaction in which the user is who he says, and stays enabled; with his row, locked.

    It takes as long whether or not there is such a user.

    Raises:
        WrongPasswordError: name and password do not go together, or the user is disabled.
        LoginThrottledError: too many tries.
        StoreError: the database cannot be read or written.
    """
    with _entered(store, _prove(store, name, password, address, clock), clock) as entered:
        yield entered


@dataclass(frozen=True, slots=True)
class _Proof:
    """A password that was right.

    Attributes:
        login: name as it is compared.
        address: of the client.
        kept: what it was held against.
        fresh: what is to be kept from now on.
    """

    login: str
    address: str
    kept: str = field(repr=False)
    fresh: str = field(repr=False)


def _prove(store: Store, name: str, password: str, address: str, clock: Clock) -> _Proof:
    """Count the try, and check the password outside of any transaction: that takes long."""
    login = login_of(name)
    admit(store, login, address, clock())
    with store.database.reading() as connection:
        row = connection.execute(select(USERS).where(USERS.c.login == login, USERS.c.login != "")).one_or_none()
    kept = row.password if row is not None else ""
    with _given_back_where_busy(store, login, address):
        right = is_password(password, kept) and row is not None and not row.disabled
        fresh = rehash(password) if right and is_outdated(kept) else kept
    if not right:
        raise WrongPasswordError("Name and password do not go together.", "Try again, or ask an administrator for an invitation.")
    return _Proof(login, address, kept, fresh)


@contextmanager
def _given_back_where_busy(store: Store, login: str, address: str) -> Iterator[None]:
    """A try that could not be heard does not count."""
    try:
        yield
    except LoginThrottledError:
        with store.database.writing() as connection:
            give_back(connection, login, address)
        raise


@contextmanager
def _entered(store: Store, proof: _Proof, clock: Clock) -> Iterator[tuple[Connection, Record]]:
    with store.database.writing() as connection:
        succeeded(connection, proof.login, proof.address, clock())
        sweep(connection, clock())
        same = select(USERS).where(USERS.c.login == proof.login, USERS.c.password == proof.kept, ~USERS.c.disabled)
        found = connection.execute(same.with_for_update()).one_or_none()
        if found is None:  # changed or disabled while the password was checked
            raise WrongPasswordError("Name and password do not go together.", "Try again.")
        if proof.fresh != proof.kept:
            connection.execute(update(USERS).where(USERS.c.name == found.name).values(password=proof.fresh))
        yield connection, found


def replace_password(connection: Connection, user: str, kept: str) -> None:
    """Write what is kept of a new password, and end sessions and invitations."""
    connection.execute(update(USERS).where(USERS.c.name == user).values(password=kept))
    for table in (SESSIONS, INVITATIONS):
        connection.execute(delete(table).where(table.c.user == user))
