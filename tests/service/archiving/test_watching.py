"""A file counts when it has been left alone for long enough."""

import os
from pathlib import Path

import pytest

from models.errors import DamagedError
from models.limits import Limits
from service.archiving import watching
from service.archiving.watching import Watch
from service.store.documents import Registered
from service.store.opening import Store
from tests.service.archiving.conftest import Write


def watch(store: Store, folder: Path) -> Watch:
    folder.mkdir(exist_ok=True)
    return Watch(store, folder, None, Limits(), quiet=5.0)


def seen(watched: Watch, now: float) -> list[str]:
    return [f"{each.file.path.name} {'known' if each.registered and each.registered.known else 'new'}" for each in watched.look(now)]


def test_a_scan_is_taken_once_after_five_quiet_seconds(store: Store, write: Write, tmp_path: Path) -> None:
    watched = watch(store, tmp_path / "scans")
    write("a.pdf", "pages=1")
    assert [seen(watched, now) for now in (0.0, 4.9, 5.0, 60.0)] == [[], [], ["a.pdf new"], []]


def test_a_scan_that_is_still_growing_waits(store: Store, write: Write, tmp_path: Path) -> None:
    watched = watch(store, tmp_path / "scans")
    path = write("a.pdf", "pages")
    assert seen(watched, 0.0) == []
    path.write_text("pages=1")
    assert [seen(watched, now) for now in (5.0, 9.0, 10.0)] == [[], [], ["a.pdf new"]]


def test_the_same_size_at_another_time_is_a_change(store: Store, write: Write, tmp_path: Path) -> None:
    watched = watch(store, tmp_path / "scans")
    path = write("a.pdf", "pages=1")
    assert seen(watched, 0.0) == []
    path.write_text("pages=2")
    os.utime(path, (1, 1))
    assert [seen(watched, now) for now in (5.0, 10.0)] == [[], ["a.pdf new"]]


def test_an_empty_file_is_not_there_yet_and_droppings_never_are(store: Store, write: Write, tmp_path: Path) -> None:
    watched = watch(store, tmp_path / "scans")
    path = write("a.pdf", "")
    write(".a.pdf.part", "x")
    write("Thumbs.db", "x")
    assert [seen(watched, now) for now in (0.0, 10.0)] == [[], []]
    path.write_text("pages=1")
    assert [seen(watched, now) for now in (20.0, 25.0)] == [[], ["a.pdf new"]]


def test_a_copy_is_known_and_what_has_gone_is_forgotten(store: Store, write: Write, tmp_path: Path) -> None:
    watched = watch(store, tmp_path / "scans")
    write("a.pdf", "pages=1")
    gone = write("b.pdf", "pages=2")
    assert seen(watched, 0.0) == []
    gone.unlink()
    write("c.pdf", "pages=1")
    assert [seen(watched, now) for now in (5.0, 10.0)] == [["a.pdf new"], ["c.pdf known"]]


def test_a_file_that_came_back_is_looked_at_again(store: Store, write: Write, tmp_path: Path) -> None:
    """Nothing about it has changed, and nothing is kept in memory of a file that has gone."""
    watched = watch(store, tmp_path / "scans")
    path = write("a.pdf", "pages=1")
    assert [seen(watched, now) for now in (0.0, 5.0)] == [[], ["a.pdf new"]]
    path.rename(tmp_path / "a.pdf")
    assert seen(watched, 6.0) == []
    assert watched._sights == {}
    (tmp_path / "a.pdf").rename(path)
    assert [seen(watched, now) for now in (7.0, 12.0, 60.0)] == [[], ["a.pdf known"], []]


def test_a_scan_that_cannot_be_read_just_now_is_told_once_and_tried_again(
    store: Store, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = watch(store, tmp_path / "scans")
    write("a.pdf", "pages=1")
    attempts: list[float] = []
    now = 0.0

    def hiccup(*_: object) -> Registered:
        attempts.append(now)
        raise DamagedError("The file cannot be read: Input/output error.", "Check its disk, or scan it again.")

    with monkeypatch.context() as patched:
        patched.setattr(watching, "add_file", hiccup)
        told = []
        for now in range(2000):
            told += list(watched.look(now))
    assert [added.refusal.code for added in told if added.refusal] == ["input_damaged"]
    assert attempts == [5, 10, 20, 40, 80, 160, 320, 640, 1240, 1840]
    assert [seen(watched, now) for now in (2000.0, 2440.0, 9000.0)] == [[], ["a.pdf new"], []]


def test_a_link_that_leads_nowhere_is_told_once_until_it_leads_somewhere(store: Store, tmp_path: Path, write: Write) -> None:
    watched = watch(store, tmp_path / "scans")
    (tmp_path / "scans" / "link.pdf").symlink_to("later.pdf")
    told = [added.refusal.code for now in range(60) for added in watched.look(now) if added.refusal]
    assert told == ["input_not_found"]
    write("later.pdf", "pages=1")
    assert [seen(watched, now) for now in (60.0, 65.0)] == [[], ["later.pdf new", "link.pdf known"]]


def test_what_lies_below_a_folder_that_cannot_be_searched_is_not_registered_anew(store: Store, write: Write, tmp_path: Path) -> None:
    """The share is gone for a while, and told once."""
    watched = watch(store, tmp_path / "scans")
    write("sub/a.pdf", "pages=1")
    assert [seen(watched, now) for now in (0.0, 5.0)] == [[], ["a.pdf new"]]
    (tmp_path / "scans").rename(tmp_path / "elsewhere")
    gone = [added for now in range(6, 100) for added in watched.look(now)]
    assert [added.refusal.code for added in gone if added.refusal] == ["input_not_found"]
    (tmp_path / "elsewhere").rename(tmp_path / "scans")
    assert [seen(watched, now) for now in (100.0, 110.0)] == [[], []]
