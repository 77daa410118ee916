"""Sessions: from a login in a browser until it is left alone too long, logged out, or the password changes."""

from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update

from service.access.clock import Clock, system_clock
from service.access.credentials import proven
from service.access.identity import Identity
from service.access.roles import Role
from service.access.secret import derived, digest, new_secret
from service.store.opening import Store
from service.store.schema import SESSIONS, USERS
from service.store.writing import stamp

IDLE = timedelta(hours=12)
"""Longer than a working day with its breaks, shorter than until the next morning: a browser left open is logged out over night."""

LONGEST = timedelta(days=7)
"""However busy: a secret that was stolen unnoticed is worth a week at most."""

_TOUCH = timedelta(minutes=5)
"""How late the last use may be noted: one write in five minutes, not one with each request."""


_ALIVE = (
    SESSIONS.c.sha256 == bindparam("secret"),
    SESSIONS.c.used_at > bindparam("idle_since"),
    SESSIONS.c.made_at > bindparam("made_after"),
)
_WHOSE = (
    select(USERS.c.name, USERS.c.role, SESSIONS.c.used_at).join(SESSIONS, SESSIONS.c.user == USERS.c.name).where(*_ALIVE, ~USERS.c.disabled)
)
"""Made once: it is asked with each request, and making it takes several times as long as the answer."""


def log_in(store: Store, name: str, password: str, address: str, clock: Clock = system_clock) -> tuple[str, Identity]:
    """Begin a session; the secret for the browser's cookie, always a new one, and who it is.

    Args:
        store: the archive.
        name: of the user, by any case of letters.
        password: as typed.
        address: of the client, for the throttle.
        clock: tells the time.

    Raises:
        WrongPasswordError: name and password do not go together, or the user is disabled.
        LoginThrottledError: too many tries.
        StoreError: nothing was written.
    """
    secret = new_secret()
    with proven(store, name, password, address, clock) as (connection, user):
        at = clock()
        connection.execute(delete(SESSIONS).where(SESSIONS.c.made_at <= stamp(at - LONGEST)))
        made = {"sha256": digest(secret), "user": user.name, "made_at": stamp(at), "used_at": stamp(at)}
        connection.execute(SESSIONS.insert().values(made))
    return secret, _identity(secret, user.name, user.role)


def identify_session(store: Store, secret: str, clock: Clock = system_clock) -> Identity | None:
    """Whose session ``secret`` is; None where it is none, has ended, or the user is disabled.

    Raises:
        StoreError: the database cannot be read, or the use not be noted.
    """
    now = clock()
    alive = {"secret": digest(secret), "idle_since": stamp(now - IDLE), "made_after": stamp(now - LONGEST)}
    with store.database.reading() as connection:
        row = connection.execute(_WHOSE, alive).one_or_none()
    if row is None:
        return None
    if row.used_at < stamp(now - _TOUCH):
        with store.database.writing() as connection:
            connection.execute(update(SESSIONS).where(*_ALIVE).values(used_at=bindparam("now")), {**alive, "now": stamp(now)})
    return _identity(secret, row.name, row.role)


def log_out(store: Store, secret: str) -> None:
    """End the session; nothing happens where there is none."""
    with store.database.writing() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.sha256 == digest(secret)))


def log_out_everywhere(store: Store, user: str) -> None:
    """End all sessions of the user, named as `Identity.user` gives it."""
    with store.database.writing() as connection:
        connection.execute(delete(SESSIONS).where(SESSIONS.c.user == user))


def _identity(secret: str, user: str, role: str) -> Identity:
    return Identity(user, Role(role), digest(secret), derived(secret, "csrf"))
