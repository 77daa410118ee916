"""Originals as they came, named by their SHA-256: the same file twice is kept once, and no stranger's name becomes a path."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.errors import DamagedError
from service.store.files import Files

BLOCK = 1 << 20
"""Bytes read at a time."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file's content is: SHA-256 in hex, and its length in bytes."""

    sha256: str
    bytes: int


def digest_of(source: BinaryIO) -> Digest:
    """The digest of everything from the beginning of ``source``.

    Raises:
        DamagedError: it cannot be read.
    """
    sha256, length = hashlib.sha256(), 0
    for block in _blocks(source):
        sha256.update(block)
        length += len(block)
    return Digest(sha256.hexdigest(), length)


def below(folder: str, sha256: str) -> str:
    """The name of what belongs to an original below ``folder``: 256 folders, so that none grows too long to list.

    Raises:
        ValueError: ``sha256`` is none.
    """
    if _SHA256.fullmatch(sha256) is None:
        raise ValueError(f"no SHA-256 in hex: {sha256!r}")
    return f"{folder}/{sha256[:2]}/{sha256}"


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    """All of ``source``; that it cannot be read is its own fault, not that of the place where it is to be kept."""
    try:
        source.seek(0)
        while block := source.read(BLOCK):
            yield block
    except OSError as error:
        raise DamagedError(f"The file cannot be read: {error.strerror or error}.", "Check its disk, or scan it again.") from error


class Originals:
    """The originals among the files of a store."""

    def __init__(self, files: Files, folder: str = "originals") -> None:
        """Those in ``files``, below ``folder``."""
        self._files = files
        self._folder = folder

    def add(self, source: BinaryIO, digest: Digest) -> bool:
        """Keep what is in ``source``; whether it was written. One that is there already, whole, is left as it is.

        Args:
            source: read from its beginning.
            digest: of ``source``, by `digest_of`.

        Raises:
            DamagedError: ``source`` is no longer what ``digest`` says: it changed meanwhile. Nothing is kept.
            StoreError: it cannot be kept.
        """
        name = below(self._folder, digest.sha256)
        if self._files.size(name) == digest.bytes:
            return False

        def fill(file: BinaryIO) -> None:
            sha256 = hashlib.sha256()
            for block in _blocks(source):
                sha256.update(block)
                file.write(block)
            if sha256.hexdigest() != digest.sha256:
                raise DamagedError("The file changed while it was read.", "Run again when it is written to the end.")

        self._files.write(name, fill)
        return True

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """The original as a file that may be read, never written, for the block.

        Raises:
            StoreDamagedError: it is gone.
        """
        return self._files.local(below(self._folder, sha256))

    def __contains__(self, sha256: str) -> bool:
        return self._files.size(below(self._folder, sha256)) >= 0
