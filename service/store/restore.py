"""A backup made an archive again. Every file is held against its SHA-256; the database comes last: half a restoring is no archive."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, select

from models.errors import StoreDamagedError, UsageError
from service.store.backup import CONTENTS, Copied, forget_contents, noting
from service.store.contents import PageContents, content_name
from service.store.database import SQLITE, Database
from service.store.faults import disk_faults, fault
from service.store.files import FolderFiles, open_files, sync_folder
from service.store.history import Tampering, verify_history
from service.store.home import Home
from service.store.manifest import Manifest, read_manifest
from service.store.opening import cache_of, make_home
from service.store.originals import BLOCK, Digest, Originals, below
from service.store.schema import DOCUMENTS, INVITATIONS, PAGES, SESSIONS, USERS
from service.store.snapshot import close_log, copy_tables, sqlite_file
from service.store.upgrading import has_tables, upgrade
from service.store.writing import Record
from service.wording import display

_WORK = "restoring.sqlite3"
_CHOOSE = "Choose another --home, or another database."


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back.

    Attributes:
        copied: files, and those that the backup has lost.
        tamperings: where the history in the backup is not what was written.
    """

    copied: Copied
    tamperings: tuple[Tampering, ...]


def restore(folder: Path, home: Home) -> Restored:
    """Bring the backup in ``folder`` back to ``home``, which holds no archive yet; after an interruption the same call goes on.

    Args:
        folder: that `service.store.backup.backup` has written.
        home: SQLite or PostgreSQL, whichever the backup came from.

    Raises:
        UsageError: there is no backup, or an archive at ``home``.
        StoreNewerError: a newer program made the backup.
        StoreDamagedError: the database in the backup is not what was written.
        StoreError: it cannot be read, or ``home`` not be written.
    """
    manifest = read_manifest(folder)
    make_home(home.folder)
    with Database(home.database) as target:
        _check_empty(target)
        beside = target.file.parent if target.kind == SQLITE else home.folder
    with _working_copy(folder, manifest, beside) as path:
        with sqlite_file(path) as work:
            upgrade(work)
            tamperings = tuple(verify_history(work, [manifest.history]))
            copied, damaged = _copy_files(FolderFiles(folder), work, home)
            _end_visits(work)
            close_log(work)
        _put_back(path, home)
    return Restored(Copied(manifest, copied, damaged), tamperings)


def _end_visits(work: Database) -> None:
    """A session or an invitation that ended after the backup must not live again; all of them go."""
    with work.writing() as connection:
        connection.execute(delete(SESSIONS))
        connection.execute(delete(INVITATIONS))


def _check_empty(target: Database) -> None:
    """An empty file or an empty database is no archive yet; a restoring that was stopped may have made tables in it."""
    logged = target.kind == SQLITE and target.file.with_name(f"{target.file.name}-wal").exists()
    if logged or (has_tables(target) and (target.kind == SQLITE or _any_row(target))):
        raise UsageError(f"{target.place} holds an archive already.", _CHOOSE)


def _any_row(target: Database) -> bool:
    upgrade(target)
    with target.reading() as connection:
        return any(connection.execute(select(table).limit(1)).one_or_none() is not None for table in (DOCUMENTS, USERS))


@contextmanager
def _working_copy(folder: Path, manifest: Manifest, beside: Path) -> Iterator[Path]:
    """The backup's database, copied and held against its SHA-256, to be changed; gone afterwards unless it was renamed."""
    path = beside / _WORK
    source = folder / manifest.database
    with disk_faults(f"The folder {display(beside)!r}"):
        try:
            beside.mkdir(parents=True, exist_ok=True)
            _clear(beside)  # a log that a killed restoring left would be played into the new copy
            if _copied(source, path) != manifest.sha256:
                raise fault(StoreDamagedError, f"The file {display(source)!r}")
            yield path
        finally:
            _clear(beside)


def _clear(folder: Path) -> None:
    for left in folder.glob(f"{_WORK}*"):
        left.unlink()


def _copied(source: Path, target: Path) -> str:
    """Copy a file; the SHA-256 of what was copied."""
    sha256 = hashlib.sha256()
    with source.open("rb") as content, target.open("wb") as file:
        while block := content.read(BLOCK):
            sha256.update(block)
            file.write(block)
    return sha256.hexdigest()


def _copy_files(source: FolderFiles, work: Database, home: Home) -> tuple[int, tuple[str, ...]]:
    """Copy all that ``work`` names to where ``home`` has its files; how many were copied, and the names of those that are damaged.

    A page whose content is lost stays without: it is read again when it is needed.
    """
    files = open_files(home.files, cache_of(home))
    done, damaged = 0, list[str]()
    with work.reading() as connection:
        for row in connection.execute(select(DOCUMENTS.c.sha256, DOCUMENTS.c.bytes)):
            with noting(damaged, below("originals", row.sha256)), Originals(source).local(row.sha256) as path, path.open("rb") as original:
                done += Originals(files).add(original, Digest(row.sha256, row.bytes))
        lost = list[Record]()
        for row in connection.execute(select(PAGES).where(PAGES.c.content_sha256 != "")):
            try:
                done += _keep(PageContents(files), row, Originals(source, CONTENTS))
            except StoreDamagedError:
                lost.append(row)
    forget_contents(work, lost)
    return done, (*damaged, *(content_name(row.document, row.version, row.number) for row in lost))


def _keep(contents: PageContents, row: Record, kept: Originals) -> bool:
    with kept.local(row.content_sha256) as path:
        content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != row.content_sha256:
        raise fault(StoreDamagedError, "A page")
    contents.keep(row.document, row.version, row.number, content)
    return True


def _put_back(path: Path, home: Home) -> None:
    """Make the working copy the database of ``home``."""
    with Database(home.database) as target:
        if target.kind == SQLITE:
            with path.open("rb") as file:
                os.fsync(file.fileno())
            with disk_faults(target.place):
                path.rename(target.file)
                sync_folder(target.file.parent)
            return
        upgrade(target)
        with sqlite_file(path) as work, work.reading() as source, target.writing() as connection:
            copy_tables(source, connection)
