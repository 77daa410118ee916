"""Numbers on paper: each printed number of a form in a cell of its own, as a browser prints it, at `DPI`.

The widths are those of the forms (`tests.forms.style`), except that every number has one line; words are left out. The funds stand
above the weights and scores of the indicators, which follow in as many pairs of columns as fit; the totals end the last pair.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from bench.repair.printed import kind_of, numbers
from models.arrays import Grey
from models.geometry import Box
from models.template import ValueKind
from postprocess.places import Place
from tests.forms.contents import SelfEvaluation

DPI = 300
"""Of the drawn sheet."""

FONTS = (
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 0, 4),
    ("/usr/share/fonts/truetype/arphic/uming.ttc", 2, 2),
    ("/usr/share/fonts/truetype/arphic/ukai.ttc", 0, 2),
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2, 3),
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2, 3),
    ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0, 2),
)
"""File, face and how often (out of 16): the body fonts of `tests.forms.style` as often as there."""

SIZES = (9.0, 10.8)
"""Least and largest size of the text, pt, as in `tests.forms.style`."""

LINES = (0.5, 1.3)
"""Thinnest and thickest ruling line, pt, as in `tests.forms.style`."""

ROW = 100
"""Height of a row, px: 8.5 mm, a line with its padding."""

WIDE, NARROW = 400, 230
"""Width of an amount's cell and of any other's, px: 34 mm hold 123,456,789.12 in the widest font, 19 mm hold 100.00%."""

PADDING = 18
"""Between an amount and the side of its cell, px: 4.3 pt."""

MARGIN = 40
"""Around the sheet, px."""

PAIRS = 4
"""Columns of weights and scores side by side."""

UNDER_SEAL = 7
"""Rows, the totals among them, that a seal over the totals may reach: 43 mm."""

SEALED_SIDE = 1260
"""Least side of a sheet with a seal, px: a page of which a seal of 43 mm takes 0.4, as `ocr.cleaning` expects of seals."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``grey`` (H, W) uint8 at `DPI`, and the cell of each number between its ruling lines, px."""

    grey: Grey = field(compare=False, repr=False)
    cells: dict[Place, Box]


def whole(form: SelfEvaluation, rng: np.random.Generator) -> Sheet:
    """All numbers of ``form``."""
    cells = _cells(form)
    right, bottom = max(box.right for box in cells.values()), max(box.bottom for box in cells.values())
    return _drawn(form, cells, (int(right) + MARGIN, int(bottom) + MARGIN), rng)


def totals(form: SelfEvaluation, rng: np.random.Generator) -> Sheet:
    """The totals and the rows above them, on a sheet that is large enough for a seal."""
    rows = _pairs(form)[-UNDER_SEAL:]
    cells = _stacked(rows, (SEALED_SIDE - 2 * NARROW) // 2, (SEALED_SIDE - len(rows) * ROW) // 2)
    return _drawn(form, cells, (SEALED_SIDE, SEALED_SIDE), rng)


def _cells(form: SelfEvaluation) -> dict[Place, Box]:
    cells = _funds(form)
    pairs = _pairs(form)
    height = -(-len(pairs) // PAIRS)
    top = MARGIN + len(form.funds) * ROW
    for column in range(PAIRS):
        end = len(pairs) - (PAIRS - 1 - column) * height
        rows = pairs[max(0, end - height) : max(0, end)]
        cells |= _stacked(rows, MARGIN + column * 2 * NARROW, top + (height - len(rows)) * ROW)
    return cells


def _funds(form: SelfEvaluation) -> dict[Place, Box]:
    cells, left = {}, MARGIN
    for name in ("initial_budget", "annual_budget", "executed", "weight", "execution_rate", "score"):
        width = WIDE if kind_of(Place(name, "funds", 0)) is ValueKind.AMOUNT else NARROW
        for row in range(len(form.funds)):
            cells[Place(name, "funds", row)] = Box(left, MARGIN + row * ROW, left + width, MARGIN + (row + 1) * ROW)
        left += width
    return cells


def _pairs(form: SelfEvaluation) -> list[tuple[Place, Place]]:
    """Weight and score of each indicator, then the totals."""
    rows = [(Place("weight", "indicators", row), Place("score", "indicators", row)) for row in range(len(form.indicators))]
    return [*rows, (Place("total_weight"), Place("total_score"))]


def _stacked(rows: list[tuple[Place, Place]], left: int, top: int) -> dict[Place, Box]:
    return {
        place: Box(left + side * NARROW, top + row * ROW, left + (side + 1) * NARROW, top + (row + 1) * ROW)
        for row, pair in enumerate(rows)
        for side, place in enumerate(pair)
    }


def _drawn(form: SelfEvaluation, cells: dict[Place, Box], size: tuple[int, int], rng: np.random.Generator) -> Sheet:
    """One font, size and ruling for the form; numbers in the middle of their cells, amounts at the left, in the middle or at the right.

    Args:
        form: what is printed; cells in which it prints nothing are left out.
        cells: of its numbers, from the middle of a ruling line to that of the next, px.
        size: width and height of the sheet, px.
        rng: chooses font, size, side and thickness of the lines.
    """
    path, face, _ = FONTS[rng.choice(len(FONTS), p=[each[2] / 16 for each in FONTS])]
    font = _font(path, face, round(float(rng.uniform(*SIZES)) * DPI / 72))
    anchor = str(rng.choice(("lm", "mm", "rm")))
    line = round(float(rng.uniform(*LINES)) * DPI / 72)
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    for box in cells.values():
        pen.rectangle((box.left - line / 2, box.top - line / 2, box.right + line / 2, box.bottom + line / 2), outline=0, width=line)
    printed = {place: text for place, text in numbers(form).items() if place in cells}
    for place, text in printed.items():
        box = cells[place]
        side = anchor if kind_of(place) is ValueKind.AMOUNT else "mm"
        x = {"l": box.left + PADDING, "m": box.centre[0], "r": box.right - PADDING}[side[0]]
        pen.text((x, box.centre[1]), text, fill=0, font=font, anchor=side)
    return Sheet(np.asarray(image, np.uint8), {place: cells[place].grown(-line / 2, -line / 2) for place in printed})


@lru_cache(maxsize=64)
def _font(path: str, face: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=face)
