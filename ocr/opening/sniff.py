"""What a file is, by its first bytes; the name is only asked whether it agrees."""

from pathlib import PurePath

from models.errors import UnknownTypeError, WrongSuffixError

HEAD_BYTES = 1024
"""How much of a file decides its type: readers of PDF accept the header anywhere in the first 1024 bytes (ISO 32000-1, annex H.3.4.1)."""

PDF, PNG, JPEG, TIFF = "application/pdf", "image/png", "image/jpeg", "image/tiff"

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
)

_SUFFIXES = {
    ".pdf": PDF,
    ".png": PNG,
    ".apng": PNG,
    ".jpg": JPEG,
    ".jpeg": JPEG,
    ".jpe": JPEG,
    ".jfif": JPEG,
    ".tif": TIFF,
    ".tiff": TIFF,
}
_FOREIGN_SUFFIXES = frozenset(
    {".bmp", ".csv", ".doc", ".docx", ".gif", ".heic", ".heif", ".htm", ".html", ".jp2", ".json", ".ofd"}
    | {".ppt", ".pptx", ".rtf", ".svg", ".txt", ".webp", ".wps", ".xls", ".xlsx", ".xml", ".zip"}
)
"""Suffixes that promise a type of their own. Others (``.2020``, ``.scan``) promise nothing and are not held against a file."""

_FOREIGN = (
    (b"PK\x03\x04", "a ZIP container (OFD, Word, Excel)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"GIF8", "a GIF image"),
    (b"BM", "a BMP image"),
    (b"\0\0\0\x0cjP", "a JPEG 2000 image"),
    (b"\x97JB2", "a JBIG2 image"),
    (b"{\\rtf", "an RTF document"),
    (b"%!", "a PostScript document"),
    (b"AT&TFORM", "a DjVu document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
)


def media_type(head: bytes, name: str) -> str:
    """The media type of a file that begins with ``head`` (its first `HEAD_BYTES` bytes).

    An image's signature at the very start goes before a PDF header further on: that is how viewers decide polyglots.

    Args:
        head: the first bytes.
        name: of the file, for the error.

    Raises:
        UnknownTypeError: if it is none of the four types; says what it looks like instead.
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if b"%PDF-" in head:
        return PDF
    raise UnknownTypeError(
        f"{name!r} is neither PDF nor PNG, JPEG or TIFF; it looks like {_look(head)}.",
        "Save, print or photograph it as one of these.",
    )


def suffix_warnings(name: str, kind: str) -> tuple[WrongSuffixError, ...]:
    """One warning where the name promises another type than ``kind``, else none."""
    suffix = PurePath(name).suffix.lower()
    promised = _SUFFIXES.get(suffix, "another type" if suffix in _FOREIGN_SUFFIXES else kind)
    if promised == kind:
        return ()
    return (WrongSuffixError(f"{name!r} holds {kind}, its name says {promised}.", "It was read by its content; rename it."),)


def _look(head: bytes) -> str:
    for signature, look in _FOREIGN:
        if head.startswith(signature):
            return look
    if head[4:8] == b"ftyp":
        return "a HEIC or AVIF photograph, or a film"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a WebP image"
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith(b"<"):
        return "a web page, SVG or XML"
    return "text" if head and all(byte >= 32 or byte in b"\t\r\n\f" for byte in head) else "something else"
