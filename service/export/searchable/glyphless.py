"""A font without shapes of its own: two glyphs, half an em and an em wide, for as many characters as a document has.

The idea is that of Tesseract's ``pdf.ttf`` (Breidenbach, 2014): invisible text needs widths and a way back to Unicode, not outlines. Its
glyphs are empty; ours are plain rectangles, since PDFium passes over a text of one character whose glyph has no extent.
"""

import struct
from unicodedata import east_asian_width

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

EM = 1000
"""Units of the font."""

ASCENT, DESCENT = 880, -120
"""Of every character, as Chinese fonts have them; together an em. (Poppler takes a descent of 0 for an unknown one.)"""

_NAME = "/FormTallyGlyphless"
_HALF, _WHOLE = 1, 2
"""Glyphs; 0 is .notdef, which PDF/A forbids to use."""
_ADVANCES = (EM, EM // 2, EM)
_NO_TEXT = frozenset({0x0000, 0xFEFF, 0xFFFE, 0xFFFF})
"""What PDF/A forbids as the meaning of a character."""
_A_BLOCK = 100
"""Entries that a block of a CMap may have (Adobe Technical Note 5014)."""


class Glyphless:
    """The characters of one document, numbered (CID) as they come."""

    def __init__(self) -> None:
        """No character yet."""
        self._numbers: dict[str, int] = {}

    def encode(self, text: str) -> bytes:
        """``text`` as two bytes a character; what has no meaning in a PDF becomes �."""
        return b"".join(self._number(character).to_bytes(2, "big") for character in text)

    def embed(self, pdf: Pdf, font: Object) -> None:
        """Make ``font``, an object of ``pdf`` that pages refer to, the font of all characters that were encoded."""
        characters = list(self._numbers)
        program = Stream(pdf, truetype())
        program["/Length1"] = len(truetype())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(_NAME),
            Flags=4,
            FontBBox=Array([0, DESCENT, EM, ASCENT]),
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=0,
            FontFile2=pdf.make_indirect(program),
        )
        glyphs = b"".join(_glyph(character).to_bytes(2, "big") for character in ["", *characters])
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(_NAME),
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=EM,
            W=Array([1, Array([width(character) for character in characters])]),
            CIDToGIDMap=pdf.make_indirect(Stream(pdf, glyphs)),
        )
        for key, value in {
            "/Type": Name.Font,
            "/Subtype": Name.Type0,
            "/BaseFont": Name(_NAME),
            "/Encoding": Name("/Identity-H"),
            "/DescendantFonts": Array([pdf.make_indirect(descendant)]),
            "/ToUnicode": pdf.make_indirect(Stream(pdf, to_unicode(characters))),
        }.items():
            font[key] = value

    def _number(self, character: str) -> int:
        meant = "\N{REPLACEMENT CHARACTER}" if ord(character) in _NO_TEXT or 0xD800 <= ord(character) < 0xE000 else character
        return self._numbers.setdefault(meant, len(self._numbers) + 1)


def width(character: str) -> int:
    """Units that ``character`` is wide: Chinese characters and their punctuation an em, all else half of it."""
    return _ADVANCES[_glyph(character)]


def to_unicode(characters: list[str]) -> bytes:
    """A CMap that says which Unicode text each character means; the first is number 1."""
    entries = [f"<{number:04X}> <{character.encode('utf-16-be').hex().upper()}>" for number, character in enumerate(characters, 1)]
    blocks = [entries[start : start + _A_BLOCK] for start in range(0, len(entries), _A_BLOCK)]
    lines = [line for block in blocks for line in (f"{len(block)} beginbfchar", *block, "endbfchar")]
    head = (
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<0000> <FFFF>",
        "endcodespacerange",
    )
    return "\n".join((*head, *lines, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end", "")).encode("ascii")


def truetype() -> bytes:
    """The font program: the six tables that a CIDFontType2 must have (ISO 32000-1, 9.9)."""
    count = len(_ADVANCES)
    outlines = [b"", *(_rectangle(advance) for advance in _ADVANCES[1:])]
    tables = {
        b"glyf": b"".join(outlines),
        b"head": struct.pack(">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, 0, DESCENT, EM, ASCENT, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">IhhhHhhhhhh4hhH", 0x10000, ASCENT, DESCENT, 0, EM, 0, 0, EM, 1, 0, 0, 0, 0, 0, 0, 0, count),
        b"hmtx": b"".join(struct.pack(">Hh", advance, 0) for advance in _ADVANCES),
        b"loca": b"".join(struct.pack(">H", sum(map(len, outlines[:index])) // 2) for index in range(count + 1)),
        b"maxp": struct.pack(">IH13H", 0x10000, count, *(4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0)),
    }
    whole = _bound(tables)
    place = whole.index(tables[b"head"]) + 8
    adjustment = (0xB1B0AFBA - _checksum(whole)) & 0xFFFFFFFF
    return whole[:place] + adjustment.to_bytes(4, "big") + whole[place + 4 :]


def _rectangle(advance: int) -> bytes:
    """A glyph of one contour of four points: all of the square above and below the baseline."""
    head = struct.pack(">hhhhhHH", 1, 0, DESCENT, advance, ASCENT, 3, 0)
    xs, ys = struct.pack(">4h", 0, advance, 0, -advance), struct.pack(">4h", DESCENT, 0, ASCENT - DESCENT, 0)
    return head + b"\1\1\1\1" + xs + ys + b"\0\0"


def _bound(tables: dict[bytes, bytes]) -> bytes:
    """A font file of ``tables``, in order of their tags."""
    count, offset = len(tables), 12 + 16 * len(tables)
    directory, body = struct.pack(">IHHHH", 0x10000, count, 64, 2, 16 * count - 64), b""
    for tag, table in tables.items():
        padded = table + b"\0" * (-len(table) % 4)
        directory += struct.pack(">4sIII", tag, _checksum(padded), offset + len(body), len(table))
        body += padded
    return directory + body


def _checksum(data: bytes) -> int:
    words: tuple[int, ...] = struct.unpack(f">{len(data) // 4}I", data)
    return sum(words) & 0xFFFFFFFF


def _glyph(character: str) -> int:
    return _WHOLE if character and east_asian_width(character) in "WFA" else _HALF
