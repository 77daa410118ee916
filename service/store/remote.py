"""Files wherever fsspec reaches: S3 and its like, where a file appears whole when its upload is complete."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import fsspec

from models.errors import StoreDamagedError, UsageError
from service.store.faults import disk_faults, fault
from service.store.files import Fill


class RemoteFiles:
    """Files below one URL. Each is made, or fetched, as a local file first."""

    def __init__(self, url: str, cache: Path) -> None:
        """Nothing is asked of the other side yet.

        Args:
            url: such as ``s3://bucket/folder``.
            cache: folder for the local files; they are gone after use.

        Raises:
            UsageError: fsspec knows no such protocol, or the package for it is not installed.
        """
        protocol = url.partition("://")[0]
        try:
            system, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError):
            raise UsageError(f"Files at {protocol}:// are not supported here.", f"Install the fsspec package for {protocol}.") from None
        self._system = cast("Any", system)
        self._root = root.rstrip("/")
        self._cache = cache
        self._place = f"The files at {protocol}://"

    def write(self, name: str, fill: Fill) -> None:
        """See `service.store.files.Files`."""
        with disk_faults(self._place), self._temporary() as file:
            fill(cast("BinaryIO", file))
            file.flush()
            self._system.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)
            self._system.put_file(file.name, self._path(name))

    def size(self, name: str) -> int:
        """See `service.store.files.Files`."""
        with disk_faults(self._place):
            self._system.invalidate_cache()  # another machine may have written it
            try:
                return int(self._system.info(self._path(name))["size"])
            except FileNotFoundError:
                return -1

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """See `service.store.files.Files`."""
        with self._temporary() as file:
            with disk_faults(self._place):
                try:
                    self._system.get_file(self._path(name), file.name)
                except FileNotFoundError:
                    raise fault(StoreDamagedError, self._place, f"{name} is missing") from None
            yield Path(file.name)

    def remove(self, name: str) -> None:
        """See `service.store.files.Files`."""
        with disk_faults(self._place):
            try:
                self._system.rm_file(self._path(name))
            except FileNotFoundError:
                return

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _temporary(self) -> "tempfile._TemporaryFileWrapper[bytes]":
        self._cache.mkdir(parents=True, exist_ok=True)
        return tempfile.NamedTemporaryFile(dir=self._cache)
