"""Work that takes long: so much at once, and so much of it one user's."""

import asyncio
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import BinaryIO

import pytest
from anyio import CapacityLimiter
from httpx2 import Client

from models.errors import TooBusyError
from service.web import exports
from service.web.app import create_app
from service.web.running import MOST_WAITING, SHARE, Lane
from tests.service.serving.receivers import wait_until
from tests.service.web.serving import API, archive, listening, served, settings


def test_a_lane_has_so_many_places_and_a_user_a_part_of_them() -> None:
    async def fill() -> Lane:
        lane = Lane(CapacityLimiter(1), 5, 2)
        async with AsyncExitStack() as stack:

            async def place(user: str) -> None:
                await stack.enter_async_context(lane.place(user))

            for user in ("greedy", "greedy"):
                await place(user)
            with pytest.raises(TooBusyError):
                await place("greedy")
            for user in ("other", "", ""):  # nobody is no user
                await place(user)
            with pytest.raises(TooBusyError):
                await place("late")
        async with lane.place("greedy"):
            pass
        return lane

    assert not asyncio.run(fill())._under_way  # nor is anybody remembered


def test_one_user_cannot_keep_others_from_exporting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not fetch his export keeps its place: the file is on the disk until he does."""
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(64_000_000)  # more than sockets buffer
    monkeypatch.setattr(exports, "_written", lambda *_: _opened(large))
    with archive(tmp_path / "home") as kept, listening(create_app(kept.store, settings())) as url:
        viewer, other = (Client(base_url=url, headers=kept.headers(user), timeout=30) for user in ("viewer", "uploader"))
        with viewer, other, ExitStack() as stack:
            asked = [stack.enter_context(viewer.stream("GET", f"{API}/export")).status_code for _ in range(MOST_WAITING // SHARE)]
            assert set(asked) == {200}
            refused = viewer.get(f"{API}/export")
            assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (429, "too_busy", "5")
            with other.stream("GET", f"{API}/export") as reply:
                assert reply.status_code == 200
        with Client(base_url=url, headers=kept.headers("viewer"), timeout=30) as again:
            wait_until(lambda: again.get(f"{API}/export").status_code == 200)


def _opened(path: Path) -> BinaryIO:
    return path.open("rb")


def test_what_is_too_much_for_an_export_is_told_before_any_form_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(tmp_path, settings(most_exported=1)) as web:
        monkeypatch.setattr(exports, "form", lambda *_: pytest.fail("a form was read"))
        reply = web.client.get(f"{API}/export", params={"format": "csv"}, headers=web.archive.headers("viewer"))
        assert (reply.status_code, reply.json()["code"]) == (422, "request_invalid")
