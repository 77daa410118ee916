"""A backup: a folder with the database as one SQLite file, every original and every page read, by their SHA-256.

It is made while the archive is at work. Into the same folder again, only what is new is copied.
"""

import fcntl
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select, update

from models.errors import DamagedError, StoreBusyError, StoreDamagedError, UsageError
from service.store.contents import content_name
from service.store.database import Database
from service.store.faults import disk_faults, fault
from service.store.files import FolderFiles
from service.store.history import head_of
from service.store.manifest import MANIFEST, Manifest
from service.store.opening import Store
from service.store.originals import Digest, Originals, below, digest_of
from service.store.pages import PageState, page_key
from service.store.schema import DOCUMENTS, PAGES
from service.store.snapshot import snapshot, sqlite_file
from service.store.writing import Record, now
from service.wording import display

_Name = TypeVar("_Name")

_SNAPSHOT = "snapshot.sqlite3"
_LOCK = "lock"

_LOST = StoreDamagedError("What was read on this page was lost; the record stands.", "Run `formtally archive retry` to have it read again.")

CONTENTS = "contents"
"""Folder of a backup for what was read on pages, named by its SHA-256: a page may be read again, and then both are kept."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a backup or a restoring did.

    Attributes:
        manifest: of the backup.
        files: originals and pages that were copied; the others were there.
        damaged: names of originals and pages that are missing or not what they were; all else was copied.
    """

    manifest: Manifest
    files: int
    damaged: tuple[str, ...]


def backup(store: Store, folder: Path) -> Copied:
    """Copy the archive, as it stands now, into ``folder``.

    Args:
        store: the archive; it may be at work.
        folder: new, empty, or holding an earlier backup, whose place it takes.

    Raises:
        UsageError: there is something else in ``folder``.
        StoreError: archive or folder cannot be read or written; an earlier backup there stands.
    """
    place = f"The folder {display(folder)!r}"
    with disk_faults(place):
        _claim(folder)
        with _held(folder):
            files = FolderFiles(folder)
            files.sweep()
            path = _snapshot(store.database, folder)
            with sqlite_file(path) as copy:
                copied, damaged = _copy_files(store, copy, files)
                manifest = _manifest(copy)
            manifest = _named(path, manifest)
            files.write(MANIFEST, lambda file: file.write(manifest.model_dump_json(indent=1).encode() + b"\n"))
            for old in folder.glob("database-*"):
                if old.name != manifest.database:
                    old.unlink()
    return Copied(manifest, copied, damaged)


@contextmanager
def noting(damaged: list[_Name], name: _Name) -> Iterator[None]:
    """Add ``name`` to ``damaged`` where the block finds that it is missing or not what it was, and go on behind the block."""
    try:
        yield
    except (DamagedError, StoreDamagedError):
        damaged.append(name)


def _claim(folder: Path) -> None:
    """Make ``folder`` a backup that is not finished, unless it is one already."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if (folder / MANIFEST).exists():
        return
    if any(folder.iterdir()):
        raise UsageError(f"There is something else in {display(folder)!r}.", "Give a new or empty folder, or one with an earlier backup.")
    FolderFiles(folder).write(MANIFEST, lambda file: file.write(Manifest().model_dump_json().encode()))


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    with (folder / _LOCK).open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise fault(StoreBusyError, f"The folder {display(folder)!r}") from None
        yield


def _snapshot(database: Database, folder: Path) -> Path:
    """The database as a file."""
    path = folder / _SNAPSHOT
    for left in folder.glob(f"{_SNAPSHOT}*"):  # by a run that was killed
        left.unlink()
    snapshot(database, path)
    return path


def _manifest(copy: Database) -> Manifest:
    with copy.reading() as connection:
        head = head_of(connection)
        documents = connection.scalar(select(func.count()).select_from(DOCUMENTS)) or 0
    return Manifest(made_at=now(), documents=documents, corrections=head.length, head=head.hash)


def _named(path: Path, manifest: Manifest) -> Manifest:
    """Name the file after its own SHA-256, so that the database of an earlier backup stands beside it until ``manifest`` is written."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        sha256 = digest_of(file).sha256
    target = path.rename(path.with_name(f"database-{sha256}.sqlite3"))
    return manifest.model_copy(update={"database": target.name, "sha256": sha256})


def _copy_files(store: Store, copy: Database, files: FolderFiles) -> tuple[int, tuple[str, ...]]:
    """Copy what ``copy`` names and ``files`` does not have; how many, and the names of those that are damaged."""
    originals, contents = Originals(files), Originals(files, CONTENTS)
    done, damaged, lost = 0, list[str](), list[Record]()
    with copy.reading() as connection:
        for row in connection.execute(select(DOCUMENTS.c.sha256, DOCUMENTS.c.bytes)):
            with noting(damaged, below("originals", row.sha256)):
                if row.sha256 not in originals:
                    with store.originals.local(row.sha256) as path, path.open("rb") as source:
                        done += originals.add(source, Digest(row.sha256, row.bytes))
        for row in connection.execute(select(PAGES).where(PAGES.c.content_sha256 != "")):
            try:
                done += row.content_sha256 not in contents and _keep(store, row, contents)
            except StoreDamagedError:
                lost.append(row)
    forget_contents(copy, lost)
    damaged += [content_name(row.document, row.version, row.number) for row in lost if _still_names(store, row)]
    return done, tuple(damaged)


def _keep(store: Store, row: Record, contents: Originals) -> bool:
    content = store.contents.content(row.document, row.version, row.number, row.content_sha256)
    return contents.add(io.BytesIO(content), Digest(row.content_sha256, len(content)))


def _still_names(store: Store, row: Record) -> bool:
    """Whether the archive still wants the content that ``row`` of the copy names: the page may have been read again since."""
    with store.database.reading() as connection:
        named = connection.scalar(select(PAGES.c.content_sha256).where(page_key(row.document, row.number, row.version)))
    return bool(named == row.content_sha256)


def forget_contents(copy: Database, lost: Sequence[Record]) -> None:
    """Let ``copy`` say that what was read on these pages, rows of `pages`, was lost: so it is told, and can be asked for again."""
    lost_page = {"content_sha256": "", "state": PageState.PROBLEM.value, "problem_code": _LOST.code, "problem": str(_LOST)}
    with copy.writing() as connection:
        for row in lost:
            connection.execute(update(PAGES).where(page_key(row.document, row.number, row.version)).values(lost_page))
