"""docs/api.md names every route, every status of an error, and every limit, as the code has them."""

from pathlib import Path

from models.errors import FormTallyError, UsageError
from service.access import tokens
from service.store import webhooks
from service.web.bodies import SMALL_BYTES
from service.web.exports import MOST_IN_A_WORKBOOK
from service.web.problems import status_of
from service.web.running import MOST_REGIONS, MOST_UPLOADS, MOST_WAITING, SHARE
from service.web.settings import WebSettings
from service.web.shapes.lists import MOST_ROWS
from service.web.watching import MOST_LISTENERS, MOST_OF_A_USER
from tests.service.web.serving import API, Served
from tests.service.web.test_rights import IN_PERSON, MAY, OPEN

DOC = (Path(__file__).parents[3] / "docs" / "api.md").read_text("utf-8")


def _rows(heading: str) -> list[list[str]]:
    table = DOC[DOC.index(f"| {heading} |") :].split("\n\n", maxsplit=1)[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def _who(method: str, path: str) -> str:
    """As the table says it."""
    if (method, path) in OPEN:
        return "anybody"
    roles = MAY[method, path]
    told = "every role" if len(roles) == 4 else ", ".join(sorted(roles))
    return f"{told}, logged in" if (method, path) in IN_PERSON else told


def test_the_table_of_routes_is_that_of_the_application(web: Served) -> None:
    described = web.client.get(f"{API}/openapi.json").json()["paths"]
    assert _rows("method") == [
        [method.upper(), f"`{path.removeprefix(API)}`", _who(method.upper(), path), operation["summary"]]
        for path, operations in described.items()
        for method, operation in operations.items()
    ]


def _leaves(root: type[FormTallyError]) -> list[type[FormTallyError]]:
    return [deeper for child in root.__subclasses__() for deeper in _leaves(child)] or [root]


def test_every_code_stands_beside_its_status() -> None:
    told = {code.strip("` "): int(row[0]) for row in _rows("status") for code in row[1].split(",")}
    statuses = {kind.code: int(status_of(kind)) for kind in _leaves(FormTallyError) if kind.__module__ == FormTallyError.__module__}
    statuses["usage"] = status_of(UsageError)
    assert told == {code: statuses[code] for code in told}
    assert {code for code, status in statuses.items() if status not in (422, 500)} <= set(told)


def test_the_limits_are_those_of_the_code() -> None:
    settings = WebSettings()
    told = {row[1]: row[0] for row in _rows("limit")}
    assert told == {
        "an upload": f"{settings.upload_megabytes // 1000} GB, {settings.upload_files} files",
        "any other request": f"{SMALL_BYTES // 1000} kB",
        "a file": f"{settings.limits.file_megabytes} MB, {settings.limits.pages} pages, {settings.limits.megapixels} megapixels a page",
        "uploads that wait to be read": str(settings.most_waiting),
        "documents that one user uploads in 24 hours": str(settings.documents_a_day),
        "uploads under way": f"{MOST_UPLOADS}, {MOST_UPLOADS // SHARE} of a user",
        "exports that are made or fetched": f"{MOST_WAITING}, {MOST_WAITING // SHARE} of a user",
        "boxes that are read, pages that are turned": f"{MOST_REGIONS}, {MOST_REGIONS // SHARE} of a user",
        "connections that listen to events": f"{MOST_LISTENERS}, {MOST_OF_A_USER} of a user",
        "an export": f"{settings.most_exported:,} forms, {MOST_IN_A_WORKBOOK} in a workbook",
        "webhooks of a user": str(webhooks.MOST_OF_A_USER),
        "tokens of a user; those that have ended make room": str(tokens.MOST_OF_A_USER),
    }
    assert f"at most {MOST_ROWS}" in DOC
