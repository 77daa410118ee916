"""Uploads: what is taken, what is refused and why, and names that mean harm."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response
from PIL import Image
from sqlalchemy import select, update

from service.store.documents import UPLOAD, State
from service.store.owners import upload_of
from service.store.reading import document
from service.store.schema import DOCUMENTS
from service.web.inspecting import OpeningReader
from service.web.names import MOST_CHARACTERS, clean_name
from service.web.settings import INSPECTOR
from tests.hostile.images import huge_png
from tests.service.web.serving import API, Served, picture, served, settings


def send(web: Served, *files: tuple[str, bytes], user: str = "uploader", kind: str = "application/pdf") -> Response:
    parts = [("files", (name, content, kind)) for name, content in files]
    return web.client.post(f"{API}/documents", files=parts, headers=web.archive.headers(user))


def waiting(web: Served) -> list[str]:
    with web.archive.store.database.reading() as connection:
        return list(connection.scalars(select(DOCUMENTS.c.sha256).where(DOCUMENTS.c.state == State.WAITING)))


def test_what_is_taken_waits_before_any_archive_and_is_the_users(web: Served) -> None:
    reply = send(web, ("甲.pdf", b"pages=1"), ("乙.pdf", b"pages=2"))
    assert reply.status_code == 202
    told = reply.json()
    assert [(each["name"], each["state"], each["known"]) for each in told["documents"]] == [
        ("甲.pdf", "waiting", False),
        ("乙.pdf", "waiting", False),
    ]
    assert told["refused"] == []
    assert reply.headers["location"] == told["documents"][0]["url"]
    sha256 = told["documents"][0]["id"]
    assert web.client.get(told["documents"][0]["url"], headers=web.archive.headers("uploader")).json()["pages_read"] == 0
    upload = upload_of(web.archive.store, sha256, "uploader")
    assert upload is not None
    assert upload.name == "甲.pdf"
    with web.archive.store.database.reading() as connection:
        assert connection.scalar(select(DOCUMENTS.c.priority).where(DOCUMENTS.c.sha256 == sha256)) == UPLOAD
    with web.archive.store.originals.local(sha256) as original:
        assert original.read_bytes() == b"pages=1"


def test_the_same_bytes_again_are_the_same_document(web: Served) -> None:
    first, second = send(web, ("a.pdf", b"pages=3")), send(web, ("b.pdf", b"pages=3"))
    assert (first.json()["documents"][0]["known"], second.json()["documents"][0]["known"]) == (False, True)
    assert first.json()["documents"][0]["id"] == second.json()["documents"][0]["id"]
    third = send(web, ("c.pdf", b"pages=3"), user="other")
    told = third.json()["documents"][0]
    assert (told["name"], told["known"]) == ("c.pdf", False)  # he is not told that others have it
    assert send(web, ("c.pdf", b"pages=3"), user="other").json()["documents"][0]["known"]
    assert send(web, ("c.pdf", b"pages=3"), user="reviewer").json()["documents"][0]["known"]
    assert len([each for each in waiting(web) if each == first.json()["documents"][0]["id"]]) == 1


def test_a_bad_file_does_not_keep_a_good_one_out(web: Served) -> None:
    told = send(web, ("good.pdf", b"pages=4"), ("bad.pdf", b"no plan")).json()
    assert [each["name"] for each in told["documents"]] == ["good.pdf"]
    assert [(each["name"], each["problem"]["code"]) for each in told["refused"]] == [("bad.pdf", "input_damaged")]
    assert "'bad.pdf'" in told["refused"][0]["problem"]["detail"]


@pytest.mark.parametrize("fate", ["die", "fail", "damaged"])
def test_a_file_that_ends_its_inspector_is_refused_and_the_next_one_taken(web: Served, fate: str) -> None:
    reply = send(web, ("evil.pdf", f"pages=1 inspect={fate}".encode()))
    assert (reply.status_code, reply.json()["refused"][0]["name"]) == (422, "evil.pdf")
    assert "Traceback" not in reply.text
    assert send(web, ("next.pdf", f"pages=1 1={fate}".encode())).status_code == 202


NAMES = {
    "../../etc/passwd": "passwd",
    "..\\..\\boot.ini": "boot.ini",
    "/etc/cron.d/x.pdf": "x.pdf",
    "a\r\nSet-Cookie: evil=1.pdf": "aSet-Cookie: evil=1.pdf",
    "nul\0.pdf": "nul.pdf",
    "right to left \u202efdp.exe": "right to left fdp.exe",
    "é decomposed e\u0301.pdf": "é decomposed é.pdf",
    '"; rm -rf ~; ".pdf': '"; rm -rf ~; ".pdf',
    "=cmd|' C'!A0.pdf": "=cmd|' C'!A0.pdf",
    "<img src=x onerror=alert(1)>.pdf": "<img src=x onerror=alert(1)>.pdf",
    "....": "unnamed",
    "": "unnamed",
}


@pytest.mark.parametrize("given", NAMES)
def test_a_name_is_cut_to_what_can_be_shown(given: str) -> None:
    assert clean_name(given) == NAMES[given]


def test_a_long_name_keeps_its_suffix() -> None:
    assert len(clean_name("长" * 5000 + ".pdf")) == MOST_CHARACTERS
    assert clean_name("长" * 5000 + ".pdf").endswith(".pdf")


HARMFUL = ("../../../../tmp/evil.pdf", "C:\\evil.pdf", "=1+1.pdf", "<script>alert(1)</script>.pdf", 'a"; x="b.pdf')


@pytest.mark.parametrize("number", range(len(HARMFUL)))
def test_a_name_that_means_harm_is_nothing_but_text(web: Served, number: int) -> None:
    given = HARMFUL[number]
    reply = send(web, (given, f"pages=1 name={number}".encode()))
    assert reply.status_code == 202
    told = reply.json()["documents"][0]
    assert (told["name"], "/" in told["name"], "\\" in told["name"]) == (clean_name(given), False, False)
    headers = web.archive.headers("uploader")
    original = web.client.get(f"{told['url']}/original", headers=headers)
    disposition = original.headers["content-disposition"]
    assert disposition.startswith('attachment; filename="')
    assert disposition.count('"') == 2
    assert original.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in original.headers["content-security-policy"]
    kept = document(web.archive.store, told["id"])
    assert kept is not None
    assert kept.paths == (clean_name(given),)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b""),
        ("multipart/form-data; boundary=x", b""),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
        ("multipart/form-data; boundary=x", b"nonsense"),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="files"\r\n\r\nno file\r\n--x--\r\n'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="other"; filename="a"\r\n\r\n1\r\n--x--\r\n'),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\npages=1'),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"X: y\r\n" * 5000 + b"\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: " + b"a" * 100_000 + b"\r\n\r\n\r\n--x--\r\n"),
        ("multipart/form-data; boundary=" + "x" * 5000, b""),
    ],
)
def test_what_is_no_upload_is_refused(web: Served, kind: str, body: bytes) -> None:
    before = waiting(web)
    headers = web.archive.headers("uploader") | {"Content-Type": kind}
    reply = web.client.post(f"{API}/documents", content=body, headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (422, "request_invalid")
    assert waiting(web) == before


def test_nothing_of_an_upload_is_left_behind(web: Served) -> None:
    send(web, ("a.pdf", b"pages=5"), ("b.pdf", b"no plan"))
    assert [path for path in (web.archive.store.home.folder / "scratch").rglob("*") if path.is_file()] == []


def test_a_full_queue_and_a_used_quota_say_when_to_come_again(tmp_path: Path) -> None:
    with served(tmp_path, settings(most_waiting=2, documents_a_day=4)) as web:
        assert send(web, ("a.pdf", b"pages=1"), ("b.pdf", b"pages=2")).status_code == 202
        reply = send(web, ("c.pdf", b"pages=3"))
        assert (reply.status_code, reply.json()["code"]) == (429, "queue_full")
        assert int(reply.headers["retry-after"]) > 0
        with web.archive.store.database.writing() as connection:
            connection.execute(update(DOCUMENTS).values(state=State.DONE.value))
        told = send(web, ("c.pdf", b"pages=3"), ("d.pdf", b"pages=4")).json()
        assert ([each["name"] for each in told["documents"]], told["refused"][0]["problem"]["code"]) == (["c.pdf"], "quota_used")
        reply = send(web, ("d.pdf", b"pages=4"))
        assert (reply.status_code, reply.json()["code"]) == (429, "quota_used")
        assert send(web, ("d.pdf", b"pages=4"), user="reviewer").status_code == 202


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    with served(tmp_path, settings(upload_files=2)) as web:
        reply = send(web, *((f"{number}.pdf", b"pages=1") for number in range(3)))
        assert (reply.status_code, reply.json()["code"]) == (422, "request_invalid")
        assert waiting(web) == []


@pytest.fixture(scope="module")
def opening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A service that really opens what it is sent."""
    with served(tmp_path_factory.mktemp("home"), settings(inspector=INSPECTOR)) as web:
        yield web


