"""Pages as pictures, made when they are asked for and kept as long as there is room."""

import io
import json
import os
import secrets
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from models.limits import Limits
from models.page import PageImage
from ocr.opening import open_page
from service.store.faults import disk_faults
from service.store.originals import Originals, below
from service.wording import display

CACHE_MEGABYTES = 1024
"""An A4 page at 300 dpi in colour is about 10 MB as PNG: the last hundred that a reviewer has seen."""

_FACTS = "formtally"
_QUICK = 1
"""zlib level: three times as fast as the usual 6, files a tenth larger."""


class PageImages:
    """A cache of page images; the least recently used go first."""

    def __init__(self, folder: Path, originals: Originals, megabytes: int = CACHE_MEGABYTES) -> None:
        """Nothing is made yet.

        Args:
            folder: of the cache; may be emptied at any time.
            originals: where pages come from.
            megabytes: what all images together may take.
        """
        self._folder = folder
        self._originals = originals
        self._most = megabytes * 1_000_000
        self._place = f"The folder {display(folder)!r}"

    def rasterized(self, document: str, page: int, limits: Limits) -> PageImage:
        """Page ``page`` (1-based) of ``document`` (SHA-256), as stored in its file.

        Raises:
            InputError: the page cannot be opened.
            StoreError: the original is gone, or the cache cannot be written.
        """
        with Image.open(io.BytesIO(self.picture(document, page, limits))) as image:
            dpi, turns, mirrored = json.loads(image.info[_FACTS])
            return PageImage(page, np.ascontiguousarray(np.asarray(image)[:, :, ::-1]), dpi, turns, mirrored)

    def picture(self, document: str, page: int, limits: Limits) -> bytes:
        """The same as a PNG file, which any browser shows."""
        path = self._folder / below("images", document) / f"{page}.png"
        with disk_faults(self._place):
            try:
                data = path.read_bytes()
                os.utime(path)  # most disks note no access by themselves
            except FileNotFoundError:
                data = b""
        return data or self._made(path, document, page, limits)

    def _made(self, path: Path, document: str, page: int, limits: Limits) -> bytes:
        with self._originals.local(document) as original:
            data = _png(open_page(original, page, limits))
        with disk_faults(self._place):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{secrets.token_hex(8)}")
            temporary.write_bytes(data)
            temporary.replace(path)
            self._make_room()
        return data

    def _make_room(self) -> None:
        found = []
        for path in self._folder.glob("images/*/*/*"):
            try:
                facts = path.stat()
            except FileNotFoundError:  # another process made room
                continue
            found.append((facts.st_mtime_ns, facts.st_size, path))
        total = sum(size for _, size, _ in found)
        for _, size, path in sorted(found):
            if total <= self._most:
                break
            path.unlink(missing_ok=True)
            total -= size


def _png(page: PageImage) -> bytes:
    facts = PngInfo()
    facts.add_text(_FACTS, json.dumps([page.dpi, page.turns, page.mirrored]))
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(page.pixels[:, :, ::-1])).save(
        data, "PNG", compress_level=_QUICK, pnginfo=facts, dpi=(page.dpi, page.dpi)
    )
    return data.getvalue()
