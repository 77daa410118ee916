"""PDFs written by hand, object by object: what no well-behaved library would write."""

import zlib
from collections.abc import Sequence

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
A4 = (595.44, 841.68)
"""Points; 827 x 1169 px at 100 dpi."""


def document(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of ``objects``, numbered from 1, the first its catalog; ``trailer`` are more entries of the trailer."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return bytes(out) + b"xref\n0 %d\n0000000000 65535 f \n%btrailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (
        size,
        rows,
        size,
        trailer,
        len(out),
    )


def stream(entries: bytes, data: bytes) -> bytes:
    """A stream object."""
    return b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data)


def picture(width: int, height: int, entries: bytes, data: bytes) -> bytes:
    """An image XObject; ``entries`` tell colour space, bits and filter."""
    return stream(b"/Type/XObject/Subtype/Image/Width %d/Height %d%b" % (width, height, entries), data)


def gray_picture(rows: bytes, width: int, height: int) -> bytes:
    """An 8 bit grey image XObject of ``rows``, compressed."""
    return picture(width, height, b"/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode", zlib.compress(rows, 1))


def page(size: tuple[float, float], contents: int, xobjects: bytes = b"", more: bytes = b"") -> bytes:
    """A page of ``size`` points whose contents are object ``contents``; ``xobjects`` name its images, such as ``/I 5 0 R``."""
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %g %g]/Contents %d 0 R/Resources<</XObject<<%b>>>>%b>>" % (
        *size,
        contents,
        xobjects,
        more,
    )


def one_page(contents: bytes, *objects: bytes, size: tuple[float, float] = A4, more: bytes = b"", xobjects: bytes = b"/I 5 0 R") -> bytes:
    """A document of one page: object 3 the page, 4 its contents, 5 and on ``objects``."""
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return document([CATALOG, pages, page(size, 4, xobjects, more), stream(b"", contents), *objects])


def one_picture(xobject: bytes, size: tuple[float, float] = A4, matrix: bytes | None = None, more: bytes = b"") -> bytes:
    """A document of one page, filled by ``xobject`` (or as ``matrix`` says)."""
    drawn = b"%g 0 0 %g 0 0" % size if matrix is None else matrix
    return one_page(b"q %b cm /I Do Q" % drawn, xobject, size=size, more=more)
