"""Which passwords are good enough, and that a hash tells a password from all others."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError, Event, Lock

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import LoginThrottledError, WeakPasswordError
from service.access import passwords
from service.access.passwords import AT_ONCE, SHORTEST, hash_password, is_outdated, is_password
from tests.service.access.conftest import PASSWORD

_ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "fewer than 10"),
        ("ninechars", "fewer than 10"),
        ("e\u0301" * 9, "fewer than 10"),
        ("文" * 342, "more than 1024 bytes"),
        ("a" * 100_000, "more than 1024 bytes"),
        ("some\ud800thing else", "broken"),
        ("Zhang Sanfeng", "name"),
        ("ｚｈａｎｇ ｓａｎｆｅｎｇ", "name"),
        ("aaaaaaaaaa", "everybody"),
        ("1212121212", "everybody"),
        ("1234567890", "everybody"),
        ("890123456789", "everybody"),
        ("qwertyuiop", "everybody"),
        ("Password123", "everybody"),
        ("Admin@2026!", "everybody"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_weak_password_is_refused_with_its_reason_and_not_repeated(password: str, reason: str) -> None:
    with pytest.raises(WeakPasswordError, match=reason) as caught:
        hash_password(password, "zhang sanfeng")
    assert password == "" or password not in str(caught.value)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("password", ["correct horse", "预算绩效自评表二〇二〇", "tr0ub4dor&3", "x7#kQ!9pLm", "文章件" * 113 + "一二"])
def test_a_good_password_is_taken(password: str) -> None:
    assert is_password(password, hash_password(password, "li"))


@pytest.mark.usefixtures("quick")
@_ANY
@given(st.text(min_size=SHORTEST, max_size=40), st.text(max_size=40))
def test_a_hash_tells_its_password_from_all_others(password: str, other: str) -> None:
    try:
        kept = hash_password(password, "li")
    except WeakPasswordError:
        return
    assert is_password(password, kept)
    assert is_password(other, kept) == (passwords._bytes_of(other) == passwords._bytes_of(password))
    assert password not in kept


@pytest.mark.usefixtures("quick")
def test_keyboards_that_put_accents_in_another_way_give_the_same_password() -> None:
    assert is_password("caf\u00e9 au lait", hash_password("cafe\u0301 au lait", "li"))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("password", ["", "\0", "a" * 100_000, "\ud800", PASSWORD], ids=lambda value: ascii(value)[:20])
def test_nobody_has_no_password(password: str) -> None:
    assert not is_password(password, "")
    assert not is_password(password, "no hash at all")


def test_a_password_is_kept_with_the_parameters_of_the_rfc_and_a_salt_of_its_own() -> None:
    one, other = hash_password(PASSWORD, "li"), hash_password(PASSWORD, "li")
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", one)
    assert one != other
    assert is_password(PASSWORD, one)


def test_nobodys_hash_has_the_parameters_of_all_others() -> None:
    assert not is_outdated(passwords._NOBODYS)
    assert is_outdated(PasswordHasher(time_cost=2).hash(PASSWORD))


class _Slow:
    """A hasher that knows how many ask it at once, and does not answer before `go`."""

    def __init__(self) -> None:
        self.go, self.full, self.lock = Event(), Barrier(AT_ONCE + 1), Lock()
        self.now = self.most = 0

    def hash(self, _: bytes) -> str:
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        try:
            self.full.wait(timeout=20)
        except BrokenBarrierError:
            pytest.fail("nobody else came")
        self.go.wait(timeout=20)
        with self.lock:
            self.now -= 1
        return "kept"


def test_only_so_many_are_checked_at_once_and_others_do_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    slow = _Slow()
    monkeypatch.setattr(passwords, "_HASHER", slow)
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        waiting = [threads.submit(hash_password, PASSWORD, "li") for _ in range(AT_ONCE)]
        slow.full.wait(timeout=20)
        try:
            with pytest.raises(LoginThrottledError):
                hash_password(PASSWORD, "li")
        finally:
            slow.go.set()
        assert [each.result() for each in waiting] == ["kept"] * AT_ONCE
    assert slow.most == AT_ONCE
