"""An application over a small archive, with a user of each role, for tests that ask it in-process."""

import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from PIL import Image
from starlette.testclient import TestClient
from uvicorn import Config, Server

from service.access.roles import Role
from service.access.tokens import issue
from service.access.users import add_user
from service.store.opening import Store, open_store
from service.store.owners import own
from service.web.app import create_app
from service.web.settings import WebSettings
from tests.service.opening_reader import OPENING
from tests.service.planned_reader import PLANNED
from tests.service.store.ready import ready
from tests.service.store.samples import add_read, form_of, unknown_form

API = "/api/v1"
BASE = "http://localhost:8765"
OTHER = "other"
"""A second uploader."""


def settings(**changes: Any) -> WebSettings:
    """Of a service that inspects by plan and reads no text."""
    return replace(WebSettings(inspector=PLANNED, inspectors=1, reader=OPENING), **changes)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive with a user of each role.

    Attributes:
        store: open.
        tokens: by user; each role is a user's name too, and there is `OTHER`.
        mine: a document that was read, uploaded by the uploader.
        theirs: one that `OTHER` uploaded.
    """

    store: Store
    tokens: dict[str, str]
    mine: str
    theirs: str

    def headers(self, user: str) -> dict[str, str]:
        """Credentials of a user; none for ``nobody``."""
        return {"Authorization": f"Bearer {self.tokens[user]}"} if user in self.tokens else {}


@contextmanager
def archive(folder: Path) -> Iterator[Archive]:
    """An archive of two documents in ``folder``, for the block."""
    with open_store(ready(folder)) as store:
        tokens = {}
        for name, role in [*((role.value, role) for role in Role), (OTHER, Role.UPLOADER)]:
            add_user(store, name, role)
            tokens[name] = issue(store, name, "tests")[1]
        mine, theirs = add_read(store, form_of(), unknown_form(), content=picture(1)), add_read(store, content=picture(2))
        own(store, mine, Role.UPLOADER, "我的.tif")
        own(store, theirs, OTHER, "其他.tif")
        yield Archive(store, tokens, mine, theirs)


def picture(shade: int) -> bytes:
    """A TIFF of two pages, another one for another ``shade``."""
    data = io.BytesIO()
    page = Image.new("L", (240, 340), shade)
    page.save(data, "TIFF", save_all=True, append_images=[page], dpi=(30, 30))
    return data.getvalue()


@dataclass(frozen=True, slots=True)
class Served:
    """An application that runs over ``archive``; ``client`` bears no credentials."""

    client: TestClient
    archive: Archive


@contextmanager
def served(folder: Path, given: WebSettings | None = None) -> Iterator[Served]:
    """An application over an archive of two documents in ``folder``, for the block."""
    with archive(folder) as kept:
        app = create_app(kept.store, given or settings())
        with TestClient(app, base_url=BASE, client=("127.0.0.1", 50000)) as client:
            yield Served(client, kept)


@contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """``app`` behind uvicorn on a port of loopback, for the block; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio sets it on sockets of its own alone; 40 ms a reply
        server = Server(Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(30)
