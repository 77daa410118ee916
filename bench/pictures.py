"""The picture that opens README.md: a scan beside its record.

    python -m bench.pictures SCAN RECORD PNG [--page 1]

SCAN is a PDF or image, RECORD its document JSON. On the left the page as stored, each value framed in the colour of its status; on the
right the record of the form that begins there. Needs Debian's fonts-noto-cjk.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from models.form import Document, Field, Form, Status
from models.geometry import Size
from models.limits import Limits
from ocr.opening import open_page
from service.document_json import parse_json, to_document
from service.headings import heading

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
HEIGHT = 1200
"""Of the picture, px."""
RECORD_WIDTH = 1000
MARGIN = 24
COLOURS = {
    Status.READ: "#2E7D32",
    Status.CONFIRMED: "#1565C0",
    Status.REPAIRED: "#6A1B9A",
    Status.DOUBTFUL: "#E65100",
    Status.BLANK: "#9E9E9E",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the record: a heading where ``field`` is None."""

    name: str
    text: str
    field: Field | None = None


def main() -> None:
    """Draw the picture that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("scan", type=Path)
    parser.add_argument("record", type=Path)
    parser.add_argument("png", type=Path)
    parser.add_argument("--page", type=int, default=1)
    options = parser.parse_args()
    form = form_on(to_document(parse_json(options.record.read_bytes())), options.page)
    left = framed(options.scan, options.page, form)
    right = written(form)
    picture = Image.new("RGB", (left.width + MARGIN + right.width, HEIGHT), "#ECEFF1")
    picture.paste(left, (0, 0))
    picture.paste(right, (left.width + MARGIN, 0))
    options.png.parent.mkdir(parents=True, exist_ok=True)
    picture.quantize(256, Image.Quantize.MAXCOVERAGE).save(options.png, optimize=True)


def form_on(document: Document, page: int) -> Form:
    """The form that begins on ``page`` (1-based)."""
    return next(form for form in document.forms if form.pages[0] == page)


def framed(scan: Path, page: int, form: Form) -> Image.Image:
    """The page as stored, every value framed."""
    pixels = open_page(scan, page, Limits()).pixels
    image = Image.fromarray(pixels[:, :, ::-1].copy())
    image = image.resize((round(image.width * HEIGHT / image.height), HEIGHT), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(image)
    size = Size(image.width, image.height)
    for field in fields_of(form):
        if field.page == page and field.status is not Status.BLANK:
            box = field.box.scaled(size.width, size.height).grown(2, 1)
            draw.rectangle((box.left, box.top, box.right, box.bottom), outline=COLOURS[field.status], width=2)
    return image


def written(form: Form) -> Image.Image:
    """The record, one value a line."""
    lines = list(lines_of(form))
    step = min(34, (HEIGHT - 2 * MARGIN) // len(lines))
    font, small = ImageFont.truetype(FONT, round(step * 0.62), index=2), ImageFont.truetype(FONT, round(step * 0.5), index=2)
    image = Image.new("RGB", (RECORD_WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        top = MARGIN + number * step
        if line.field is None:
            draw.text((MARGIN, top), line.name, font=font, fill="#263238", stroke_width=0.6)
            continue
        draw.text((MARGIN + 16, top), line.name, font=small, fill="#607D8B")
        draw.text((MARGIN + 300, top), fitting(line.text, font, 470), font=font, fill="#000000")
        told = f"{line.field.status} {line.field.confidence:.1%}"
        draw.text((RECORD_WIDTH - MARGIN - 170, top), told, font=small, fill=COLOURS[line.field.status])
    return image


def lines_of(form: Form) -> Iterator[Line]:
    """Fields, then the rows of each table."""
    yield Line(f"{form.kind}   {form.template}   review: {form.review}", "")
    for name, field in form.fields.items():
        yield Line(heading(name).replace("\n", "  "), field.text, field)
    for table, rows in form.tables.items():
        for number, row in enumerate(rows):
            yield Line(f"{table}[{number}]", "")
            for name, field in row.items():
                if field.status is not Status.BLANK:
                    yield Line(heading(name).replace("\n", "  "), field.text, field)
            if number == 1:
                yield Line("…", "")
                break


def fitting(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """``text``, cut off with … where it is wider than ``width`` px."""
    if font.getlength(text) <= width:
        return text
    while font.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


def fields_of(form: Form) -> Iterator[Field]:
    """Every field of the form."""
    yield from form.fields.values()
    for rows in form.tables.values():
        for row in rows:
            yield from row.values()


if __name__ == "__main__":
    main()
