"""A page that was stored and read upside down, turned over HTTP and read by the real recognizer."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from models.form import Form, Source
from models.limits import Limits
from models.reading import Engine
from ocr.opening import open_page
from ocr.paddle import load_engine
from postprocess.calibration import TARGET_ERROR, trust
from postprocess.places import cells_of
from service import content_file
from service.pipeline import assemble, read_page
from service.reader import PIPELINE
from service.store.documents import State, mark
from service.store.opening import Store
from service.store.pages import keep_page
from service.store.saving import save_document
from tests.service.kept import OFFICE, SAMPLES, kept
from tests.service.store.samples import add
from tests.service.web.serving import API, Served, served, settings

VERSION = "6+a"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that reads what is shown to it."""
    with served(tmp_path_factory.mktemp("home"), settings(reader=PIPELINE)) as running:
        yield running


def add_upside_down(store: Store, folder: Path, engine: Engine) -> str:
    """Store the first page of a sample turned by 180 degrees, as if the machine had taken it for upright; its SHA-256."""
    pixels = open_page(SAMPLES / OFFICE, 1, Limits()).pixels[::-1, ::-1, ::-1]
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", dpi=(150, 150))
    path = folder / "page.png"
    path.write_bytes(data.getvalue())
    content = read_page(path, 1, engine, Limits(), 0)
    sha256 = add(store, data.getvalue(), "page.png")
    mark(store, sha256, State.READING, pages=1)
    keep_page(store, sha256, 1, VERSION, content_file.encode(content))
    save_document(store, sha256, VERSION, assemble([content], Source("page.png", sha256, 1), (), lambda _: {}, trust(TARGET_ERROR)))
    return sha256


def texts(form: Form) -> dict[str, str]:
    return {str(place): field.text for place, field in cells_of(form).items()}


@pytest.mark.engine
def test_a_page_stored_upside_down_is_turned_and_boxes_on_it_are_read(reading: Served, tmp_path: Path) -> None:
    store, headers = reading.archive.store, reading.archive.headers("reviewer")
    sha256 = add_upside_down(store, tmp_path, load_engine(1))
    right = texts(kept(OFFICE)[0].forms[0])
    before = reading.client.get(f"{API}/forms/{sha256}.1", headers=headers).json()
    assert before["form"]["kind"] == "unknown"
    address = f"{API}/documents/{sha256}/pages/1/turn"
    forms = reading.client.get(f"{API}/forms", params={"document": sha256}, headers=headers).json()["forms"]
    seen = {each["number"]: each["version"] for each in forms}
    stale = reading.client.post(address, json={"degrees": 180, "versions": {"1": 9}}, headers=headers)
    assert (stale.status_code, stale.json()["code"]) == (412, "store_stale")
    done = reading.client.post(address, json={"degrees": 180, "versions": seen, "reason": "倒置"}, headers=headers)
    assert (done.status_code, done.json()["forms"]) == (200, [1])
    after = reading.client.get(f"{API}/forms/{sha256}.1", headers=headers)
    assert after.headers["etag"] == f'"{done.json()["versions"]["1"]}"'
    found = reading.client.get(f"{API}/forms/{sha256}.1/fields", headers=headers).json()["fields"]
    assert {each["path"]: each["field"]["text"] for each in found if each["path"] in right} == right
    score = next(each["field"] for each in found if each["path"] == "fields.total_score")
    assert score["box"][1] < 0.5, "places are those of the page as stored, whose end is above"
    said = {"page": 1, "box": score["box"], "path": "fields.total_score"}
    read = reading.client.post(f"{API}/forms/{sha256}.1/region", json=said, headers=headers)
    assert (read.status_code, read.json()["text"]) == (200, right["fields.total_score"])
    again = reading.client.post(address, json={"degrees": 180, "versions": done.json()["versions"]}, headers=headers)
    assert (again.status_code, again.json()["code"]) == (422, "usage")


@pytest.mark.parametrize(
    ("page", "said", "status"),
    [
        (3, {"degrees": 90, "versions": {}}, 404),
        (0, {"degrees": 90, "versions": {}}, 422),
        (1, {"degrees": 45, "versions": {}}, 422),
        (1, {"degrees": "180", "versions": {}}, 422),
        (1, {"degrees": 90}, 422),
        (1, {"degrees": 90, "versions": {"0": 1}}, 422),
        (1, {"degrees": 90, "versions": {"a": 1}}, 422),
        (1, {"degrees": 90, "versions": {}, "reason": "\0"}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(web: Served, page: int, said: object, status: int) -> None:
    address = f"{API}/documents/{web.archive.mine}/pages/{page}/turn"
    assert web.client.post(address, json=said, headers=web.archive.headers("reviewer")).status_code == status


def test_pages_that_are_not_kept_cannot_be_turned(web: Served) -> None:
    address = f"{API}/documents/{web.archive.mine}/pages/1/turn"
    reply = web.client.post(address, json={"degrees": 90, "versions": {"1": 1}}, headers=web.archive.headers("reviewer"))
    assert (reply.status_code, reply.json()["code"]) == (409, "review_pages_not_kept")
