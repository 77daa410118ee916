"""Files that are written once, by name: in a folder (also one that several machines share), or wherever fsspec reaches (S3).

Names are ours (digests, versions, numbers), never a stranger's, with ``/`` between folders.
"""

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

from models.errors import StoreDamagedError, StoreUnreachableError
from service.store.faults import disk_faults, fault
from service.wording import display

_STAGING = "staging"
_READ_ONLY = 0o444

Fill: TypeAlias = Callable[[BinaryIO], object]
"""Writes the content; what it raises leaves no file behind."""


class Files(Protocol):
    """What a store wants of the place where its files are."""

    def write(self, name: str, fill: Fill) -> None:
        """Let ``fill`` write ``name``, which appears whole or not at all; it replaces what is there.

        Raises:
            StoreError: no room, no right, or the place is not there.
        """

    def size(self, name: str) -> int:
        """Bytes of ``name``; -1 where there is no such file."""

    def local(self, name: str) -> AbstractContextManager[Path]:
        """``name`` as a file that programs can open, for the block.

        Raises:
            StoreDamagedError: there is no such file.
            StoreUnreachableError: there is nothing at all, or no such place.
        """

    def remove(self, name: str) -> None:
        """Remove ``name``; nothing happens where there is no such file."""


def open_files(place: str, cache: Path) -> Files:
    """The files at ``place``: a folder, or a URL that fsspec understands.

    Args:
        place: as `service.store.home.Home.files` says it.
        cache: folder for what is fetched from afar.

    Raises:
        UsageError: there is no support for such a URL.
    """
    if "://" not in place:
        folder = FolderFiles(Path(place))
        folder.sweep()
        return folder
    from service.store.remote import RemoteFiles  # noqa: PLC0415  fsspec is not everybody's

    return RemoteFiles(place, cache)


class FolderFiles:
    """Files below one folder. A file is written under another name, synced, made read-only and renamed."""

    def __init__(self, root: Path) -> None:
        """Nothing is touched yet."""
        self._root = root
        self._place = f"The folder {display(root)!r}"

    def write(self, name: str, fill: Fill) -> None:
        """See `Files`."""
        target = self._root / name
        with disk_faults(self._place):
            _make(target.parent)
            with _staged(self._root / _STAGING) as (path, file):
                fill(file)
                file.flush()
                os.fchmod(file.fileno(), _READ_ONLY)
                os.fsync(file.fileno())
                path.replace(target)
            sync_folder(target.parent)

    def size(self, name: str) -> int:
        """See `Files`."""
        with disk_faults(self._place):
            try:
                return (self._root / name).stat().st_size
            except FileNotFoundError:
                return -1

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """See `Files`."""
        path = self._root / name
        if self.size(name) < 0:
            with disk_faults(self._place):
                if all(each.name == _STAGING for each in self._root.iterdir()):
                    raise fault(StoreUnreachableError, self._place, "it is empty")  # such as a share that is not mounted
            raise fault(StoreDamagedError, self._place, f"{name} is missing")
        yield path

    def remove(self, name: str) -> None:
        """See `Files`."""
        with disk_faults(self._place):
            path = self._root / name
            path.unlink(missing_ok=True)
            with suppress(OSError):  # not empty
                path.parent.rmdir()

    def sweep(self) -> None:
        """Remove what programs that were killed have begun and not finished."""
        with disk_faults(self._place), suppress(FileNotFoundError):
            for path in (self._root / _STAGING).iterdir():
                with suppress(FileNotFoundError, PermissionError, BlockingIOError), path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    path.unlink()


@contextmanager
def _staged(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file, held by a lock as long as its writer lives, and gone afterwards unless it was renamed."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / secrets.token_hex(8)
    file = _held(path)
    while os.fstat(file.fileno()).st_nlink == 0:  # swept away before it was held
        file.close()
        file = _held(path)
    with file:
        try:
            yield path, file
        finally:
            path.unlink(missing_ok=True)


def _held(path: Path) -> BinaryIO:
    file = path.open("xb")
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make(folder: Path) -> None:
    """Make ``folder`` and those above it, to outlive a power cut."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        sync_folder(place.parent)
