"""What of PDF/A-2b (ISO 19005-2) can be checked of a file that has nothing but pictures and invisible text.

Instead of looking for what is forbidden, every key of every dictionary must be one of those that such a file needs.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

KEYS = {
    "/Catalog": {"/Type", "/Pages", "/OutputIntents", "/Metadata"},
    "/Pages": {"/Type", "/Kids", "/Count"},
    "/Page": {"/Type", "/Parent", "/MediaBox", "/Rotate", "/Resources", "/Contents"},
    "/OutputIntent": {"/Type", "/S", "/OutputConditionIdentifier", "/Info", "/DestOutputProfile"},
    "/Metadata": {"/Type", "/Subtype", "/Length"},
    "/XObject": {
        *("/Type", "/Subtype", "/Width", "/Height", "/ColorSpace", "/BitsPerComponent", "/Filter", "/DecodeParms", "/Decode", "/Length"),
    },
    "/Font": {
        *("/Type", "/Subtype", "/BaseFont", "/Encoding", "/DescendantFonts", "/ToUnicode"),
        *("/CIDSystemInfo", "/FontDescriptor", "/DW", "/W", "/CIDToGIDMap"),
    },
    "/FontDescriptor": {
        *("/Type", "/FontName", "/Flags", "/FontBBox", "/ItalicAngle", "/Ascent", "/Descent", "/CapHeight", "/StemV", "/FontFile2"),
    },
}
WITHOUT_TYPE = (
    {"/XObject", "/Font"},
    {"/Page"},
    {"/F"},
    {"/Registry", "/Ordering", "/Supplement"},
    {"/K", "/Columns", "/Rows", "/EncodedByteAlign", "/BlackIs1"},
    {"/Predictor", "/Colors", "/BitsPerComponent", "/Columns"},
    {"/JBIG2Globals"},
    {"/Length", "/Filter", "/DecodeParms"},
    {"/Length", "/Filter", "/N"},
    {"/Length", "/Filter", "/Length1"},
)
OPERATORS = {"q", "Q", "cm", "Do", "BT", "ET", "Tf", "Tr", "Tm", "TJ"}
FILTERS = {"/FlateDecode", "/DCTDecode", "/CCITTFaxDecode", "/JBIG2Decode"}


def faults(file: Path) -> list[str]:
    """What in ``file`` PDF/A-2b forbids, or asks for and is not there."""
    with Pdf.open(file) as pdf:
        return [*_of_file(file.read_bytes(), pdf), *_of_document(pdf), *(fault for page in pdf.pages for fault in _of_page(page.obj))]


def _of_file(data: bytes, pdf: Pdf) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.7\n%[\x80-\xff]{4}", data):
        yield "6.1.2: header"
    if not data.endswith(b"%%EOF\n"):
        yield "6.1.3: something behind the end"
    if "/ID" not in pdf.trailer or "/Encrypt" in pdf.trailer or "/Info" in pdf.trailer:
        yield "6.1.3: trailer"
    yield from (f"qpdf: {message}" for message in pdf.check_pdf_syntax())
    for thing in pdf.objects:
        if isinstance(thing, Stream) and not _filters(thing) <= FILTERS:
            yield f"6.1.7.2: filter of {thing!r}"
        if isinstance(thing, Dictionary | Stream):
            yield from _keys(thing)


def _keys(thing: Object) -> Iterator[str]:
    keys, kind = set(thing.keys()), str(thing.get("/Type", ""))
    known = keys <= KEYS[kind] if kind in KEYS else any(keys <= allowed for allowed in WITHOUT_TYPE)
    if not known:
        yield f"keys {sorted(keys)} of {kind}"
    for key in keys:
        value = thing[key]
        below = list(value) if isinstance(value, Array) else [value]
        yield from (fault for each in below if isinstance(each, Dictionary) and not each.is_indirect for fault in _keys(each))


def _of_document(pdf: Pdf) -> Iterator[str]:
    (intent,) = pdf.Root.OutputIntents
    profile = intent.DestOutputProfile.read_bytes()
    if intent.S != Name.GTS_PDFA1 or profile[12:24] != b"mntrRGB XYZ " or profile[36:40] != b"acsp" or profile[8] > 4:
        yield "6.2.3: output intent"
    xmp = pdf.Root.Metadata.read_bytes().decode()
    if "<pdfaid:part>2</pdfaid:part>" not in xmp or "<pdfaid:conformance>B</pdfaid:conformance>" not in xmp:
        yield "6.6.4: identification"
    with pdf.open_metadata(update_docinfo=False, set_pikepdf_as_editor=False) as metadata:
        if metadata.pdfa_status != "2B":
            yield "6.6.2: metadata"


def _of_page(page: Object) -> Iterator[str]:
    sides = [float(side) for side in list(page.MediaBox)[2:]]
    if min(sides) < 3 or max(sides) > 14_400:
        yield "6.1.13: size of the page"
    depth, mode = 0, 0
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        depth += {"q": 1, "Q": -1}.get(str(operator), 0)
        mode = int(operands[0]) if str(operator) == "Tr" else mode
        if str(operator) not in OPERATORS or depth < 0:
            yield f"6.2.2: operator {operator}"
        if str(operator) == "TJ":
            yield from _of_text(page, b"".join(bytes(each) for each in operands[0] if isinstance(each, pikepdf.String)), mode)
    for picture in page.Resources.get("/XObject", {}).values():
        if picture.ColorSpace not in (Name.DeviceGray, Name.DeviceRGB) or picture.get("/Interpolate", False):
            yield "6.2.8: picture"


def _of_text(page: Object, codes: bytes, mode: int) -> Iterator[str]:
    font = page.Resources.Font["/F"]
    descendant = font.DescendantFonts[0]
    glyphs = descendant.CIDToGIDMap.read_bytes()
    meanings = dict(re.findall(r"^<(\w{4})> <(\w+)>$", font.ToUnicode.read_bytes().decode(), re.MULTILINE))
    for place in range(0, len(codes), 2):
        number = int.from_bytes(codes[place : place + 2], "big")
        if mode != 3 or int.from_bytes(glyphs[2 * number : 2 * number + 2], "big") == 0:
            yield f"6.2.11.8: character {number} is visible, or .notdef"
        if meanings.get(f"{number:04X}", "0000") in ("0000", "FEFF", "FFFE"):
            yield f"6.2.11.7.2: character {number} has no meaning"


def _filters(stream: Stream) -> set[str]:
    found = stream.get("/Filter")
    if found is None:
        return set()
    return {str(each) for each in found} if isinstance(found, Array) else {str(found)}
