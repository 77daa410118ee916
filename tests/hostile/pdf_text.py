"""PDFs of one page that carry text, honest or not, written by hand."""

from tests.hostile.pdf_bytes import CATALOG, document, stream

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica%b>>"


def text_page(
    contents: bytes,
    *objects: bytes,
    size: tuple[float, float] = (400, 300),
    page: bytes = b"",
    font: bytes = b"",
    font_object: bytes = b"",
    resources: bytes = b"",
) -> bytes:
    """A page with the font ``/F``, Helvetica where no other is given.

    Args:
        contents: what is drawn.
        objects: 6 and on.
        size: of the page, points.
        page: more entries of the page.
        font: more entries of Helvetica.
        font_object: another font altogether.
        resources: more entries of the resources.
    """
    leaf = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%b>>%b>>" % (*size, resources, page)
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return document([CATALOG, pages, leaf, stream(b"", contents), font_object or HELVETICA % font, *objects])


def line(text: str, x: float, y: float, points: float = 14, mode: int = 0) -> bytes:
    """The operators that show ``text`` (ASCII), its baseline beginning at (``x``, ``y``) points from the lower left corner."""
    return b"BT /F %g Tf %d Tr 1 0 0 1 %g %g Tm (%b) Tj ET\n" % (points, mode, x, y, text.encode("ascii"))


def to_unicode(meaning: dict[str, str]) -> bytes:
    """A ToUnicode stream that says each drawn character stands for another one."""
    pairs = b"".join(b"<%02x><%04x>" % (ord(drawn), ord(told)) for drawn, told in meaning.items())
    return stream(b"", b"1 begincodespacerange<00><ff>endcodespacerange %d beginbfchar%bendbfchar" % (len(meaning), pairs))
