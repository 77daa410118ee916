"""Server-sent events: each change, one look at the database for all, an end."""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import pytest
from httpx2 import Client

from models.errors import StoreBusyError, TooBusyError
from models.form import Problem
from service.access.roles import Role
from service.access.tokens import issue, revoke
from service.access.users import add_user, set_role
from service.store.documents import State, mark
from service.store.progress import Progress, progress
from service.store.saving import save_document
from service.web import events, watching
from service.web.app import create_app
from service.web.watching import MOST_OF_A_USER, Watcher
from tests.service.serving.receivers import wait_until
from tests.service.store.samples import add, document_of, form_of
from tests.service.web.serving import API, Archive, archive, listening, settings


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, str]]:
    """An archive and the address of its service."""
    with archive(tmp_path_factory.mktemp("home")) as kept, listening(create_app(kept.store, settings())) as url:
        yield kept, url


def heard(lines: Iterator[str]) -> Iterator[dict[str, object]]:
    """The data of each event; comments are passed over."""
    for line in lines:
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_each_change_is_told_and_the_end_is_the_end(kept: tuple[Archive, str]) -> None:
    archive, url = kept
    sha256 = add(archive.store, b"%PDF-slow")
    states = []
    with Client(base_url=url, headers=archive.headers("viewer"), timeout=30) as client:
        with client.stream("GET", f"{API}/documents/{sha256}/events") as reply:
            assert reply.headers["content-type"].startswith("text/event-stream")
            for told in heard(reply.iter_lines()):
                states.append(told["state"])
                if told["state"] == "waiting":
                    mark(archive.store, sha256, State.READING, pages=2)
                elif told["state"] == "reading":
                    save_document(archive.store, sha256, "1", document_of(sha256, form_of()))
                last = told
        assert states == ["waiting", "reading", "done"]
        assert last == client.get(f"{API}/documents/{sha256}").json()


def test_a_failure_is_an_end_too(kept: tuple[Archive, str]) -> None:
    archive, url = kept
    sha256 = add(archive.store, b"%PDF-bad")
    mark(archive.store, sha256, State.FAILED, Problem(0, "input_encrypted", "It needs a password."))
    with Client(base_url=url, headers=archive.headers("viewer"), timeout=30) as client:
        told = client.get(f"{API}/documents/{sha256}/events").text
    assert json.loads(told.split("data: ")[1])["error"] == {"code": "input_encrypted", "message": "It needs a password."}


def test_silence_is_kept_alive_and_a_revoked_token_hears_no_more(kept: tuple[Archive, str], monkeypatch: pytest.MonkeyPatch) -> None:
    archive, url = kept
    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 0.2)
    sha256 = add(archive.store, b"%PDF-silent")
    issued, secret = issue(archive.store, "viewer", "listens")
    lines = []
    headers = {"Authorization": f"Bearer {secret}"}
    with Client(base_url=url, timeout=30) as client, client.stream("GET", f"{API}/documents/{sha256}/events", headers=headers) as reply:
        for line in reply.iter_lines():
            lines.append(line)
            if line.startswith(":"):
                revoke(archive.store, "viewer", issued)
    assert ": still here" in lines


def test_who_may_see_a_document_no_more_hears_no_more_of_it(kept: tuple[Archive, str], monkeypatch: pytest.MonkeyPatch) -> None:
    archive, url = kept
    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 0.2)
    add_user(archive.store, "demoted", Role.REVIEWER)
    headers = {"Authorization": f"Bearer {issue(archive.store, 'demoted', 'listens')[1]}"}
    sha256 = add(archive.store, b"%PDF-demoted")
    with Client(base_url=url, timeout=5) as client, client.stream("GET", f"{API}/documents/{sha256}/events", headers=headers) as reply:
        for line in reply.iter_lines():
            if line.startswith(":"):
                set_role(archive.store, "demoted", Role.UPLOADER)
                mark(archive.store, sha256, State.READING, pages=2)
            assert "reading" not in line


def test_one_look_serves_all(kept: tuple[Archive, str]) -> None:
    archive, _ = kept
    looks: list[list[str]] = []

    def look(documents: Collection[str]) -> dict[str, Progress]:
        looks.append(sorted(documents))
        if len(looks) == 1:
            raise StoreBusyError("The database is held.", "Wait.")
        return progress(archive.store, documents)

    async def listen() -> list[str]:
        watcher = Watcher(look)
        watching = asyncio.create_task(watcher.run())
        told = []
        async with AsyncExitStack() as stack:
            asked = ((archive.mine, "a"), (archive.theirs, "a"), (archive.mine, "b"))
            for listener in [await stack.enter_async_context(watcher.listening(*each)) for each in asked]:
                word = await listener.heard(30)
                assert word is not None
                told.append(word.sha256)
        watching.cancel()
        return told

    assert asyncio.run(listen()) == [archive.mine, archive.theirs, archive.mine]
    assert looks[1] == sorted([archive.mine, archive.theirs])
    assert len(looks) <= 3


def test_a_user_cannot_listen_without_end() -> None:
    async def listen() -> None:
        watcher = Watcher(lambda _: {})
        for _ in range(MOST_OF_A_USER):
            await watcher.listening("0" * 64, "greedy").__aenter__()
        async with watcher.listening("0" * 64, "other"):
            pass
        with pytest.raises(TooBusyError):
            await watcher.listening("0" * 64, "greedy").__aenter__()

    asyncio.run(listen())


def test_who_finds_no_room_is_told_so_however_many_ask_at_once(kept: tuple[Archive, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """None is let in and then cut off: the reply has not begun while there may be no room."""
    archive, url = kept
    monkeypatch.setattr(watching, "MOST_OF_A_USER", 3)
    sha256 = add(archive.store, b"%PDF-crowded")

    def ask() -> int:
        address = f"{API}/documents/{sha256}/events"
        with Client(base_url=url, headers=archive.headers("reviewer"), timeout=30) as client, client.stream("GET", address) as reply:
            answered.wait(60)  # all have asked before one leaves
            return reply.status_code

    answered = threading.Barrier(12)
    with ThreadPoolExecutor(12) as threads:
        assert Counter(threads.map(lambda _: ask(), range(12))) == {200: 3, 429: 9}


def test_a_place_is_free_when_its_listener_has_gone(kept: tuple[Archive, str], monkeypatch: pytest.MonkeyPatch) -> None:
    archive, url = kept
    monkeypatch.setattr(watching, "MOST_OF_A_USER", 1)
    monkeypatch.setattr(events, "KEEP_ALIVE_SECONDS", 0.1)
    sha256 = add(archive.store, b"%PDF-left")

    def status() -> int:
        address = f"{API}/documents/{sha256}/events"
        with Client(base_url=url, headers=archive.headers("admin"), timeout=30) as client, client.stream("GET", address) as reply:
            return reply.status_code

    for _ in range(3):
        wait_until(lambda: status() == 200)
