"""Tokens: a program is its user until the token is revoked or ends."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.errors import TooManyError, UsageError, UserDisabledError, UserUnknownError
from service.access.credentials import change_password, set_password
from service.access.roles import Role
from service.access.tokens import MOST_OF_A_USER, identify_token, issue, revoke, tokens
from service.access.users import add_user, disable, enable, set_role
from service.store.opening import Store
from service.store.schema import TOKENS
from service.store.writing import stamp
from tests.service.access.conftest import HandClock


@pytest.fixture
def scanner(store: Store) -> str:
    return add_user(store, "scanner", Role.UPLOADER)


def test_a_token_acts_as_its_user_and_has_no_session(store: Store, scanner: str) -> None:
    _, secret = issue(store, "SCANNER", "room 2")
    identity = identify_token(store, secret)
    assert identity is not None
    assert (identity.user, identity.role, identity.session, identity.csrf) == (scanner, Role.UPLOADER, "", "")
    assert secret.startswith("ft_")
    for other in ("", secret[3:], secret[:-1], secret.upper(), "ft_", "\0", "\ud800"):
        assert identify_token(store, other) is None


def test_a_revoked_token_is_dead_with_the_next_request(store: Store, scanner: str) -> None:
    (one, dead), (_, alive) = issue(store, scanner, "a"), issue(store, scanner, "b")
    assert revoke(store, scanner, one)
    assert identify_token(store, dead) is None
    assert identify_token(store, alive) is not None
    assert not revoke(store, scanner, one)


@pytest.mark.parametrize("token", ["", "0" * 12, "\0", "\ud800", "' OR 1=1 --"], ids=ascii)
def test_what_is_no_token_is_not_revoked(store: Store, scanner: str, token: str) -> None:
    issue(store, scanner, "a")
    assert not revoke(store, scanner, token)
    assert len(tokens(store, scanner)) == 1


def test_nobody_revokes_or_sees_tokens_of_another(store: Store, scanner: str) -> None:
    add_user(store, "wang", Role.UPLOADER)
    token, secret = issue(store, scanner, "a")
    assert not revoke(store, "wang", token)
    assert tokens(store, "wang") == []
    assert identify_token(store, secret) is not None


def test_a_token_ends_when_it_was_said_to(store: Store, scanner: str, clock: HandClock) -> None:
    _, secret = issue(store, scanner, "a", clock() + timedelta(days=1))
    assert identify_token(store, secret, clock) is not None
    clock.turn(timedelta(days=1))
    assert identify_token(store, secret, clock) is None
    assert [token.ends_at for token in tokens(store, scanner)] == [stamp(clock())]


def test_a_disabled_user_has_no_token_and_gets_none_not_even_when_enabled(store: Store, scanner: str) -> None:
    _, secret = issue(store, scanner, "a")
    disable(store, scanner)
    assert identify_token(store, secret) is None
    with pytest.raises(UserDisabledError):
        issue(store, scanner, "b")
    enable(store, scanner)
    assert identify_token(store, secret) is None


@pytest.mark.usefixtures("quick")
def test_a_token_follows_the_role_and_outlives_a_password(store: Store, scanner: str) -> None:
    _, secret = issue(store, scanner, "a")
    set_role(store, scanner, Role.VIEWER)
    set_password(store, scanner, "another password")
    identity = identify_token(store, secret)
    assert identity is not None
    assert identity.role == Role.VIEWER


@pytest.mark.usefixtures("quick")
def test_tokens_end_with_a_password_that_may_have_been_known(store: Store, scanner: str) -> None:
    set_password(store, scanner, "a known password")
    add_user(store, "wang", Role.UPLOADER)
    (_, mine), (_, others) = issue(store, scanner, "a"), issue(store, "wang", "a")
    change_password(store, scanner, "a known password", "another password", "192.0.2.1")
    assert identify_token(store, mine) is not None
    change_password(store, scanner, "another password", "a third password", "192.0.2.1", revoke_tokens=True)
    assert identify_token(store, mine) is None
    assert identify_token(store, others) is not None


def test_a_user_has_so_many_tokens_and_no_more(store: Store, scanner: str, clock: HandClock) -> None:
    ended, _ = issue(store, scanner, "ended", clock())
    made = [issue(store, scanner, "a")[0] for _ in range(MOST_OF_A_USER)]
    assert {token.id for token in tokens(store, scanner)} == set(made)  # what had ended made room
    assert ended not in made
    with pytest.raises(TooManyError, match=f"{MOST_OF_A_USER} tokens"):
        issue(store, scanner, "a")
    assert revoke(store, scanner, made[0])
    issue(store, scanner, "a")
    issue(store, add_user(store, "wang", Role.UPLOADER), "a")


def test_only_a_digest_is_kept(store: Store, scanner: str) -> None:
    _, secret = issue(store, scanner, "a")
    with store.database.reading() as connection:
        assert secret not in repr(connection.execute(select(TOKENS)).all())
    assert secret not in repr(tokens(store, scanner))


@pytest.mark.parametrize("label", ["", "a\nb", "a" * 101, "\0", "\ud800"], ids=lambda label: ascii(label)[:20])
def test_a_label_says_what_it_is_for(store: Store, scanner: str, label: str) -> None:
    with pytest.raises(UsageError):
        issue(store, scanner, label)


def test_nobody_has_no_tokens(store: Store) -> None:
    for asked in (lambda: issue(store, "nobody", "a"), lambda: tokens(store, "nobody"), lambda: revoke(store, "nobody", "a")):
        with pytest.raises(UserUnknownError):
            asked()
