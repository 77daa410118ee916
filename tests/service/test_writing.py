"""Results on disk: whole or not at all."""

import resource
import signal
import subprocess
import sys
from pathlib import Path, PurePath

import pytest

from models.errors import OutputError
from service.writing import OutputFolder, write_file

_HOLD = "import sys; from pathlib import Path; from service.writing import OutputFolder\nwith OutputFolder(Path(sys.argv[1])).held(): pass"


def test_a_file_is_written_with_its_folders(tmp_path: Path) -> None:
    OutputFolder(tmp_path).write(PurePath("a/b/c.json"), b"new")
    assert (tmp_path / "a/b/c.json").read_bytes() == b"new"


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    out = OutputFolder(tmp_path)
    out.write(PurePath("a.json"), b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OutputError, match=r"a\.json"):
            out.write(PurePath("a.json"), b"n" * 2000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (tmp_path / "a.json").read_bytes() == b"old"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["a.json"]


@pytest.mark.parametrize("name", ["file/a.json", "folder"])
def test_something_in_the_way_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match=name):
        OutputFolder(tmp_path).write(PurePath(name), b"x")


def test_an_output_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(OutputError), OutputFolder(tmp_path / "out").held():
        pass


def test_two_runs_never_write_into_one_folder(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _HOLD, str(tmp_path)]
    with OutputFolder(tmp_path).held():
        second = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Another run is writing" in second.stderr
    assert subprocess.run(command, check=False).returncode == 0


def test_what_a_killed_run_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    staging = tmp_path / ".formtally/staging"
    staging.mkdir(parents=True)
    (staging / "half").touch()
    with OutputFolder(tmp_path).held():
        assert not staging.exists()


def test_dropping_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    OutputFolder(tmp_path).drop(PurePath("nothing"))


def test_a_single_file_is_replaced_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write_file(tmp_path / "a.html", b"old")
    write_file(tmp_path / "a.html", b"new")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.html", b"new")]


def test_a_single_file_where_a_folder_is_leaves_nothing_half_written(tmp_path: Path) -> None:
    (tmp_path / "a.html").mkdir()
    with pytest.raises(OutputError, match=r"a\.html"):
        write_file(tmp_path / "a.html", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
