"""What was read on each page, lattices included, kept by document, version of the pipeline and page, so that it can be decided again."""

import hashlib
import re

from models.errors import StoreDamagedError
from service.store.faults import fault
from service.store.files import Files
from service.store.originals import below

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}")
"""What may become the name of a folder."""


class PageContents:
    """The contents of pages among the files of a store; bytes as `service.content_file.encode` writes them."""

    def __init__(self, files: Files) -> None:
        """Those in ``files``, below ``pages/``."""
        self._files = files

    def keep(self, document: str, version: str, page: int, content: bytes) -> str:
        """Keep ``content``, in place of what was there; its SHA-256.

        Raises:
            StoreError: it cannot be kept.
        """
        self._files.write(content_name(document, version, page), lambda file: file.write(content))
        return hashlib.sha256(content).hexdigest()

    def content(self, document: str, version: str, page: int, sha256: str) -> bytes:
        """What was kept.

        Raises:
            StoreDamagedError: it is gone, or its SHA-256 is another.
        """
        name = content_name(document, version, page)
        with self._files.local(name) as path:
            content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise fault(StoreDamagedError, f"The file {name}")
        return content

    def remove(self, document: str, version: str, page: int) -> None:
        """Forget one page."""
        self._files.remove(content_name(document, version, page))


def content_name(document: str, version: str, page: int) -> str:
    """The name of a page's content.

    Raises:
        ValueError: ``document`` is no SHA-256, ``version`` cannot name a folder, or ``page`` does not count from 1.
    """
    if _VERSION.fullmatch(version) is None or page < 1:
        raise ValueError(f"no version or page: {version!r}, {page}")
    return f"{below('pages', document)}/{version}/{page}.msgpack"
