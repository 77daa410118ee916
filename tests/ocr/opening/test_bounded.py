"""Children are held to time, memory and output, and leave nothing behind."""

import os
import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest

from models.errors import DamagedError, InstallationError, TooHungryError, TooLargeError, TooSlowError
from models.limits import Limits
from ocr.opening import inspect, open_page
from ocr.opening.bounded import Allowance, checked, run
from ocr.opening.source import opened
from tests.hostile.images import encoded, page_picture
from tests.hostile.pdf_bytes import gray_picture, one_page, one_picture
from tests.hostile.pdf_cases import slow_pdf, sound_pdf


def _children() -> set[int]:
    return {int(name) for name in Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()}


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A sound PDF of one scan."""
    path = tmp_path / "sound.pdf"
    path.write_bytes(sound_pdf())
    return path


def test_a_page_that_takes_for_ever_is_stopped_with_all_its_children(tmp_path: Path) -> None:
    path = tmp_path / "slow.pdf"
    path.write_bytes(slow_pdf())
    before, start = _children(), time.monotonic()
    with pytest.raises(TooSlowError):
        open_page(path, 1, Limits(seconds_a_page=1))
    assert time.monotonic() - start < 5
    assert _children() == before


def test_grandchildren_are_stopped_too(page: Path) -> None:
    allowance, command = Allowance.of(Limits(seconds_a_page=1)), ["sh", "-c", "sleep 1234 & wait"]
    with opened(page, Limits()) as source, pytest.raises(TooSlowError), run(command, source, allowance):
        pass
    commands = [path.read_bytes() for path in Path("/proc").glob("[0-9]*/cmdline") if path.is_file()]
    assert not any(command == b"sleep\x001234\x00" for command in commands)


def test_time_spent_counts_against_the_next_child(page: Path) -> None:
    allowance = Allowance(Limits(), time.monotonic() + 0.2)
    with opened(page, Limits()) as source, pytest.raises(TooSlowError), run(["sleep", "30"], source, allowance):
        pass


@pytest.mark.parametrize("megabytes", [10, 60, 200, 400])
def test_a_page_that_takes_too_much_memory_is_never_shown_in_part(tmp_path: Path, megabytes: int) -> None:
    """Poppler ends well without memory: at 60 MB with a picture of 1 x 1 px, at 400 MB with a blank page."""
    side = 9000
    path = tmp_path / "big.pdf"
    path.write_bytes(one_picture(gray_picture(bytes(side * side), side, side), size=(side * 72 / 300, side * 72 / 300)))
    with pytest.raises(TooHungryError):
        open_page(path, 1, Limits(megabytes=megabytes))


@pytest.mark.parametrize("megabytes", [10, 60])
def test_memory_is_limited_for_drawn_pages_and_images(tmp_path: Path, megabytes: int) -> None:
    (tmp_path / "drawn.pdf").write_bytes(one_page(b"1 0 0 rg 0 0 100 100 re f"))
    (tmp_path / "image.png").write_bytes(encoded(page_picture().resize((5000, 5000)), "PNG"))
    for name in ("drawn.pdf", "image.png"):
        with pytest.raises(TooHungryError):
            open_page(tmp_path / name, 1, Limits(megabytes=megabytes))


def test_output_is_limited(page: Path) -> None:
    allowance = Allowance.of(Limits(megapixels=1))
    with opened(page, Limits()) as source, run(["cat", "/dev/zero"], source, allowance) as ended:
        assert Path(f"/proc/self/fd/{ended.output.fileno()}").stat().st_size <= allowance.output_bytes
        with pytest.raises(TooLargeError):
            checked(ended, "name")


def test_a_crash_is_named(page: Path) -> None:
    command = ["sh", "-c", "echo oops >&2; kill -s SEGV $$"]
    with opened(page, Limits()) as source, run(command, source, Allowance.of(Limits())) as ended:
        assert ended.status == -signal.SIGSEGV
        with pytest.raises(DamagedError, match="oops"):
            checked(ended, "name")


def test_missing_poppler_names_the_command_that_mends_it(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    for operation in (lambda: inspect(page, Limits()), lambda: open_page(page, 1, Limits())):
        with pytest.raises(InstallationError, match="apt-get install poppler-utils"):
            operation()


def test_missing_maps_for_chinese_name_the_command_that_mends_it(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pdftoppm that draws everything and says what it says without poppler-data (poppler/GfxFont.cc)."""
    real = shutil.which("pdftoppm")
    fake = tmp_path / "bin" / "pdftoppm"
    fake.parent.mkdir()
    complaint = "Syntax Error: Missing language pack for 'Adobe-GB1' mapping"
    fake.write_text(f'#!/bin/sh\necho "{complaint}" >&2\nexec {real} "$@"\n', encoding="ascii")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    (tmp_path / "drawn.pdf").write_bytes(one_page(b"1 0 0 rg 0 0 100 100 re f"))
    for path in (page, tmp_path / "drawn.pdf"):
        with pytest.raises(InstallationError, match="apt-get install poppler-data"):
            open_page(path, 1, Limits())


def test_nothing_stays_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    monkeypatch.setenv("TMPDIR", str(temporary))
    files = {
        "scan.pdf": sound_pdf(),
        "drawn.pdf": one_page(b"1 0 0 rg 0 0 100 100 re f"),
        "cut.pdf": sound_pdf()[:999],
        "slow.pdf": slow_pdf(),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        try:
            open_page(tmp_path / name, 1, Limits(seconds_a_page=2))
        except (DamagedError, TooSlowError):
            assert name in ("cut.pdf", "slow.pdf")
        assert list(temporary.iterdir()) == []
