"""Which files a run reads."""

import inspect
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from models.errors import NotFoundError, OutsideFolderError
from service.inputs import Found, find_inputs


def _fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def _find(given: Iterable[Path], out: Path = Path("/nowhere")) -> Found:
    return find_inputs(tuple(given), out, lambda path: path.suffix == ".json")


def _names(found: Found) -> list[str]:
    return [str(file.relative) for file in found.files]


def test_a_folder_is_searched_in_depth_in_the_order_of_its_names(tmp_path: Path) -> None:
    _fill(tmp_path, "b.pdf", "a/z.pdf", "a/b/c.png", "C.tif", "一.pdf")
    assert _names(_find([tmp_path])) == ["C.tif", "a/b/c.png", "a/z.pdf", "b.pdf", "一.pdf"]


def test_a_file_is_known_by_its_bare_name(tmp_path: Path) -> None:
    _fill(tmp_path, "deep/down/a.pdf")
    assert _names(_find([tmp_path / "deep/down/a.pdf"])) == ["a.pdf"]


def test_what_systems_leave_in_folders_is_ignored_with_a_reason(tmp_path: Path) -> None:
    droppings = ["Thumbs.db", "desktop.ini", ".DS_Store", "~$forms.docx", "._a.pdf", "__MACOSX/a.pdf", ".git/config"]
    _fill(tmp_path, "a.pdf", *droppings)
    found = _find([tmp_path])
    assert _names(found) == ["a.pdf"]
    ignored = {str(entry.path.relative_to(tmp_path)): entry.reason for entry in found.ignored}
    assert set(ignored) == {name.split("/")[0] for name in droppings}
    assert set(ignored.values()) == {"hidden or left by a system"}


def test_a_hidden_file_given_by_name_is_read(tmp_path: Path) -> None:
    _fill(tmp_path, ".scan.pdf")
    assert _names(_find([tmp_path / ".scan.pdf"])) == [".scan.pdf"]


def test_files_of_other_types_are_inputs_too_so_that_they_are_reported(tmp_path: Path) -> None:
    _fill(tmp_path, "readme.txt")
    assert _names(_find([tmp_path])) == ["readme.txt"]


def test_an_input_given_twice_is_read_once(tmp_path: Path) -> None:
    _fill(tmp_path, "a.pdf")
    found = _find([tmp_path, tmp_path / "a.pdf", tmp_path / "../" / tmp_path.name])
    assert _names(found) == ["a.pdf"]
    assert [entry.reason for entry in found.ignored] == ["given twice", "given twice"]


def test_the_output_folder_inside_an_input_is_no_input(tmp_path: Path) -> None:
    _fill(tmp_path, "a.pdf", "out/a.json", "out/old/scan.pdf")
    found = _find([tmp_path], tmp_path / "out")
    assert _names(found) == ["a.pdf"]
    assert [entry.reason for entry in found.ignored] == ["the output folder"]


def test_results_beside_their_inputs_are_no_inputs(tmp_path: Path) -> None:
    _fill(tmp_path, "a.pdf", "a.json", "sub/b.json", "sub/b.pdf")
    assert _names(_find([tmp_path], tmp_path)) == ["a.pdf", "sub/b.pdf"]


def test_links_inside_are_followed_once_and_links_out_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "in"
    _fill(root, "real/a.pdf")
    _fill(tmp_path, "secret.pdf")
    (root / "alias.pdf").symlink_to(root / "real/a.pdf")
    (root / "loop").symlink_to(root)
    (root / "out.pdf").symlink_to(tmp_path / "secret.pdf")
    (root / "up").symlink_to(tmp_path)
    found = _find([root])
    assert _names(found) == ["alias.pdf", "out.pdf", "real/a.pdf", "up"]
    assert [type(file.refusal) for file in found.files] == [type(None), OutsideFolderError, type(None), OutsideFolderError]
    assert [entry.reason for entry in found.ignored] == ["a link to a folder that is searched anyway"]


def test_a_link_that_bites_its_tail_is_an_input_to_be_refused_later(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").symlink_to("b.pdf")
    (tmp_path / "b.pdf").symlink_to("a.pdf")
    assert _names(_find([tmp_path])) == ["a.pdf", "b.pdf"]


def test_a_folder_without_rights_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(tmp_path, "a.pdf", "locked/b.pdf")
    scandir = os.scandir

    def guarded(path: Path) -> "os._ScandirIterator[str]":  # root may read everything, so the refusal is played
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(str(path))

    monkeypatch.setattr(os, "scandir", guarded)
    found = _find([tmp_path])
    assert _names(found) == ["a.pdf", "locked"]
    assert isinstance(found.files[1].refusal, NotFoundError)


def test_folders_nested_deeper_than_python_may_call(tmp_path: Path) -> None:
    depth = 300
    (tmp_path / "/".join(["d"] * depth)).mkdir(parents=True)
    _fill(tmp_path, "/".join([*["d"] * depth, "a.pdf"]))
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 50)
    try:
        (only,) = _find([tmp_path]).files
    finally:
        sys.setrecursionlimit(before)
    assert len(only.relative.parts) == depth + 1


def test_a_name_too_long_is_an_input_to_be_refused_later(tmp_path: Path) -> None:
    assert _names(_find([tmp_path / ("x" * 300)])) == ["x" * 300]


def test_a_file_in_a_folder_without_rights_is_an_input_to_be_refused_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> os.stat_result:  # root may look everywhere, so the refusal is played
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", refused)
        found = _find([Path("/locked/a.pdf")])
    assert _names(found) == ["a.pdf"]
