"""Files whole or not at all, in a folder and from afar."""

import fcntl
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pytest

from models.errors import StoreDamagedError, StoreFullError, StoreUnreachableError, UsageError
from service.store.files import Files, FolderFiles, open_files


@pytest.fixture(params=["folder", "afar"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Files:
    return open_files(str(tmp_path / "files") if request.param == "folder" else f"memory://{tmp_path}", tmp_path / "cache")


def _read(files: Files, name: str) -> bytes:
    with files.local(name) as path:
        return path.read_bytes()


def test_a_file_is_there_when_it_is_written_and_gone_when_it_is_removed(files: Files) -> None:
    assert files.size("a/b/c") == -1
    files.write("a/b/c", lambda file: file.write(b"one"))
    assert (files.size("a/b/c"), _read(files, "a/b/c")) == (3, b"one")
    files.write("a/b/c", lambda file: file.write(b"other"))
    assert _read(files, "a/b/c") == b"other"
    for _ in range(2):
        files.remove("a/b/c")
    with pytest.raises(StoreDamagedError, match="a/b/c is missing"), files.local("a/b/c"):
        pass


def test_what_fails_while_it_is_written_is_not_there(files: Files, tmp_path: Path) -> None:
    def fill(file: BinaryIO) -> None:
        file.write(b"half")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        files.write("a", fill)
    assert files.size("a") == -1
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_protocol_that_is_not_installed_is_named_without_the_url(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing://") as caught:
        open_files("nothing://secret@bucket", tmp_path)
    assert "secret" not in str(caught.value)


@contextmanager
def _at_most(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes: what a full disk does, without being root."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_no_room_is_said_and_leaves_what_was_there(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.write("a", lambda file: file.write(b"old"))
    with _at_most(1000), pytest.raises(StoreFullError, match="no room left"):
        files.write("a", lambda file: file.write(b"n" * 5000))
    assert [(path.name, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()] == [("a", b"old")]


def test_a_file_in_the_way_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "files").touch()
    with pytest.raises(StoreUnreachableError, match="cannot be reached"):
        FolderFiles(tmp_path / "files").write("a/b", lambda file: file.write(b"x"))


_WRITE = """
import sys, os, signal
from pathlib import Path
from service.store.files import FolderFiles
def fill(file):
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
FolderFiles(Path(sys.argv[1])).write("a", fill)
"""


def test_what_a_killed_program_began_is_swept_away_when_the_next_opens(tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", _WRITE, tmp_path], check=False).returncode == -signal.SIGKILL
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    open_files(str(tmp_path), tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_is_being_written_is_not_swept_away(tmp_path: Path) -> None:
    def fill(file: BinaryIO) -> None:
        file.write(b"whole")
        file.flush()
        open_files(str(tmp_path), tmp_path)

    FolderFiles(tmp_path).write("a", fill)
    assert (tmp_path / "a").read_bytes() == b"whole"


def test_many_writers_of_one_name_and_a_sweeper_do_no_harm(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    faults: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(30):
                files.write("a/b", lambda file: file.write(bytes([number]) * 1000))
                files.sweep()
        except BaseException as error:  # noqa: BLE001  told below
            faults.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    content = (tmp_path / "a/b").read_bytes()
    assert content == content[:1] * 1000
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_lock_is_told_apart_by_open_file(tmp_path: Path) -> None:
    """What sweeping stands on: flock holds between two descriptors of one process too."""
    path = tmp_path / "a"
    with path.open("xb") as first, path.open("rb") as second:
        fcntl.flock(first, fcntl.LOCK_EX)
        with pytest.raises(BlockingIOError):
            fcntl.flock(second, fcntl.LOCK_SH | fcntl.LOCK_NB)
    assert os.path.lexists(path)
