"""The command line: quick, and every error with its exit code."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from models.errors import ExitCode, InstallationError, OutputError
from service import cli
from service.cli import main

HEAVY = (
    "cv2",
    "numpy",
    "pandas",
    "pydantic",
    "msgspec",
    "rich",
    "scipy",
    "PIL",
    "yaml",
    "paddleocr",
    "multiprocessing",
    "importlib.metadata",
)
HELP_SECONDS = 0.3
HELP = [sys.executable, "-c", "from service.cli import main; main(['--help'])"]


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; from service.cli import build_parser; build_parser().format_help(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(set(loaded) & set(HEAVY)) == []


def test_help_answers_at_once() -> None:
    subprocess.run(HELP, capture_output=True, check=True)  # once to compile
    seconds = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run(HELP, capture_output=True, check=True)
        seconds.append(time.perf_counter() - begun)
    assert min(seconds) < HELP_SECONDS


def test_help_names_every_command_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert all(command in text for command in ("digitize", "show", "template", "doctor", "version"))
    assert all(f"\n  {code.value} " in text for code in ExitCode)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["digitize"],
        ["digitize", "a.pdf"],
        ["digitize", "a.pdf", "--out", "out", "--workers", "0"],
        ["digitize", "a.pdf", "--out", "out", "--frob"],
        ["template"],
        ["show", "a.pdf"],
        ["show", "a.pdf", "--page", "first"],
    ],
)
def test_wrong_usage_is_1_and_says_what_to_do(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("formtally: ")
    assert "--help" in printed.err


def _raising(error: BaseException) -> object:
    def run(_: object) -> int:
        raise error

    return lambda _: run


@pytest.mark.parametrize(
    ("error", "code"),
    [(InstallationError("Gone.", "Mend it."), 3), (OutputError("Full.", "Mend it."), 4), (KeyboardInterrupt(), 130)],
)
def test_errors_become_exit_codes_in_one_place(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException, code: int
) -> None:
    monkeypatch.setattr(cli, "_handler", _raising(error))
    assert main(["doctor"]) == code
    assert ("Mend it." in capsys.readouterr().err) == (code != 130)


def test_a_library_that_is_missing_is_a_fault_of_the_installation(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "service.digitizing", None)
    assert main(["digitize", "a.pdf", "--out", "out"]) == ExitCode.INSTALLATION
    assert "formtally doctor" in capsys.readouterr().err


def test_doctor_stands_on_nothing_that_may_be_broken() -> None:
    code = "import sys, service.doctor; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(set(loaded) & {"cv2", "numpy", "pandas", "pydantic", "msgspec", "rich", "scipy", "PIL", "yaml", "paddleocr"}) == []


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["version"]) == main(["--version"]) == ExitCode.OK
    lines = capsys.readouterr().out.splitlines()
    assert "paddleocr 3.7.0" in lines


def test_a_reader_that_goes_away_early_is_no_traceback() -> None:
    program = "import sys; from service.cli import main; sys.exit(main(['version']))"
    shell = f'{sys.executable} -c "{program}" | sleep 0; echo ${{PIPESTATUS[0]}}'
    ended = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True)
    assert ended.stderr == ""
    assert ended.stdout.strip() in ("0", "4")


def test_template_check_reports_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = Path("layouts/templates/self_evaluation.yaml")
    (tmp_path / "bad.yaml").write_text("kind: 1\n")
    (tmp_path / "worse.yaml").write_text("[")
    assert main(["template", "check", str(good)]) == ExitCode.OK
    assert "self_evaluation@1 is sound" in capsys.readouterr().out
    assert main(["template", "check", str(tmp_path / "bad.yaml"), str(good), str(tmp_path / "worse.yaml")]) == ExitCode.USAGE
    printed = capsys.readouterr()
    assert "is sound" in printed.out
    *faults, last = printed.err.splitlines()
    assert last == f"formtally: {len(faults)} faults. Correct these places and run `formtally template check` again."
    assert {fault.split(":1: ")[0] for fault in faults} == {str(tmp_path / "bad.yaml"), str(tmp_path / "worse.yaml")}


def test_digitize_refuses_an_output_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["digitize", str(tmp_path), "--out", str(tmp_path / "file/out")]) == ExitCode.OUTPUT
    assert "make it writable" in capsys.readouterr().err
