"""What becomes a document, and what is told of where it was found."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from models.errors import UsageError
from models.limits import Limits
from service.archiving import adding
from service.archiving.adding import add, path_pattern, told_by
from service.store.documents import State
from service.store.opening import Store
from service.store.originals import BLOCK
from service.store.reading import document, documents_in
from tests.service.archiving.conftest import Write

PATTERN = r"(?P<year>20\d\d)/(?P<unit>[^/]+)/"


def test_the_same_bytes_are_one_document_with_every_place_it_was_found(store: Store, write: Write, tmp_path: Path) -> None:
    write("a.pdf", "pages=1")
    write("copy/b.pdf", "pages=1")
    write("c.pdf", "pages=2")
    first = [each.registered.known for each in add(store, [tmp_path / "scans"], None, Limits()) if each.registered]
    again = [each.registered.known for each in add(store, [tmp_path / "scans"], None, Limits()) if each.registered]
    assert first == [False, False, True]
    assert again == [True, True, True]
    found = [document(store, sha256) for sha256 in documents_in(store, State.WAITING)]
    assert sorted(tuple(Path(path).name for path in each.paths) for each in found if each) == [("a.pdf", "b.pdf"), ("c.pdf",)]


def test_droppings_are_passed_over_and_links_out_of_the_folder_refused(store: Store, write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret.pdf"
    secret.write_text("pages=1")
    write("Thumbs.db", "x")
    write("~$a.pdf", "x")
    (tmp_path / "scans" / "link.pdf").symlink_to(secret)
    (added,) = add(store, [tmp_path / "scans"], None, Limits())
    assert added.registered is None
    assert added.refusal is not None
    assert added.refusal.code == "input_outside_folder"
    assert list(documents_in(store, State.WAITING)) == []


def test_the_same_file_again_and_under_another_name_is_one_original(store: Store, write: Write, tmp_path: Path) -> None:
    write("a.pdf", "pages=1")
    write("甲/b.pdf", "pages=1")
    for _ in range(2):
        list(add(store, [tmp_path / "scans", tmp_path / "scans" / "a.pdf"], None, Limits()))
    (sha256,) = documents_in(store, State.WAITING)
    known = document(store, sha256)
    assert known is not None
    assert known.name == "a.pdf"
    assert known.paths == tuple(str(tmp_path / "scans" / name) for name in ("a.pdf", "甲/b.pdf"))
    assert kept(store) == [b"pages=1"]


def kept(store: Store) -> list[bytes]:
    """The bytes of every original."""
    return [path.read_bytes() for path in (store.home.folder / "originals").rglob("*") if path.is_file()]


Change = Callable[[BinaryIO], object]


def _grow(file: BinaryIO) -> None:
    file.seek(0, os.SEEK_END)
    file.write(b"more")


def _rewrite_behind(file: BinaryIO) -> None:
    """What is still to be read becomes new, what was read stays old: both readings of the file would agree."""
    file.seek(2 * BLOCK)
    file.write(b"new" * 1000)


def _rewrite_before(file: BinaryIO) -> None:
    file.seek(0)
    file.write(b"new" * 1000)


def _cut(file: BinaryIO) -> None:
    file.truncate(BLOCK)


@pytest.mark.parametrize("change", [_grow, _rewrite_behind, _rewrite_before, _cut])
@pytest.mark.parametrize("block", range(1, 9))
def test_a_file_that_changes_while_it_is_copied_is_refused_and_comes_when_it_stands_still(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: Change, block: int
) -> None:
    """It changes when so many blocks were read: its digest is taken in four, the last one empty, and then it is copied."""
    path = tmp_path / "scans" / "a.pdf"
    path.parent.mkdir()
    path.write_bytes(b"old" * BLOCK)
    os.utime(path, (1, 1))
    read: list[int] = []
    plain = adding._Unchanged.read

    def changing(self: adding._Unchanged, size: int | None = -1, /) -> bytes:
        read.append(1)
        if len(read) == block:
            with path.open("r+b") as file:
                change(file)
        return plain(self, size)

    with monkeypatch.context() as patched:
        patched.setattr(adding._Unchanged, "read", changing)
        (added,) = add(store, [path.parent], None, Limits())
    assert added.registered is None
    assert added.refusal is not None
    assert (added.refusal.code, kept(store)) == ("input_damaged", [])
    assert list(documents_in(store, State.WAITING)) == []
    assert list((store.home.folder).glob("staging/*")) == []
    (again,) = add(store, [path.parent], None, Limits())
    assert again.registered is not None
    assert kept(store) == [path.read_bytes()]


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/scans/2020/环境监察/a.pdf", (2020, "环境监察")),
        ("/scans/1820/环境监察/a.pdf", (None, "")),
        ("/scans/a.pdf", (None, "")),
    ],
)
def test_a_path_tells_year_and_unit(path: str, told: tuple[int | None, str]) -> None:
    assert told_by(path_pattern(PATTERN), Path(path)) == told


@pytest.mark.parametrize("pattern", ["(?P<year>20", r"20\d\d"])
def test_a_pattern_that_tells_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(UsageError):
        path_pattern(pattern)
