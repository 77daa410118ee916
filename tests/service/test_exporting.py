"""``formtally export``: what it writes for each format and filter, what it says, and what it answers with."""

import csv
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from PIL import Image

from models.form import Document, Form, Source
from service.cli import main
from service.review.changes import Approve
from service.store.documents import State, mark
from service.store.home import DATABASE_FILE, find_home
from service.store.opening import Store, open_store
from service.store.pages import keep_page
from service.store.saving import save_document
from tests.service.doors import one_sentence, run
from tests.service.review.settling import does
from tests.service.small_disk import small_disk
from tests.service.store.samples import add, add_read, form_of, unknown_form

FORMATS = ("xlsx", "csv", "parquet", "json")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Three forms: of 2020 and of 2021, which is approved, and one of a kind that is not known."""
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        add_read(store, form_of("环保", "2020", "甲局"), content=b"1")
        approved = form_of("科普", "2021", "乙局")
        does(store, add_read(store, approved, unknown_form(), content=b"2"), "李四", Approve(), record=approved)
    return tmp_path / "home"


def written(kind: str, path: Path) -> int:
    """How many forms are in an export."""
    match kind:
        case "xlsx":
            book = openpyxl.load_workbook(path)
            return sum(book[name].max_row - 1 for name in ("forms", "unknown") if name in book.sheetnames)
        case "csv":
            rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
            return len({(row["document"], row["form"]) for row in rows})
        case "parquet":
            return len({(row["document"], row["form"]) for row in pq.read_table(path).to_pylist()})
        case _:
            return len([json.loads(line) for line in path.read_text().splitlines()])


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_is_written_with_its_folder_and_counted(
    home: Path, tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "new" / "folder" / f"forms.{kind}"
    assert main(["export", "--format", kind, "--out", str(target), "--home", str(home)]) == 0
    assert capfd.readouterr().out.startswith(f"{target}: 3 forms, ")
    assert written(kind, target) == 3
    assert [path.name for path in target.parent.iterdir()] == [target.name]


@pytest.mark.parametrize(
    ("filters", "forms"),
    [
        (["--year", "2020"], 1),
        (["--unit", "乙局"], 1),
        (["--unit", "局"], 0),
        (["--kind", "unknown"], 1),
        (["--kind", "self_evaluation"], 2),
        (["--kind", "performance_target"], 0),
        (["--status", "clear"], 2),
        (["--status", "needs_review"], 1),
        (["--kind", "self_evaluation", "--year", "2021", "--unit", "乙局", "--status", "clear"], 1),
        (["--year", "1999"], 0),
        (["--reviewed", "none"], 1),
        (["--reviewed", "waiting"], 1),
        (["--reviewed", "approved"], 1),
        (["--reviewed", "approved", "--year", "2020"], 0),
    ],
)
def test_each_filter_picks_its_forms_and_nothing_is_a_file_too(
    home: Path, tmp_path: Path, filters: list[str], forms: int, capfd: pytest.CaptureFixture[str]
) -> None:
    for kind in FORMATS:
        target = tmp_path / f"forms.{kind}"
        assert main(["export", "--format", kind, "--out", str(target), *filters, "--home", str(home)]) == 0
        assert written(kind, target) == forms
    assert f": {forms} form" in capfd.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["--format", "docx", "--out", "x"],
        ["--format", "csv"],
        ["--format", "csv", "--out", "x", "--year", "20"],
        ["--format", "csv", "--out", "x", "--year", "二〇二〇"],
        ["--format", "csv", "--out", "x", "--kind", "other"],
        ["--format", "csv", "--out", "x", "--status", "done"],
        ["--format", "csv", "--out", "x", "--reviewed", "done"],
    ],
)
def test_wrong_usage_is_answered_with_1_and_writes_nothing(
    home: Path, tmp_path: Path, words: list[str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["export", *words, "--home", str(home)]) == 1
    assert capfd.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == [home]


@pytest.mark.parametrize("kind", [*FORMATS, "pdf"])
def test_an_archive_that_is_not_there_is_not_made(tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--format", kind, "--out", str(tmp_path / "x"), "--home", str(tmp_path / "home")]) == 1
    assert "holds no archive" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_what_cannot_be_written_is_named_and_leaves_no_half_file(
    home: Path, tmp_path: Path, kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "file" / "x", tmp_path / "folder"):
        assert main(["export", "--format", kind, "--out", str(target), "--home", str(home)]) == 4
        said = capfd.readouterr().err
        assert said.startswith(f"formtally: '{target}' cannot be written: ")
        assert said.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} == {"file", "folder", "home"}
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("kind", FORMATS)
def test_an_earlier_export_is_replaced(home: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "x").write_text("earlier")
    assert main(["export", "--format", kind, "--out", str(tmp_path / "x"), "--home", str(home)]) == 0
    assert written(kind, (tmp_path / "x").rename(tmp_path / f"x.{kind}")) == 3


def test_on_a_full_disk_an_earlier_export_stays(home: Path, tmp_path: Path) -> None:
    with open_store(find_home(str(home), None, None, {})) as store:
        add_read(store, form_of("长" * 60_000), content=b"3")
    with small_disk(tmp_path / "disk", 200) as disk:
        (disk.folder / "forms.csv").write_text("earlier")
        disk.fill(16)
        target = disk.place / "forms.csv"
        full = run("export", "--format", "csv", "--out", target, "--home", home, within=disk.within)
        assert f"'{target}' cannot be written: No space left on device" in one_sentence(full)
        assert (disk.folder / "forms.csv").read_text() == "earlier"
        assert sorted(path.name for path in disk.folder.iterdir()) == ["ballast", "forms.csv"]


def _scan(store: Store, grey: int, *forms: Form) -> str:
    """Register a scan of one page and save what was read; its SHA-256."""
    png = io.BytesIO()
    Image.new("L", (200, 100), grey).save(png, "PNG", dpi=(100, 100))
    sha256 = add(store, png.getvalue(), f"甲/{grey}.png")
    save_document(store, sha256, "3+a", Document(Source(f"{grey}.png", sha256, 1), forms))
    return sha256


def test_originals_become_a_pdf_each_those_that_are_damaged_are_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        scan, other = _scan(store, 250, form_of(year="2020")), _scan(store, 240, form_of(year="2021"))
    place = ["--home", str(tmp_path / "home")]
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "all"), *place]) == 0
    assert capfd.readouterr().out == f"{tmp_path}/all: 2 originals.\n"
    assert {path.name for path in (tmp_path / "all").iterdir()} == {f"{scan}.pdf", f"{other}.pdf"}
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "some"), "--year", "2020", *place]) == 0
    assert [path.name for path in (tmp_path / "some").iterdir()] == [f"{scan}.pdf"]
    assert (tmp_path / "some" / f"{scan}.pdf").read_bytes().startswith(b"%PDF-")
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "none"), "--year", "1999", *place]) == 0
    assert capfd.readouterr().out.endswith(f"{tmp_path}/none: 0 originals.\n")
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        add_read(store, form_of(year="2022"), content=b"%PDF-1 torn")
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "damaged"), *place]) == 2
    said = capfd.readouterr()
    assert said.out == f"{tmp_path}/damaged: 2 originals.\n"
    assert said.err.startswith("甲/2020/a.pdf: input_")
    assert said.err.count("\n") == 1
    assert {path.name for path in (tmp_path / "damaged").iterdir()} == {f"{scan}.pdf", f"{other}.pdf"}


def test_an_original_that_is_missing_does_not_hold_up_the_others(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        lost, other = _scan(store, 250, form_of()), _scan(store, 240, form_of())
    (original,) = (path for path in (tmp_path / "home" / "originals").rglob("*") if path.name == lost)
    original.unlink()
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "all"), "--home", str(tmp_path / "home")]) == 4
    said = capfd.readouterr()
    assert said.out == f"{tmp_path}/all: 1 original.\n"
    assert said.err.startswith("甲/250.png: store_damaged: ")
    assert [path.name for path in (tmp_path / "all").iterdir()] == [f"{other}.pdf"]


def test_an_original_that_is_to_be_read_again_is_not_left_out(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        mark(store, _scan(store, 250, form_of()), State.WAITING)
        _scan(store, 240)
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "all"), "--home", str(tmp_path / "home")]) == 0
    assert capfd.readouterr().out == f"{tmp_path}/all: 2 originals.\n"


def test_an_original_whose_page_was_lost_is_written_without_its_text(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        keep_page(store, _scan(store, 250, form_of()), 1, "3+a", b"read")
    shutil.rmtree(tmp_path / "home" / "pages")
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "all"), "--home", str(tmp_path / "home")]) == 4
    said = capfd.readouterr()
    assert said.out == f"{tmp_path}/all: 1 original.\n"
    assert said.err == "甲/250.png, page 1: what was read is lost: it has no text\n"


def test_a_folder_for_originals_that_cannot_be_made_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        _scan(store, 250, form_of())
    (tmp_path / "file").touch()
    assert main(["export", "--format", "pdf", "--out", str(tmp_path / "file"), "--home", str(tmp_path / "home")]) == 4
    assert capfd.readouterr().err.startswith(f"formtally: '{tmp_path}/file/")
    assert (tmp_path / "file").is_file()


def test_a_damaged_database_leaves_an_earlier_export(home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "forms.csv"
    target.write_text("earlier")
    (home / DATABASE_FILE).write_bytes(b"no database " * 1000)
    assert main(["export", "--format", "csv", "--out", str(target), "--home", str(home)]) == 4
    assert "is damaged" in capfd.readouterr().err
    assert target.read_text() == "earlier"
