"""Images written by hand or by Pillow, then spoilt."""

import io
import struct
import zlib

import numpy as np
from PIL import Image, TiffImagePlugin

from tests.hostile.pdf_bytes import picture

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ADLER_MODULUS = 65521


def page_picture() -> Image.Image:
    """A small grey page with some dark bars and a soft gradient, 240 x 340 px."""
    rows = np.linspace(200, 255, 340, dtype=np.uint8)[:, None].repeat(240, axis=1)
    rows[40:300:30, 20:220] = 0
    return Image.fromarray(rows)


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """``image`` as a file of ``kind``."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    """A PNG chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, data: bytes, before: bytes = b"", bits: int = 8) -> bytes:
    """A grey PNG whose header says ``width`` x ``height`` whatever ``data`` (compressed) holds; ``before`` are chunks ahead of it."""
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return _SIGNATURE + chunk(b"IHDR", header) + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zeros_compressed(count: int) -> bytes:
    """``count`` zero bytes as a sound zlib stream, made without ever holding them: one compressed megabyte, repeated."""
    block = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    last = zlib.compressobj(9, zlib.DEFLATED, -15)
    rest = last.compress(bytes(count % block)) + last.flush()
    return b"\x78\x9c" + one * (count // block) + rest + struct.pack(">I", (count % _ADLER_MODULUS) << 16 | 1)


def huge_png(side: int) -> bytes:
    """A sound black-and-white PNG of ``side`` x ``side`` px."""
    return png(side, side, zeros_compressed(side * ((side + 7) // 8 + 1)), bits=1)


def jpeg_of_size(width: int, height: int) -> bytes:
    """A JPEG whose frame header says ``width`` x ``height``, with the data of a small one."""
    data = bytearray(encoded(page_picture(), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def tiff(*entries: tuple[int, int, int, int], following: int = 0, data: bytes = b"") -> bytes:
    """A TIFF of one directory of (tag, type, count, value) entries at offset 8, ``following`` the offset of the next; then ``data``."""
    rows = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + rows + struct.pack("<I", following) + data


def plain_tiff(width: int, height: int, offset: int, following: int = 0, data: bytes = b"") -> bytes:
    """A grey uncompressed TIFF, its only strip at ``offset``."""
    size = min(width * height, 0xFFFFFFFF)
    fields = ((256, width), (257, height), (258, 8), (259, 1), (262, 1), (273, offset), (277, 1), (278, height), (279, size))
    return tiff(*((tag, 4, 1, value) for tag, value in fields), following=following, data=data)


def many_frames(count: int) -> bytes:
    """A TIFF of ``count`` tiny pages."""
    frame = Image.new("1", (8, 8))
    return encoded(frame, "TIFF", save_all=True, append_images=[frame] * (count - 1))


def jpeg_object(data: bytes) -> bytes:
    """A grey JPEG (of `page_picture`'s size) as an image XObject."""
    return picture(240, 340, b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", data)


def fax_strip(image: Image.Image) -> bytes:
    """The CCITT group 4 data of ``image`` (mode 1), in one strip."""
    data = encoded(image, "TIFF", compression="group4", tiffinfo={278: image.height})
    with TiffImagePlugin.TiffImageFile(io.BytesIO(data)) as stored:
        (offset,), (count,) = stored.tag_v2[273], stored.tag_v2[279]
    return data[offset : offset + count]
