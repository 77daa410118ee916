"""Boxes that reviewers draw, over HTTP; what reads them here opens the page for real and says what it was asked."""

import json
from pathlib import Path

import pytest

from service.web.shapes.regions import SMALLEST
from tests.service.store.samples import add_read
from tests.service.web.serving import API, Served

BOX = [0.25, 0.5, 0.5, 0.75]
SAMPLES = Path(__file__).resolve().parents[3] / "samples"


def ask(web: Served, said: object, document: str = "", user: str = "reviewer") -> tuple[int, dict[str, object]]:
    address = f"{API}/forms/{document or web.archive.mine}.1/region"
    content = said if isinstance(said, str) else json.dumps(said)
    reply = web.client.post(address, content=content, headers=web.archive.headers(user) | {"Content-Type": "application/json"})
    return reply.status_code, reply.json()


def test_a_box_is_read_for_its_field(web: Served) -> None:
    status, found = ask(web, {"page": 2, "box": BOX, "path": "tables.funds[0].executed"})
    assert status == 200
    assert found == {
        "text": "tables.funds[0].executed 240x340 0.25 None",
        "confidence": 0.5,
        "alternatives": [{"text": "乙", "confidence": 0.25}],
    }
    assert ask(web, {"page": 1, "box": [0, 0, 1, 1]})[1]["text"] == " 240x340 0.00 None"


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"page": 3, "box": BOX}, 404),
        ({"page": 1, "box": BOX, "path": "fields.nothing"}, 404),
        ({"page": 1, "box": BOX, "path": "../../etc/passwd"}, 404),
        ({"page": 0, "box": BOX}, 422),
        ({"page": -1, "box": BOX}, 422),
        ({"page": 10**30, "box": BOX}, 422),
        ({"page": 1}, 422),
        ({"page": 1, "box": BOX[:3]}, 422),
        ({"page": 1, "box": [*BOX, 1]}, 422),
        ({"page": 1, "box": [0.5, 0.5, 0.25, 0.75]}, 422),
        ({"page": 1, "box": [0.25, 0.5, 0.25 + SMALLEST / 2, 0.75]}, 422),
        ({"page": 1, "box": [-0.1, 0, 1, 1]}, 422),
        ({"page": 1, "box": [0, 0, 1e300, 1e300]}, 422),
        ('{"page": 1, "box": [NaN, 0, 1, 1]}', 422),
        ('{"page": 1, "box": [0, 0, Infinity, 1]}', 422),
        ({"page": 1, "box": BOX, "turns": 1}, 422),
        ([], 422),
    ],
)
def test_what_is_no_box_is_refused(web: Served, said: object, status: int) -> None:
    assert ask(web, said)[0] == status


def test_a_page_that_does_not_open_says_why(web: Served) -> None:
    sha256 = add_read(web.archive.store, content=b"%PDF-1.4\nnothing more")
    status, said = ask(web, {"page": 1, "box": BOX}, sha256)
    assert (status, said["code"]) == (422, "input_damaged")
    assert sha256 not in str(said["detail"])
    assert "a.pdf" in str(said["detail"])


def test_a_document_of_somebody_else_is_not_there(web: Served) -> None:
    assert ask(web, {"page": 1, "box": BOX}, user="uploader")[0] == 403
    assert ask(web, {"page": 1, "box": BOX}, document="0" * 64)[0] == 404
