"""How well searchable PDF says and shows where: characters lost between record and pdftotext, and words beside their ink.

    python -m bench.searchable SAMPLES KEPT [--out DIR]

SAMPLES is a folder of PDF with their truth; KEPT keeps what was read of them (2.5 s a page the first time). For each file: the error rate
of characters (CER) of pdftotext and of PDFium (Chromium's engine) against the record, of record and pdftotext against the truth; and how
far each word of ``pdftotext -bbox-layout`` lies from the ink of the page rendered at 200 dpi.
"""

import argparse
import hashlib
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from html import unescape
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from models.content import PageContent
from models.form import Document, Field, Source
from models.geometry import Box
from models.limits import Limits
from ocr.opening import inspect
from ocr.paddle import load_engine
from postprocess.calibration import TARGET_ERROR, trust
from service import content_file
from service.document_json import Origin, parse_json, to_document, to_json
from service.export.searchable import searchable_pdf
from service.export.searchable.characters import MARK
from service.pipeline import VERSION, assemble, look_again, read_page
from tests.truth import compare, load_truth

DPI = 200
"""At which a px is counted."""
REACH = 6
"""Px around a word in which its ink is looked for."""
RULING = 60
"""Px from which a stroke is a ruling line."""
SPECK = 0.28
"""Share of a word's height; what is smaller counts only within the word's box, as a dot of it."""
_WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">([^<]*)<')
_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Word:
    """A word of pdftotext, its box in px at `DPI`."""

    text: str
    box: Box


def main() -> None:
    """Print a line for each file and one for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("samples", type=Path)
    parser.add_argument("kept", type=Path)
    parser.add_argument("--out", type=Path, help="keep the PDFs there")
    options = parser.parse_args()
    print(f"{'':36}  CER against the record   CER against the truth   px off")
    print(
        f"{'file':30}s/page {'pdftotext':>14} {'PDFium':>8} {'record':>14} {'pdftotext':>9} {'median':>8} {'99 %':>6} {'worst':>6}  over 3"
    )
    every: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or Path(folder)
        out.mkdir(parents=True, exist_ok=True)
        for original in sorted(options.samples.glob("*.pdf")):
            pages, document = recorded(original, options.kept)
            target = out / original.name
            begun = time.monotonic()
            with target.open("wb") as file:
                searchable_pdf(original, pages, document, _LIMITS, file)
            seconds = (time.monotonic() - begun) / len(pages)
            every += tell(original, document, target, seconds)
    print(f"{f'{len(every)} words':85} {spread(every)}")


def tell(original: Path, document: Document, target: Path, seconds: float) -> list[float]:
    """Print the line of one file; how far each word is off."""
    raw, chromium = plain(pdftotext(target, "-raw")), plain(pdfium(target))
    texts = [field.text for field in fields_of(document) if field.text]
    truth = [
        read
        for form, wanted in zip(document.forms, load_truth(original.with_suffix(".truth.json")), strict=True)
        for read in compare(form, wanted)
    ]
    offs = [off for page in range(1, document.source.pages + 1) for _, off in distances(target, page)]
    against = f"{cer(texts, raw):14.3%} {cer(texts, chromium):8.3%}"
    wanted = [read.truth for read in truth]
    said = sum(edits(plain(read.truth), plain(read.text)) for read in truth) / sum(len(plain(text)) for text in wanted)
    true = f"{said:22.4%} {cer(wanted, raw):10.4%}"
    print(
        f"{original.name:30}{seconds:6.2f} {against} {true} {np.median(offs):17.1f} {np.percentile(offs, 99):6.1f} {max(offs):6.1f}",
        flush=True,
    )
    return offs


def spread(offs: Sequence[float]) -> str:
    """Median, 99 %, worst, and how many are more than three px off."""
    return f"{np.median(offs):8.1f} {np.percentile(offs, 99):6.1f} {max(offs):6.1f} {sum(off > 3 for off in offs):7}"


def recorded(original: Path, kept: Path) -> tuple[list[PageContent], Document]:
    """What is read on the pages of ``original``, and its record; read once and kept."""
    kept.mkdir(parents=True, exist_ok=True)
    count = inspect(original, _LIMITS).pages
    files = [kept / f"{original.name}.{number}" for number in range(1, count + 1)]
    record = kept / f"{original.name}.json"
    if not record.exists():
        engine = load_engine(1)
        contents = [read_page(original, number, engine, _LIMITS) for number in range(1, count + 1)]
        look = partial(look_again, original, engine, _LIMITS, contents)
        source = Source(original.name, hashlib.sha256(original.read_bytes()).hexdigest(), count)
        for file, content in zip(files, contents, strict=True):
            file.write_bytes(content_file.encode(content))
        document = assemble(contents, source, (), look, trust(TARGET_ERROR))
        record.write_bytes(to_json(document, Origin(VERSION, _LIMITS, original.name)))
    return [content_file.decode(file.read_bytes()) for file in files], to_document(parse_json(record.read_bytes()))


def fields_of(document: Document) -> Iterator[Field]:
    """Every field, a merged cell once."""
    seen = set()
    for form in document.forms:
        for field in (
            *form.fields.values(),
            *(field for rows in form.tables.values() for row in rows for field in row.values()),
            *form.cell_fields,
        ):
            if (field.page, field.box, field.text) not in seen:
                seen.add((field.page, field.box, field.text))
                yield field


def pdftotext(file: Path, *options: str) -> str:
    """What pdftotext says."""
    return subprocess.run(["pdftotext", *options, str(file), "-"], check=True, capture_output=True).stdout.decode()


def pdfium(file: Path) -> str:
    """What Chromium's PDF engine says, as a person copies it in the browser."""
    with pypdfium2.PdfDocument(file) as pdf:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def plain(text: str) -> str:
    """Without white space: lines are broken where the paper breaks them."""
    return re.sub(r"\s+", "", text)


