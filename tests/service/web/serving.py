"""An application over a small archive, with a user of each role, for tests that ask it in-process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from service.access.roles import Role
from service.access.tokens import issue
from service.access.users import add_user
from service.store.home import find_home
from service.store.opening import Store, open_store
from service.store.owners import own
from service.web.app import create_app
from service.web.settings import WebSettings
from tests.service.planned_reader import PLANNED
from tests.service.store.samples import add_read, form_of, unknown_form

API = "/api/v1"
BASE = "http://localhost:8765"
OTHER = "other"
"""A second uploader."""


@dataclass(frozen=True, slots=True)
class Served:
    """An application that runs.

    Attributes:
        client: without any credentials.
        store: its archive.
        tokens: by user; each role is a user's name too, and there is `OTHER`.
        mine: a document that was read, uploaded by the uploader.
        theirs: one that `OTHER` uploaded.
    """

    client: TestClient
    store: Store
    tokens: dict[str, str]
    mine: str
    theirs: str

    def headers(self, user: str) -> dict[str, str]:
        """Credentials of a user; none for ``nobody``."""
        return {"Authorization": f"Bearer {self.tokens[user]}"} if user in self.tokens else {}


def settings(**changes: Any) -> WebSettings:
    """Of a service that inspects by plan."""
    return replace(WebSettings(inspector=PLANNED, inspectors=1), **changes)


@contextmanager
def served(folder: Path, given: WebSettings | None = None) -> Iterator[Served]:
    """An application over an archive of two documents in ``folder``, for the block."""
    with open_store(find_home(str(folder), None, None, {})) as store:
        tokens = {}
        for name, role in [*((role.value, role) for role in Role), (OTHER, Role.UPLOADER)]:
            add_user(store, name, role)
            tokens[name] = issue(store, name, "tests")[1]
        mine, theirs = add_read(store, form_of(), unknown_form(), content=b"%PDF-mine"), add_read(store, content=b"%PDF-theirs")
        own(store, mine, Role.UPLOADER, "我的.pdf")
        own(store, theirs, OTHER, "其他.pdf")
        with TestClient(create_app(store, given or settings()), base_url=BASE, client=("127.0.0.1", 50000)) as client:
            yield Served(client, store, tokens, mine, theirs)
