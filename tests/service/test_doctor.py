"""Each fault that doctor knows, played; and a sound machine."""

import os
import shutil
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.errors import ExitCode, InstallationError
from service import doctor, doctor_checks
from service.doctor_checks import Check


def _complaining(monkeypatch: pytest.MonkeyPatch, complaint: str, printed: str = "") -> None:
    ended = SimpleNamespace(returncode=1 if complaint else 0, stdout=printed, stderr=f"Traceback\n{complaint}\n")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: ended)


def _installed(monkeypatch: pytest.MonkeyPatch, names: Iterable[str]) -> None:
    monkeypatch.setattr(doctor_checks, "distributions", lambda: [SimpleNamespace(name=name) for name in names])


def test_everything_is_there_where_these_tests_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert doctor.run(Namespace(out=str(tmp_path / "new/out"))) is ExitCode.OK
    printed = capsys.readouterr().out
    assert "FAULT" not in printed
    assert printed.endswith("Everything is there.\n")
    assert not (tmp_path / "new").exists()


def test_faults_are_3_and_each_says_what_mends_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert doctor.report([Check("a", "fine"), Check("b", "gone\x1b[2J", "mend it")]) is ExitCode.INSTALLATION
    assert capsys.readouterr().out == "ok    a: fine\nFAULT b: gone\\x1b[2J\n      -> mend it\n1 fault found.\n"


def test_an_old_python(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    assert "3.11" in doctor_checks.check_python().remedy


def test_poppler_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None if name == "pdftoppm" else f"/usr/bin/{name}")
    check = doctor_checks.check_poppler()
    assert check.found == "pdftoppm missing"
    assert "apt-get install poppler-utils" in check.remedy


def test_popplers_character_maps_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor_checks, "POPPLER_MAPS", tmp_path / "cMap")
    assert "apt-get install poppler-data" in doctor_checks.check_poppler().remedy


def test_no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    _complaining(monkeypatch, "", printed="")
    assert "apt-get install fonts-" in doctor_checks.check_font().remedy
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert "apt-get install fonts-" in doctor_checks.check_font().remedy


@pytest.mark.parametrize(
    "names", [[], ["opencv-python"], ["opencv-contrib-python", "opencv_python_headless"], ["opencv-contrib-python", "opencv-python"]]
)
def test_any_but_the_one_opencv(monkeypatch: pytest.MonkeyPatch, names: list[str]) -> None:
    _installed(monkeypatch, ["numpy", *names])
    check = doctor_checks.check_one_opencv()
    assert "make setup" in check.remedy
    assert all(name.replace("_", "-") in check.found for name in names)


def test_the_one_opencv_however_its_name_is_spelt(monkeypatch: pytest.MonkeyPatch) -> None:
    _installed(monkeypatch, ["OpenCV_Contrib_Python", "numpy"])
    assert doctor_checks.check_one_opencv().sound


@pytest.mark.parametrize(
    ("complaint", "printed", "remedy"),
    [
        ("ImportError: libGL.so.1: cannot open shared object file", "", "apt-get install libgl1"),
        ("ImportError: libgthread-2.0.so.0: cannot open shared object file", "", "apt-get install libglib2.0-0"),
        ("ModuleNotFoundError: No module named 'cv2'", "", "make setup"),
        ("", "5.0.0", "make setup"),
    ],
)
def test_an_opencv_that_does_not_load(monkeypatch: pytest.MonkeyPatch, complaint: str, printed: str, remedy: str) -> None:
    _complaining(monkeypatch, complaint, printed)
    check = doctor_checks.check_opencv_loads()
    assert remedy in check.remedy
    assert (complaint or printed) in check.found


def test_a_library_that_kills_python_is_only_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("import os; os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    check = doctor_checks.check_opencv_loads()
    assert "ended with status -6" in check.found
    assert not check.sound


def test_a_library_that_hangs_is_only_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "cv2.py").write_text("import time; time.sleep(60)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(doctor_checks, "_IMPORT_SECONDS", 0.2)
    assert "not loaded" in doctor_checks.check_opencv_loads().found


def test_paddleocr_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    _complaining(monkeypatch, "ModuleNotFoundError: No module named 'paddleocr'")
    check = doctor_checks.check_recognizer_loads()
    assert "paddleocr" in check.found
    assert "make setup" in check.remedy


def test_damaged_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged() -> None:
        raise InstallationError("The weights are damaged.", "Run `make setup` again.")

    monkeypatch.setattr(doctor_checks, "check_weights", damaged)
    assert doctor_checks.check_networks() == Check("weights", "The weights are damaged.", "Run `make setup` again.")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    check = doctor_checks.check_folder("output folder", tmp_path / "file/out")
    assert "cannot be written" in check.found
    assert "writable" in check.remedy


def test_a_read_only_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(**_: object) -> None:  # root may write everywhere, so the refusal is played
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert "Permission denied" in doctor_checks.check_folder("output folder", tmp_path).found


def test_a_full_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5 << 20))
    assert "only 5 MB free" in doctor_checks.check_folder("output folder", tmp_path).found


def test_no_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    assert "TMPDIR" in doctor_checks.check_temporary().remedy


def test_the_cache_of_paddlex_lies_where_it_looks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PADDLE_PDX_CACHE_HOME", os.fspath(tmp_path / "cache"))
    assert str(tmp_path / "cache") in doctor_checks.check_home().found


def test_too_little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_checks, "free_megabytes", lambda: 300)
    assert not doctor_checks.check_memory().sound
