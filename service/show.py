"""`formtally show`: every intermediate of one page in one picture, for when something is wrong.

From left to right: the page as stored, the clean page with the seal tinted, the ruling lines and the grid, the readings with their roles.
"""

import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from layouts.grid import draw_trace, trace_grids
from layouts.matching import match_forms
from layouts.template_file import builtin_templates
from models.arrays import Bgr
from models.content import PageContent
from models.errors import InputError, InstallationError, OutputError
from models.limits import Limits
from models.matched import MatchedForm, Slot
from models.page import CleanPage
from models.reading import Engine, Reading
from ocr.cleaning import clean
from ocr.opening import inspect, open_page
from ocr.recognize import recognize
from service.pipeline import read_page

FONTS = (
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
)
"""Chinese fonts of Debian, the first that is installed is used."""

NEIGHBOURS = 2
"""Pages before and after that are read too: a continuation page has no headings of its own to tell its roles."""

SURE = 0.9
"""Readings whose weakest character is below this are underlined red."""


def show_page(path: Path, number: int, out: Path, engine: Engine, limits: Limits) -> None:
    """Draw page ``number`` (1-based) of the file at ``path`` to the PNG file ``out``.

    Raises:
        InputError: the page cannot be opened.
        InstallationError: no Chinese font is installed.
        OutputError: ``out`` cannot be written.
    """
    stored = open_page(path, number, limits)
    page = clean(stored, engine)
    trace = trace_grids(page)
    content = recognize(page, trace.grids, stored.dpi, engine)
    forms = match_forms(list(_with_neighbours(path, content, engine, limits)), builtin_templates())
    panels = [_picture(stored.pixels), _sealed(page), _picture(draw_trace(page, trace)), _roles(page, content, forms)]
    try:
        _side_by_side(panels).save(out, "PNG")
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}.", "Choose another place with --out.") from error


def _with_neighbours(path: Path, content: PageContent, engine: Engine, limits: Limits) -> Iterator[PageContent]:
    last = inspect(path, limits).pages
    for number in range(max(1, content.number - NEIGHBOURS), min(last, content.number + NEIGHBOURS) + 1):
        if number == content.number:
            yield content
        else:
            with suppress(InputError):  # a damaged neighbour is no reason not to draw this page
                yield read_page(path, number, engine, limits)


def _picture(pixels: Bgr) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(pixels[:, :, ::-1]))


def _sealed(page: CleanPage) -> Image.Image:
    tinted = np.repeat(page.grey[:, :, None], 3, axis=2)
    tinted[page.seal] = tinted[page.seal] // 2 + np.array([127, 0, 0], np.uint8)
    return Image.fromarray(tinted)


def _roles(page: CleanPage, content: PageContent, forms: Sequence[MatchedForm]) -> Image.Image:
    """Each slot's box in the colour of its role with the role's name, and each reading's text below its line."""
    height = _line_height(content)
    name_font, text_font = _font(round(height * 0.42)), _font(round(height * 0.62))
    image = Image.fromarray(255 - (255 - np.repeat(page.grey[:, :, None], 3, axis=2)) // 4)
    draw = ImageDraw.Draw(image)
    for role, slot in _slots(forms):
        if slot.page == page.number:
            colour = _colour(role)
            box = slot.box
            draw.rectangle((box.left + 1, box.top + 1, box.right - 1, box.bottom - 1), outline=colour, width=2)
            draw.text((box.left + 3, box.top + 1), role, fill=colour, font=name_font)
    for reading in _readings(content):
        box = reading.box
        draw.text((box.left, box.top), reading.text, fill=(0, 0, 160), font=text_font)
        if min(reading.confidences, default=1.0) < SURE:
            draw.line((box.left, box.bottom, box.right, box.bottom), fill=(220, 0, 0), width=2)
    return image


def _slots(forms: Sequence[MatchedForm]) -> Iterator[tuple[str, Slot]]:
    for form in forms:
        yield from form.fields.items()
        for table, rows in form.tables.items():
            for index, row in enumerate(rows):
                yield from ((f"{table}[{index}].{column}", slot) for column, slot in row.items())
        yield from (("unplaced", slot) for slot in form.unplaced)
        yield from ((f"{form.kind} {cell.row},{cell.column}", cell.slot) for cell in form.cells)


def _readings(content: PageContent) -> Iterator[Reading]:
    for grid in content.grids:
        for cell in grid.cells:
            yield from cell.readings
    yield from content.loose


def _line_height(content: PageContent) -> float:
    heights = [reading.box.height for reading in _readings(content)]
    return float(np.median(heights)) if heights else 30.0


def _colour(role: str) -> tuple[int, int, int]:
    """A colour that stays the same for a role: dark enough to read on paper."""
    seed = zlib.crc32(role.partition("[")[0].rpartition(".")[2].encode())
    return seed % 160, (seed >> 8) % 130, (seed >> 16) % 200


def _font(size: int) -> ImageFont.FreeTypeFont:
    for path in FONTS:
        if Path(path).is_file():
            return ImageFont.truetype(path, max(8, size))
    raise InstallationError("No Chinese font is installed, so readings cannot be drawn.", "Run `apt-get install fonts-wqy-zenhei`.")


def _side_by_side(panels: Sequence[Image.Image]) -> Image.Image:
    height = max(panel.height for panel in panels)
    scaled = [panel.resize((round(panel.width * height / panel.height), height)) for panel in panels]
    sheet = Image.new("RGB", (sum(panel.width for panel in scaled), height), "white")
    left = 0
    for panel in scaled:
        sheet.paste(panel, (left, 0))
        left += panel.width
    return sheet
