"""A font without shapes of its own: a glyph for each width that a character may have on paper.

The idea is that of Tesseract's ``pdf.ttf`` (Breidenbach, 2014): invisible text needs widths and a way back to Unicode, not outlines. Its
glyphs are empty; ours are plain rectangles, since PDFium passes over a text of one character whose glyph has no extent. A character has a
number for each width it comes in, so that a line is one string, each of its characters as wide as on paper: put together of several
strings, PDFium would mix it with the line below where pages are askew.
"""

import struct
from unicodedata import east_asian_width

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

EM = 1000
"""Units of the font."""

ASCENT, DESCENT = 880, -120
"""Of every character, as Chinese fonts have them; together an em. (Poppler takes a descent of 0 for an unknown one.)"""

_NAME = "/FormTallyGlyphless"
_STEP = EM // 40
"""By which widths differ: half of it, the most that an edge is off, is 0.4 px at 200 dpi for a text of 30 px."""
_WIDEST = 120
"""Steps: a mark with the white of its square and of what stands beside it has less than 3 em."""
_ADVANCES = (EM, *(steps * _STEP for steps in range(1, _WIDEST + 1)))
"""Of the glyphs, each numbered by its steps; 0 is .notdef, which PDF/A forbids to use."""
_MANY = 45_000
"""Numbers from which a character that is new, or new in its width, comes in its usual width. They end at 65,535; a recognizer knows 18,708
characters."""
_NO_TEXT = frozenset({0x0000, 0xFEFF, 0xFFFE, 0xFFFF})
"""What PDF/A forbids as the meaning of a character."""
_A_BLOCK = 100
"""Entries that a block of a CMap may have (Adobe Technical Note 5014)."""


class Glyphless:
    """The characters of one document in their widths, numbered (CID) as they come."""

    def __init__(self) -> None:
        """No character yet."""
        self._numbers: dict[tuple[str, int], int] = {}

    def encode(self, character: str, units: float) -> tuple[bytes, int]:
        """Two bytes for ``character`` about ``units`` wide, and how wide it is; one that has no meaning in a PDF becomes �."""
        meant = "\N{REPLACEMENT CHARACTER}" if ord(character) in _NO_TEXT or 0xD800 <= ord(character) < 0xE000 else character
        steps = min(max(1, round(units / _STEP)), _WIDEST)
        if len(self._numbers) >= _MANY and (meant, steps) not in self._numbers:
            steps = width(meant) // _STEP
        number = self._numbers.setdefault((meant, steps), len(self._numbers) + 1)
        return number.to_bytes(2, "big"), steps * _STEP

    def embed(self, pdf: Pdf, font: Object) -> None:
        """Make ``font``, an object of ``pdf`` that pages refer to, the font of all characters that were encoded."""
        program = Stream(pdf, truetype())
        program["/Length1"] = len(truetype())
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name(_NAME),
            Flags=4,
            FontBBox=Array([0, DESCENT, _ADVANCES[-1], ASCENT]),
            ItalicAngle=0,
            Ascent=ASCENT,
            Descent=DESCENT,
            CapHeight=ASCENT,
            StemV=0,
            FontFile2=pdf.make_indirect(program),
        )
        glyphs = b"".join(steps.to_bytes(2, "big") for steps in (0, *(steps for _, steps in self._numbers)))
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=Name(_NAME),
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=pdf.make_indirect(descriptor),
            DW=EM,
            W=Array([1, Array([steps * _STEP for _, steps in self._numbers])]),
            CIDToGIDMap=pdf.make_indirect(Stream(pdf, glyphs)),
        )
        for key, value in {
            "/Type": Name.Font,
            "/Subtype": Name.Type0,
            "/BaseFont": Name(_NAME),
            "/Encoding": Name("/Identity-H"),
            "/DescendantFonts": Array([pdf.make_indirect(descendant)]),
            "/ToUnicode": pdf.make_indirect(Stream(pdf, to_unicode([character for character, _ in self._numbers]))),
        }.items():
            font[key] = value


def width(character: str) -> int:
    """Units that ``character`` is wide as a rule: Chinese characters and their punctuation an em, all else half of it."""
    return EM if east_asian_width(character) in "WFA" else EM // 2


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
    widest = _ADVANCES[-1]
    outlines = [b"", *(_rectangle(advance) for advance in _ADVANCES[1:])]
    tables = {
        b"glyf": b"".join(outlines),
        b"head": struct.pack(">IIIIHHqqhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 0, EM, 0, 0, 0, DESCENT, widest, ASCENT, 0, 8, 2, 0, 0),
        b"hhea": struct.pack(">IhhhHhhhhhh4hhH", 0x10000, ASCENT, DESCENT, 0, widest, 0, 0, widest, 1, 0, 0, 0, 0, 0, 0, 0, count),
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