def cer(texts: Sequence[str], whole: str) -> float:
    """Share of the characters of ``texts`` that the likest parts of ``whole`` say otherwise, wherever these stand."""
    places = np.array([ord(character) for character in whole])
    return sum(best_edits(plain(text), places) for text in texts) / sum(len(plain(text)) for text in texts)


def best_edits(text: str, whole: NDArray[np.int64]) -> int:
    """Fewest edits from ``text`` to any part of ``whole`` (Sellers, 1980, "The theory and computation of evolutionary distances")."""
    steps = np.arange(len(whole) + 1)
    costs = np.zeros(len(whole) + 1, np.int64)
    for row, character in enumerate(text, 1):
        kept = np.empty_like(costs)
        kept[0] = row
        kept[1:] = np.minimum(costs[1:] + 1, costs[:-1] + (whole != ord(character)))
        costs = np.minimum.accumulate(kept - steps) + steps
    return int(costs.min())


def edits(one: str, other: str) -> int:
    """Levenshtein distance of the whole texts."""
    places = np.array([ord(character) for character in other], np.int64)
    costs = np.arange(len(other) + 1)
    steps = np.arange(len(other) + 1)
    for row, character in enumerate(one, 1):
        kept = np.empty_like(costs)
        kept[0] = row
        kept[1:] = np.minimum(costs[1:] + 1, costs[:-1] + (places != ord(character)))
        costs = np.minimum.accumulate(kept - steps) + steps
    return int(costs[-1])


def distances(file: Path, page: int) -> Iterator[tuple[Word, float]]:
    """Each word of ``page`` (from 1) with how far it lies from its ink, px at `DPI`; words whose ink cannot be told are left out.

    At the left and the right that is the distance of both edges, above and below only how far ink stands out: 一 does not fill its line.
    Nor do marks such as ，fill their square: where a word begins or ends with one, only ink that stands out counts there.
    """
    marks = ink(file, page)
    for word in words(file, page):
        found = ink_of(word.box, marks)
        if found is not None:
            yield word, _off(word, found)


def _off(word: Word, found: Box) -> float:
    box = word.box
    left, right = box.left - found.left, found.right - box.right
    beside = left if MARK.match(word.text[0]) else abs(left), right if MARK.match(word.text[-1]) else abs(right)
    return max(*beside, box.top - found.top, found.bottom - box.bottom, 0.0)


def words(file: Path, page: int) -> list[Word]:
    """The words of pdftotext on ``page``."""
    told = pdftotext(file, "-bbox-layout", "-f", str(page), "-l", str(page))
    found = [([float(edge) * DPI / 72 for edge in match[:4]], unescape(match[4])) for match in _WORD.findall(told)]
    return [Word(text, Box(*edges)) for edges, text in found]


def ink(file: Path, page: int) -> NDArray[np.int32]:
    """(N, 5) left, top, right, bottom, area of the marks on the rendered page, px at `DPI`."""
    command = ["pdftoppm", "-r", str(DPI), "-f", str(page), "-l", str(page), str(file)]
    rendered = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
    light = cv2.imdecode(rendered, cv2.IMREAD_COLOR).max(axis=2)  # a red stamp is bright in red
    dark = cv2.adaptiveThreshold(light, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY_INV, 41, 25)
    for long in ((RULING, 1), (1, RULING)):
        ruling = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(long[::-1], np.uint8))
        dark[cv2.dilate(ruling, np.ones((3, 3), np.uint8)) > 0] = 0
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    left, top, width, height, area = stats[1:].T
    return np.column_stack([left, top, left + width, top + height, area]).astype(np.int32)


def ink_of(box: Box, marks: NDArray[np.int32]) -> Box | None:
    """The bounds of the marks that belong to a word: their middle lies in or near its box, and they are neither specks nor rulings."""
    wide, tall = marks[:, 2] - marks[:, 0], marks[:, 3] - marks[:, 1]
    x, y = (marks[:, 0] + marks[:, 2]) / 2, (marks[:, 1] + marks[:, 3]) / 2
    near = (x > box.left - REACH) & (x < box.right + REACH) & (y > box.top) & (y < box.bottom)
    inside = (x > box.left) & (x < box.right)
    large = np.maximum(wide, tall) >= SPECK * box.height
    sized = (large | inside) & (marks[:, 4] >= 3) & (tall <= 1.3 * box.height) & (wide <= 3 * box.height)
    own = marks[near & sized]
    if len(own) == 0:
        return None
    return Box(float(own[:, 0].min()), float(own[:, 1].min()), float(own[:, 2].max()), float(own[:, 3].max()))


if __name__ == "__main__":
    main()
