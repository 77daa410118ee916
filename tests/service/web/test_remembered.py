"""Who asked a moment ago is not looked up again, unless anything has changed since."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from service.access.identity import Identity
from service.access.roles import Role
from service.access.tokens import identify_token, issue, revoke
from service.access.users import set_role
from service.store.changes import Changes
from service.store.home import find_home
from service.store.opening import open_store
from service.web import remembered
from service.web.remembered import Remembered
from tests.service.web.serving import API, Served, archive

LI = Identity("li", Role.VIEWER)


class Looking:
    """Counts how often the database is asked, which knows one secret; ``during`` happens meanwhile."""

    def __init__(self, during: Callable[[], object] = lambda: None) -> None:
        self.asked = 0
        self._during = during

    async def __call__(self, secret: str) -> Identity | None:
        self.asked += 1
        self._during()
        return LI if secret == "right" else None  # noqa: S105  of nobody


def ask(known: Remembered, look: Looking, *asked: tuple[str, str]) -> list[Identity | None]:
    async def all_of_them() -> list[Identity | None]:
        return [await known.whose(kind, secret, look) for kind, secret in asked]

    return asyncio.run(all_of_them())


def test_the_database_is_asked_once_for_a_secret_of_each_kind() -> None:
    look = Looking()
    assert ask(Remembered(lambda: 1), look, *[("token", "right")] * 3, ("session", "right")) == [LI] * 4
    assert look.asked == 2


def test_what_is_nobodys_is_asked_for_each_time() -> None:
    look = Looking()
    assert ask(Remembered(lambda: 1), look, *[("token", "wrong")] * 3) == [None] * 3
    assert look.asked == 3


def test_after_a_change_nothing_is_remembered() -> None:
    look, marks = Looking(), iter((1, 1, 2, 2))
    ask(Remembered(lambda: next(marks)), look, *[("token", "right")] * 4)
    assert look.asked == 2


def test_where_no_change_can_be_told_the_database_is_asked_each_time() -> None:
    look = Looking()
    ask(Remembered(lambda: None), look, *[("token", "right")] * 3)
    assert look.asked == 3


def test_what_was_asked_before_a_change_is_not_kept_behind_it() -> None:
    """The change is seen by another request while the answer to this one is on its way."""
    marks = [1]
    known = Remembered(lambda: marks[-1])

    async def overtaken() -> int:
        async def slow(_: str) -> Identity:
            marks.append(2)
            await known.whose("token", "wrong", other)
            return LI

        other = Looking()
        await known.whose("token", "right", slow)
        last = Looking()
        await known.whose("token", "right", last)
        return last.asked

    assert asyncio.run(overtaken()) == 1


def test_an_end_by_the_clock_is_noticed_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "SECONDS", 0.0)
    look = Looking()
    ask(Remembered(lambda: 1), look, *[("token", "right")] * 3)
    assert look.asked == 3


def test_many_secrets_are_forgotten_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_MOST", 10)
    known = Remembered(lambda: 1)

    async def everybody(_: str) -> Identity:
        return LI

    async def many() -> None:
        for number in range(35):
            await known.whose("token", str(number), everybody)

    asyncio.run(many())
    assert len(known._known) <= 10


def test_over_a_store_a_revoked_token_is_dead_at_once(tmp_path: Path) -> None:
    with archive(tmp_path) as kept, open_store(find_home(str(tmp_path), None, None, {})) as other, Changes(kept.store.database) as changes:
        known, (token, secret) = Remembered(changes.mark), issue(kept.store, "viewer", "tests")

        async def look(given: str) -> Identity | None:
            return identify_token(kept.store, given)

        async def told() -> Identity | None:
            return await known.whose("token", secret, look)

        assert asyncio.run(told()) == asyncio.run(told()) == Identity("viewer", Role.VIEWER)
        revoke(other, "viewer", token)
        assert asyncio.run(told()) is None


def test_another_role_holds_from_the_next_request_on(web: Served) -> None:
    headers = web.archive.headers("other")
    for role, seen in ((Role.VIEWER, 200), (Role.UPLOADER, 404), (Role.REVIEWER, 200), (Role.UPLOADER, 404)):
        set_role(web.archive.store, "other", role)
        assert web.client.get(f"{API}/documents/{web.archive.mine}", headers=headers).status_code == seen
