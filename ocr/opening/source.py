"""A stranger's file, opened once and safely: nothing that is no regular file is ever read, and a file that changes meanwhile is noticed."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.errors import DamagedError, EmptyInputError, NotFoundError, OutsideFolderError, TooLargeError, UnknownTypeError
from models.limits import Limits
from ocr.opening.sniff import HEAD_BYTES

_MEGABYTE = 1_000_000
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """An open file.

    Attributes:
        name: without folders, for messages only.
        descriptor: open for reading; children get it as their standard input.
        state: what tells whether it changed: device, inode, bytes, time of the last change in ns.
    """

    name: str
    descriptor: int
    state: tuple[int, int, int, int]

    def head(self) -> bytes:
        """The first `HEAD_BYTES` bytes.

        Raises:
            NotFoundError: if the system cannot read them.
        """
        try:
            return os.pread(self.descriptor, HEAD_BYTES, 0)
        except OSError as error:
            raise _unreadable(self.name, error) from error

    def check_unchanged(self) -> None:
        """Make sure that the file is still what it was when opened.

        Raises:
            DamagedError: if it was written to meanwhile.
        """
        if _state(os.fstat(self.descriptor)) != self.state:
            raise DamagedError(f"{self.name!r} changed while it was read.", "Run again when it is written to the end.")


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Source]:
    """Open ``path`` for as long as the context lasts.

    Raises:
        NotFoundError: no such file, or no right to read it.
        UnknownTypeError: a folder, pipe, socket or device; it is not touched.
        EmptyInputError: zero bytes.
        TooLargeError: more bytes than ``limits.file_megabytes``.
    """
    try:
        _check_kind(path.name, path.stat())
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY)
    except (OSError, ValueError) as error:  # ValueError: a null byte in the name
        raise _unreadable(path.name, error) from error
    try:
        facts = os.fstat(descriptor)
        _check_kind(path.name, facts)  # again: the name may lead elsewhere by now
        _check_bytes(path.name, facts.st_size, limits)
        yield Source(path.name, descriptor, _state(facts))
    finally:
        os.close(descriptor)


def check_inside(path: Path, root: Path) -> None:
    """Make sure that ``path``, all symbolic links followed, lies in ``root``.

    Args:
        path: need not exist.
        root: the folder that was given; may itself be a link.

    Raises:
        OutsideFolderError: if it leads out.
    """
    try:
        inside = Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
    except ValueError as error:  # a null byte in the name
        raise _unreadable(path.name, error) from error
    if not inside:
        raise OutsideFolderError(
            f"{path.name!r} is a link that leads out of the folder {root.name!r}.",
            "Put the file itself into the folder, or give its own path.",
        )


def _check_kind(name: str, facts: os.stat_result) -> None:
    if stat.S_ISREG(facts.st_mode):
        return
    kind = next((kind for test, kind in _KINDS if test(facts.st_mode)), "no file")
    raise UnknownTypeError(f"{name!r} is {kind}, not a file.", "Give a PDF, PNG, JPEG or TIFF file.")


def _check_bytes(name: str, size: int, limits: Limits) -> None:
    if size == 0:
        raise EmptyInputError(f"{name!r} is empty.", "Scan or copy it again.")
    if size > limits.file_megabytes * _MEGABYTE:
        raise TooLargeError(
            f"{name!r} has {size // _MEGABYTE} MB, the limit is {limits.file_megabytes}.",
            "Split it, or raise the limit on the size of a file.",
        )


def _state(facts: os.stat_result) -> tuple[int, int, int, int]:
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def _unreadable(name: str, error: OSError | ValueError) -> NotFoundError:
    if isinstance(error, PermissionError):
        return NotFoundError(f"There is no right to read {name!r}.", "Give this user the right to read it and its folders.")
    reason = error.strerror if isinstance(error, OSError) and error.strerror is not None else str(error)
    return NotFoundError(f"{name!r} cannot be opened: {reason}.", "Check the name and the place.")
