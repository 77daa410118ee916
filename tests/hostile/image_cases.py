"""Hostile images and files that are neither PDF nor image: name, expected outcome, bytes."""

import struct
import zlib

from PIL import Image

from models import errors
from tests.hostile.images import (
    chunk,
    encoded,
    huge_png,
    jpeg_of_size,
    many_frames,
    page_picture,
    plain_tiff,
    png,
    tiff,
    zeros_compressed,
)
from tests.hostile.recipe import Recipe

_DAMAGED, _LARGE, _UNKNOWN = errors.DamagedError.code, errors.TooLargeError.code, errors.UnknownTypeError.code


def _png() -> bytes:
    return encoded(page_picture(), "PNG")


def _jpeg() -> bytes:
    return encoded(page_picture(), "JPEG")


def _animated_png() -> bytes:
    return encoded(page_picture(), "PNG", save_all=True, append_images=[Image.new("L", (240, 340))] * 5)


def _wrong_checksum() -> bytes:
    data = bytearray(_png())
    data[data.index(b"IDAT") + 10] ^= 0xFF
    return bytes(data)


def _text_bomb() -> bytes:
    bomb = chunk(b"zTXt", b"Comment\0\0" + zeros_compressed(200_000_000))
    return png(10, 10, zlib.compress(bytes(110)), before=bomb)


def _jpeg_with_broken_exif() -> bytes:
    data = _jpeg()
    broken = b"Exif\0\0MM\0*" + b"\xff" * 40
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(broken) + 2) + broken + data[2:]


def _two_frames_in_a_ring() -> bytes:
    """Each directory names the other one as the next."""
    first = plain_tiff(10, 10, 8 + 2 + 9 * 12 + 4, following=1000, data=bytes(100))
    second = plain_tiff(10, 10, 8 + 2 + 9 * 12 + 4, following=8)[8:]
    return first.ljust(1000, b"\0") + second


IMAGE_RECIPES = (
    Recipe("50000_square.png", _LARGE, lambda: huge_png(50_000)),
    Recipe("says_9000_square_has_10.png", _DAMAGED, lambda: png(9000, 9000, zlib.compress(bytes(110))), page=1),
    Recipe("no_width.png", _DAMAGED, lambda: png(0, 10, zlib.compress(bytes(110)))),
    Recipe("cut.png", _DAMAGED, lambda: _png()[:-400], page=1),
    Recipe("signature_only.png", _DAMAGED, lambda: _png()[:8]),
    Recipe("wrong_checksum.png", _DAMAGED, _wrong_checksum, page=1),
    Recipe("comment_unpacks_to_200_megabytes.png", _DAMAGED, _text_bomb),
    Recipe("animated.png", None, _animated_png),
    Recipe("archive_behind.png", None, lambda: _png() + b"PK\3\4" + bytes(200)),
    Recipe("cut.jpg", _DAMAGED, lambda: _jpeg()[: len(_jpeg()) * 2 // 3], page=1),
    Recipe("start_only.jpg", _DAMAGED, lambda: b"\xff\xd8\xff\xe0\0\x10JFIF\0"),
    Recipe("65500_square.jpg", _LARGE, lambda: jpeg_of_size(65_500, 65_500)),
    Recipe("broken_exif.jpg", None, _jpeg_with_broken_exif),
    Recipe("ring_of_frames.tif", None, _two_frames_in_a_ring),
    Recipe("frame_follows_itself.tif", None, lambda: plain_tiff(10, 10, 122, following=8, data=bytes(100))),
    Recipe("three_hundred_frames.tif", errors.TooManyPagesError.code, lambda: many_frames(300)),
    Recipe("no_directory.tif", _DAMAGED, lambda: b"II*\0\xff\xff\0\0"),
    Recipe("no_entries.tif", _DAMAGED, tiff),
    Recipe("60000_square.tif", _LARGE, lambda: plain_tiff(60_000, 60_000, 122)),
    Recipe("strip_outside.tif", _DAMAGED, lambda: plain_tiff(500, 500, 900_000_000), page=1),
    Recipe("four_billion_values.tif", _DAMAGED, lambda: tiff((256, 4, 0xFFFFFFFF, 8), (257, 4, 1, 10), (273, 4, 0xFFFFFFFF, 8))),
    Recipe("vector.svg", _UNKNOWN, lambda: b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    Recipe("web_page.pdf", _UNKNOWN, lambda: b"<!DOCTYPE html><html><body>404 Not Found</body></html>"),
    Recipe("layout.pdf", _UNKNOWN, lambda: b"PK\3\4\x14\0\0\0\0\0" + bytes(20) + b"OFD.xml" + bytes(2000)),
    Recipe("old_document.pdf", _UNKNOWN, lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),
    Recipe("moving.png", _UNKNOWN, lambda: encoded(page_picture(), "GIF")),
    Recipe("bitmap.jpg", _UNKNOWN, lambda: encoded(page_picture(), "BMP")),
    Recipe("web.jpg", _UNKNOWN, lambda: encoded(page_picture(), "WEBP")),
    Recipe("photograph.jpg", _UNKNOWN, lambda: b"\0\0\0\x18ftypheic" + bytes(400)),
    Recipe("prose.tif", _UNKNOWN, "全是文字，没有图。".encode),
    Recipe("never_written.pdf", _UNKNOWN, lambda: bytes(4096)),
)
