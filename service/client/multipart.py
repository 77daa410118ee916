"""A file as the body of an upload (multipart/form-data, RFC 7578), read as it is sent."""

import hashlib
import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from models.errors import DamagedError

FIELD = "files"
_CHUNK = 65536


@dataclass(slots=True)
class Upload:
    """One file on its way.

    Attributes:
        name: as it is to be known; data, never part of the syntax.
        file: from its beginning to what was its end when it was opened.
        tell: is told how many more bytes were sent.
        boundary: between the parts; cannot be guessed by who wrote the file.
    """

    name: str
    file: BinaryIO
    tell: Callable[[int], None]
    boundary: str = field(default_factory=lambda: secrets.token_hex(16))
    _bytes: int = field(init=False)

    def __post_init__(self) -> None:
        self._bytes = os.fstat(self.file.fileno()).st_size

    @property
    def kind(self) -> str:
        """What the header ``Content-Type`` says."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def length(self) -> int:
        """Of the body, bytes."""
        return len(self._head) + self._bytes + len(self._tail)

    @property
    def sha256(self) -> str:
        """Of the file's bytes, hex: what the service must call it.

        Raises:
            DamagedError: it changed since it was opened.
        """
        digest = hashlib.sha256()
        for chunk in self._chunks():
            digest.update(chunk)
        return digest.hexdigest()

    def __iter__(self) -> Iterator[bytes]:
        """The body, from its beginning.

        Raises:
            DamagedError: the file became shorter.
        """
        yield self._head
        for chunk in self._chunks():
            yield chunk
            self.tell(len(chunk))
        yield self._tail

    def _chunks(self) -> Iterator[bytes]:
        self.file.seek(0)
        left = self._bytes
        while left:
            chunk = self.file.read(min(_CHUNK, left))
            if not chunk:
                raise DamagedError(f"{self.name!r} changed while it was sent.", "Send it again when it is written to the end.")
            left -= len(chunk)
            yield chunk

    @property
    def _head(self) -> bytes:
        disposition = f'Content-Disposition: form-data; name="{FIELD}"; filename="{_quoted(self.name)}"'
        return f"--{self.boundary}\r\n{disposition}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()

    @property
    def _tail(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode()


def _quoted(name: str) -> str:
    """As browsers write it (WHATWG HTML, multipart form data)."""
    return name.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")
