"""A person in front of a browser without script: follows links, sends forms, and is logged in."""

from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from httpx2 import Response

from service.access.credentials import set_password
from service.access.sessions import log_in
from service.web.who import COOKIE
from tests.service.web.serving import BASE, Served

OWN_PAGE = {"Origin": BASE, "Sec-Fetch-Site": "same-origin"}
PASSWORD = "leaves fall in November"  # noqa: S105  of users of the tests


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks ``web``, with a session's cookie and the secret that its pages bear; both empty for a stranger."""

    web: Served
    cookie: str = ""
    csrf: str = ""

    def get(self, path: str, **headers: str) -> Response:
        """A page; redirects are not followed."""
        return self._ask("GET", path, None, headers)

    def post(self, path: str, **fields: str) -> Response:
        """A form of a page, with the page's secret unless ``csrf`` is another one."""
        return self.post_from(OWN_PAGE, path, **fields)

    def post_from(self, headers: Mapping[str, str], path: str, **fields: str) -> Response:
        """A form as a browser sends it that says by ``headers`` where it comes from."""
        return self._ask("POST", path, {"csrf": self.csrf} | fields, headers)

    def send(self, *files: tuple[str, bytes], csrf: str | None = None) -> Response:
        """The plain form of the upload page."""
        self.web.client.cookies.clear()
        path = f"/upload?csrf={self.csrf if csrf is None else csrf}"
        headers = {"Cookie": f"{COOKIE}={self.cookie}", "Origin": BASE}
        parts = [("files", (name, content, "application/pdf")) for name, content in files]
        return self.web.client.post(path, files=parts, headers=headers, follow_redirects=False)

    def _ask(self, method: str, path: str, fields: dict[str, str] | None, headers: Mapping[str, str]) -> Response:
        self.web.client.cookies.clear()
        kept = {"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.web.client.request(method, path, data=fields, headers=kept | names, follow_redirects=False)


def visiting(web: Served, user: str) -> Person:
    """``user``, logged in."""
    set_password(web.archive.store, user, PASSWORD)
    secret, identity = log_in(web.archive.store, user, PASSWORD, "192.0.2.7")
    return Person(web, secret, identity.csrf)


class Seen(HTMLParser):
    """What a browser makes of a page: its elements with their attributes, and its text."""

    def __init__(self, reply: Response) -> None:
        """Read the page of ``reply``."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(reply.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """See HTMLParser."""
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        self.text += data

    def links(self) -> list[str]:
        """Where its links lead."""
        return [value for tag, attributes in self.elements if tag == "a" and (value := attributes.get("href"))]

    def fields(self, name: str) -> list[str | None]:
        """The values of its inputs of this name."""
        return [attributes.get("value") for _, attributes in self.elements if attributes.get("name") == name]
