"""Logging in and out, how long a session lasts, and what ends it."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Literal, cast

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from models.errors import LoginThrottledError, UserExistsError, WeakPasswordError, WrongPasswordError
from service.access import credentials, passwords
from service.access.credentials import change_password, set_password
from service.access.roles import Role
from service.access.sessions import IDLE, LONGEST, identify_session, log_in, log_out, log_out_everywhere
from service.access.throttle import PAIR
from service.access.users import add_user, disable, enable, set_role
from service.store.opening import Store
from service.store.schema import METADATA, SESSIONS, USERS
from tests.service.access.conftest import PASSWORD, QUICK, HandClock
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add_read

_HERE = "127.0.0.1"


def _in(store: Store, user: str, password: str = PASSWORD) -> str:
    return log_in(store, user, password, _HERE)[0]


def _kept(store: Store) -> str:
    """Everything in the database, as text."""
    with store.database.reading() as connection:
        return "\n".join(repr(row) for table in METADATA.sorted_tables for row in connection.execute(select(table)))


def test_who_logs_in_is_known_by_the_secret_and_by_nothing_else(store: Store, li: str) -> None:
    secret, identity = log_in(store, "LI", PASSWORD, _HERE)
    assert (identity.user, identity.role, identity.sees) == (li, Role.REVIEWER, None)
    assert identify_session(store, secret) == identity
    assert identity.has_csrf(identity.csrf)
    for other in ("", secret[:-1], secret + "a", identity.session, identity.csrf, "\0", "\ud800"):
        assert identify_session(store, other) is None


def test_each_login_is_a_session_of_its_own(store: Store, li: str) -> None:
    (one, first), (other, second) = (log_in(store, li, PASSWORD, _HERE) for _ in range(2))
    assert len({one, other, first.csrf, second.csrf, first.session, second.session}) == 6
    log_out(store, one)
    assert identify_session(store, one) is None
    assert identify_session(store, other) == second
    log_out(store, one)


_WRONG = (
    ("li", "a wrong password"),
    ("li", ""),
    ("li", "\0"),
    ("li", "\ud800"),
    ("li", "a" * 100_000),
    ("li", PASSWORD.upper()),
    ("nobody", PASSWORD),
    ("invited", PASSWORD),
    ("invited", ""),
    ("disabled", PASSWORD),
    ("corrector", PASSWORD),
    ("corrector", ""),
    ("", ""),
    ("a\0b", PASSWORD),
    ("\ud800", PASSWORD),
    ("' OR 1=1 --", "' OR 1=1 --"),
    ("l" * 100_000, PASSWORD),
)


@pytest.mark.usefixtures("li")
def test_whatever_is_wrong_the_answer_is_the_same(store: Store) -> None:
    correct(store, Correction(add_read(store), 1, 1, "fields.project_name", "甲", "corrector"))
    add_user(store, "invited", Role.ADMIN)
    add_user(store, "disabled", Role.VIEWER)
    set_password(store, "disabled", PASSWORD)
    disable(store, "disabled")
    answers = set[str]()
    for number, (name, password) in enumerate(_WRONG):
        with pytest.raises(WrongPasswordError) as caught:
            log_in(store, name, password, f"192.0.2.{number}")
        answers.add(str(caught.value))
    assert answers == {"Name and password do not go together. Try again, or ask an administrator for an invitation."}


@pytest.mark.parametrize("name", ["li", "nobody", "", "invited"])
@pytest.mark.usefixtures("li")
def test_a_wrong_password_costs_one_check_whether_or_not_there_is_such_a_user(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    checked = list[str]()

    class Counting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002  (argon2's own name)
            checked.append(cast("str", hash).rsplit("$", 2)[0])
            return QUICK.verify(hash, password)

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    add_user(store, "invited", Role.VIEWER)
    with pytest.raises(WrongPasswordError):
        log_in(store, name, "a wrong password", _HERE)
    assert checked == ["$argon2id$v=19$m=8,t=1,p=1"]


def test_a_session_ends_when_it_is_left_alone(store: Store, li: str, clock: HandClock) -> None:
    secret, _ = log_in(store, li, PASSWORD, _HERE, clock)
    for _ in range(4):
        clock.turn(IDLE - timedelta(minutes=6))
        assert identify_session(store, secret, clock) is not None
    clock.turn(IDLE)
    assert identify_session(store, secret, clock) is None


def test_a_session_ends_after_a_week_however_busy(store: Store, li: str, clock: HandClock) -> None:
    secret, _ = log_in(store, li, PASSWORD, _HERE, clock)
    for _ in range(LONGEST // timedelta(hours=6) - 1):
        clock.turn(timedelta(hours=6))
        assert identify_session(store, secret, clock) is not None
    clock.turn(timedelta(hours=6))
    assert identify_session(store, secret, clock) is None
    log_in(store, li, PASSWORD, _HERE, clock)
    with store.database.reading() as connection:
        assert len(connection.execute(select(SESSIONS)).all()) == 1


def test_a_use_is_noted_once_in_five_minutes(store: Store, li: str, clock: HandClock) -> None:
    secret, _ = log_in(store, li, PASSWORD, _HERE, clock)
    used = []
    for _ in range(10):
        clock.turn(timedelta(minutes=1))
        identify_session(store, secret, clock)
        with store.database.reading() as connection:
            used.append(connection.scalar(select(SESSIONS.c.used_at)))
    assert len(set(used)) == 2


@pytest.mark.parametrize(
    "end",
    [
        lambda store: log_out_everywhere(store, "li"),
        lambda store: set_password(store, "li", "another password"),
        lambda store: change_password(store, "li", PASSWORD, "another password", _HERE),
        lambda store: [change(store, "li") for change in (disable, enable)],
    ],
    ids=["everywhere", "set", "change", "disable"],
)
def test_all_sessions_of_a_user_end_together_and_those_of_others_stay(store: Store, li: str, end: Callable[[Store], object]) -> None:
    add_user(store, "wang", Role.VIEWER)
    set_password(store, "wang", PASSWORD)
    mine, others = [_in(store, li), _in(store, li)], _in(store, "wang")
    end(store)
    assert [identify_session(store, secret) for secret in mine] == [None, None]
    assert identify_session(store, others) is not None


def test_a_role_holds_from_the_next_request_on(store: Store, li: str) -> None:
    secret = _in(store, li)
    set_role(store, li, Role.UPLOADER)
    identity = identify_session(store, secret)
    assert identity is not None
    assert (identity.role, identity.sees) == (Role.UPLOADER, li)


def test_a_password_is_changed_by_who_knows_the_old_one(store: Store, li: str) -> None:
    with pytest.raises(WrongPasswordError):
        change_password(store, li, "a wrong password", "another password", _HERE)
    change_password(store, li, PASSWORD, "another password", _HERE)
    with pytest.raises(WrongPasswordError):
        _in(store, li)
    _in(store, li, "another password")


def test_guessing_the_old_password_is_throttled_too(store: Store, li: str) -> None:
    for _ in range(PAIR.granted + 1):
        with pytest.raises(WrongPasswordError):
            change_password(store, li, "a wrong password", "another password", _HERE)
    with pytest.raises(LoginThrottledError):
        change_password(store, li, PASSWORD, "another password", _HERE)


def test_who_is_throttled_makes_nobody_hash(store: Store, li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(PAIR.granted + 1):
        with pytest.raises(WrongPasswordError):
            change_password(store, li, "a wrong password", "another password", _HERE)
    monkeypatch.setattr(credentials, "hash_password", lambda *_: pytest.fail("hashed"))
    monkeypatch.setattr(credentials, "is_password", lambda *_: pytest.fail("hashed"))
    with pytest.raises(LoginThrottledError):
        change_password(store, li, PASSWORD, "another password", _HERE)


def test_a_password_that_could_not_be_hashed_is_no_failure(store: Store, li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> str:
        raise LoginThrottledError(2)

    with monkeypatch.context() as patch:
        patch.setattr(credentials, "hash_password", busy)
        for _ in range(PAIR.granted + 5):
            with pytest.raises(LoginThrottledError, match="2 s"):
                change_password(store, li, PASSWORD, "another password", _HERE)
    _in(store, li)


def test_a_weak_password_is_no_try_at_the_old_one(store: Store, li: str) -> None:
    for _ in range(PAIR.granted + 5):
        with pytest.raises(WeakPasswordError):
            change_password(store, li, PASSWORD, "short", _HERE)


def test_right_passwords_are_not_throttled(store: Store, li: str) -> None:
    for _ in range(40):
        _in(store, li)


def test_a_check_that_could_not_be_made_is_no_failure(store: Store, li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> bool:
        raise LoginThrottledError(2)

    with monkeypatch.context() as patch:
        patch.setattr(credentials, "is_password", busy)
        for _ in range(PAIR.granted + 5):
            with pytest.raises(LoginThrottledError, match="2 s"):
                _in(store, li)
    _in(store, li)


@pytest.mark.parametrize("meanwhile", [disable, lambda store, name: set_password(store, name, "another password")])
def test_who_is_disabled_while_his_password_is_checked_does_not_get_in(
    store: Store, li: str, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Store, str], None]
) -> None:
    def slow(password: str, kept: str) -> bool:
        meanwhile(store, li)
        return passwords.is_password(password, kept)

    monkeypatch.setattr(credentials, "is_password", slow)
    with pytest.raises(WrongPasswordError):
        _in(store, li)
    with store.database.reading() as connection:
        assert connection.execute(select(SESSIONS)).all() == []


def test_other_parameters_are_taken_up_at_the_next_login(store: Store, li: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    session = _in(store, li)
    with store.database.reading() as connection:
        kept = connection.scalar(select(USERS.c.password).where(USERS.c.name == li)) or ""
    assert kept.startswith("$argon2id$v=19$m=16,t=2,p=1$")
    assert identify_session(store, session) is not None
    _in(store, li)


def test_a_damaged_hash_is_a_wrong_password(store: Store, li: str) -> None:
    with store.database.writing() as connection:
        connection.execute(update(USERS).values({"password": "$argon2id$damaged"}))
    with pytest.raises(WrongPasswordError):
        _in(store, li)


@pytest.mark.usefixtures("li")
def test_no_secret_is_kept_or_logged(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        secret, identity = log_in(store, "li", PASSWORD, _HERE)
        identify_session(store, secret)
        with pytest.raises(UserExistsError):
            add_user(store, "LI", Role.VIEWER)
    everything = _kept(store) + caplog.text + repr(identity)
    assert identity.session in everything  # the digest is there, so that the next line can fail
    for told in (secret, PASSWORD, identity.csrf):
        assert told not in everything
