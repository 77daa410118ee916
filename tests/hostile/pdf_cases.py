"""Hostile PDFs: name, expected outcome, bytes."""

import zlib
from collections.abc import Callable

from models import errors
from tests.hostile.images import encoded, fax_strip, jpeg_object, page_picture, zeros_compressed
from tests.hostile.pdf_bytes import A4, CATALOG, document, gray_picture, one_page, one_picture, page, picture, stream
from tests.hostile.recipe import Recipe

_GRAY = b"/ColorSpace/DeviceGray/BitsPerComponent 8"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_EMPTY_PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
_DAMAGED = errors.DamagedError.code


def sound_pdf() -> bytes:
    """One page with one grey scan."""
    small = page_picture()
    return one_picture(gray_picture(small.tobytes(), small.width, small.height))


def _locked(handler: bytes) -> bytes:
    lock = b"/Encrypt<</Filter/%b/V 1/R 2/O(%b)/U(%b)/P -4>>/ID[(a)(b)]" % (handler, b"o" * 32, b"u" * 32)
    return document([CATALOG, _PAGES, _EMPTY_PAGE], lock)


def _pages(count: int) -> bytes:
    """``count`` times the same page, and a cross reference long enough for poppler to believe it."""
    kids = b"<</Type/Pages/Kids[%b]/Count %d>>" % (b"3 0 R " * count, count)
    plain = document([CATALOG, kids, _EMPTY_PAGE])
    free = b"0000000000 00001 f \n" * count
    return plain.replace(b"xref\n0 4\n", b"xref\n0 %d\n" % (4 + count), 1).replace(
        b"trailer<</Size 4", free + b"trailer<</Size %d" % (4 + count)
    )


