"""API tokens: secrets by which a program acts as a user. Each is looked up at each request, so that a revoked one is dead at once."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from models.errors import TooManyError, UsageError, UserDisabledError
from service.access.clock import Clock, system_clock
from service.access.identity import Identity
from service.access.roles import Role
from service.access.secret import digest, new_secret
from service.access.users import locked_user, user_row
from service.store.opening import Store
from service.store.schema import TOKENS, USERS
from service.store.writing import stamp

PREFIX = "ft_"
"""Of every token's secret, so that scanners for leaked secrets can be told of them."""

LONGEST_LABEL = 100

MOST_OF_A_USER = 50
"""More than anybody has programs; who can make them at will fills no table, and finds the one that leaked."""

_ID_BYTES = 6

_OWNER = (
    select(USERS.c.name, USERS.c.role)
    .join(TOKENS, TOKENS.c.user == USERS.c.name)
    .where(
        TOKENS.c.sha256 == bindparam("secret"),
        or_(TOKENS.c.ends_at == "", TOKENS.c.ends_at > bindparam("now")),
        ~USERS.c.disabled,
    )
)
"""Made once: it is asked with each request, and making it takes several times as long as the answer."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is known of a token; not its secret, which only its user has.

    Attributes:
        id: 12 hex digits.
        user: who made it, and as whom it acts.
        label: what it is for.
        made_at: UTC.
        ends_at: UTC; empty where it does not end by itself.
    """

    id: str
    user: str
    label: str
    made_at: str
    ends_at: str


def issue(store: Store, user: str, label: str, ends_at: datetime | None = None) -> tuple[str, str]:
    """Make a token of ``user``; its id and its secret, which is told this once.

    Raises:
        UsageError: the label cannot be one.
        UserUnknownError: there is no such user.
        UserDisabledError: nobody may act as this user.
        TooManyError: the user has as many as one may have.
        StoreError: nothing was written.
    """
    if not 1 <= len(label) <= LONGEST_LABEL or not label.isprintable():
        raise UsageError("A token needs a label.", f"Give 1 to {LONGEST_LABEL} printable characters that say what it is for.")
    token, secret = secrets.token_hex(_ID_BYTES), PREFIX + new_secret()
    with store.database.writing() as connection:
        row = locked_user(connection, user)
        if row.disabled:
            raise UserDisabledError("The user is disabled.", "Enable the user first.")
        _make_room(connection, row.name)
        ends = stamp(ends_at) if ends_at is not None else ""
        made = {"id": token, "sha256": digest(secret), "user": row.name, "label": label, "made_at": stamp(system_clock()), "ends_at": ends}
        connection.execute(TOKENS.insert().values(made))
    return token, secret


def _make_room(connection: Connection, user: str) -> None:
    """Let there be room for one more token of ``user``, whose row is locked: those that have ended go where it is needed."""
    count = select(func.count()).select_from(TOKENS).where(TOKENS.c.user == user)
    if (connection.scalar(count) or 0) < MOST_OF_A_USER:
        return
    connection.execute(delete(TOKENS).where(TOKENS.c.user == user, TOKENS.c.ends_at != "", TOKENS.c.ends_at <= stamp(system_clock())))
    if (connection.scalar(count) or 0) >= MOST_OF_A_USER:
        raise TooManyError(f"This user has {MOST_OF_A_USER} tokens.", "Revoke some that no program uses.")


def identify_token(store: Store, secret: str, clock: Clock = system_clock) -> Identity | None:
    """Whose token ``secret`` is; None where it is none, was revoked or has ended, or the user is disabled."""
    with store.database.reading() as connection:
        row = connection.execute(_OWNER, {"secret": digest(secret), "now": stamp(clock())}).one_or_none()
    return Identity(row.name, Role(row.role)) if row is not None else None


def tokens(store: Store, user: str) -> Sequence[Token]:
    """All tokens of ``user``, those that have ended too, the oldest first.

    Raises:
        UserUnknownError: there is no such user.
    """
    with store.database.reading() as connection:
        made = select(TOKENS).where(TOKENS.c.user == user_row(connection, user).name).order_by(TOKENS.c.made_at, TOKENS.c.id)
        return [Token(row.id, row.user, row.label, row.made_at, row.ends_at) for row in connection.execute(made)]


def token_counts(store: Store, clock: Clock = system_clock) -> Mapping[str, int]:
    """How many tokens are good, by the name of their user; who has none is left out."""
    good = or_(TOKENS.c.ends_at == "", TOKENS.c.ends_at > stamp(clock()))
    with store.database.reading() as connection:
        rows = connection.execute(select(TOKENS.c.user, func.count().label("tokens")).where(good).group_by(TOKENS.c.user))
        return {row.user: row.tokens for row in rows}


def revoke(store: Store, user: str, token: str) -> bool:
    """End a token of ``user`` at once; False where he has none of this id.

    Raises:
        UserUnknownError: there is no such user.
        StoreError: nothing was written.
    """
    if not token.isprintable():  # no database could be asked for it
        return False
    with store.database.writing() as connection:
        gone = delete(TOKENS).where(TOKENS.c.id == token, TOKENS.c.user == user_row(connection, user).name)
        return connection.execute(gone).rowcount > 0
