"""What makes a PDF a PDF/A-2b (ISO 19005-2) beside its pages: an output intent and XMP metadata."""

from functools import cache
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import ImageCms

from service.wording import without_controls

_CREATED = slice(24, 36)
"""Where an ICC profile says when it was made; zeros, so that the same document gives the same bytes."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:source>sha256:{sha256}</dc:source>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


def make_pdfa(pdf: Pdf, title: str, sha256: str) -> None:
    """Add to ``pdf`` what PDF/A-2b asks of the document as a whole.

    Args:
        pdf: its colours are sRGB or grey.
        title: what a person calls the document.
        sha256: of the original, hex.
    """
    profile = pdf.make_indirect(Stream(pdf, srgb_profile(), N=3))
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier="sRGB",
        Info="sRGB IEC61966-2.1",
        DestOutputProfile=profile,
    )
    xmp = _XMP.format(title=escape(without_controls(title)), sha256=escape(sha256))
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, xmp.encode(), Type=Name.Metadata, Subtype=Name.XML))


@cache
def srgb_profile() -> bytes:
    """The ICC profile of sRGB, as LittleCMS makes it."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[_CREATED] = bytes(_CREATED.stop - _CREATED.start)
    return bytes(profile)
