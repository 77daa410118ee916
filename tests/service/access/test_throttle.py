"""How often somebody may guess, and that nobody is locked out by a stranger."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from models.errors import LoginThrottledError
from service.access import throttle
from service.access.throttle import ADDRESS, NAME, PAIR, Patience, admit, succeeded, sweep
from service.store.home import Home
from service.store.opening import Store, open_store
from service.store.schema import LOGIN_ATTEMPTS
from tests.service.access.conftest import HandClock

_PATIENCES = st.sampled_from([PAIR, ADDRESS, NAME])
_LEVELS = st.floats(0, 120)
_SECONDS = st.floats(0, 200_000)


def _heard(store: Store, clock: HandClock, login: str, address: str) -> bool:
    try:
        admit(store, login, address, clock())
    except LoginThrottledError:
        return False
    return True


def _logged_in(store: Store, clock: HandClock, login: str, address: str) -> None:
    admit(store, login, address, clock())
    with store.database.writing() as connection:
        succeeded(connection, login, address, clock())


def _counters(store: Store) -> int:
    with store.database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(LOGIN_ATTEMPTS)) or 0


@given(_PATIENCES, _LEVELS, _SECONDS, _SECONDS)
def test_a_lock_is_bounded_and_ends(patience: Patience, level: float, age: float, more: float) -> None:
    assert 0 <= patience.wait(level, age + more) <= patience.wait(level, age) <= patience.longest
    assert patience.wait(level, patience.longest) == 0
    assert patience.wait(patience.granted, 0) == 0


@given(_PATIENCES, _LEVELS, _LEVELS, _SECONDS)
def test_who_failed_more_often_waits_no_less(patience: Patience, level: float, other: float, age: float) -> None:
    assert patience.wait(min(level, other), age) <= patience.wait(max(level, other), age)
    assert patience.level(min(level, other), age) <= patience.level(max(level, other), age)


@given(_PATIENCES)
def test_each_lock_is_twice_the_one_before_until_the_bound(patience: Patience) -> None:
    locks = [patience.wait(level, 0) for level in range(patience.granted, patience.granted + 20)]
    assert locks[:2] == [0, patience.first]
    assert locks[1:] == [min(patience.longest, patience.first * 2**step) for step in range(19)]


@given(_PATIENCES, st.integers(0, 400))
def test_after_a_day_nothing_is_left_of_a_counter(patience: Patience, failures: int) -> None:
    level = 0.0
    for _ in range(failures):
        level = patience.failed(level)
    assert patience.level(level, throttle._FORGOTTEN.total_seconds()) == 0


@given(_PATIENCES, st.floats(3_600, 7 * 86_400), st.lists(st.floats(0, 3_600), max_size=20))
def test_nobody_guesses_faster_than_promised_however_he_times_it(patience: Patience, during: float, pauses: list[float]) -> None:
    level, at, last, tries = 0.0, 0.0, 0.0, 0
    for pause in (*pauses, *([0.0] * 20_000)):
        at += pause
        at += patience.wait(level, at - last)
        if at > during:
            break
        level, last, tries = patience.failed(patience.level(level, at - last)), at, tries + 1
    climb = 2 + log2(patience.longest / patience.first)
    assert tries <= patience.granted + climb + during / min(patience.longest, patience.forgiven)


def test_after_five_failures_a_name_is_locked_at_its_address_and_the_lock_is_told(store: Store, clock: HandClock) -> None:
    for _ in range(6):
        admit(store, "li", "10.0.0.1", clock())
    with pytest.raises(LoginThrottledError, match="Wait 30 s") as caught:
        admit(store, "li", "10.0.0.1", clock())
    assert caught.value.seconds == 30
    assert _heard(store, clock, "li", "10.0.0.2")
    assert _heard(store, clock, "wang", "10.0.0.1")


def test_tries_during_a_lock_do_not_prolong_it(store: Store, clock: HandClock) -> None:
    while _heard(store, clock, "li", "10.0.0.1"):
        pass
    for _ in range(29):
        clock.turn(timedelta(seconds=1))
        assert not _heard(store, clock, "li", "10.0.0.1")
    clock.turn(timedelta(seconds=1))
    assert _heard(store, clock, "li", "10.0.0.1")


def test_a_restart_forgets_nothing(home: Home, clock: HandClock) -> None:
    with open_store(home) as store:
        while _heard(store, clock, "li", "10.0.0.1"):
            pass
    with open_store(home) as store:
        assert not _heard(store, clock, "li", "10.0.0.1")


def test_many_at_once_gain_nothing(store: Store, clock: HandClock) -> None:
    with ThreadPoolExecutor(8) as threads:
        heard = list(threads.map(lambda _: _heard(store, clock, "li", "10.0.0.1"), range(24)))
    assert heard.count(True) == PAIR.granted + 1


def test_who_tries_many_names_is_stopped_by_the_address(store: Store, clock: HandClock) -> None:
    assert [_heard(store, clock, f"user{number}", "10.0.0.1") for number in range(35)].count(True) == ADDRESS.granted + 1


def test_all_addresses_of_one_network_are_one(store: Store, clock: HandClock) -> None:
    assert [_heard(store, clock, "li", f"2001:db8::{number:x}") for number in range(10)].count(True) == PAIR.granted + 1
    assert _heard(store, clock, "li", "2001:db8:0:1::1")
    assert [_heard(store, clock, "wang", address) for address in ("10.0.0.1", "::ffff:10.0.0.1") * 4].count(True) == PAIR.granted + 1


@pytest.mark.parametrize(
    "address", ["", "testclient", "a\0b", "\ud800", "fe80::1%eth0", "x" * 100_000], ids=lambda value: ascii(value)[:20]
)
def test_any_text_may_stand_for_an_address(store: Store, clock: HandClock, address: str) -> None:
    assert [_heard(store, clock, "li", address) for _ in range(10)].count(True) == PAIR.granted + 1


def test_a_stranger_with_many_addresses_locks_nobody_out_where_he_is_known(store: Store, clock: HandClock) -> None:
    _logged_in(store, clock, "admin", "10.0.0.1")
    clock.turn(timedelta(days=2))
    for number in range(NAME.granted + 2):
        _heard(store, clock, "admin", f"192.0.2.{number}")
    assert not _heard(store, clock, "admin", "10.0.0.2")
    assert _heard(store, clock, "admin", "10.0.0.1")
    clock.turn(timedelta(seconds=NAME.longest))
    assert _heard(store, clock, "admin", "10.0.0.2")


def test_a_colleague_locks_nobody_out_where_he_is_known(store: Store, clock: HandClock) -> None:
    _logged_in(store, clock, "admin", "10.0.0.1")
    for number in range(ADDRESS.granted + 2):
        _heard(store, clock, f"user{number}", "10.0.0.1")
    assert not _heard(store, clock, "wang", "10.0.0.1")
    assert _heard(store, clock, "admin", "10.0.0.1")
    clock.turn(timedelta(days=31))
    for number in range(ADDRESS.granted + 2):
        _heard(store, clock, f"user{number}", "10.0.0.1")
    assert not _heard(store, clock, "admin", "10.0.0.1")


def test_a_login_clears_the_name_and_not_what_others_did_from_the_address(store: Store, clock: HandClock) -> None:
    for number in range(ADDRESS.granted):
        _heard(store, clock, f"user{number}", "10.0.0.1")
    for _ in range(5):
        _logged_in(store, clock, "li", "10.0.0.1")
    assert [_heard(store, clock, "wang", "10.0.0.1") for _ in range(2)] == [True, False]


def test_names_are_not_kept_in_plain(store: Store, clock: HandClock) -> None:
    admit(store, "my password by mistake", "10.0.0.1", clock())
    with store.database.reading() as connection:
        assert "mistake" not in repr(connection.execute(select(LOGIN_ATTEMPTS)).all())


def test_old_counters_are_swept_away_and_known_places_stay(store: Store, clock: HandClock) -> None:
    _logged_in(store, clock, "li", "10.0.0.1")
    admit(store, "wang", "10.0.0.2", clock())
    for days, left in ((1, 6), (1, 1), (29, 0)):
        clock.turn(timedelta(days=days))
        with store.database.writing() as connection:
            sweep(connection, clock())
        assert _counters(store) == left
