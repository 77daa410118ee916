"""Pages as pictures, made when they are asked for and kept as long as there is room: whole, and reduced to what a screen shows."""

import io
import json
import os
import secrets
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final

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

REDUCED_PIXELS: Final = 1240
"""Of the shorter side of a reduced page: A4 at 150 dpi, which is read well, has a tenth of the bytes, and is made in 20 ms."""

_QUALITY = 80
"""Of a reduced page as JPEG: strokes keep their edges, and a page of text takes 250 kB."""

_FRESH_BYTES = 64_000_000
"""Two pages of A4 at 300 dpi in colour: whoever is shown a reduced page asks for the whole one next."""

_TURNS = 16
"""Locks that all pages share: two pages that have the same one wait for each other, which does no harm."""

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
        self._making, self._opening = (tuple(Lock() for _ in range(_TURNS)) for _ in range(2))
        self._fresh: OrderedDict[tuple[str, int], PageImage] = OrderedDict()
        self._lock = Lock()

    def rasterized(self, document: str, page: int, limits: Limits) -> PageImage:
        """Page ``page`` (1-based) of ``document`` (SHA-256), as stored in its file.

        Raises:
            InputError: the page cannot be opened.
            StoreError: the original is gone, or the cache cannot be written.
        """
        return _page(page, self.picture(document, page, limits))

    def picture(self, document: str, page: int, limits: Limits) -> bytes:
        """The same as a PNG file, which any browser shows."""
        made = self._kept(document, f"{page}.png", lambda: _png(self._opened(document, page, limits)))
        with self._lock:
            self._fresh.pop((document, page), None)  # the file has it
        return made

    def reduced(self, document: str, page: int, limits: Limits) -> bytes:
        """The same as a JPEG file of `REDUCED_PIXELS` across at most, to be seen until the whole page has come."""
        return self._kept(document, f"{page}.jpg", lambda: _jpeg(self._opened(document, page, limits)))

    def _kept(self, document: str, name: str, make: Callable[[], bytes]) -> bytes:
        """The picture called ``name``, made once however many ask for it at once."""
        path = self._path(document, name)
        if data := self._read(path):
            return data
        with self._making[hash(path) % _TURNS]:
            if data := self._read(path):
                return data
            data = make()
            with disk_faults(self._place):
                path.parent.mkdir(parents=True, exist_ok=True)
                temporary = path.with_name(f".{secrets.token_hex(8)}")
                temporary.write_bytes(data)
                temporary.replace(path)
                self._make_room()
            return data

    def _path(self, document: str, name: str) -> Path:
        return self._folder / below("images", document) / name

    def _read(self, path: Path) -> bytes:
        """Empty where it is not kept."""
        with disk_faults(self._place):
            try:
                data = path.read_bytes()
                os.utime(path)  # most disks note no access by themselves
            except FileNotFoundError:
                return b""
            return data

    def _opened(self, document: str, page: int, limits: Limits) -> PageImage:
        """The page itself, opened once for its pictures, which are asked for one soon after the other."""
        key = (document, page)
        with self._opening[hash(key) % _TURNS]:
            with self._lock:
                known = self._fresh.get(key)
            if known is not None:
                return known
            if png := self._read(self._path(document, f"{page}.png")):
                return _page(page, png)
            with self._originals.local(document) as original:
                opened = open_page(original, page, limits)
            with self._lock:
                self._fresh[key] = opened
                while sum(each.pixels.nbytes for each in self._fresh.values()) > _FRESH_BYTES:
                    self._fresh.popitem(last=False)
            return opened

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


def _page(number: int, png: bytes) -> PageImage:
    with Image.open(io.BytesIO(png)) as image:
        dpi, turns, mirrored = json.loads(image.info[_FACTS])
        return PageImage(number, np.ascontiguousarray(np.asarray(image)[:, :, ::-1]), dpi, turns, mirrored)


def _png(page: PageImage) -> bytes:
    facts = PngInfo()
    facts.add_text(_FACTS, json.dumps([page.dpi, page.turns, page.mirrored]))
    data = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(page.pixels[:, :, ::-1])).save(
        data, "PNG", compress_level=_QUICK, pnginfo=facts, dpi=(page.dpi, page.dpi)
    )
    return data.getvalue()


def _jpeg(page: PageImage) -> bytes:
    height, width = page.pixels.shape[:2]
    image = Image.fromarray(np.ascontiguousarray(page.pixels[:, :, ::-1]))
    scale = REDUCED_PIXELS / min(width, height)
    if scale < 1:
        image = image.resize((round(width * scale), round(height * scale)), Image.Resampling.BOX)
    data = io.BytesIO()
    image.save(data, "JPEG", quality=_QUALITY)
    return data.getvalue()
