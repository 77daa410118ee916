"""An upload's files, straight from the network into a folder of ours: what is in memory does not grow with what is sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anyio import to_thread
from python_multipart.multipart import parse_options_header

from models.errors import RequestInvalidError
from service.store.faults import disk_faults
from service.web.names import clean_name
from service.web.parts import MultipartError, Parts

FIELD: Final = "files"

_BLOCK = 1 << 20
"""Bytes written at a time; an upload holds no more than this and what the network delivers at once."""

SILENCE_SECONDS: Final = 60
"""An upload that brings nothing for so long has been given up."""

_REMEDY = f"Send multipart/form-data, every part a file called '{FIELD}'."


@dataclass(frozen=True, slots=True)
class Received:
    """One file of an upload: the client's name for it, cleaned, and where it lies."""

    name: str
    path: Path


async def receive_files(content_type: str, stream: AsyncIterator[bytes], folder: Path, most: int) -> list[Received]:
    """Write every file of a multipart body into ``folder``, under names of ours.

    Args:
        content_type: of the request.
        stream: its body.
        folder: empty.
        most: files.

    Raises:
        RequestInvalidError: it is no such body, has no file or too many, or stopped on the way.
        StoreError: there is no room.
    """
    kind, options = parse_options_header(content_type)
    if kind.lower() != b"multipart/form-data" or not options.get(b"boundary"):
        raise RequestInvalidError("The body is no multipart/form-data.", _REMEDY)
    kept = _Kept(folder, most)
    try:
        parts = Parts(options[b"boundary"], kept)
        async for chunk in _not_silent(stream):
            parts.feed(chunk)
            if kept.held >= _BLOCK:
                await to_thread.run_sync(kept.write)
    except MultipartError as error:
        raise RequestInvalidError("The body cannot be taken apart.", _REMEDY) from error
    await to_thread.run_sync(kept.write)
    if not parts.ended or not kept.files:
        raise RequestInvalidError("The body ends before its last boundary." if not parts.ended else "There is no file.", _REMEDY)
    return kept.files


async def _not_silent(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        try:
            chunk = await asyncio.wait_for(anext(stream), SILENCE_SECONDS)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RequestInvalidError(f"Nothing came for {SILENCE_SECONDS} s.", "Send it again.") from None
        yield chunk


def _unquoted(name: str) -> str:
    """A name as it was before a browser wrote it into a header (HTML Living Standard, 4.10.22.8)."""
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")


class _Kept:
    """The files of an upload; hears of its parts.

    Attributes:
        files: found up to now; only the last may be unfinished.
        held: bytes that are to be written.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self.files: list[Received] = []
        self.held = 0
        self._folder, self._most = folder, most
        self._data: list[tuple[Path, bytes]] = []

    def write(self) -> None:
        """Write what is held; blocks."""
        data, self._data, self.held = self._data, [], 0
        with disk_faults("The folder for uploads"):
            for path in dict.fromkeys(path for path, _ in data):
                with path.open("ab") as file:
                    file.writelines(block for whose, block in data if whose == path)

    def begin(self, disposition: bytes) -> None:
        """See `service.web.parts.Heard`."""
        _, options = parse_options_header(disposition)
        if options.get(b"name") != FIELD.encode() or b"filename" not in options:
            raise RequestInvalidError(f"A part of the body is no file called '{FIELD}'.", _REMEDY)
        if len(self.files) == self._most:
            raise RequestInvalidError(f"An upload may have {self._most} files.", "Send the others in another one.")
        name = clean_name(_unquoted(options[b"filename"].decode("utf-8", "replace")))
        self.files.append(Received(name, self._folder / str(len(self.files))))
        self._data.append((self.files[-1].path, b""))  # an empty file is a file

    def data(self, data: bytes) -> None:
        """See `service.web.parts.Heard`."""
        self._data.append((self.files[-1].path, data))
        self.held += len(data)