def _three_pages_second_cut() -> bytes:
    """Three scans, the data of the second cut in half."""
    small = page_picture()
    whole = gray_picture(small.tobytes(), small.width, small.height)
    data = zlib.compress(small.tobytes())
    cut = picture(small.width, small.height, _GRAY + b"/Filter/FlateDecode", data[: len(data) // 2])
    kids = b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>"
    drawn = stream(b"", b"q %g 0 0 %g 0 0 cm /I Do Q" % A4)
    pages = [page(A4, 6, b"/I %d 0 R" % scan) for scan in (7, 8, 7)]
    return document([CATALOG, kids, *pages, drawn, whole, cut])


def _recursive_form() -> bytes:
    form = stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</I 5 0 R>>>>", b"/I Do /I Do")
    return one_page(b"/I Do", form)


def _huge_codestream() -> bytes:
    """JPEG 2000 whose size marker says 2,000,000,000 px square, in a picture that says 100."""
    size = (
        b"\xff\x51"
        + (41).to_bytes(2, "big")
        + b"\0\0"
        + b"".join(n.to_bytes(4, "big") for n in (2 * 10**9,) * 2 + (0, 0) + (2 * 10**9,) * 2 + (0, 0))
    )
    return one_picture(picture(100, 100, b"/Filter/JPXDecode", b"\xff\x4f" + size + b"\0\1\7\1\1" + b"\xff\xd9"))


def _huge_jbig2() -> bytes:
    """JBIG2 whose page information says 4,000,000,000 px square, in a picture that says 100."""
    information = (4 * 10**9).to_bytes(4, "big") * 2 + bytes(8) + b"\0\0\0"
    segment = b"\0\0\0\0\x30\0\1" + len(information).to_bytes(4, "big") + information
    return one_picture(picture(100, 100, b"/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/JBIG2Decode", segment))


def _fax_cut() -> bytes:
    small = page_picture().convert("1")
    data = fax_strip(small)
    entries = b"/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 240/Rows 340>>"
    return one_picture(picture(240, 340, entries, data[: len(data) // 2]))


def _flate_cut() -> bytes:
    data = zlib.compress(page_picture().tobytes())
    return one_picture(picture(240, 340, _GRAY + b"/Filter/FlateDecode", data[: len(data) // 2]))


def _jpx_cut() -> bytes:
    data = encoded(page_picture(), "JPEG2000")
    return one_picture(picture(240, 340, _GRAY + b"/Filter/JPXDecode", data[: len(data) * 2 // 3]))


def _jpeg_cut() -> bytes:
    data = encoded(page_picture(), "JPEG")
    return one_picture(jpeg_object(data[: len(data) * 2 // 3]))


def _thrice_packed() -> bytes:
    bomb = zlib.compress(zlib.compress(zlib.compress(b"q Q " * 500_000)))
    return document([CATALOG, _PAGES, page(A4, 4), stream(b"/Filter[/FlateDecode/FlateDecode/FlateDecode]", bomb)])


def _self_referring_length() -> bytes:
    return document([CATALOG, _PAGES, page(A4, 4), b"<</Length 4 0 R>>stream\nq Q\nendstream"])


def _xref_loop() -> bytes:
    plain = sound_pdf()
    start = plain.rindex(b"startxref\n") + len(b"startxref\n")
    place = plain[start:].split(b"\n")[0]
    return plain.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %b>>" % place)


def _zero_tail() -> bytes:
    plain = sound_pdf()
    return plain[: len(plain) // 2] + bytes(len(plain) - len(plain) // 2)


def _cut(share: float) -> Callable[[], bytes]:
    def made() -> bytes:
        plain = sound_pdf()
        return plain[: int(len(plain) * share)]

    return made


def _named_pages() -> bytes:
    return document([CATALOG, _PAGES, _EMPTY_PAGE, b"<</Title(x\\nPages: 70000\\nPage 1 size: 0 x 0 pts)>>"], b"/Info 4 0 R")


def _jpeg_then_pdf() -> bytes:
    return encoded(page_picture(), "JPEG") + sound_pdf()


def _png_named_pdf() -> bytes:
    return encoded(page_picture(), "PNG")


PDF_RECIPES = (
    Recipe("empty.pdf", errors.EmptyInputError.code, bytes),
    Recipe("header_only.pdf", _DAMAGED, lambda: b"%PDF-1.7\n"),
    Recipe("cut_in_half.pdf", _DAMAGED, _cut(0.5)),
    Recipe("cut_before_the_trailer.pdf", _DAMAGED, _cut(0.8)),
    Recipe("second_half_zeros.pdf", _DAMAGED, _zero_tail),
    Recipe("noise.pdf", _DAMAGED, lambda: b"%PDF-1.4\n" + bytes(range(256)) * 40),
    Recipe("needs_a_password.pdf", errors.EncryptedError.code, lambda: _locked(b"Standard")),
    Recipe("foreign_lock.pdf", errors.EncryptedError.code, lambda: _locked(b"Acme")),
    Recipe("no_pages.pdf", errors.NoPagesError.code, lambda: document([CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"])),
    Recipe("minus_five_pages.pdf", errors.NoPagesError.code, lambda: document([CATALOG, b"<</Type/Pages/Kids[]/Count -5>>"])),
    Recipe("no_catalog.pdf", _DAMAGED, lambda: document([b"(nothing)"])),
    Recipe("no_page_tree.pdf", _DAMAGED, lambda: document([CATALOG])),
    Recipe("tree_loops.pdf", _DAMAGED, lambda: document([CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"]), page=1),
    Recipe(
        "tree_loops_over_two.pdf",
        _DAMAGED,
        lambda: document([CATALOG, _PAGES, b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R 3 0 R]/Count 1>>"]),
        page=1,
    ),
    Recipe("page_is_a_word.pdf", _DAMAGED, lambda: document([CATALOG, _PAGES, b"(hello)"]), page=1),
    Recipe(
        "counts_pages_it_has_not.pdf", _DAMAGED, lambda: document([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 3>>", _EMPTY_PAGE]), page=2
    ),
    Recipe(
        "counts_more_pages_than_objects.pdf",
        _DAMAGED,
        lambda: document([CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 100000>>", _EMPTY_PAGE]),
    ),
    Recipe("hundred_thousand_pages.pdf", errors.TooManyPagesError.code, lambda: _pages(100_000)),
    Recipe("one_page_too_many.pdf", errors.TooManyPagesError.code, lambda: _pages(201)),
    Recipe("second_page_cut.pdf", _DAMAGED, _three_pages_second_cut, page=2),
    Recipe("title_tells_lies.pdf", None, _named_pages),
    Recipe("cross_reference_loops.pdf", None, _xref_loop),
    Recipe("length_is_itself.pdf", _DAMAGED, _self_referring_length, page=1),
    Recipe("form_draws_itself.pdf", None, _recursive_form),
    Recipe("jpeg_cut.pdf", _DAMAGED, _jpeg_cut, page=1),
    Recipe("jpx_cut.pdf", _DAMAGED, _jpx_cut, page=1),
    Recipe("flate_cut.pdf", _DAMAGED, _flate_cut, page=1),
    Recipe("fax_cut.pdf", _DAMAGED, _fax_cut, page=1),
    Recipe("jpeg_is_none.pdf", _DAMAGED, lambda: one_picture(jpeg_object(b"no picture at all " * 9)), page=1),
    Recipe("jpx_is_none.pdf", _DAMAGED, lambda: one_picture(picture(240, 340, b"/Filter/JPXDecode", b"no picture " * 9)), page=1),
    Recipe("jpx_two_billion_square.pdf", _DAMAGED, _huge_codestream, page=1),
    Recipe("jbig2_four_billion_square.pdf", _DAMAGED, _huge_jbig2, page=1),
    Recipe("filter_nobody_knows.pdf", _DAMAGED, lambda: one_picture(picture(240, 340, _GRAY + b"/Filter/Foo", b"x" * 99)), page=1),
    Recipe("picture_is_missing.pdf", _DAMAGED, lambda: one_page(b"/I Do", xobjects=b"/I 77 0 R"), page=1),
    Recipe("contents_are_noise.pdf", _DAMAGED, lambda: one_page(b"\xff\xfe<<<((((]]] foo bar"), page=1),
    Recipe(
        "contents_do_not_unpack.pdf",
        _DAMAGED,
        lambda: document([CATALOG, _PAGES, page(A4, 4), stream(b"/Filter/FlateDecode", b"\xff" * 50)]),
        page=1,
    ),
    Recipe(
        "picture_50000_square.pdf",
        errors.TooLargeError.code,
        lambda: one_picture(picture(50_000, 50_000, _GRAY + b"/Filter/FlateDecode", b"")),
        page=1,
    ),
    Recipe("five_metres_square.pdf", errors.TooLargeError.code, lambda: one_page(b"q Q", size=(14_400, 14_400)), page=1),
    Recipe("no_size.pdf", None, lambda: one_page(b"q Q", size=(0, 0))),
    Recipe(
        "picture_unpacks_to_100_megabytes.pdf",
        None,
        lambda: one_picture(picture(240, 340, _GRAY + b"/Filter/FlateDecode", zeros_compressed(100_000_000))),
    ),
    Recipe("contents_packed_thrice.pdf", None, _thrice_packed),
    Recipe(
        "launches_programs.pdf", None, lambda: sound_pdf().replace(b"/Type/Catalog", b"/Type/Catalog/OpenAction<</S/Launch/F(/bin/sh)>>")
    ),
    Recipe("noise_before_the_header.pdf", None, lambda: b"\0\r\n" * 100 + sound_pdf()),
    Recipe("web_page_with_a_pdf_header.pdf", _DAMAGED, lambda: b"<html><!-- %PDF-1.4 --><body>hello</body></html>"),
    Recipe("jpeg_with_a_pdf_behind.pdf", None, _jpeg_then_pdf, warning=errors.WrongSuffixError.code),
    Recipe("png_named.pdf", None, _png_named_pdf, warning=errors.WrongSuffixError.code),
    Recipe("pdf_named.png", None, sound_pdf, warning=errors.WrongSuffixError.code),
)
"""Every one under the default limits. Those that only a time limit ends are apart (`slow_pdf`), for they take all of it."""


def slow_pdf() -> bytes:
    """Twenty forms, each drawing the next one ten times: 10^20 operations in 4 kB."""
    forms = [
        stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</I %d 0 R>>>>" % (6 + place), b"/I Do " * 10)
        for place in range(20)
    ]
    return one_page(b"/I Do", *forms, stream(b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]", b"n"))
