"""Text of strangers (file names, recognized text) made safe to print and to store."""

import re
from pathlib import PurePath

_NO_XML = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids, and C1 controls."""


def printable(text: str) -> str:
    r"""``text`` on one line; what could steer a terminal or is no character is written as an escape (``\n``, ``\x1b``, ``\udcff``)."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def display(path: PurePath) -> str:
    """A path for people and for JSON; bytes that are not UTF-8 appear as escapes, so it need not lead back to the file."""
    return printable(str(path))


def plural(count: int, noun: str) -> str:
    """``1 form``, ``2 forms``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def storable(path: PurePath) -> str:
    r"""A path as valid Unicode for JSON: as it is, except that bytes that are not UTF-8 appear as ``\xff``."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def without_controls(text: str) -> str:
    r"""``text`` for a cell: what XML forbids and other controls become �, line ends ``\n``; tabs stay."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
