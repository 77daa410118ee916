"""What comes from strangers stays text: in names of files, in what is read, in units and users, in every page that shows them."""

from dataclasses import replace

import pytest

from models.form import Alternative, Field, Finding, Form, Review, Status, Verdict
from models.geometry import Box
from models.matched import UNKNOWN, Slot, UnknownCell
from models.template import Severity
from service.access.roles import Role
from service.access.tokens import issue
from service.access.users import add_user
from service.store.owners import own
from service.web.pages.catalogue import COOKIE as LANGUAGE
from tests.postprocess.records import GENUINE, self_evaluation
from tests.service.store.samples import add_read
from tests.service.web.pages.conftest import People
from tests.service.web.pages.visiting import Person, Seen

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</template></title></textarea><b id=evil>",
    "{{ 7 * 7 }}{% raise %}{0.__class__}",
    "javascript:alert(1)//",
    "&lt;b&gt;&#60;i&#62;",
)


def field(text: str) -> Field:
    return Field(text, text, 1, Box(0.1, 0.2, 0.3, 0.4), 0.5, Status.REPAIRED, (Alternative(text, 0.1),), text)


def spoilt(payload: str) -> tuple[Form, Form]:
    """A known form and an unknown one, all texts of which are ``payload``."""
    form = self_evaluation(GENUINE["通讯费"])
    fields = {name: field(payload) for name in form.fields}
    tables = {name: tuple({column: field(payload) for column in row} for row in rows) for name, rows in form.tables.items()}
    finding = Finding(payload, Severity.ERROR, Verdict.UNDECIDED, payload, ("fields.total_score", payload), payload, payload)
    known = replace(form, fields=fields, tables=tables, findings=(finding,), review=Review.NEEDS_REVIEW, unplaced=(field(payload),))
    cell = UnknownCell(0, 0, 1, 1, Slot(1, Box(0, 0, 1, 1)))
    return known, Form(UNKNOWN, payload, (1,), cells=(cell,), cell_fields=(field(payload),), unplaced=(field(payload),))


def elements(person: Person, path: str, **headers: str) -> list[str]:
    """The elements of a page with the names of their attributes, each once, sorted; the words on it do not matter."""
    reply = person.get(path, **headers)
    assert reply.status_code == 200, path
    return sorted({f"{tag} {sorted(attributes)}" for tag, attributes in Seen(reply).elements})


def pages(person: Person, payload: str) -> dict[str, list[str]]:
    """What pages are made of that show a document, a user, a token and a search of this ``payload``."""
    store = person.web.archive.store
    document = add_read(store, *spoilt(payload), content=payload.encode())
    own(store, document, Role.ADMIN, payload)
    if payload.isprintable() and len(payload) < 60:
        add_user(store, payload, Role.VIEWER)
        issue(store, Role.ADMIN, payload)
    records = [f"/documents/{document}", *(f"/{page}/{document}.{number}" for page in ("forms", "review") for number in (1, 2))]
    paths = [*records, "/upload", "/documents", "/forms", "/users", "/account"]
    made = {str(index): elements(person, path) for index, path in enumerate(paths)}
    for name, path in (("searched", "/forms"), ("listed", "/documents")):
        query = person.web.client.build_request("GET", path, params={"unit": payload, "q": "总"}).url.query.decode()
        made[name] = elements(person, f"{path}?{query}")
    return made


@pytest.fixture(scope="module")
def harmless(people: People) -> dict[str, list[str]]:
    """The same pages where nobody means harm."""
    return pages(people["admin"], "平常的文字")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_adds_no_element_and_no_attribute(people: People, harmless: dict[str, list[str]], payload: str) -> None:
    assert pages(people["admin"], payload) == harmless


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_shown_to_the_letter(people: People, payload: str) -> None:
    document = add_read(people["admin"].web.archive.store, *spoilt(payload), content=payload.encode())
    assert Seen(people["admin"].get(f"/forms/{document}.1")).text.count(payload) > 20


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_stranger_types_into_a_form_comes_back_as_text(people: People, payload: str) -> None:
    reply = people["nobody"].post("/login", name=payload, password="wrong", next=payload)  # noqa: S106  of nobody
    assert Seen(reply).fields("name") == [payload]
    assert {tag for tag, _ in Seen(reply).elements} == {tag for tag, _ in Seen(people["nobody"].get("/login")).elements} | {"p"}


def test_no_page_has_anything_inline(people: People) -> None:
    """The policy would forbid it; here it is not even there."""
    mine = people["admin"].web.archive.mine
    paths = ["/upload", "/documents", "/forms", "/users", "/account", f"/documents/{mine}", f"/forms/{mine}.1", f"/forms/{mine}.2"]
    paths += [f"/review/{mine}.1", f"/review/{mine}.2"]
    replies = [people["admin"].get(path) for path in paths] + [people["nobody"].get(path) for path in ("/login", "/welcome")]
    for reply in replies:
        for tag, attributes in Seen(reply).elements:
            assert tag not in ("style", "iframe", "object", "embed", "base")
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            data = attributes.get("type") == "application/json"  # no browser runs it
            assert tag != "script" or data or str(attributes["src"]).startswith("/static/")
        policy = reply.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy


def test_whatever_a_page_loads_is_there(people: People) -> None:
    mine = people["admin"].web.archive.mine
    for path in ("/upload", "/account", "/login", "/welcome", f"/forms/{mine}.1", f"/review/{mine}.1"):
        seen = Seen((people["nobody"] if path in ("/login", "/welcome") else people["admin"]).get(path))
        for tag, attributes in seen.elements:
            source = attributes.get("src") if tag in ("script", "img") else attributes.get("href") if tag == "link" else None
            if source:
                assert people["nobody"].get(source).status_code == 200, source


OUTSIDE = ("/static/../catalogue.toml", "/static/..%2fcatalogue.toml", "/static/%2e%2e/visit.py", "/static/", "/static/none.js")


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_else_of_the_program_is_served(people: People, path: str) -> None:
    assert people["nobody"].get(path).status_code == 404


def test_a_language_cookie_is_a_choice_and_nothing_more(people: People) -> None:
    reply = people["nobody"].get("/login", Cookie=f"{LANGUAGE}=<script>")
    assert '<html lang="zh-CN">' in reply.text
