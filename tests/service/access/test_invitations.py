"""Invitations: a password is set by whoever was invited, once, in time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from models.errors import InvitationError, UserDisabledError, UserUnknownError, WeakPasswordError, WrongPasswordError
from service.access.credentials import set_password
from service.access.invitations import VALID, accept, invite
from service.access.roles import Role
from service.access.sessions import identify_session, log_in
from service.access.users import add_user, disable, find_user, has_administrator
from service.store.opening import Store
from service.store.schema import INVITATIONS
from tests.service.access.conftest import PASSWORD, HandClock

_NEW = "another password"


@pytest.fixture
def admin(store: Store, request: pytest.FixtureRequest) -> str:
    """Of a new archive: an administrator who has no password."""
    request.getfixturevalue("quick")
    return add_user(store, "admin", Role.ADMIN)


def _is_refused(store: Store, secret: str, password: str = _NEW) -> bool:
    try:
        accept(store, secret, password)
    except InvitationError:
        return True
    return False


def test_the_first_administrator_sets_his_password_by_an_invitation(store: Store, admin: str) -> None:
    assert not has_administrator(store)
    assert not find_user(store, admin).has_password
    assert accept(store, invite(store, "ADMIN"), _NEW) == admin
    assert has_administrator(store)
    assert log_in(store, admin, _NEW, "127.0.0.1")[1].role == Role.ADMIN


def test_an_invitation_is_good_once(store: Store, admin: str) -> None:
    secret = invite(store, admin)
    accept(store, secret, _NEW)
    assert _is_refused(store, secret)


def test_of_many_at_once_one_sets_the_password(store: Store, admin: str) -> None:
    secret = invite(store, admin)
    with ThreadPoolExecutor(6) as threads:
        refused = list(threads.map(lambda number: _is_refused(store, secret, f"{_NEW} {number}"), range(6)))
    assert refused.count(False) == 1
    log_in(store, admin, f"{_NEW} {refused.index(False)}", "127.0.0.1")


def test_an_invitation_is_good_for_a_day(store: Store, admin: str, clock: HandClock) -> None:
    secret = invite(store, admin, clock)
    clock.turn(VALID)
    with pytest.raises(InvitationError):
        accept(store, secret, _NEW, clock)


@pytest.mark.parametrize("secret", ["", "a" * 43, "\0", "\ud800"], ids=lambda secret: ascii(secret)[:20])
def test_what_was_never_made_is_none(store: Store, admin: str, secret: str) -> None:
    invite(store, admin)
    assert _is_refused(store, secret)


def test_a_newer_invitation_takes_the_place_of_the_older(store: Store, admin: str) -> None:
    older, newer = invite(store, admin), invite(store, admin)
    assert _is_refused(store, older)
    assert not _is_refused(store, newer)


def test_a_weak_password_does_not_use_it_up(store: Store, admin: str) -> None:
    secret = invite(store, admin)
    with pytest.raises(WeakPasswordError):
        accept(store, secret, "admin")
    assert not _is_refused(store, secret)


def test_who_has_forgotten_his_password_is_invited_and_his_sessions_end(store: Store, li: str) -> None:
    session, _ = log_in(store, li, PASSWORD, "127.0.0.1")
    secret = invite(store, li)
    assert identify_session(store, session) is not None
    accept(store, secret, _NEW)
    assert identify_session(store, session) is None
    with pytest.raises(WrongPasswordError):
        log_in(store, li, PASSWORD, "127.0.0.1")


def test_a_password_that_was_set_otherwise_ends_the_invitation(store: Store, admin: str) -> None:
    secret = invite(store, admin)
    set_password(store, admin, PASSWORD)
    assert _is_refused(store, secret)


def test_a_disabled_user_is_not_invited_and_his_invitation_ends(store: Store, li: str) -> None:
    secret = invite(store, li)
    disable(store, li)
    assert _is_refused(store, secret)
    with pytest.raises(UserDisabledError):
        invite(store, li)
    with pytest.raises(UserUnknownError):
        invite(store, "nobody")


def test_only_a_digest_is_kept(store: Store, admin: str) -> None:
    secret = invite(store, admin)
    with store.database.reading() as connection:
        assert secret not in repr(connection.execute(select(INVITATIONS)).all())
