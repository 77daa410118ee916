"""Runs in a child process, apart from our packages, under limits that `ocr.opening.bounded` has set: the only place where PDFium parses.

Started as a script with the stranger's PDF as standard input::

    text_child.py NUMBER CHARACTERS PICTURES

Writes one line of JSON with how many characters and pictures page NUMBER (1-based) has, then their arrays, little endian: code points
(uint32), boxes of the characters (4 int32 each), whether each is painted (uint8), boxes of the pictures (4 int32 each). Boxes are left,
top, right, bottom in millionths of the page as a viewer shows it. Where there are more than CHARACTERS or PICTURES, no arrays follow.
"""

import ctypes
import json
import sys
from array import array
from collections.abc import Iterator
from typing import Any, TypeAlias

import pypdfium2_raw as pdfium

INPUT = b"/dev/stdin"
FRACTIONS = 1_000_000
_DEEPEST = 8
"""Forms within forms that are looked into; a page that nests them deeper counts as covered by a picture."""
_UNPAINTED = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP, pdfium.FPDF_TEXTRENDERMODE_UNKNOWN)

_Matrix: TypeAlias = tuple[float, float, float, float, float, float]
"""ISO 32000-1, 8.3.3: x' = a x + c y + e, y' = b x + d y + f."""
_UNCHANGED: _Matrix = (1, 0, 0, 1, 0, 0)
_Bounds: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right, top in the page's own units."""


def main(number: int, most_characters: int, most_pictures: int) -> None:
    """Do what the command line says."""
    pdfium.FPDF_InitLibraryWithConfig(pdfium.FPDF_LIBRARY_CONFIG(version=2))
    document = pdfium.FPDF_LoadDocument(INPUT, None)
    page = pdfium.FPDF_LoadPage(document, number - 1) if document else None
    text = pdfium.FPDFText_LoadPage(page) if page else None
    if not text:
        raise SystemExit(f"no text: PDFium error {pdfium.FPDF_GetLastError()}")
    count = pdfium.FPDFText_CountChars(text)
    known = [index for index in range(count) if pdfium.FPDFText_IsGenerated(text, index) != 1] if count <= most_characters else []
    pictures = [bounds for _, bounds in zip(range(most_pictures + 1), _pictures(page, _UNCHANGED, 0), strict=False)] if known else []
    found = {"characters": max(count, 0) if count > most_characters else len(known), "pictures": len(pictures)}
    sys.stdout.buffer.write(json.dumps(found).encode("ascii") + b"\n")
    if known and len(pictures) <= most_pictures:
        _hand_over("I", [pdfium.FPDFText_GetUnicode(text, index) for index in known])
        _hand_over("i", [side for index in known for side in _on_page(page, _character(text, index))])
        _hand_over("B", [_painted(text, index) for index in known])
        _hand_over("i", [side for bounds in pictures for side in _on_page(page, bounds)])
    sys.stdout.buffer.flush()


def _painted(text: Any, index: int) -> bool:
    drawing = pdfium.FPDFText_GetTextObject(text, index)
    mode = pdfium.FPDFTextObj_GetTextRenderMode(drawing) if drawing else pdfium.FPDF_TEXTRENDERMODE_UNKNOWN
    return mode not in _UNPAINTED and pdfium.FPDFText_HasUnicodeMapError(text, index) == 0


def _character(text: Any, index: int) -> _Bounds:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _pictures(holder: Any, matrix: _Matrix, depth: int) -> Iterator[_Bounds]:
    """Bounds of all pictures on a page, or in a form (XObject) whose own units ``matrix`` takes to the page's."""
    inside = depth > 0
    count = pdfium.FPDFFormObj_CountObjects(holder) if inside else pdfium.FPDFPage_CountObjects(holder)
    for index in range(count):
        item = pdfium.FPDFFormObj_GetObject(holder, index) if inside else pdfium.FPDFPage_GetObject(holder, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            yield from _pictures(item, _joined(_matrix(item), matrix), depth + 1)
        elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
            yield _moved(_bounds(item), matrix)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM:
            yield (-1e6, -1e6, 1e6, 1e6)


def _bounds(item: Any) -> _Bounds:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _matrix(item: Any) -> _Matrix:
    found = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, found)
    return found.a, found.b, found.c, found.d, found.e, found.f


def _joined(first: _Matrix, then: _Matrix) -> _Matrix:
    a, b, c, d, e, f = then
    (p, q), (r, s) = ((a * x + c * y, b * x + d * y) for x, y in (first[:2], first[2:4]))
    return p, q, r, s, a * first[4] + c * first[5] + e, b * first[4] + d * first[5] + f


def _moved(bounds: _Bounds, matrix: _Matrix) -> _Bounds:
    a, b, c, d, e, f = matrix
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in bounds[::2] for y in bounds[1::2]]
    (left, *_, right), (bottom, *_, top) = (sorted(axis) for axis in zip(*corners, strict=True))
    return left, bottom, right, top


def _on_page(page: Any, bounds: _Bounds) -> tuple[int, int, int, int]:
    """``bounds`` as left, top, right, bottom in `FRACTIONS` of the page, its crop box and ``/Rotate`` applied."""
    (left, *_, right), (top, *_, bottom) = (sorted(axis) for axis in zip(*(_point(page, *bounds[i : i + 2]) for i in (0, 2)), strict=True))
    return left, top, right, bottom


def _point(page: Any, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, FRACTIONS, FRACTIONS, 0, x, y, across, down)
    return across.value, down.value


def _hand_over(kind: str, values: list[Any]) -> None:
    found = array(kind, values)
    if sys.byteorder == "big":
        found.byteswap()
    sys.stdout.buffer.write(found.tobytes())


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
