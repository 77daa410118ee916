"""Reviewers who ask the API about samples whose pages are kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from httpx2 import Response

from service.review.policy import Policy
from service.web.shapes.documents import form_id
from tests.service.review.samples import add_sample
from tests.service.web.serving import API, Served, served, settings

YEAR, TOTAL, PROJECT = "fields.year", "fields.total_score", "fields.project_name"

_COPIES = count(1)


@dataclass(frozen=True, slots=True)
class Desk:
    """One form before the eyes of one user.

    Attributes:
        web: the application.
        form: id of the form.
        user: who asks.
    """

    web: Served
    form: str
    user: str = "reviewer"

    @property
    def document(self) -> str:
        """SHA-256 of the original."""
        return self.form.partition(".")[0]

    def of(self, user: str) -> "Desk":
        """The same form before the eyes of another."""
        return replace(self, user=user)

    def ask(self, method: str, path: str, **said: Any) -> Response:
        """The answer to a request below the API."""
        headers = self.web.archive.headers(self.user) | said.pop("headers", {})
        return self.web.client.request(method, f"{API}{path}", headers=headers, **said)

    def opened(self) -> dict[str, Any]:
        """The sheet as it is now."""
        reply = self.ask("GET", f"/forms/{self.form}/review")
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        assert reply.headers["etag"] == f'"{found["version"]}"'
        return found

    def posts(self, action: str, seen: int | None = None, **said: Any) -> Response:
        """The answer to a step on the version ``seen``, by default the one that stands."""
        version = self.opened()["version"] if seen is None else seen
        return self.ask("POST", f"/forms/{self.form}/{action}", headers={"If-Match": f'"{version}"'}, **said)

    def does(self, *changes: dict[str, Any]) -> dict[str, Any]:
        """The sheet after ``changes``."""
        reply = self.posts("changes", json={"changes": list(changes)})
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        assert (found["draft"], reply.headers["etag"]) == (None, f'"{found["version"]}"')
        return found


@contextmanager
def reviewing(folder: Path, policy: Policy | None = None) -> Iterator[Served]:
    """An application under ``policy``, for the block."""
    with served(folder, settings(policy=policy) if policy is not None else None) as web:
        yield web


def desk(web: Served, name: str, user: str = "reviewer") -> Desk:
    """A fresh copy of a sample before the eyes of a user."""
    return Desk(web, form_id(add_sample(web.archive.store, name, copy=next(_COPIES)), 1), user)


def sets(path: str, text: str, **more: Any) -> dict[str, Any]:
    """A text stands at a place."""
    return {"action": "set_field", "path": path, "text": text, **more}


def text_at(sheet: dict[str, Any], name: str) -> str:
    """What stands in a field beside the tables."""
    return str(sheet["record"]["fields"][name]["text"])
