"""``formtally audit``: what it writes, says and answers with."""

import os
import signal
from pathlib import Path

import openpyxl
import pytest

from service import auditing
from service.cli import main
from service.store.home import find_home
from service.store.opening import open_store
from tests.service.audit.archive import archive, stored
from tests.service.store.samples import add_read

FORMS = [each.form for each in stored(archive(1, units=1, projects=1, years=1, noise=False))]
"""Of one project: what it aimed at in a year, and what it came to."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The same forms from two documents."""
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        for content in (b"1", b"2"):
            add_read(store, *FORMS, content=content)
    return tmp_path / "home"


def test_a_workbook_and_a_page_are_written_and_findings_counted(home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "report"
    assert main(["audit", "--out", str(out), "--home", str(home)]) == 0
    assert capfd.readouterr().out.splitlines() == [
        "evaluation_double: 1",
        "target_double: 1",
        f"{out}: 4 forms, 1 project, 2 findings, 0 open notes.",
    ]
    assert {path.name for path in out.iterdir()} == {"audit.xlsx", "audit.html"}
    assert openpyxl.load_workbook(out / "audit.xlsx")["问题"].max_row == 3
    assert FORMS[0].fields["project_name"].text[5:] in (out / "audit.html").read_text("utf-8")


def test_an_empty_archive_has_an_empty_report_and_the_next_takes_its_place(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    command = ["audit", "--out", str(tmp_path / "report"), "--home", str(tmp_path / "home")]
    with open_store(find_home(str(tmp_path / "home"), None, None, {})) as store:
        assert main(command) == 0
        assert capfd.readouterr().out == f"{tmp_path}/report: 0 forms, 0 projects, 0 findings, 0 open notes.\n"
        earlier = (tmp_path / "report" / "audit.html").read_text("utf-8")
        assert "没有发现问题。" in earlier
        add_read(store, *FORMS)
    assert main(command) == 0
    assert capfd.readouterr().out == f"{tmp_path}/report: 2 forms, 1 project, 0 findings, 0 open notes.\n"
    assert (tmp_path / "report" / "audit.html").read_text("utf-8") != earlier
    assert len(list((tmp_path / "report").iterdir())) == 2


def test_an_archive_that_is_not_there_is_not_made(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--out", str(tmp_path / "report"), "--home", str(tmp_path / "home")]) == 1
    assert "holds no archive" in capfd.readouterr().err
    assert main(["audit", "--home", str(tmp_path / "home")]) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("blocked", ["report", "report/audit.xlsx", "report/audit.html"])
def test_what_cannot_be_written_is_named(home: Path, tmp_path: Path, blocked: str, capfd: pytest.CaptureFixture[str]) -> None:
    """A file where the folder should be, a folder where one of the two files should be."""
    if blocked == "report":
        (tmp_path / blocked).touch()
    else:
        (tmp_path / blocked).mkdir(parents=True)
    assert main(["audit", "--out", str(tmp_path / "report"), "--home", str(home)]) == 4
    said = capfd.readouterr().err
    assert said.startswith(f"formtally: '{tmp_path}/report/audit.")
    assert "cannot be written" in said
    assert said.count("\n") == 1
    assert not list(tmp_path.rglob(".formtally-*"))


def test_an_end_while_the_report_is_written_is_orderly(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditing, "write_page", lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    assert main(["audit", "--out", str(tmp_path / "report"), "--home", str(home)]) == 130
