"""``formtally backup``, ``restore`` and ``history verify``: what they print and answer with."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from service.cli import main
from service.store.home import DATABASE_FILE, find_home
from service.store.opening import open_store
from tests.service.store.correcting import Correction, correct
from tests.service.store.samples import add_read


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The folder of an archive with one document and two corrections."""
    folder = tmp_path / "home"
    with open_store(find_home(str(folder), None, None, {})) as store:
        sha256 = add_read(store)
        for version in (1, 2):
            correct(store, Correction(sha256, 1, version, "fields.project_name", str(version), "li"))
    return folder


def _tamper(folder: Path) -> None:
    with closing(sqlite3.connect(folder / DATABASE_FILE, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER corrections_are_not_changed")
        connection.execute("UPDATE corrections SET text = 'x' WHERE id = 1")


def test_an_archive_goes_into_a_backup_and_comes_back(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(tmp_path / "backup"), "--home", str(home)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == f"{tmp_path}/backup: 1 document, 2 corrections, 1 file copied"
    assert main(["restore", str(tmp_path / "backup"), "--home", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{tmp_path}/new: 1 document, 2 corrections, 1 file copied", said[1]]
    assert main(["history", "verify", "--home", str(tmp_path / "new"), "--backup", str(tmp_path / "backup")]) == 0
    assert capsys.readouterr().out.splitlines() == ["The history is whole.", said[1]]
    head = said[1].removeprefix("history ")
    assert main(["history", "verify", "--home", str(home), "--head", head]) == 0
    assert main(["history", "verify", "--home", str(home), "--head", f"2:{'0' * 64}"]) == 2


def test_tampering_is_told_by_row_and_answered_with_2(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _tamper(home)
    assert main(["history", "verify", "--home", str(home)]) == 2
    assert capsys.readouterr().out.splitlines() == ["correction 1: It was changed: its hash is that of other content.", "1 fault found."]
    assert main(["backup", str(tmp_path / "backup"), "--home", str(home)]) == 0
    assert main(["restore", str(tmp_path / "backup"), "--home", str(tmp_path / "new")]) == 2
    assert "correction 1: It was changed" in capsys.readouterr().err


def test_a_damaged_original_is_told_and_answered_with_4(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (original,) = (path for path in (home / "originals").rglob("*") if path.is_file())
    original.unlink()
    assert main(["backup", str(tmp_path / "backup"), "--home", str(home)]) == 4
    assert capsys.readouterr().err == f"damaged or missing: {original.relative_to(home)}\n"


@pytest.mark.parametrize("command", [["backup", "backup"], ["history", "verify"]])
def test_a_mistyped_home_is_not_made(
    tmp_path: Path, command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORMTALLY_HOME", str(tmp_path / "typo"))
    assert main(command) == 1
    assert "holds no archive" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
