"""Files are opened once, safely, and what is no file is never touched."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import DamagedError, EmptyInputError, NotFoundError, OutsideFolderError, TooLargeError, UnknownTypeError
from models.limits import Limits
from ocr.opening.source import check_inside, opened

_NOBODY = 65534


def _error_of_opening(path: Path) -> type[Exception] | None:
    try:
        with opened(path, Limits()):
            return None
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer)
        return type(error)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, Path("/dev/zero"), Path("/dev/tty")):
        assert _error_of_opening(path) is UnknownTypeError


@pytest.mark.parametrize("name", ["absent", "nul\0byte", "x" * 300, "file/below"])
def test_what_is_not_there_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_bytes(b"x")
    assert _error_of_opening(tmp_path / name) is NotFoundError


def test_bytes_are_limited_from_both_sides(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    assert _error_of_opening(path) is EmptyInputError
    path.write_bytes(bytes(1_000_001))
    with pytest.raises(TooLargeError, match="limit is 1"), opened(path, Limits(file_megabytes=1)):
        pass


def test_a_file_that_changes_while_it_is_open_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"%PDF-1.4")
    with opened(path, Limits()) as source:
        source.check_unchanged()
        path.write_bytes(b"%PDF-1.4 and more")
        with pytest.raises(DamagedError, match="changed"):
            source.check_unchanged()


def test_a_file_replaced_under_its_name_stays_the_one_that_was_opened(tmp_path: Path) -> None:
    path, other = tmp_path / "file", tmp_path / "other"
    path.write_bytes(b"first")
    other.write_bytes(b"second")
    with opened(path, Limits()) as source:
        other.replace(path)
        assert source.head() == b"first"


def test_missing_rights_are_said(tmp_path: Path) -> None:
    """In a child that is no longer root, where the tests run as root: root may read everything."""
    tmp_path.chmod(0o700)
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "file").chmod(0o000)
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setuid(_NOBODY)
        os._exit(42 if _error_of_opening(tmp_path / "file") is NotFoundError else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 42


def test_links_may_lead_about_the_folder_and_not_out_of_it(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "deep").mkdir(parents=True)
    (tmp_path / "secret").write_bytes(b"x")
    (root / "file").write_bytes(b"x")
    (root / "deep" / "in").symlink_to("../file")
    (root / "deep" / "out").symlink_to("../../secret")
    (root / "up").symlink_to("..")
    (tmp_path / "door").symlink_to("root")
    for path in (root / "file", root / "deep" / "in", tmp_path / "door" / "file", root / "absent"):
        check_inside(path, root)
        check_inside(path, tmp_path / "door")
    for path in (root / "deep" / "out", root / "up" / "secret", root / ".." / "secret", Path("/dev/zero")):
        with pytest.raises(OutsideFolderError):
            check_inside(path, root)


def test_a_folder_whose_name_begins_alike_is_outside(tmp_path: Path) -> None:
    with pytest.raises(OutsideFolderError):
        check_inside(tmp_path / "root2" / "file", tmp_path / "root")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "..", "."]), max_size=6))
def test_inside_is_what_the_steps_say(steps: list[str]) -> None:
    path = Path("/nowhere/root", *steps)
    names = os.path.normpath(path).split("/")
    inside = names[:3] == ["", "nowhere", "root"]
    if inside:
        check_inside(path, Path("/nowhere/root"))
    else:
        with pytest.raises(OutsideFolderError):
            check_inside(path, Path("/nowhere/root"))
