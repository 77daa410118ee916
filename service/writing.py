"""Results on disk: whole or not at all, never half."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import BinaryIO

from models.errors import OutputError

STATE = PurePath(".formtally")
"""Folder below the output folder for what must survive an interruption; gone when a run has finished."""

KEPT_PAGES = STATE / "pages"
"""Pages read, of documents that are not done; below the output folder."""

_STAGING = STATE / "staging"
_LOCK = STATE / "lock"
_MEND = "Free space there or make it writable; the same command goes on from here."
_MEND_FILE = "Free space there or make it writable, or choose another place."


class OutputFolder:
    """The folder that a run writes into; every name handed in is relative to it."""

    def __init__(self, root: Path) -> None:
        """Nothing is written yet."""
        self.root = root

    def write(self, name: PurePath, data: bytes) -> None:
        """Put ``data`` at ``name``, folders included: a reader sees the old file or the new one, also after a power cut.

        Raises:
            OutputError: the disk is full, the folder cannot be written, or something else is in the way.
        """
        target = self.root / name
        temporary = self.root / _STAGING / secrets.token_hex(8)
        with _writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary.parent.mkdir(parents=True, exist_ok=True)
            try:
                _write_through(temporary, data)
                temporary.replace(target)
            except BaseException:
                with suppress(OSError):
                    temporary.unlink()
                raise
            _sync(target.parent)

    def drop(self, name: PurePath) -> None:
        """Remove the folder ``name`` and all below it; nothing happens where there is none.

        Raises:
            OutputError: not allowed.
        """
        with _writing(self.root / name), suppress(FileNotFoundError):
            shutil.rmtree(self.root / name)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for the block, so that two runs never write into it at once; a run that died holds nothing.

        Raises:
            OutputError: another run holds it, or it cannot be written.
        """
        path = self.root / _LOCK
        with _writing(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a")
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise OutputError(f"Another run is writing into {str(self.root)!r}.", "Wait for it, or choose another --out.") from error
            self.drop(_STAGING)
            yield


def write_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path``, folders included: a reader sees the old file or the new one.

    Raises:
        OutputError: the disk is full, the folder cannot be written, or something else is in the way.
    """
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``target`` when the block ends well; folders are made, what stood there stays until then.

    Raises:
        OutputError: the disk is full, or the folder cannot be written.
    """
    temporary = target.parent / f".formtally-{secrets.token_hex(8)}"
    with _writing(target, _MEND_FILE):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(target)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
        _sync(target.parent)


@contextmanager
def _writing(path: Path, mend: str = _MEND) -> Iterator[None]:
    """Turn any failure to write ``path`` within the block into an `OutputError` that names it."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{str(path)!r} cannot be written: {error.strerror or error}.", mend) from error


def _write_through(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
