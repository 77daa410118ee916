"""Users: added, listed, given roles, disabled. None is ever removed, since the history of corrections names them.

A name that only corrections have given is no account: it is not listed, cannot log in, and becomes one by `add_user`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, delete, select, update
from sqlalchemy.exc import IntegrityError

from models.errors import LastAdministratorError, UserExistsError, UserUnknownError
from service.access.names import login_of, user_name
from service.access.roles import RIGHTS, Right, Role
from service.store.opening import Store
from service.store.schema import INVITATIONS, SESSIONS, TOKENS, USERS
from service.store.webhooks import restrict_webhooks
from service.store.writing import Record, insert_new, now

_MANAGES = (USERS.c.role == Role.ADMIN) & ~USERS.c.disabled & (USERS.c.password != "")


@dataclass(frozen=True, slots=True)
class User:
    """An account.

    Attributes:
        name: as it was given.
        role: at this moment.
        disabled: whether nobody may log in by it.
        has_password: whether somebody could log in, rather than be invited first.
        added_at: UTC; when the name was first known, be it by a correction.
    """

    name: str
    role: Role
    disabled: bool
    has_password: bool
    added_at: str


def add_user(store: Store, name: str, role: Role) -> str:
    """Make an account without a password; the name as it is kept.

    Raises:
        UserNameError: it cannot be a name.
        UserExistsError: the name, or one that differs only by case or width of letters, is an account.
        StoreError: nothing was written.
    """
    kept = user_name(name)
    account = update(USERS).where(USERS.c.name == kept, USERS.c.login.is_(None))
    try:
        with store.database.writing() as connection:
            insert_new(connection, USERS, {"name": kept, "added_at": now()})
            made = connection.execute(account.values(login=login_of(kept), role=role, disabled=False)).rowcount
    except IntegrityError:  # another account is compared by the same
        made = 0
    if not made:
        raise UserExistsError(f"There is a user {kept!r} already, or one that differs only by case.", "Choose another name.")
    return kept


def users(store: Store) -> Sequence[User]:
    """Every account, by name."""
    with store.database.reading() as connection:
        return [_user(row) for row in connection.execute(select(USERS).where(USERS.c.login.is_not(None)).order_by(USERS.c.name))]


def find_user(store: Store, name: str) -> User:
    """The account of this name, by any case of letters.

    Raises:
        UserUnknownError: there is none.
    """
    with store.database.reading() as connection:
        return _user(user_row(connection, name))


def has_administrator(store: Store) -> bool:
    """Whether somebody can log in and manage users."""
    with store.database.reading() as connection:
        return connection.execute(select(USERS.c.name).where(_MANAGES).limit(1)).first() is not None


def set_role(store: Store, name: str, role: Role) -> None:
    """Give the user another role, from his next request on; his webhooks are told of what he may see then.

    Raises:
        UserUnknownError: there is no such user.
        LastAdministratorError: nobody else could manage users.
    """
    with store.database.writing() as connection:
        row = _leaving(connection, name) if role != Role.ADMIN else locked_user(connection, name)
        connection.execute(update(USERS).where(USERS.c.name == row.name).values(role=role))
        rights = RIGHTS[role]
        restrict_webhooks(connection, row.name, sees_all=Right.READ_ALL in rights, active=Right.WEBHOOKS in rights)


def disable(store: Store, name: str) -> None:
    """Let nobody act as this user from now on; sessions, tokens and invitations are gone for good, also after `enable`.

    Webhooks are silent until they are told to go on.

    Raises:
        UserUnknownError: there is no such user.
        LastAdministratorError: nobody else could manage users.
    """
    with store.database.writing() as connection:
        row = _leaving(connection, name)
        connection.execute(update(USERS).where(USERS.c.name == row.name).values(disabled=True))
        for table in (SESSIONS, TOKENS, INVITATIONS):
            connection.execute(delete(table).where(table.c.user == row.name))
        restrict_webhooks(connection, row.name, sees_all=False, active=False)


def enable(store: Store, name: str) -> None:
    """Let the user log in again, by the password that he had.

    Raises:
        UserUnknownError: there is no such user.
    """
    with store.database.writing() as connection:
        connection.execute(update(USERS).where(USERS.c.name == locked_user(connection, name).name).values(disabled=False))


def user_row(connection: Connection, name: str) -> Record:
    """The row of an account.

    Raises:
        UserUnknownError: there is none.
    """
    return _only(connection.execute(_account(name)).one_or_none())


def locked_user(connection: Connection, name: str) -> Record:
    """The row of an account, which nobody else changes before the end of this transaction.

    Raises:
        UserUnknownError: there is none.
    """
    return _only(connection.execute(_account(name).with_for_update()).one_or_none())


def _account(name: str) -> Select[tuple[object, ...]]:
    return select(USERS).where(USERS.c.login == login_of(name))


def _only(row: Record | None) -> Record:
    if row is None:
        raise UserUnknownError("There is no such user.", "See `formtally user list`.")
    return row


def _leaving(connection: Connection, name: str) -> Record:
    """The row, locked, of one who is to manage no more, unless he is the last; all are locked first, so that two cannot go at once."""
    managing = list(connection.scalars(select(USERS.c.name).where(_MANAGES).order_by(USERS.c.name).with_for_update()))
    row = locked_user(connection, name)
    if managing == [row.name]:
        raise LastAdministratorError("Nobody would be left to manage users.", "Make another user administrator first.")
    return row


def _user(row: Record) -> User:
    return User(row.name, Role(row.role), row.disabled, row.password != "", row.added_at)
