"""Pages and fields as pictures, and addresses that mean harm."""

import io

import numpy as np
import pytest
from PIL import Image

from models.geometry import Box
from service.web.pictures import cut_out
from tests.service.store.samples import add
from tests.service.web.serving import API, Served

MARK = 200
"""Grey of a field on a white page."""


def page(width: int = 1000, height: int = 1400) -> bytes:
    """A page with one grey field at 100-200, 280-420 px."""
    pixels = np.full((height, width), 255, np.uint8)
    pixels[280:420, 100:200] = MARK
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG")
    return data.getvalue()


def test_a_cut_out_holds_the_field_and_little_else() -> None:
    with Image.open(io.BytesIO(cut_out(page(), Box(0.1, 0.2, 0.2, 0.3)))) as image:
        pixels = np.asarray(image)
    assert (pixels == MARK).sum() == 100 * 140
    assert pixels.size < 2 * 100 * 140


@pytest.mark.parametrize("box", [Box(0, 0, 0, 0), Box(1, 1, 1, 1), Box(0.5, 0.5, 0.5, 0.5), Box(0.9, 0.9, 0.1, 0.1), Box(0, 0, 1, 1)])
def test_any_box_gives_a_picture(box: Box) -> None:
    with Image.open(io.BytesIO(cut_out(page(40, 60), box))) as image:
        assert 1 <= image.width <= 40
        assert 1 <= image.height <= 60


@pytest.mark.parametrize(
    ("path", "kind", "width"),
    [
        ("documents/{document}/pages/2.png", "png", 240),
        ("documents/{document}/pages/2.jpg", "jpeg", 240),
        ("forms/{document}.1/fields/tables.funds%5B0%5D.executed/crop.png", "png", 52),
    ],
)
def test_a_picture_is_sent_once(web: Served, path: str, kind: str, width: int) -> None:
    address, headers = f"{API}/{path.format(document=web.archive.mine)}", web.archive.headers("uploader")
    first = web.client.get(address, headers=headers)
    assert (first.status_code, first.headers["content-type"]) == (200, f"image/{kind}")
    with Image.open(io.BytesIO(first.content)) as image:
        assert (image.format, image.width) == (kind.upper(), width)
    again = web.client.get(address, headers=headers | {"If-None-Match": f'"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"].startswith("private")
    hidden = web.client.get(address, headers=web.archive.headers("other") | {"If-None-Match": first.headers["etag"]})
    assert hidden.status_code == 404


def test_a_page_that_is_not_there_is_told_from_one_that_is_not_known_yet(web: Served) -> None:
    headers = web.archive.headers("viewer")
    sha256 = add(web.archive.store, b"%PDF-unread")
    places = [f"{place}.{kind}" for kind in ("png", "jpg") for place in (f"{web.archive.mine}/pages/3", f"{sha256}/pages/1")]
    asked = [web.client.get(f"{API}/documents/{place}", headers=headers) for place in places]
    assert [(reply.status_code, reply.json()["code"]) for reply in asked] == [(404, "not_there"), (409, "not_read_yet")] * 2
    record = web.client.get(f"{API}/documents/{sha256}/record", headers=headers)
    assert (record.status_code, record.json()["code"]) == (409, "not_read_yet")


@pytest.mark.parametrize(
    "path",
    [
        "documents/..%2f..%2fetc%2fpasswd/original",
        "documents/%2e%2e/%2e%2e/etc/passwd",
        "documents/{document}/pages/..%2f1.png",
        "documents/{document}/pages/-1.png",
        "documents/{document}/pages/99999999999999999999.png",
        "documents/{document}%00/original",
        "documents/{document}%0a/original",
        "documents/{upper}/original",
        "forms/{document}.0",
        "forms/{document}.1%27%20OR%201=1",
        "forms/{document}.1/fields/..%2F..%2Fsecret/crop.png",
        "forms/{document}.1/fields/__class__",
        "forms/{document}.1/fields/fields.year%0d%0aSet-Cookie:%20a=b",
        "documents/" + "a" * 20_000,
    ],
)
def test_an_address_that_means_harm_leads_nowhere(web: Served, path: str) -> None:
    address = f"{API}/{path.format(document=web.archive.mine, upper=web.archive.mine.upper())}"
    reply = web.client.get(address, headers=web.archive.headers("admin"))
    assert (reply.status_code, reply.headers["content-type"]) in {(404, "application/problem+json"), (422, "application/problem+json")}
    assert "set-cookie" not in reply.headers


@pytest.mark.parametrize("words", ["' OR 1=1 --", '"环保" OR *', "NEAR(a b)", "col:x", "^a", "\\", "%", "_", "a" * 200, "🧾", "- -", "*"])
def test_a_search_is_data(web: Served, words: str) -> None:
    reply = web.client.get(f"{API}/forms", params={"q": words}, headers=web.archive.headers("admin"))
    assert reply.status_code == 200
