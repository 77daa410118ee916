"""What a run tells: plain lines, and a bar on a terminal."""

import os
import pty
import subprocess
import sys
from pathlib import Path, PurePath

import pytest

from service.document_shape import ProblemJson
from service.inputs import InputFile
from service.outcome import Outcome, State, Tally
from service.report import PlainReport, problem_lines, result_line
from service.wording import plural, printable, storable

ROOT = Path(__file__).parents[2]


def _outcome(*problems: ProblemJson, name: str = "in/a.pdf") -> Outcome:
    file = InputFile(Path("/") / name, PurePath(name).relative_to("in"), PurePath(name))
    return Outcome(file, PurePath("a.json"), "", State.PARTLY, False, Tally(pages=2, forms=1, clear=1), problems, 1.5)


def test_a_result_is_one_line_and_so_is_a_problem() -> None:
    outcome = _outcome(ProblemJson(page=2, code="page_lost", message="Gone.\nMend it."), ProblemJson(page=0, code="x", message="y"))
    assert result_line(outcome) == "partly: in/a.pdf: 1 form on 2 pages, 1 clear, 0 to review -> a.json"
    assert problem_lines(outcome) == ["in/a.pdf, page 2: page_lost: Gone.\\nMend it.", "in/a.pdf: x: y"]


def test_results_go_to_stdout_and_problems_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainReport() as report:
        report.page()
        report.done(_outcome(ProblemJson(page=0, code="x", message="y")))
        report.note("z")
    printed = capsys.readouterr()
    assert printed.out.count("\n") == 1
    assert printed.err == "in/a.pdf: x: y\nz\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("项目（一）", "项目（一）"), ("a\nb\tc", "a\\nb\\tc"), ("\x1b[31m", "\\x1b[31m"), ("\udcff", "\\udcff"), ("\u202e", "\\u202e")],
)
def test_what_could_steer_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_stored_paths_are_valid_unicode() -> None:
    assert storable(PurePath(os.fsdecode(b"a\xff\n.pdf"))) == "a\\xff\n.pdf"


def test_plural() -> None:
    assert (plural(0, "form"), plural(1, "form"), plural(2, "form")) == ("0 forms", "1 form", "2 forms")


def test_a_terminal_gets_a_bar_and_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "[red]一.pdf").write_text("pages=2 1=slow")
    (folder / "b.pdf").write_text("pages=1 1=damaged")
    code = """
import sys
from service import digitizing
from service.cli import main
from tests.service.planned_reader import PLANNED
digitizing.PIPELINE = PLANNED
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""
    (tmp_path / "run.py").write_text(code)
    screen = _on_a_terminal([sys.executable, str(tmp_path / "run.py"), "digitize", str(folder), "--out", str(tmp_path / "out")])
    assert "inputs, " in screen
    assert "b.pdf, page 1: input_damaged" in screen
    assert "Project" in screen
    assert screen.count("[red]一.pdf") == 2  # the rows of its two forms
    assert "Traceback" not in screen


def _on_a_terminal(command: list[str]) -> str:
    """What ``command`` draws on a terminal of 120 columns."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=ROOT)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other side is closed
            break
        if not part:
            break
        shown += part
    os.close(ours)
    process.wait()
    return shown.decode("utf-8", "replace")
