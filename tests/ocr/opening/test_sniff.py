"""A file's type is decided by its first bytes."""

import pytest

from models.errors import UnknownTypeError, WrongSuffixError
from ocr.opening.sniff import JPEG, PDF, PNG, TIFF, media_type, suffix_warnings


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", PDF),
        (b"\xef\xbb\xbf\r\n" + b"x" * 900 + b"%PDF-1.4", PDF),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", PNG),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", JPEG),
        (b"II*\0\x08\0\0\0", TIFF),
        (b"MM\0*\0\0\0\x08", TIFF),
        (b"\x89PNG\r\n\x1a\n%PDF-1.4", PNG),
    ],
)
def test_type_by_content(head: bytes, kind: str) -> None:
    assert media_type(head, "name") == kind


@pytest.mark.parametrize(
    ("head", "look"),
    [
        (b"PK\x03\x04OFD", "ZIP"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"\xef\xbb\xbf <html>", "web page"),
        (b"plain words\n", "text"),
        (b"", "something else"),
        (b"\0\1\2\3", "something else"),
    ],
)
def test_other_types_are_refused_by_what_they_look_like(head: bytes, look: str) -> None:
    with pytest.raises(UnknownTypeError, match=look):
        media_type(head, "name")


@pytest.mark.parametrize(
    ("name", "kind", "wrong"),
    [
        ("a.pdf", PDF, False),
        ("a.PDF", PDF, False),
        ("a.jpeg", JPEG, False),
        ("a.TIF", TIFF, False),
        ("a", PDF, False),
        ("scan.2020", PDF, False),
        ("a.pdf", PNG, True),
        ("a.png", PDF, True),
        ("a.docx", PDF, True),
    ],
)
def test_a_suffix_is_only_held_against_a_file_where_it_promises_another_type(name: str, kind: str, wrong: bool) -> None:
    assert [type(warning) for warning in suffix_warnings(name, kind)] == [WrongSuffixError] * wrong
