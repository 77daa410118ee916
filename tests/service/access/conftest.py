"""A clock that a test turns, and passwords that are quick to check."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from service.access import passwords
from service.access.credentials import set_password
from service.access.roles import Role
from service.access.users import add_user
from service.store.opening import Store

PASSWORD = "a horse, a battery"  # noqa: S105  (of nobody)
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""What argon2 allows at least: a check takes no time at all, and is the same code."""


class HandClock:
    """Stands until it is turned."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def turn(self, time: timedelta) -> None:
        self.now += time


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are kept by `QUICK`."""
    monkeypatch.setattr(passwords, "_HASHER", QUICK)
    monkeypatch.setattr(passwords, "_NOBODYS", passwords._nobodys())


@pytest.fixture
def li(store: Store, request: pytest.FixtureRequest) -> str:
    """A reviewer with a password."""
    request.getfixturevalue("quick")
    add_user(store, "li", Role.REVIEWER)
    set_password(store, "li", PASSWORD)
    return "li"