def _png() -> bytes:
    data = io.BytesIO()
    Image.new("L", (240, 340), 7).save(data, "PNG")
    return data.getvalue()


CONTENTS: dict[str, tuple[bytes, int, str]] = {
    "lies about its type": (_png(), 202, ""),
    "two pages": (picture(9), 202, ""),
    "image first, then a PDF header and a script": (_png() + b"%PDF-1.4 <script>alert(1)</script>", 202, ""),
    "a web page": (b"<!DOCTYPE html><script>alert(1)</script>", 415, "input_unknown_type"),
    "a web page that says it is a PDF": (b"<html>%PDF-1.4</html>", 422, "input_damaged"),
    "a program": (b"\x7fELF" + bytes(500), 415, "input_unknown_type"),
    "a ZIP": (b"PK\x03\x04" + bytes(500), 415, "input_unknown_type"),
    "a GIF with a script in it": (b"GIF89a/*" + bytes(20) + b"*/=1;alert(1)", 415, "input_unknown_type"),
    "a JPEG's beginning": (b"\xff\xd8\xff\xe0" + bytes(500), 422, "input_damaged"),
    "a cut PNG": (_png()[:-200], 422, "input_damaged"),
    "2,500 megapixels": (huge_png(50_000), 422, "input_too_large"),
    "nothing": (b"", 422, "input_empty"),
}


@pytest.mark.parametrize("what", CONTENTS)
def test_a_file_is_what_it_holds(opening: Served, what: str) -> None:
    content, status, code = CONTENTS[what]
    reply = send(opening, ("form.pdf", content), kind="image/png")
    assert (reply.status_code, reply.json().get("code", "")) == (status, code)
    if status == 202:
        original = opening.client.get(f"{reply.json()['documents'][0]['url']}/original", headers=opening.archive.headers("uploader"))
        assert (original.content, original.headers["x-content-type-options"]) == (content, "nosniff")
        assert original.headers["content-disposition"].startswith("attachment")


def test_the_inspector_reads_nothing(tmp_path: Path) -> None:
    reader = OpeningReader(settings().limits, 0.001)
    with pytest.raises(TypeError):
        reader.read(tmp_path, 1)
