"""A file counts when it has been left alone for long enough."""

import os
from pathlib import Path

from models.limits import Limits
from service.archiving.watching import Watch
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
